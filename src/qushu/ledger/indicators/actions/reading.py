"""Taking readings: each keeps its value, the version of the definition, how many rows were counted, and their hash."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from qushu.kernel.measures import Measured, Span, SystemMeasure

from ...models import Reading
from ..offered import measure_of, offered
from ..queries import span_of

RECENT_DAYS = 28
SAME_READING = timedelta(hours=1)
"""A reading of the same days that is no older than this is not taken again for a form that is being drawn up."""


def take_readings(year: int, now: datetime, only: str = "", through: date | None = None) -> list[Reading]:
    """Read every indicator (or one) from the year's first day to `through`, at most to today and the year's end."""
    last = min(through or date(year, 12, 31), date(year, 12, 31), timezone.localdate(now))
    if last < date(year, 1, 1):
        return []
    found = offered()
    return _taken([found[only]] if only else found.values(), year, last, now)


def readings_through(year: int, through: date, codes: Collection[str], now: datetime) -> None:
    """See that each of these indicators has a reading of exactly these days that is no older than an hour."""
    fresh = Reading.objects.filter(year=year, through=through, taken_at__gte=now - SAME_READING)
    there = set(fresh.values_list("measure", flat=True))
    found = offered()
    _taken([found[code] for code in sorted(set(codes) - there) if code in found], year, through, now)


def recount(reading: Reading) -> Measured | None:
    """What the same days say when they are counted again as of the same moment; None when nothing measures it any more."""
    measure = measure_of(reading.measure)
    return measure.read(span_of(reading)) if measure else None


def _taken(measures: Iterable[SystemMeasure], year: int, last: date, now: datetime) -> list[Reading]:
    return [_take(measure, year, last, now) for measure in measures]


def _take(measure: SystemMeasure, year: int, last: date, now: datetime) -> Reading:
    first = date(year, 1, 1)
    found = measure.read(Span(first, last, now))
    since = max(first, last - timedelta(days=RECENT_DAYS - 1))
    lately = measure.read(Span(since, last, now)).value if measure.source == "system" else None
    days = (last - since).days + 1
    return Reading.objects.create(
        measure=measure.code,
        version=measure.version,
        definition="\n".join((measure.formula, *found.by)),
        year=year,
        through=last,
        taken_at=now,
        value=found.value,
        recent_day=(lately or Decimal(0)) / days if measure.adds_up else None,
        recent_rate=None if measure.adds_up else lately,
        rows=found.rows,
        digest=found.digest,
    )
