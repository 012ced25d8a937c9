"""The one way to ask the copy: SQL in which `{cases}` stands for its rows, answered by DuckDB in this process.

Everything above speaks to `ask`; another engine would replace this file.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from .columns import COLUMNS
from .files import Copy, newest

MEMORY = os.environ.get("QUSHU_LAKE_MEMORY", "1GB")
THREADS = int(os.environ.get("QUSHU_LAKE_THREADS", str(os.cpu_count() or 1)))
KEPT_ROWS = 200_000
"""Rows of answers that a process keeps: some 40 MB."""
Rows = list[tuple[Any, ...]]
T = TypeVar("T")

_lock = threading.Lock()
_held: ContextVar[Copy | None] = ContextVar("_held", default=None)
_database: Any = None
_answers: OrderedDict[tuple[str, str], Rows] = OrderedDict()
_kept_rows = 0


def ask(sql: str, params: Sequence[Any] = (), copy: Copy | None = None) -> Rows:
    """The rows of a query over the newest copy (or `copy`); parameters are `?`. An answer is kept until the copy changes.

    Without a copy the query is answered over no rows. Raises duckdb.Error for wrong SQL.
    """
    return while_it_stands(lambda held: ask_files(sql, params, held.files), copy)


@contextmanager
def one_copy() -> Iterator[Copy]:
    """All that is asked within is answered by the copy that is the newest now, however often it is replaced meanwhile.

    Its files are kept for `files.KEPT_SECONDS` after that.
    """
    copy = newest()
    token = _held.set(copy)
    try:
        yield copy
    finally:
        _held.reset(token)


def while_it_stands(look: Callable[[Copy], T], copy: Copy | None = None) -> T:
    """What `look` finds in the newest copy (or `copy`); once more when its files were swept meanwhile."""
    import duckdb  # slow to import, and most processes never ask

    try:
        return look(copy or _held.get() or newest())
    except duckdb.IOException:  # only a list that was read just before its files were swept is worth a second look
        return look(copy or _held.get() or newest())


def ask_files(sql: str, params: Sequence[Any], files: Sequence[str]) -> Rows:
    """The rows of a query over these files. A file never changes, so an answer is kept until there is no room for it."""
    whole = sql.replace("{cases}", _source(files))
    if (known := _kept(whole, params)) is not None:
        return known
    found: Rows = _connection().execute(whole, list(params)).fetchall()
    _keep(whole, params, found)
    return found


def ask_each(sql: str, params: Sequence[Any], files: Sequence[str], most: int) -> list[Rows] | None:
    """The rows of a query over each of these files by itself, in their order; None when one has more than `most`.

    `sql` begins with SELECT and ends with GROUP BY ALL. Files whose answer isn't kept are asked together, in one query;
    of a file in which nothing is counted there are no rows.
    """
    texts = {file: sql.replace("{cases}", _source([file])) for file in files}
    answers = {file: known for file in files if (known := _kept(texts[file], params)) is not None}
    missing = [file for file in files if file not in answers]
    if missing:
        rows = sql.replace("{cases}", _source(missing)[:-1] + ", filename = true)").replace(
            "SELECT", "SELECT filename,", 1
        )
        limit = len(missing) * most + 1
        found = _connection().execute(f"{rows} LIMIT {limit}", list(params)).fetchall()
        if len(found) == limit:
            return None
        answers |= {file: [] for file in missing}
        for file, *row in found:
            answers[file].append(tuple(row))
        for file in missing:
            _keep(texts[file], params, answers[file])
    return [answers[file] for file in files] if all(len(rows) <= most for rows in answers.values()) else None


def _kept(whole: str, params: Sequence[Any]) -> Rows | None:
    with _lock:
        if (key := (whole, repr(params))) not in _answers:
            return None
        _answers.move_to_end(key)
        return _answers[key]


def _keep(whole: str, params: Sequence[Any], found: Rows) -> None:
    global _kept_rows
    with _lock:
        if (key := (whole, repr(params))) not in _answers:
            _answers[key] = found
            _kept_rows += _room(found)
        while _kept_rows > KEPT_ROWS:
            _kept_rows -= _room(_answers.popitem(last=False)[1])


def _room(found: Rows) -> int:
    """What an answer takes of the room: a query's own text counts like ten rows."""
    return len(found) + 10


def _source(files: Sequence[str]) -> str:
    """The rows of files as SQL."""
    if not files:
        return "(SELECT " + ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items()) + " WHERE false)"
    return "read_parquet([" + ", ".join(f"'{quoted(path)}'" for path in files) + "])"


def quoted(path: str) -> str:
    """A path inside quotes."""
    return path.replace("'", "''")


def _connection() -> Any:
    """A cursor of its own for each query: threads may ask at the same time."""
    global _database
    with _lock:
        if _database is None:
            _database = connect()
        return _database.cursor()


def connect() -> Any:
    """A DuckDB in memory, bounded, that keeps what it knows of Parquet files and loads nothing from outside."""
    import duckdb

    database = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY,
            "threads": THREADS,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    database.execute("SET parquet_metadata_cache = true")
    return database
