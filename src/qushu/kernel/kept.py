"""What is read once and kept until its tables change: code tables that every page draws.

A trigger notes each statement that changes a watched table, in the same transaction, under a number that never comes
back. Every process asks for these numbers (one small read) before it trusts what it keeps: a change counts at once,
everywhere, and a change that is rolled back leaves nothing behind. A page that only reads asks once (`one_look`).
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.migrations import RunSQL

T = TypeVar("T")


class Kept(Generic[T]):
    """The answer of `read(*key)`, kept per key until a statement changes one of `tables` (each watched by a migration)."""

    def __init__(self, tables: tuple[str, ...], read: Callable[..., T]) -> None:
        self._tables = tables
        self._read = read
        self._seen: tuple[int | None, ...] = ()
        self._answers: dict[Hashable, T] = {}

    def get(self, *key: Hashable) -> T:
        """The kept answer, or a new one when a table has changed."""
        seen = versions(self._tables)
        if seen != self._seen or None in seen:
            self._seen, self._answers = seen, {}
        if key not in self._answers:
            self._answers[key] = self._read(*key)
        return self._answers[key]


_look: ContextVar[dict[str, int] | None] = ContextVar("look", default=None)
_once: ContextVar[dict[Hashable, Any] | None] = ContextVar("once", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Within the block the numbers are asked for once, at the first use; for what writes no code table."""
    look, answers = _look.set({}), _once.set({})
    try:
        yield
    finally:
        _look.reset(look)
        _once.reset(answers)


def once(key: Hashable, read: Callable[[], T]) -> T:
    """What several parts of one page need, read by the first of them; outside of a look it is read each time.

    `key` names the read and what it depends on; nobody may change the answer, which all of them are given.
    """
    answers = _once.get()
    if answers is None:
        return read()
    if key not in answers:
        answers[key] = read()
    return cast(T, answers[key])


def versions(tables: tuple[str, ...]) -> tuple[int | None, ...]:
    """The number of the last change of each table; None for one that was never changed."""
    known = _look.get()
    if not known:
        seen = _versions()
        if known is None:
            known = seen
        else:
            known.update(seen)
    return tuple(known.get(table) for table in tables)


def _versions() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, value FROM kernel_tableversion")
        return dict(cursor.fetchall())


def watch(table: str, *columns: str) -> RunSQL:
    """The operation of a migration that has every change of `table` noted from now on.

    With `columns` an update is noted when it sets one of them: for a table that also counts how often a row is used.
    """
    update = f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE"
    return RunSQL(
        f"""
        CREATE TRIGGER {table}_noted AFTER INSERT OR {update} OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION kernel_note_change();
        INSERT INTO kernel_tableversion (name, value) VALUES ('{table}', nextval('kernel_tableversion_number'))
        ON CONFLICT (name) DO NOTHING;
        """,
        f"DROP TRIGGER {table}_noted ON {table}; DELETE FROM kernel_tableversion WHERE name = '{table}';",
    )
