"""A backup brings the same rows and files back, and a bad one changes nothing."""

import json
import os
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from qushu.web import backup, secrets
from qushu.web.backup import BackupTrouble, back_up, restore
from qushu.web.preparation import keep_to_ourselves


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    (home / "uploads" / "2024").mkdir(parents=True)
    (home / "uploads" / "2024" / "photo.jpg").write_bytes(b"picture")
    monkeypatch.setenv("QUSHU_HOME", str(home))
    return home


@pytest.fixture
def url(own_home: Path) -> Iterator[str]:
    """A database of its own, with a table of accounts that holds rows and one that depends on it."""
    server, name = os.environ["QUSHU_DATABASE_URL"], f"backup_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        made = backup._url_of(server, name)
        with psycopg.connect(made) as own:
            own.execute("create table people_account (id bigint primary key, name text)")
            own.execute("create table people_grant (account bigint references people_account, role text)")
            own.execute("insert into people_account select i, '坐席' || i from generate_series(1, 500) i")
            own.execute("insert into people_grant select i, 'agent' from generate_series(1, 500) i")
        yield made
        for leftover in (name, f"{name}_restoring", f"{name}_before_restore"):
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(leftover)))


def rows(url: str) -> list[tuple[int, str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select id, name, role from people_account join people_grant on account = id order by id"
        ).fetchall()


def spoil(url: str, home: Path) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("update people_account set name = 'changed'")
    (home / "uploads" / "2024" / "photo.jpg").write_bytes(b"changed")


def test_a_restore_brings_back_the_same_rows_and_files(url: str, own_home: Path, tmp_path: Path) -> None:
    before = rows(url)
    made = back_up(url, tmp_path / "b.tar")
    spoil(url, own_home)
    assert restore(url, tmp_path / "b.tar", replace=True) == made
    assert rows(url) == before
    assert (own_home / "uploads" / "2024" / "photo.jpg").read_bytes() == b"picture"
    assert sorted(path.name for path in own_home.iterdir()) == ["keys.json", "uploads"]


def test_a_backup_holds_no_key_and_only_its_owner_reads_it(url: str, own_home: Path, tmp_path: Path) -> None:
    back_up(url, tmp_path / "b.tar")
    content = (tmp_path / "b.tar").read_bytes()
    kept = json.loads((own_home / "keys.json").read_text())
    assert not any(kept[name].encode() in content for name in ("secret_key", "data_key", "index_key"))
    assert (tmp_path / "b.tar").stat().st_mode & 0o077 == 0


def test_data_that_is_there_is_replaced_only_when_asked(url: str, own_home: Path, tmp_path: Path) -> None:
    back_up(url, tmp_path / "b.tar")
    spoil(url, own_home)
    with pytest.raises(BackupTrouble, match="--replace"):
        restore(url, tmp_path / "b.tar", replace=False)
    assert {name for _, name, _ in rows(url)} == {"changed"}


def test_an_empty_database_needs_no_permission_to_be_filled(url: str, tmp_path: Path) -> None:
    before = rows(url)
    back_up(url, tmp_path / "b.tar")
    with psycopg.connect(url) as connection:
        connection.execute("truncate people_account, people_grant")
    restore(url, tmp_path / "b.tar", replace=False)
    assert rows(url) == before


def test_a_damaged_backup_changes_nothing(url: str, own_home: Path, tmp_path: Path) -> None:
    back_up(url, tmp_path / "b.tar")
    spoil(url, own_home)
    with tarfile.open(tmp_path / "b.tar") as archive:
        start = archive.getmember(backup.DUMP).offset_data
    content = bytearray((tmp_path / "b.tar").read_bytes())
    content[start + 2000] ^= 0xFF
    (tmp_path / "b.tar").write_bytes(content)
    with pytest.raises(BackupTrouble, match="damaged"):
        restore(url, tmp_path / "b.tar", replace=True)
    assert {name for _, name, _ in rows(url)} == {"changed"}
    assert (own_home / "uploads" / "2024" / "photo.jpg").read_bytes() == b"changed"


def test_something_that_is_no_backup_is_said_plainly(url: str, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("hello")
    with pytest.raises(BackupTrouble, match="can't be read as a backup"):
        restore(url, tmp_path / "b.tar", replace=True)


def test_a_backup_made_with_other_keys_is_refused(url: str, own_home: Path, tmp_path: Path) -> None:
    back_up(url, tmp_path / "b.tar")
    (own_home / "keys.json").unlink()
    with pytest.raises(BackupTrouble, match="other keys"):
        restore(url, tmp_path / "b.tar", replace=True)


def test_a_backup_of_before_a_new_key_is_restored_as_long_as_its_keys_are_here(
    url: str, own_home: Path, tmp_path: Path
) -> None:
    back_up(url, tmp_path / "before.tar")
    secrets.rotate("aes")
    both = back_up(url, tmp_path / "between.tar")
    assert len(both.old_keys) == 1
    restore(url, tmp_path / "before.tar", replace=True)
    secrets.forget()
    for name in ("before.tar", "between.tar"):
        with pytest.raises(BackupTrouble, match="other keys"):
            restore(url, tmp_path / name, replace=True)


def test_nothing_is_restored_under_people_who_work(url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "b.tar")
    with psycopg.connect(url), pytest.raises(BackupTrouble, match="Stop `qushu run` first"):
        restore(url, tmp_path / "b.tar", replace=True)


def test_an_existing_file_is_never_overwritten(url: str, tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_text("precious")
    with pytest.raises(BackupTrouble, match="exists already"):
        back_up(url, tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_text() == "precious"


def test_the_commands_do_it_and_answer_in_json(url: str, tmp_path: Path) -> None:
    before = rows(url)

    def qushu(*arguments: str) -> dict[str, object]:
        command = [sys.executable, "-m", "qushu.web.cli", *arguments, "--json"]
        done = subprocess.run(
            command, capture_output=True, text=True, env=os.environ | {"QUSHU_DATABASE_URL": url}, check=True
        )
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    assert qushu("backup", str(tmp_path / "b.tar"))["uploads"] == 1
    assert qushu("restore", str(tmp_path / "b.tar"), "--replace")["uploads"] == 1
    assert rows(url) == before


def test_a_password_stands_on_no_command_line(
    url: str, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The embedded database trusts whoever reaches its socket, so that any password does."""
    before, run, commands = rows(url), subprocess.run, list[str]()
    known = conninfo_to_dict(url) | {"password": "geheim/@:3"}
    with_password = f"postgresql://{known['user']}:{quote('geheim/@:3', safe='')}@/{known['dbname']}?{urlencode({'host': known['host']})}"

    def watched(command: list[str], **more: object) -> object:
        commands.append(" ".join(map(str, command)))
        return run(command, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(backup.subprocess, "run", watched)
    back_up(with_password, tmp_path / "b.tar")
    spoil(url, own_home)
    restore(with_password, tmp_path / "b.tar", replace=True)
    assert rows(url) == before
    assert len(commands) == 2 and "geheim" not in " ".join(commands)


def test_what_citizens_sent_is_open_to_this_systems_user_only(own_home: Path) -> None:
    (own_home / "uploads").chmod(0o755)
    keep_to_ourselves()
    for name in ("uploads", "lake", "exports", "models"):
        assert (own_home / name).stat().st_mode & 0o077 == 0, name
