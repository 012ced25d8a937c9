"""The tables that set deadlines, read once and kept until an administrator changes them.

Every process asks for the version (one small read) before it trusts what it keeps, so a change counts at once.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from qushu.kernel.calendar import WorkCalendar
from qushu.kernel.clocks import ClockRule, Measure, RuleTable, Step
from qushu.kernel.models import CalendarDay, CalendarYear, Sequence

from . import models

VERSION = "rulebook"


@dataclass(frozen=True)
class Rulebook:
    """Calendar, deadline rules by lifecycle, ladder by clock, category names, as of one version."""

    version: int
    calendar: WorkCalendar
    rules: dict[str, RuleTable]
    ladder: dict[str, tuple[Step, ...]]


_kept: Rulebook | None = None


def rulebook() -> Rulebook:
    """The rules in force. One read when nothing changed."""
    global _kept
    version = Sequence.objects.filter(name=VERSION).values_list("value", flat=True).first() or 0
    if _kept is None or _kept.version != version:
        _kept = _read(version)
    return _kept


def rules_changed() -> None:
    """To be called in the transaction that changes a rule, the calendar, the ladder or the category tree."""
    Sequence.objects.get_or_create(name=VERSION)
    Sequence.objects.filter(name=VERSION).update(value=F("value") + 1)


def forget() -> None:
    """Drop what is kept; for tests that roll their database back."""
    global _kept
    _kept = None


def _read(version: int) -> Rulebook:
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
    return Rulebook(
        version,
        WorkCalendar(
            {day: worked for day, worked, _ in days}, years, names={day: name for day, _, name in days if name}
        ),
        {code: RuleTable(lines) for code, lines in rules.items()},
        {clock: tuple(steps) for clock, steps in ladder.items()},
    )


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
