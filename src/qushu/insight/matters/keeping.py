"""What the machine writes of matters: what it found, and the figures that follow from the members."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from qushu.insight.belonging.weighing import Weights
from qushu.insight.understanding.safety import Word

from . import reading
from .figures import Said, figures_of, title_of
from .joining import body_of
from .models import Matter, MatterEvent, Membership
from .pool import Member

AT_ONCE: Final = 250
"""Matters whose members are read, and whose figures are written, in one statement each."""
ROWS: Final = 2_000
_FIGURES: Final = (
    "title", "changed", "first_at", "last_at", "people", "cases", "recent", "growth", "street", "streets", "areas", "spots",
    "category", "lead_unit", "keywords", "sums", "threats", "organised",
)  # fmt: skip
"""What is counted from the members."""
_JOINING: Final = 0x4D415454  # "MATT": the number of the lock that whoever joins cases holds


def hold_joining() -> None:
    """Wait until nobody else joins cases, and keep others waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_JOINING])


def banned() -> dict[int, frozenset[int]]:
    """From which matters people took each case: the machine doesn't put it back there."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.filter(removed_at__isnull=False).values_list("case_id", "matter_id")
    for case_id, matter_id in rows:
        found[case_id].add(matter_id)
    return {case_id: frozenset(ids) for case_id, ids in found.items()}


def write_members(members: Sequence[Member], now: datetime) -> dict[int, int]:
    """Write who joined; a key below 0 is a matter that is new. Returns the id by such a key. In the caller's transaction."""
    by_key: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        by_key[member.key].append(member)
    fresh = {key: _new_matter(found, now) for key, found in by_key.items() if key < 0}
    Matter.objects.bulk_create(fresh.values(), batch_size=ROWS)
    ids = {key: matter.pk for key, matter in fresh.items()}
    MatterEvent.objects.bulk_create(
        (
            MatterEvent(matter_id=ids[key], at=now, what="found", words=f"{len(by_key[key])} 件工单说的是同一件事")
            for key in ids
        ),
        batch_size=ROWS,
    )
    Membership.objects.bulk_create(
        (_membership(member, ids.get(key, key), now) for key, found in by_key.items() for member in found),
        batch_size=ROWS,
        ignore_conflicts=True,  # a person may decide about a case at this very moment: what they did stands
    )
    return ids


def refresh(matter_ids: Iterable[int], learned: Weights, now: datetime) -> int:
    """Count the figures of these matters anew from their members: how many. A title that a person gave stays."""
    ids = sorted(matter_ids)
    rule, table = reading.rule(), reading.threat_table()
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            portion = list(
                Matter.objects.select_for_update().filter(pk__in=ids[start : start + AT_ONCE]).order_by("pk")
            )
            members = reading.members_of([matter.pk for matter in portion], learned)
            for matter in portion:
                _refigure(matter, members.get(matter.pk, []), table, rule.organised, now)
            _write_figures(portion)
    return len(ids)


def refresh_changed(learned: Weights, now: datetime) -> int:
    """Count the figures of matters that cases joined since (index: matter_changed)."""
    return refresh(Matter.objects.filter(changed=True).values_list("pk", flat=True), learned, now)


def refresh_growing(learned: Weights, now: datetime) -> int:
    """Growth changes by the days alone: count those anew that had a case within three weeks; each night."""
    lately = Matter.objects.filter(last_at__gte=now - timedelta(days=21)).exclude(state="closed")
    return refresh(lately.values_list("pk", flat=True), learned, now)


def disperse_quiet(now: datetime) -> int:
    """A matter without a case for the rule's days is dispersed; the machine says so in its history. Returns how many."""
    oldest = now - timedelta(days=reading.rule().days)
    with transaction.atomic():
        quiet = list(
            Matter.objects.select_for_update().filter(state=Matter.State.open, last_at__lt=oldest).order_by("pk")[:ROWS]
        )
        Matter.objects.filter(pk__in=[matter.pk for matter in quiet]).update(state=Matter.State.dispersed)
        MatterEvent.objects.bulk_create(
            MatterEvent(matter=matter, at=now, what="dispersed", words="很久没有新的工单") for matter in quiet
        )
    return len(quiet)


def _new_matter(found: Sequence[Member], now: datetime) -> Matter:
    """A matter that the next case can be compared with at once; what else it shows is counted by `refresh`."""
    body = body_of(0, [member.told for member in found])
    return Matter(
        title="新发现的事项",
        first_at=min(member.told.at for member in found),
        last_at=body.last,
        cases=body.count,
        sums=body.sums,
        keywords=body.keywords,
        streets=sorted(body.streets),
        areas=sorted(body.areas),
        spots=sorted(body.spots),
        created_at=now,
    )


def _membership(member: Member, matter_id: int, now: datetime) -> Membership:
    told = member.told
    return Membership(
        matter_id=matter_id,
        case_id=told.case_id,
        accepted_at=told.at,
        score=member.score,
        reason=member.reason,
        added_at=now,
    )


def _refigure(
    matter: Matter, members: Sequence[Said], table: Mapping[str, Word], organised: int, now: datetime
) -> None:
    matter.changed = False
    if members:
        for name, value in figures_of(members, table, organised, now).items():
            setattr(matter, name, value)
        if matter.titled_by_id is None:
            matter.title = title_of(members)
    else:
        matter.people = matter.cases = matter.recent = matter.growth = 0


def _write_figures(matters: Sequence[Matter]) -> None:
    """One statement for all of them, which are there and locked: an update by the key each took most of a build's time."""
    if matters:
        Matter.objects.bulk_create(
            matters, update_conflicts=True, unique_fields=["id"], update_fields=_FIGURES, batch_size=AT_ONCE
        )
