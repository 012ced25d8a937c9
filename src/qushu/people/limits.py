"""How often something may happen, and what may happen only once. Both survive a restart and hold across processes.

Counts are kept without waiting for the disk: a crash of the database sets them to nought. Values used once are not.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection

from qushu.kernel.models import Nonce, Tally

KEPT_FOR = timedelta(days=2)


def allow(key: str, limit: int, window_seconds: int, now: datetime) -> bool:
    """Count one more of `key` in the present window and say whether that is within `limit`.

    Windows begin at multiples of `window_seconds`; a key always goes with the same window. What is refused counts too.
    """
    return _count(key, window_seconds, now) <= limit


def _count(key: str, window_seconds: int, now: datetime) -> int:
    start = datetime.fromtimestamp(now.timestamp() // window_seconds * window_seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_tally AS t (key, window_start, count) VALUES (%s, %s, 1)"
            " ON CONFLICT (key, window_start) DO UPDATE SET count = t.count + 1 RETURNING count",
            [key[:120], start],
        )
        return int(cursor.fetchone()[0])


def use_once(value: str, expires_at: datetime) -> bool:
    """True the first time, False when this value was used before (until it is forgotten after `expires_at`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_nonce (value, expires_at) VALUES (%s, %s) ON CONFLICT (value) DO NOTHING",
            [value[:120], expires_at],
        )
        return bool(cursor.rowcount == 1)


def forget_old(now: datetime) -> int:
    """Delete counts and values that can matter no more: how many."""
    tallies, _ = Tally.objects.filter(window_start__lt=now - KEPT_FOR).delete()
    nonces, _ = Nonce.objects.filter(expires_at__lt=now).delete()
    return tallies + nonces
