"""Rules of feeds: signatures, which files may be read, which addresses a redirect may lead to."""

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

WINDOW = timedelta(minutes=5)
"""How far a push's time may be from ours."""

READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".json", ".jsonl", ".ndjson")
_HEADER = re.compile(r"t=([0-9]{1,11}),n=([A-Za-z0-9_-]{8,64}),v1=([0-9a-f]{64})")


@dataclass(frozen=True)
class Signature:
    """What the header `X-Qushu-Signature` says: seconds since 1970, a value used once, HMAC-SHA256 in hex."""

    at: datetime
    nonce: str
    digest: str

    @property
    def stamp(self) -> int:
        return int(self.at.timestamp())


def read_signature(header: str) -> Signature | None:
    """The header `t=…,n=…,v1=…`, or None when it isn't one. The nonce: 8 to 64 letters, digits, _ or -."""
    found = _HEADER.fullmatch(header.strip())
    if found is None:
        return None
    return Signature(datetime.fromtimestamp(int(found[1]), UTC), found[2], found[3])


def sign_push(secret: str, stamp: int, nonce: str, body: bytes) -> str:
    """The header for a push: HMAC-SHA256 over "t.n.body"."""
    digest = hmac.new(secret.encode(), f"{stamp}.{nonce}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},n={nonce},v1={digest}"


def is_genuine(said: Signature, secret: str, body: bytes) -> bool:
    """Whether the secret made this signature of this body; compared in constant time."""
    expected = sign_push(secret, said.stamp, said.nonce, body).rpartition("=")[2]
    return hmac.compare_digest(expected, said.digest)


def is_timely(said: Signature, now: datetime) -> bool:
    """Whether it was signed within WINDOW of `now`, before or after."""
    return abs(now - said.at) <= WINDOW


def is_readable(name: str) -> bool:
    """Whether a file of a folder is to be read: a table, not hidden, not one that is still being written (.part)."""
    return not name.startswith((".", "~")) and name.lower().removesuffix(".gz").endswith(READABLE)


def is_below(path: Path, folders: Iterable[Path]) -> bool:
    """Whether a path lies in one of the folders, or is one, when every link on the way is followed."""
    real = path.resolve()
    return any(real.is_relative_to(folder.resolve()) for folder in folders)


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open internet; not this machine, its network, or a cloud's own services."""
    return ipaddress.ip_address(address.partition("%")[0]).is_global
