"""走势: the rates of one subject month by month; a month that was frozen shows what was frozen."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from qushu.people.access import Actor, scope

from ..models import AssessmentLine, AssessmentPeriod
from .freezing import corrected_counts
from .measures import MEASURES
from .periods import DAY, month_of
from .queries import ACTION, counts_by_month
from .rules import Count
from .table import scheme_for

MONTHS = 12
DRAWN = [code for code, measure in MEASURES.items() if not measure.pending_in_part]
"""What has a trend: everything that isn't judged as of a period's end."""


@dataclass(frozen=True)
class Point:
    """One month of a subject; `frozen` when its figures were written down (with the corrections since)."""

    month: date
    counts: dict[str, Count]
    frozen: bool


def trend_of(actor: Actor, subject: str, ids: Collection[int] | None, last: date, now: datetime) -> list[Point]:
    """The twelve months that end with the one of `last`, for some subjects together (None: all that the actor may see)."""
    months = [month_of(last)[0]]
    while len(months) < MONTHS:
        months.insert(0, month_of(months[0] - DAY)[0])
    live = counts_by_month(actor, subject, ids, months, now)
    frozen = _frozen(actor, subject, ids, months)
    nothing = dict.fromkeys(DRAWN, Count())
    return [Point(one, frozen.get(one) or live.get(one) or nothing, one in frozen) for one in months]


def _frozen(
    actor: Actor, subject: str, ids: Collection[int] | None, months: list[date]
) -> dict[date, dict[str, Count]]:
    """Months that the scheme in force then has frozen, as far as the actor may see their lines."""
    reach = scope(actor, ACTION)
    if not reach.everything and (subject != "unit" or reach.area_ids):
        return {}
    periods = AssessmentPeriod.objects.filter(scheme__subject=subject, starts_on__in=months)
    found: dict[date, dict[str, Count]] = {}
    for period in periods:
        if period.ends_on != month_of(period.starts_on)[1] or period.scheme_id != _scheme_id(subject, period.ends_on):
            continue
        lines = AssessmentLine.objects.filter(period=period).prefetch_related("corrections")
        if ids is not None:
            lines = lines.filter(subject_id__in=ids)
        if not reach.everything:
            lines = lines.filter(subject_id__in=reach.unit_ids)
        counted = [corrected_counts(line) for line in lines]
        found[period.starts_on] = {code: sum((one[code] for one in counted), Count()) for code in DRAWN}
    return found


def _scheme_id(subject: str, last: date) -> int | None:
    scheme = scheme_for(subject, last)
    return scheme.pk if scheme else None
