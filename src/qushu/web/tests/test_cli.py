"""The command line: it reads well, starts without Django, and answers programs in JSON."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.db import connection

from qushu.web.cli import ROOMS_FOLDER, cli
from qushu.web.run import first_accounts

COMMANDS = ["accounts", "audit", "backup", "config", "demo", "import", "manage", "migrate", "restore", "run", "worker"]


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QUSHU_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, arguments)
    return result.exit_code, result.output


def qushu(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qushu.web.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)


def test_help_lists_every_command_with_a_sentence() -> None:
    code, output = call("--help")
    assert code == 0
    for name in COMMANDS:
        line = next(line for line in output.splitlines() if line.startswith(f"  {name} "))
        assert len(line.split()) > 2, line
    assert "prepare" not in output


def test_every_option_of_every_command_is_explained() -> None:
    def silent(command: click.Command, path: str) -> list[str]:
        if isinstance(command, click.Group):
            names = command.list_commands(click.Context(command))
            inner = [(name, command.get_command(click.Context(command), name)) for name in names]
            return [word for name, found in inner if found for word in silent(found, f"{path} {name}")]
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        return [f"{path} {option.name}" for option in options if not option.help and not command.hidden]

    assert silent(cli, "qushu") == []


def test_help_needs_neither_django_nor_the_database() -> None:
    code = "import sys; from click.testing import CliRunner; from qushu.web.cli import cli; \
            assert CliRunner().invoke(cli, ['--help']).exit_code == 0; \
            slow = {'django', 'psycopg', 'procrastinate'} & set(sys.modules); sys.exit(str(slow) if slow else 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_room_with_commands_offers_a_list_of_them() -> None:
    rooms = [file.parent.name for file in ROOMS_FOLDER.glob("*/commands.py")]
    assert {"web", "demo"} <= set(rooms)


def test_an_unknown_command_is_a_clear_error() -> None:
    code, output = call("fly")
    assert code == 2
    assert "No such command 'fly'" in output


def test_status_says_in_json_that_nothing_runs(own_home: Path) -> None:
    code, output = call("status", "--json")
    assert code == 3
    assert json.loads(output) == {"running": False}


def test_config_shows_where_things_are_and_no_password(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUSHU_DATABASE_URL", "postgresql://qushu:topsecret@db.example/qushu")
    code, output = call("config", "show", "--json")
    shown = json.loads(output)
    assert code == 0
    assert shown["home"] == str(own_home)
    assert shown["database"] == "postgresql://qushu:***@db.example/qushu"


def test_secrets_shows_a_fingerprint_and_no_key(own_home: Path) -> None:
    code, output = call("secrets", "--json")
    kept = json.loads((own_home / "keys.json").read_text())
    assert code == 0
    assert len(json.loads(output)["fingerprint"]) == 16
    assert not any(kept[name] in output for name in ("secret_key", "data_key", "index_key"))


def test_no_new_key_while_somebody_works_with_the_former(own_home: Path) -> None:
    own_home.mkdir()
    with (own_home / "run.lock").open("w+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, output = call("secrets", "rotate")
        assert code == 1
        assert "nothing was changed" in output
        assert not (own_home / "keys.json").exists()
    code, output = call("secrets", "rotate", "--json")
    assert code == 0
    assert json.loads(output)["old_keys"] == 1
    assert json.loads(call("secrets", "--json")[1])["old_keys"] == 1


def test_accounts_lists_what_the_first_run_wrote(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "first-accounts.txt").write_text("agent          agent            word-word-word\n")
    code, output = call("accounts", "--json")
    assert code == 0
    assert json.loads(output) == [{"role": "agent", "username": "agent", "password": "word-word-word"}]


def test_a_journal_is_never_told_a_password(tmp_path: Path) -> None:
    kept = tmp_path / "first-accounts.txt"
    assert not first_accounts(kept, in_journal=False)
    kept.write_text("agent          agent            word-word-word\n")
    assert "word-word-word" in first_accounts(kept, in_journal=False)
    told = first_accounts(kept, in_journal=True)
    assert str(kept) in told
    assert "word-word-word" not in told


def test_accounts_without_their_file_says_why(own_home: Path) -> None:
    code, output = call("accounts")
    assert code == 1
    assert "nothing ran yet" in output


def test_trouble_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    done = qushu("migrate", QUSHU_DATABASE_URL="postgresql://nobody@127.0.0.1:1/x", QUSHU_HOME=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == "Error: The server that QUSHU_DATABASE_URL names doesn't answer.\n"


@pytest.mark.django_db(transaction=True)
def test_a_command_on_a_database_without_tables_says_to_migrate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE untouched")
    try:
        url = os.environ["QUSHU_DATABASE_URL"].replace("/qushu?", "/untouched?")
        done = qushu("demo", "load", "--cases", "5", QUSHU_DATABASE_URL=url)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE untouched")
    assert done.returncode == 1
    assert "Run `qushu migrate` first." in done.stderr
    assert "Traceback" not in done.stderr
