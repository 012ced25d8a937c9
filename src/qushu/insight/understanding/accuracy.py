"""How often the suggested unit was right: folded by week and unit, with the rows behind every figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from qushu.cases.models import Assignment
from qushu.cases.queries import visible_cases
from qushu.cases.rules import SHANGHAI
from qushu.people.access import Actor, scope

from .models import Suggested, WeekCount

AGAIN: Final = timedelta(weeks=13)
"""So long a dispatch is counted again: returns and redispatches come later than the dispatch they correct."""
OUTCOMES: Final = {"right": "首位准确", "wrong": "首位不准", "accepted": "被采纳", "refused": "未采纳"}
ORDER: Final = ("-assigned_at", "-id")

_FOLD: Final = """
INSERT INTO insight_understanding_weekcount (week, unit_id, model, suggested, "right", accepted, listed, among)
SELECT date_trunc('week', a.assigned_at AT TIME ZONE 'Asia/Shanghai')::date, c.lead_unit_id, a.suggestion_model,
       count(*), count(*) FILTER (WHERE a.suggested_unit_id = c.lead_unit_id),
       count(*) FILTER (WHERE a.suggested_unit_id = a.unit_id),
       count(s.assignment_id), count(*) FILTER (WHERE c.lead_unit_id = ANY(s.unit_ids))
  FROM cases_assignment a
  JOIN cases_case c ON c.id = a.case_id
  LEFT JOIN insight_understanding_suggested s ON s.assignment_id = a.id
 WHERE a.part = 'lead' AND a.suggested_unit_id IS NOT NULL AND c.lead_unit_id IS NOT NULL AND a.assigned_at >= %s
 GROUP BY 1, 2, 3
"""


def fold_weeks(now: datetime) -> int:
    """Count the weeks that may still change anew (all of them when nothing is counted yet); how many rows there are.

    One statement over the assignments of these weeks (index assignment_lead), in one transaction with the removal of
    the old counts: a page sees the old or the new ones.
    """
    since = monday(timezone.localdate(now - AGAIN, SHANGHAI))
    if not WeekCount.objects.exists():
        since = date(2000, 1, 3)
    with transaction.atomic(), connection.cursor() as cursor:
        WeekCount.objects.filter(week__gte=since).delete()
        cursor.execute(_FOLD, [_start(since)])
        return cursor.rowcount


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Counted:
    """Suggestions, and how many were right first, taken, and (where three units were kept) right among the three."""

    suggested: int = 0
    right: int = 0
    accepted: int = 0
    listed: int = 0
    among: int = 0

    @property
    def top1(self) -> float | None:
        """Percent right first; None without a suggestion."""
        return _percent(self.right, self.suggested)

    @property
    def top3(self) -> float | None:
        """Percent right among the first three, of those whose three were kept."""
        return _percent(self.among, self.listed)

    @property
    def taken(self) -> float | None:
        """Percent of suggestions that the dispatcher took."""
        return _percent(self.accepted, self.suggested)


METHODS: Final = {"catalogue": "派单目录", "words-1": "类别词与派单目录"}
"""Methods that aren't learned, by the names that are kept with a suggestion."""


@dataclass(frozen=True)
class Week:
    """One week of the line."""

    monday: date
    counted: Counted
    models: Sequence[str]

    @property
    def methods(self) -> list[tuple[str, str]]:
        """The names of models and methods as they are kept, and as people read them."""
        return [(model, METHODS.get(model, model)) for model in self.models]


@dataclass(frozen=True)
class UnitLine:
    """One unit's figures over the chosen weeks."""

    unit_id: int
    name: str
    counted: Counted


_SUMS: Final = {name: Sum(name) for name in ("suggested", "right", "accepted", "listed", "among")}


def weeks_of(first: date, last: date, unit_id: int | None) -> list[Week]:
    """Figures of each week from one Monday to another, of all units or one; weeks without suggestions are left out."""
    rows = _between(first, last)
    if unit_id is not None:
        rows = rows.filter(unit=unit_id)
    models: dict[date, list[str]] = {}
    for week, model in rows.values_list("week", "model").order_by("week", "model").distinct():
        models.setdefault(week, []).append(model)
    summed = rows.values("week").order_by("week").annotate(**_SUMS)
    return [Week(one["week"], _counted(one), models[one["week"]]) for one in summed]


def units_of(first: date, last: date) -> list[UnitLine]:
    """Figures of every unit that answered in the end for a case of these weeks, the most cases first."""
    rows = _between(first, last).values("unit", "unit__name").annotate(**_SUMS).order_by("-suggested", "unit")
    return [UnitLine(one["unit"], one["unit__name"], _counted(one)) for one in rows]


def _counted(row: Mapping[str, Any]) -> Counted:
    return Counted(**{name: row[name] for name in _SUMS})


def total_of(weeks: Sequence[Week]) -> Counted:
    """All these weeks together."""
    each = [one.counted for one in weeks]
    return Counted(*(sum(getattr(one, name) for one in each) for name in _SUMS))


def newest_week() -> date | None:
    """The newest week that is counted."""
    found: date | None = WeekCount.objects.aggregate(found=Max("week"))["found"]
    return found


def first_uses(models: Sequence[str]) -> dict[str, date]:
    """The week in which each model was first used."""
    rows = WeekCount.objects.filter(model__in=models).values("model").annotate(first=Min("week"))
    return {row["model"]: row["first"] for row in rows}


def rows_behind(
    actor: Actor, first: date, last: date, unit_id: int | None = None, outcome: str = "", model: str = ""
) -> QuerySet[Assignment]:
    """The suggestions of these weeks behind a figure; page by ORDER (index assignment_lead)."""
    rows = Assignment.objects.filter(
        part=Assignment.Part.lead,
        suggested_unit__isnull=False,
        case__lead_unit__isnull=False,
        assigned_at__gte=_start(first),
        assigned_at__lt=_start(last + timedelta(weeks=1)),
    )
    if unit_id is not None:
        rows = rows.filter(case__lead_unit=unit_id)
    if model:
        rows = rows.filter(suggestion_model=model)
    right, taken = Q(suggested_unit=F("case__lead_unit")), Q(suggested_unit=F("unit"))
    wanted = {"right": right, "wrong": ~right, "accepted": taken, "refused": ~taken}.get(outcome)
    rows = rows.filter(wanted) if wanted is not None else rows
    if not scope(actor, "case.list").everything:
        rows = rows.filter(case__in=visible_cases(actor))
    return rows.select_related("case", "case__lead_unit", "unit", "suggested_unit")


def kept_threes(assignment_ids: Sequence[int]) -> dict[int, Suggested]:
    """What was kept of the further units, by assignment."""
    return Suggested.objects.in_bulk(assignment_ids)


def _between(first: date, last: date) -> QuerySet[WeekCount]:
    return WeekCount.objects.filter(week__gte=first, week__lte=last)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
