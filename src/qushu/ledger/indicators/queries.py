"""Reads: the targets of a document, each with what is known of it and where it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from qushu.kernel.measures import MEASURES, Span, SystemMeasure

from ..models import Binding, BudgetDocument, Reading, Statement, Target
from .rules import UNKNOWN, Pace, Standing, convert, likeness, standing

LIKELY = 0.34
"""From this likeness of names on a measure is suggested."""

ALWAYS_UPDATED = 36
"""Hours after which a reading counts as old: the worker reads every night."""


@dataclass(frozen=True)
class Known:
    """A target with its newest value. `source`: measured, stated, or none."""

    target: Target
    source: str
    value: Decimal | None
    words: str
    at: datetime | None
    stale: bool
    standing: Standing
    measure: SystemMeasure | None = None
    reading: Reading | None = None
    statement: Statement | None = None
    rows_address: str = ""


def targets_of(document: BudgetDocument, chosen: Mapping[str, str]) -> QuerySet[Target]:
    """The document's targets, narrowed by owner (code or DEPT), scope, level1, level2, words (q)."""
    rows = Target.objects.filter(document=document).select_related("project").order_by("place")
    if owner := chosen.get("owner"):
        rows = rows.filter(project__isnull=True) if owner == "DEPT" else rows.filter(project__code=owner)
    if words := chosen.get("q", "").strip():
        rows = rows.filter(name__icontains=words)
    return rows.filter(**{name: chosen[name] for name in ("scope", "level1") if chosen.get(name)})


def known_of(targets: Iterable[Target], year: int, now: datetime) -> list[Known]:
    """What is known of each target in a year: three reads for all of them."""
    targets = list(targets)
    ids = [target.pk for target in targets]
    bound = {
        one.target_id: one.measure
        for one in Binding.objects.filter(target_id__in=ids, approved=True)
        if one.measure in MEASURES
    }
    read = Reading.objects.filter(year=year, measure__in=set(bound.values())).order_by("measure", "-taken_at")
    readings = {one.measure: one for one in read.distinct("measure")}
    said = Statement.objects.filter(target_id__in=ids, year=year).select_related("stated_by")
    statements = {one.target_id: one for one in said.order_by("target_id", "-stated_at").distinct("target_id")}
    return [
        _known(one, bound.get(one.pk), readings.get(bound.get(one.pk, "")), statements.get(one.pk), year, now)
        for one in targets
    ]


def _known(
    target: Target, code: str | None, reading: Reading | None, said: Statement | None, year: int, now: datetime
) -> Known:
    measure = MEASURES.get(code or "")
    if measure and reading and reading.value is not None:
        value = convert(reading.value, measure.unit, target.unit)
        old = year == timezone.localdate(now).year and (now - reading.taken_at).total_seconds() > ALWAYS_UPDATED * 3600
        address = measure.rows_address(year_span(year, reading.taken_at))
        place = _standing(target, value, measure, reading, year)
        return Known(target, "measured", value, "", reading.taken_at, old, place, measure, reading, said, address)
    if said is not None:
        place = UNKNOWN
        if said.value is not None and target.number is not None:
            done = Pace(Decimal(1))
            place = standing(target.operator, target.number, said.value, False, done, None, 0)
        return Known(target, "stated", said.value, said.words, said.stated_at, False, place, measure, None, said)
    return Known(target, "none", None, "", None, False, UNKNOWN, measure)


def _standing(target: Target, value: Decimal | None, measure: SystemMeasure, reading: Reading, year: int) -> Standing:
    if value is None or target.number is None:
        return UNKNOWN
    taken = timezone.localdate(reading.taken_at)
    recent = reading.recent_day and convert(reading.recent_day, measure.unit, target.unit)
    left = max(0, (date(year, 12, 31) - taken).days)
    return standing(target.operator, target.number, value, measure.adds_up, Pace.of(year, taken), recent, left)


def year_span(year: int, now: datetime) -> Span:
    """The year up to that moment."""
    return Span(date(year, 1, 1), min(date(year, 12, 31), timezone.localdate(now)), now)


def suggestions(target: Target) -> list[tuple[SystemMeasure, float]]:
    """Measures whose unit fits and whose name is like the target's, the likest first."""
    found = [
        (measure, likeness(target.name, (measure.name, *measure.aliases)))
        for measure in MEASURES.values()
        if convert(Decimal(1), measure.unit, target.unit) is not None
    ]
    return sorted([one for one in found if one[1] >= LIKELY], key=lambda one: -one[1])
