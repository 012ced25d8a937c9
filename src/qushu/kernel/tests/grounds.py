"""Grounds: the databases of a test process, one of which every test stands on.

Each is a copy of one migrated database, made when a test first needs it. What its maker writes into it is committed and
stays; a test changes it in a transaction that is rolled back. Tests that commit have a ground of their own.

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
from django.db import connection
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
COMMITTED = Ground("committed", lambda below: None)
"""Of the tests that commit: their tables are emptied after each."""


@dataclass
class Grounds:
    """The databases of the process `owner`."""

    owner: str
    _told: dict[str, dict[str, object]] = field(default_factory=dict)
    _made_on: dict[str, date] = field(default_factory=dict)
    _number: int = 0

    def stand_on(self, ground: Ground) -> dict[str, object]:
        """The next transaction begins there: copies of what was told, by the names of this ground and those below.

        It is made when first needed, and anew after midnight: what is made may be of today.
        """
        if self._made_on.get(ground.name) != localdate():
            self._make(ground)
        _connect_to(self._database(ground))
        return copy.deepcopy(self._told[ground.name])

    def leave(self) -> None:
        """Drop them."""
        connection.close()
        for name in self._told:
            drop(f"{PREFIX}_{self.owner}_{name}")

    def _make(self, ground: Ground) -> None:
        name = self._database(ground)
        connection.close()
        drop(name)
        with _server() as server:
            server.execute(_named("CREATE DATABASE {} TEMPLATE {}", name, MIGRATED))
        _connect_to(name)
        self._number += 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('kernel_tableversion_number', %s)", [APART * self._number])
        self._told[ground.name] = _tell(ground)
        self._made_on[ground.name] = localdate()

    def _database(self, ground: Ground) -> str:
        return f"{PREFIX}_{self.owner}_{ground.name}"


def _tell(ground: Ground) -> dict[str, object]:
    told = _tell(ground.below) if ground.below else {}
    return told | {ground.name: ground.make(told.get(ground.below.name) if ground.below else None)}


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
