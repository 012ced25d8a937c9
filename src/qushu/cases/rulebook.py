"""The tables that set deadlines, read once and kept until an administrator changes them.

A change counts at once, in every process (`kernel.kept`).
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import timezone

from qushu.kernel.calendar import SHANGHAI, WorkCalendar
from qushu.kernel.clocks import ClockRule, Measure, RuleTable, Step
from qushu.kernel.kept import Kept
from qushu.kernel.models import CalendarDay, CalendarYear

from . import models
from .limits import ALWAYS, Limits
from .seed import rows_of

TABLES = (
    "kernel_calendarday",
    "kernel_calendaryear",
    "cases_clockrule",
    "cases_ladderstep",
    "cases_category",
    "cases_limit",
)


@dataclass(frozen=True)
class Rulebook:
    """Calendar, deadline rules by lifecycle, ladder by clock, limits."""

    calendar: WorkCalendar
    rules: dict[str, RuleTable]
    ladder: dict[str, tuple[Step, ...]]
    limits: Limits


def rulebook() -> Rulebook:
    """The rules in force. One read when nothing changed."""
    return _KEPT.get()


def _read() -> Rulebook:
    days = list(CalendarDay.objects.values_list("day", "is_working", "name"))
    years = frozenset(CalendarYear.objects.values_list("year", flat=True))
    below = _categories_below()
    rules: dict[str, list[ClockRule]] = defaultdict(list)
    for row in models.ClockRule.objects.select_related("category"):
        rules[row.lifecycle].append(_rule(row, below))
    ladder: dict[str, list[Step]] = defaultdict(list)
    for step in models.LadderStep.objects.filter(active=True):
        ladder[step.clock].append(
            Step(
                order=step.order,
                action=step.action,
                receiver=step.receiver,
                percent=step.percent,
                overdue=step.overdue_amount,
                overdue_measure=Measure(step.overdue_measure),
            )
        )
    limits = _limits()
    (_, first), *changes = limits.hours()
    return Rulebook(
        WorkCalendar(
            {day: worked for day, worked, _ in days},
            years,
            first,
            {day: name for day, _, name in days if name},
            tuple((timezone.localdate(since, SHANGHAI), spans) for since, spans in changes),
        ),
        {code: RuleTable(lines) for code, lines in rules.items()},
        {clock: tuple(steps) for clock, steps in ladder.items()},
        limits,
    )


def _limits() -> Limits:
    """The rows of the table; a limit that a newer version brought counts by its default until it is seeded."""
    rows = list(models.Limit.objects.values_list("code", "effective_from", "value"))
    known = {code for code, _, _ in rows}
    return Limits.of(rows + [(code, ALWAYS, value) for code, value in _defaults() if code not in known])


@cache
def _defaults() -> tuple[tuple[str, str], ...]:
    return tuple((row["code"], row["value"]) for row in rows_of("qushu.cases", "limits.csv"))


def _rule(row: models.ClockRule, below: dict[int, frozenset[int]]) -> ClockRule:
    words: dict[str, Any] = {"title": row.get_kind_display() or row.get_urgency_display() or "", "source": row.source}
    return ClockRule(
        id=row.pk,
        priority=row.priority,
        clock=row.clock,
        amount=row.amount,
        measure=Measure(row.measure),
        effective_from=row.effective_from,
        kind=row.kind or None,
        urgency=row.urgency or None,
        category_ids=below[row.category_id] if row.category_id else None,
        channel=row.channel_id or None,
        effective_to=row.effective_to,
        **words,
    )


def _categories_below() -> dict[int, frozenset[int]]:
    """Each category's id and those of all below it."""
    below: dict[int, set[int]] = defaultdict(set)
    parents = dict(models.Category.objects.values_list("id", "parent_id"))
    for category in parents:
        above: int | None = category
        while above is not None:
            below[above].add(category)
            above = parents[above]
    return {category: frozenset(ids) for category, ids in below.items()}


_KEPT = Kept(TABLES, _read)
