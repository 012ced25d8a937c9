"""Proof that no history row was changed, removed or slipped in: chains per case, seals per day.

And that the words, the caller and the files of a case are those that its history says were taken down.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from qushu.kernel.chain import FIRST, Row, day_seal, verify

from .models import Case, History, Seal
from .rules import SHANGHAI, chained_fields
from .vouching import Kept

CHUNK = 2000


@dataclass(frozen=True)
class Finding:
    """One thing that isn't as it was written: a break in a case's chain, or a day whose seal doesn't fit."""

    subject: str
    what: str


@dataclass(frozen=True)
class Checked:
    """A chunk of cases: how many were checked so far, what was found in the chunk, and how many of it are `unsworn`.

    Unsworn are cases that were accepted before histories held digests: their chain is proven, their words are not.
    """

    so_far: int
    findings: list[Finding]
    unsworn: int


def verify_cases(case_ids: list[int] | None = None) -> Iterator[Checked]:
    """Check every case (or these) in chunks, with the words, the caller and the files that each history vouches for.

    Memory is bound by the rows of CHUNK cases. A case without any history row is a finding too.
    """
    cases = Case.objects.order_by("id") if case_ids is None else Case.objects.filter(pk__in=case_ids).order_by("id")
    last, checked = 0, 0
    while chunk := list(cases.filter(pk__gt=last).values_list("id", "number", "seq", "head")[:CHUNK]):
        last = chunk[-1][0]
        ids = [case[0] for case in chunk]
        rows = _rows(ids)
        found = [
            Finding(number, str(broken))
            for case_id, number, seq, head in chunk
            for broken in verify(rows.get(case_id, []), (seq, bytes(head)))
        ]
        kept, unsworn = Kept(ids), 0
        for case_id, number, _, _ in chunk:
            records = [(str(row.fields["move"]), row.fields["record"]) for row in rows.get(case_id, [])]
            found += [Finding(number, what) for what in kept.departs(case_id, number, records)]
            unsworn += not any(move == "accept" and "words_digest" in record for move, record in records)  # type: ignore[operator]
        checked += len(chunk)
        yield Checked(checked, found, unsworn)


def seal_days(now: datetime) -> list[Seal]:
    """Seal every day before today (Asia/Shanghai) that isn't sealed yet, oldest first. Running it again seals nothing."""
    with transaction.atomic():
        newest = Seal.objects.select_for_update().order_by("-day").first()
        day = newest.day + timedelta(days=1) if newest else _first_day()
        prev = bytes(newest.digest) if newest else FIRST
        made: list[Seal] = []
        while day is not None and day < timezone.localdate(now, SHANGHAI):
            rows, digest = _digest(prev, day)
            made.append(Seal(day=day, rows=rows, digest=digest, prev_digest=prev, sealed_at=now))
            day, prev = day + timedelta(days=1), digest
        return Seal.objects.bulk_create(made)


def verify_seals() -> Iterator[Finding]:
    """Days whose rows no longer give the digest that was sealed, and gaps between seals."""
    prev, expected = FIRST, None
    for seal in Seal.objects.order_by("day"):
        if expected is not None and seal.day != expected:
            yield Finding(f"{expected}", f"到 {seal.day} 之间缺少封存")
        rows, digest = _digest(bytes(seal.prev_digest), seal.day)
        if digest != bytes(seal.digest):
            yield Finding(f"{seal.day}", f"封存时 {seal.rows} 行，现有 {rows} 行，摘要不符")
        if bytes(seal.prev_digest) != prev:
            yield Finding(f"{seal.day}", "与前一日的封存不相连")
        prev, expected = bytes(seal.digest), seal.day + timedelta(days=1)


def _rows(case_ids: list[int]) -> dict[int, list[Row]]:
    stored = History.objects.filter(case_id__in=case_ids).order_by("case_id", "seq")
    return {
        case_id: [_row(history) for history in group]
        for case_id, group in groupby(stored.iterator(), key=lambda history: history.case_id)
    }


def _row(history: History) -> Row:
    fields = chained_fields(
        history.case_id,
        history.seq,
        history.move,
        (history.from_state, history.to_state),
        history.at,
        history.recorded_at,
        (history.actor_id, history.actor_name, history.unit_id),
        history.record,
        history.request_key,
    )
    return Row(history.seq, bytes(history.prev_hash), bytes(history.hash), fields)


def _first_day() -> date | None:
    first = History.objects.aggregate(first=Min("recorded_at"))["first"]
    return timezone.localdate(first, SHANGHAI) if first else None


def _digest(prev: bytes, day: date) -> tuple[int, bytes]:
    start = timezone.make_aware(datetime.combine(day, time()), SHANGHAI)
    rows = History.objects.filter(recorded_at__gte=start, recorded_at__lt=start + timedelta(days=1))
    stream = rows.order_by("case_id", "seq").values_list("case_id", "seq", "hash").iterator(chunk_size=20_000)
    return rows.count(), day_seal(prev, day, ((case, seq, bytes(hash_)) for case, seq, hash_ in stream))
