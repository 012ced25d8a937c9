"""Locks of many rows at once, taken so that whoever moves one case never is the one to give way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

PATIENCE_MS: Final = 900
"""How long a lock is waited for: less than PostgreSQL's deadlock_timeout, after which it would end one of those who wait in a ring."""


class Busy(Exception):
    """Somebody else held one of the rows for longer than that. Nothing is locked or changed once the transaction is left."""


@contextmanager
def giving_way() -> Iterator[None]:
    """In the transaction that is open, wait no longer than PATIENCE_MS for a lock. Raises Busy."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE_MS}ms'")
        yield
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise Busy from error
