"""Grounds: the databases of a test process, one of which every test stands on.

Each is a copy of one migrated database, made when a test first needs it. What its maker writes into it is committed and
stays; a test changes it in a transaction that is rolled back. Tests that commit have a copy of their own, whose rows are
put back after each.

Migrating takes longer than most rooms' tests, so what came of it is kept as SQL for the next run, under a fingerprint
of what it was made from.
"""

import copy
import hashlib
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.timezone import localdate
from psycopg import sql

from qushu.kernel.postgres import binary

SOURCES = Path(__file__).parents[2]
PREFIX = f"test_{connection.settings_dict['NAME']}"
MIGRATED = f"{PREFIX}_migrated"
ONE_AT_A_TIME = 7_300_001
APART = 10**9
"""So far apart are the numbers of changes of two grounds: what is kept in memory (`kernel.kept`) knows a table by them."""

IMPORTED = re.compile(r"^\s*(?:from|import) (qushu[.\w]*)", re.MULTILINE)


@dataclass(frozen=True)
class Ground:
    """Rows that tests find there: `make` writes them and tells what they are, given what the ground `below` told.

    A session fixture `on_…` offers it; a test that asks for that fixture stands on it.
    """

    name: str
    make: Callable[[Any], object]
    below: "Ground | None" = None

    @property
    def height(self) -> int:
        """How many grounds are below."""
        return self.below.height + 1 if self.below else 0


BARE = Ground("bare", lambda below: None)


@dataclass(frozen=True)
class Made:
    """What a database was when it had been made."""

    day: date
    told: dict[str, object]
    rows: dict[str, bytes] = field(default_factory=dict)
    """By table, as COPY writes them; of those databases whose rows are put back."""


@dataclass
class Grounds:
    """The databases of the process `owner`."""

    owner: str
    _made: dict[str, Made] = field(default_factory=dict)
    _number: int = 0

    def stand_on(self, ground: Ground) -> dict[str, object]:
        """The next transaction begins there: copies of what was told, by the names of this ground and those below.

        It is made when first needed, and anew after midnight: what is made may be of today.
        """
        return self._connect_to(f"{PREFIX}_{self.owner}_{ground.name}", ground)

    def commit_on(self, ground: Ground) -> dict[str, object]:
        """The same, on a copy for tests that commit: `put_back` follows each."""
        name = f"{PREFIX}_{self.owner}_{ground.name}_committed"
        told = self._connect_to(name, ground)
        if not self._made[name].rows:
            self._made[name].rows.update(_rows())
        return told

    def put_back(self) -> None:
        """Give every table of the database in use the rows that it had when it was made; sequences go on.

        Triggers and references stand aside for it, which only a superuser may ask for.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            used = _tables(cursor)
            cursor.execute(f"SET LOCAL session_replication_role = replica; LOCK TABLE {', '.join(used)}")
            cursor.execute("; ".join(f"DELETE FROM {table}" for table in used))
            for table, rows in self._made[connection.settings_dict["NAME"]].rows.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copied:
                    copied.write(rows)
            cursor.execute("UPDATE kernel_tableversion SET value = nextval('kernel_tableversion_number')")

    def leave(self) -> None:
        """Drop them."""
        connection.close()
        for name in self._made:
            drop(name)

    def _connect_to(self, name: str, ground: Ground) -> dict[str, object]:
        if name not in self._made or self._made[name].day != localdate():
            self._make(name, ground)
        _connect_to(name)
        return copy.deepcopy(self._made[name].told)

    def _make(self, name: str, ground: Ground) -> None:
        connection.close()
        drop(name)
        with _server() as server:
            server.execute(_named("CREATE DATABASE {} TEMPLATE {}", name, MIGRATED))
        _connect_to(name)
        self._number += 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('kernel_tableversion_number', %s)", [APART * self._number])
        self._made[name] = Made(localdate(), _tell(ground))


def _tell(ground: Ground) -> dict[str, object]:
    told = _tell(ground.below) if ground.below else {}
    return told | {ground.name: ground.make(told.get(ground.below.name) if ground.below else None)}


def _tables(cursor: Any) -> list[str]:
    """Those with rows, and those that had some."""
    cursor.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND pg_relation_size(oid) > 0 ORDER BY oid"
    )
    return [name for (name,) in cursor.fetchall()]


def _rows() -> dict[str, bytes]:
    with connection.cursor() as cursor:
        kept = {}
        for table in _tables(cursor):
            with cursor.copy(f"COPY {table} TO STDOUT") as copied:
                kept[table] = b"".join(copied)
        return kept


def migrate(kept_in: Path | None) -> None:
    """Make the migrated database, once for all processes of a run: from the file that an earlier run has kept in this
    folder, or by migrating; without a folder always by migrating."""
    kept = kept_in / f"{_fingerprint()}.sql" if kept_in else None
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [MIGRATED]).fetchone():
            return
        half = f"{MIGRATED}_half"
        server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", half))
        server.execute(_named("CREATE DATABASE {}", half))
        if kept and kept.exists():
            _run("psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={kept}", _address(half))
        else:
            _connect_to(half)
            call_command("migrate", verbosity=0, interactive=False)
            connection.close()
            if kept:
                _keep(half, kept)
        server.execute(_named("ALTER DATABASE {} RENAME TO {}", half, MIGRATED))


def drop(name: str = MIGRATED) -> None:
    """Drop a database, whoever is still connected to it."""
    with _server() as server:
        server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def _fingerprint() -> str:
    """Of the migrations, of the modules and data that they name, and of the packages that are installed."""
    migrations = list(SOURCES.rglob("migrations/*.py"))
    named = {name for path in migrations for name in IMPORTED.findall(path.read_text(encoding="utf-8"))}
    modules = [SOURCES.parent / f"{name.replace('.', '/')}.py" for name in named]
    files = {*migrations, *modules, *SOURCES.rglob("data/*"), SOURCES.parents[1] / "requirements.lock"}
    said = hashlib.sha256()
    for path in sorted(file for file in files if file.is_file()):
        said.update(f"{path.relative_to(SOURCES.parents[1])}\0".encode() + path.read_bytes())
    return said.hexdigest()[:16]


def _keep(name: str, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_suffix(f".{os.getpid()}")
    _run("pg_dump", "--no-owner", f"--file={draft}", _address(name))
    for former in kept.parent.glob("*.sql"):
        former.unlink(missing_ok=True)
    draft.replace(kept)


def _connect_to(name: str) -> None:
    """From now on; a connection that was left open to another database is closed."""
    connection.settings_dict["NAME"] = name
    opened = connection.connection
    if opened is not None and (opened.closed or opened.info.dbname != name):
        connection.close()


def _server() -> psycopg.Connection:
    return psycopg.connect(os.environ["QUSHU_DATABASE_URL"], autocommit=True)


def _address(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["QUSHU_DATABASE_URL"])._replace(path=f"/{name}"))


def _named(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))  # type: ignore[arg-type]


def _run(program: str, *arguments: str) -> None:
    subprocess.run([binary(program), *arguments], check=True, capture_output=True)
