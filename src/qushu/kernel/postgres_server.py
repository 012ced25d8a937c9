"""One embedded PostgreSQL: start, adopt, stop, and its first database."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from signal import SIGINT, SIGQUIT
from typing import TextIO
from urllib.parse import quote

import psycopg

from qushu.kernel.postgres_place import Place, leave_no_socket, prepare
from qushu.kernel.postgres_process import (
    end_orphans,
    forget_stale_locks,
    is_ready,
    postmaster_of,
    send,
    wait_until,
)
from qushu.kernel.postgres_trouble import AlreadyRunning, NotRunning, PostgresTrouble
from qushu.kernel.postgres_tuning import LOCAL_FILE, SETTINGS_FILE, as_text, settings_here

ROLE = "qushu"
DATABASE = "qushu"
EXTENSIONS = ("vector", "pg_trgm", "btree_gin")
START_SECONDS = 120.0
STOP_SECONDS = 60.0


def answers(url: str) -> bool:
    """Whether a database accepts a connection at the URL."""
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


class Server:
    """One embedded PostgreSQL with its data below ``data_dir``; the process that started it is its only owner.

    ``extra`` settings win over the tuned ones (tests switch fsync off); ``tell`` receives sentences for the operator.
    """

    def __init__(
        self,
        data_dir: Path,
        extra: dict[str, str] | None = None,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self._extra = extra or {}
        self._tell = tell
        self._place: Place | None = None
        self._lock: TextIO | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address for psycopg and Django. Raises NotRunning before ``start``."""
        return self._url(DATABASE)

    @property
    def pid(self) -> int | None:
        """The postmaster's pid, or None when it doesn't live."""
        if self._child is not None:
            self._child.poll()  # a dead child must not be taken for a living one
        return postmaster_of(self._place.cluster) if self._place else None

    def start(self) -> None:
        """Start, or adopt the postmaster a killed owner left behind, and make the database ``qushu`` at first.

        Raises AlreadyRunning when another process owns the data, PostgresTrouble when PostgreSQL doesn't start.
        """
        place = self._place = prepare(self.data_dir, self._tell)
        self._take_lock(place)
        try:
            self._check_version(place)
            if self._adopted(place):
                return
            end_orphans(place.cluster)
            forget_stale_locks(place.cluster, place.socket)
            self._make_cluster(place)
            self._write_settings(place)
            self._launch(place)
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End connections, write everything down, stop and let go of the data. Harmless when not running."""
        if self._place is not None and self._lock is not None:
            pid = self.pid
            if pid is not None:
                send(pid, SIGINT)
                if not wait_until(lambda: self.pid is None, STOP_SECONDS):
                    send(pid, SIGQUIT)
                    wait_until(lambda: self.pid is None, STOP_SECONDS)
            end_orphans(self._place.cluster)
            leave_no_socket(self._place)
        self._child = None
        if self._lock is not None:
            self._lock.truncate(0)
            self._lock.close()
            self._lock = None

    def _url(self, database: str) -> str:
        if self._place is None or self._lock is None:
            raise NotRunning(f"The database in {self.data_dir} isn't started.")
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self._place.socket), safe='')}"

    def _take_lock(self, place: Place) -> None:
        if self._lock is not None:
            return
        lock = (place.root / "owner.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another process"
            lock.close()
            raise AlreadyRunning(
                f"The database in {self.data_dir} is in use by {holder}. Stop that first, or choose another QUSHU_HOME."
            ) from None
        lock.truncate(0)
        lock.write(f"pid {os.getpid()} ({' '.join(map(os.path.basename, sys.argv[:1]))} {' '.join(sys.argv[1:3])})\n")
        lock.flush()
        self._lock = lock

    def _check_version(self, place: Place) -> None:
        kept = place.cluster / "PG_VERSION"
        if not kept.exists():
            return
        has = self._run(place, "postgres", "--version").split()[-1].split(".")[0]
        if kept.read_text().strip() != has:
            raise PostgresTrouble(
                f"The data in {self.data_dir} was written by PostgreSQL {kept.read_text().strip()}, and this is {has}. "
                f"Nothing was changed. Make a backup with the former version of Qushu and restore it with this one."
            )

    def _adopted(self, place: Place) -> bool:
        pid = postmaster_of(place.cluster)
        if pid is None:
            return False
        ready = wait_until(lambda: is_ready(place.cluster) or self.pid is None, START_SECONDS)
        if ready and self.pid == pid and answers(self._url("postgres")):
            self._make_database()
            return True
        send(pid, SIGQUIT)
        wait_until(lambda: self.pid is None, STOP_SECONDS)
        return False

    def _make_cluster(self, place: Place) -> None:
        """Run initdb beside and rename, so that an interrupted first start leaves nothing half made."""
        if (place.cluster / "PG_VERSION").exists():
            return
        half = place.root / "cluster.new"
        self._run(place, "rm", "-rf", str(half), program=Path("/bin/rm"))
        self._run(
            place, "initdb", "--pgdata", str(half), "--username", ROLE, "--auth", "trust", "--encoding", "UTF8",
            "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C.UTF-8",
        )  # fmt: skip
        with (half / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(f"\ninclude '{SETTINGS_FILE}'\ninclude_if_exists '{LOCAL_FILE}'\n")
        half.rename(place.cluster)

    def _write_settings(self, place: Place) -> None:
        path = place.cluster / SETTINGS_FILE
        path.write_text(as_text(settings_here(place.socket) | self._extra), encoding="utf-8")
        path.chmod(0o644)

    def _launch(self, place: Place) -> None:
        with place.log.open("wb") as log:
            self._child = subprocess.Popen(
                [place.binaries / "postgres", "-D", place.cluster],
                cwd="/",
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the database last
                **place.run_as.arguments,  # type: ignore[call-overload]
            )
        child = self._child
        if not wait_until(lambda: is_ready(place.cluster) or child.poll() is not None, START_SECONDS):
            raise PostgresTrouble(
                f"PostgreSQL did not get ready within {START_SECONDS:.0f} s. {self._last_words(place)}"
            )
        if child.poll() is not None:
            raise PostgresTrouble(f"PostgreSQL did not start. {self._last_words(place)}")

    def _last_words(self, place: Place) -> str:
        logs = sorted((place.cluster / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]
        words = [line for path in [place.log, *logs] for line in path.read_text(errors="replace").splitlines()[-5:]]
        return "Its last words:\n" + "\n".join(words)

    def _make_database(self) -> None:
        """Make the database and its extensions; template1 gets them too, so that test databases have them."""
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                return
            with psycopg.connect(self._url("template1"), autocommit=True) as template:
                for extension in EXTENSIONS:
                    template.execute(f"create extension if not exists {extension}".encode())
            connection.execute(f"create database {DATABASE}".encode())

    def _run(self, place: Place, name: str, *arguments: str, program: Path | None = None) -> str:
        done = subprocess.run(
            [program or place.binaries / name, *arguments],
            cwd="/",
            env=_environment(),
            capture_output=True,
            text=True,
            **place.run_as.arguments,  # type: ignore[call-overload]
        )
        if done.returncode:
            raise PostgresTrouble(f"{name} failed: {(done.stderr or done.stdout).strip()}")
        return str(done.stdout)


def _environment() -> dict[str, str]:
    """A clean environment: PGHOST, PGDATA and the like of the caller must not lead PostgreSQL astray."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
