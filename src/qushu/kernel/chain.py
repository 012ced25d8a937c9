"""The hash chain of a history: a row can't be changed, removed or slipped in without being found and named.

The hash is SM3 (GB/T 32905-2016) over the hash of the row before and the row's fields as canonical JSON: keys sorted,
no blanks, UTF-8, moments in UTC with microseconds, bytes in hex. The same fields read back from PostgreSQL give the
same hash, jsonb included, because only types that survive the way there and back are allowed.
"""

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, Literal

import orjson

HASH_BYTES: Final = 32
FIRST: Final = b""  # what the first row of a chain names as the hash before it

_PLAIN = frozenset({str, int, bool, type(None)})
_ANY: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_SEAL_ROW = struct.Struct(">QI32s")
_blank = hashlib.new("sm3")  # copying it is three times faster than asking for it by name


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the table: its number from 1, both hash columns, and the fields its hash covers."""

    seq: int
    prev: bytes
    hash: bytes
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Break:
    """One place where a chain doesn't hold: which row (``seq``, up to ``last`` for a stretch) and what happened to it.

    'changed': the row isn't what was written. 'missing': it was removed. 'inserted': it was added later. 'unlinked':
    the row and the one before don't belong together, and which of them was changed can't be told.
    """

    kind: Literal["changed", "missing", "inserted", "unlinked"]
    seq: int
    last: int

    def __str__(self) -> str:
        rows = f"第 {self.seq} 行" if self.seq == self.last else f"第 {self.seq}–{self.last} 行"
        return (
            rows
            + {
                "changed": "被改动",
                "missing": "缺失",
                "inserted": "是事后插入的",
                "unlinked": "与前一行不相连",
            }[self.kind]
        )


def row_hash(prev: bytes, fields: Mapping[str, object]) -> bytes:
    """The 32 bytes that a row with these fields has after the row whose hash is ``prev`` (FIRST for the first).

    Fields may be None, bool, int, str, bytes, date, aware datetime; or dicts with str keys, lists and tuples of None,
    bool, int and str, as a JSON column keeps them. Raises TypeError for anything else (a float or a Decimal comes back
    from jsonb as another value: store it as text), ValueError for text that isn't valid Unicode.
    """
    plain = {name: value if type(value) in _PLAIN else _plain(name, value) for name, value in fields.items()}
    digest = _blank.copy()
    digest.update(prev)
    digest.update(canonical(plain))
    return digest.digest()


def canonical(value: object) -> bytes:
    """JSON as it is hashed: keys sorted, no blanks, UTF-8. ``value``: of dicts, lists, tuples, str, int, bool, None."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # integers beyond 64 bits, for one: the slower encoder takes them
        return _ANY.encode(value).encode()


def verify(rows: Iterable[Row], head: tuple[int, bytes] | None = None) -> list[Break]:
    """Where one chain is broken, in order of rows; an empty list when it holds.

    ``head``: number and hash of the newest row as they are kept apart from the chain (with the case); without it a
    removed or added end can't be seen. A row is vouched for by the row after it, the newest by the head.
    """
    by_seq: dict[int, list[Row]] = {}
    for row in rows:
        by_seq.setdefault(row.seq, []).append(row)
    above = head[0] + 1 if head else max(by_seq, default=0) + 1
    broken = [Break("inserted", seq, seq) for seq in by_seq if not 0 < seq < above]
    claim = _Claim(bytes(head[1]) if head else None, sure=True)
    for seq in sorted((seq for seq in by_seq if 0 < seq < above), reverse=True):
        if seq + 1 < above:
            broken.append(Break("missing", seq + 1, above - 1))
            claim = _Claim(None, sure=True)
        claim = _judge(by_seq[seq], claim, broken)
        above = seq
    if above > 1:
        broken.append(Break("missing", 1, above - 1))
    elif claim.hash is not None and claim.hash != FIRST and by_seq:
        broken.append(Break("unlinked", 1, 1))
    return sorted(broken, key=lambda one: (one.seq, one.kind))


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a row says the hash before it was; not sure when that row was changed itself. None claims nothing."""

    hash: bytes | None
    sure: bool

    def allows(self, row: Row) -> bool:
        return self.hash is None or self.hash == row.hash


def _judge(rows: Sequence[Row], claim: _Claim, broken: list[Break]) -> _Claim:
    """Judge the rows that carry one number, usually one, by the claim of the row after; return what they claim."""
    row = next((row for row in rows if claim.allows(row) and _fits(row)), rows[0])
    if len(rows) > 1:
        broken.append(Break("inserted", row.seq, row.seq))
    if not claim.allows(row) and not claim.sure:
        broken.append(Break("unlinked", row.seq + 1, row.seq + 1))
        claim = _Claim(None, sure=True)
    whole = claim.allows(row) and _fits(row)
    if not whole:
        broken.append(Break("changed", row.seq, row.seq))
    return _Claim(bytes(row.prev), sure=whole)


def _fits(row: Row) -> bool:
    try:
        return row_hash(row.prev, row.fields) == row.hash
    except (TypeError, ValueError):
        return False  # a field holds what could never have been written


def day_seal(prev_seal: bytes, day: date, rows: Iterable[tuple[int, int, bytes]]) -> bytes:
    """The seal (32 bytes, SM3) over all history rows recorded on one day, chained to the seal of the day before.

    ``rows``: (case id, number of the row, its hash), ascending by the first two, read as a stream. Raises ValueError
    when they aren't ascending or a hash hasn't 32 bytes.
    """
    digest = _blank.copy()
    digest.update(prev_seal)
    digest.update(day.isoformat().encode())
    before = (-1, -1)
    count = 0
    for case_id, seq, hash_ in rows:
        if (case_id, seq) <= before or len(hash_) != HASH_BYTES:
            raise ValueError(f"rows of a day must ascend and have hashes of {HASH_BYTES} bytes: {case_id}, {seq}")
        before = (case_id, seq)
        count += 1
        digest.update(_SEAL_ROW.pack(case_id, seq, bytes(hash_)))
    digest.update(count.to_bytes(8))
    return digest.digest()


@lru_cache(maxsize=4096)
def _moment_text(moment: datetime) -> str:
    """A moment is written in several columns and rows; equal moments in any time zone are one text."""
    if moment.tzinfo is None:
        raise TypeError(f"moments must be aware: {moment}")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return _moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return value.hex()
    _check_json(name, value)
    return value


def _check_json(name: str, value: object) -> None:
    """Refuse what jsonb would give back as something else."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if type(key) is not str:
                raise TypeError(f"{name}: keys must be text, not {key!r}")
            if type(inner) not in _PLAIN:
                _check_json(name, inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            if type(inner) not in _PLAIN:
                _check_json(name, inner)
    elif not isinstance(value, str | int):
        raise TypeError(f"{name}: {type(value).__name__} doesn't survive the database unchanged; store it as text")
