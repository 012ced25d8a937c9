"""`qushu run` as an operator meets it: one start, every part killed with -9, and a clean stop."""

import json
import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from qushu.kernel.postgres_process import wait_until
from qushu.web.tests.running import PATIENCE, Run, running_house

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def house() -> Iterator[Run]:
    with running_house() as run:
        yield run


def write(house: Run, word: str) -> None:
    with psycopg.connect(house.database) as connection:
        connection.execute("create table if not exists words (word text)")
        connection.execute("insert into words values (%s)", [word])


def words(house: Run) -> set[str]:
    with psycopg.connect(house.database) as connection:
        return {word for (word,) in connection.execute("select word from words").fetchall()}


def test_it_prints_the_address_and_one_account_per_role_and_keeps_them_private(house: Run) -> None:
    assert house.answers
    assert f"http://127.0.0.1:{house.port}/" in house.said
    kept = json.loads(house.ask("accounts", "--json").stdout)
    assert {"agent", "dispatcher", "administrator"} <= {account["role"] for account in kept}
    assert all(account["password"] in house.said for account in kept)
    assert (house.home / "first-accounts.txt").stat().st_mode & 0o077 == 0


def test_static_files_are_served(house: Run) -> None:
    assert urllib.request.urlopen(f"http://127.0.0.1:{house.port}/static/django_htmx/htmx-2.min.js").status == 200


def test_a_second_run_on_the_same_home_is_refused(house: Run) -> None:
    second = house.ask("run", "--port", str(house.port + 1))
    assert second.returncode == 1
    assert f"already runs on {house.home}: http://127.0.0.1:{house.port}/" in second.stderr
    assert json.loads(house.ask("status", "--json").stdout)["running"]


def test_a_taken_port_is_a_clear_error(house: Run, tmp_path: Path) -> None:
    command, environment = house.command("run", "--port", str(house.port))
    done = subprocess.run(command, env=environment | {"QUSHU_HOME": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert f"Port {house.port} on 127.0.0.1 is taken" in done.stderr
    assert not (tmp_path / "postgres").exists()


def test_another_command_reaches_the_running_database(house: Run) -> None:
    done = house.ask("manage", "showmigrations", "people")
    assert done.returncode == 0, done.stderr
    assert "[X] 0001_initial" in done.stdout


@pytest.mark.parametrize("word", ["postgres -D", "granian", "cli worker"])
def test_a_part_that_was_killed_comes_back_and_nothing_is_lost(house: Run, word: str) -> None:
    write(house, word)
    assert wait_until(lambda: house.child(word) is not None, PATIENCE)
    killed = house.child(word)
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert wait_until(lambda: house.child(word) not in (None, killed), PATIENCE), house.said
    assert wait_until(lambda: house.answers, PATIENCE), house.said
    assert word in words(house)


def test_after_kill_9_of_the_run_itself_the_next_one_continues(house: Run) -> None:
    write(house, "before")
    house.stop(signal.SIGKILL)
    house.start()
    assert house.answers
    assert "before" in words(house)


def test_it_stops_cleanly_and_the_next_run_finds_the_data(house: Run) -> None:
    write(house, "kept")
    assert house.stop(signal.SIGINT) == 0
    assert "Stopped. The data is kept" in house.said
    assert house.database_processes == []
    assert not house.answers
    assert not (house.home / "database.url").exists()
    house.start()
    assert "kept" in words(house)
    assert house.stop(signal.SIGTERM) == 0
