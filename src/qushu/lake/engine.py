"""The one way to ask the copy: SQL in which `{cases}` stands for its rows, answered by DuckDB in this process.

Everything above speaks to `ask`; another engine would replace this file.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from .columns import COLUMNS
from .files import Copy, folder, newest

MEMORY = os.environ.get("QUSHU_LAKE_MEMORY", "1GB")
THREADS = int(os.environ.get("QUSHU_LAKE_THREADS", str(os.cpu_count() or 1)))
KEPT_ANSWERS = 256
Rows = list[tuple[Any, ...]]

_lock = threading.Lock()
_database: Any = None
_answers: OrderedDict[tuple[Any, ...], Rows] = OrderedDict()


def ask(sql: str, params: Sequence[Any] = (), copy: Copy | None = None) -> Rows:
    """The rows of a query over the newest copy (or `copy`); parameters are `?`. An answer is kept until the copy changes.

    Without a copy the query is answered over no rows. Raises duckdb.Error for wrong SQL.
    """
    import duckdb  # slow to import, and most processes never ask

    given = copy
    for last in (False, True):
        copy = given or newest()
        key = (str(folder()), copy.token, sql, repr(params))
        with _lock:
            if key in _answers:
                _answers.move_to_end(key)
                return _answers[key]
        try:
            found = _connection().execute(sql.replace("{cases}", source(copy)), list(params)).fetchall()
        except duckdb.IOException:
            if last:  # only a list that was read just before its files were swept is worth a second look
                raise
            continue
        with _lock:
            _answers[key] = found
            while len(_answers) > KEPT_ANSWERS:
                _answers.popitem(last=False)
        return found
    raise AssertionError("answered or raised")


def source(copy: Copy) -> str:
    """The rows of a copy as SQL."""
    if not copy.months:
        return "(SELECT " + ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items()) + " WHERE false)"
    return "read_parquet([" + ", ".join(f"'{quoted(path)}'" for path in copy.files) + "])"


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
