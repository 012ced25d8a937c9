"""Rules of telling others: who is told what, signatures, when to try again."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(hours=6)


def wants(topics: Sequence[str], topic: str) -> bool:
    """Whether a subscriber to `topics` is told of `topic`; no topics means all, `case.*` means all that begin so."""
    return not topics or any(
        topic == wanted or (wanted.endswith("*") and topic.startswith(wanted[:-1])) for wanted in topics
    )


def shown_address(url: str) -> str:
    """An address as people are shown it, without name, password and query: the query of a chat robot's is its key."""
    whole, asked, _ = url.partition("?")
    scheme, colon, rest = whole.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{colon}{host.rpartition('@')[2]}{slash}{path}{'?…' if asked else ''}"


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The header `X-Qushu-Signature`: t=seconds, v1=HMAC-SHA256 in hex over "t.body"."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def next_try(attempts: int, now: datetime) -> datetime:
    """When to try again after so many failures (aware): 1, 2, 4 … minutes, at most LONGEST_WAIT."""
    return now + min(timedelta(minutes=2 ** min(attempts - 1, 20)), LONGEST_WAIT)
