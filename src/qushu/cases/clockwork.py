"""A case's clocks: started by rule, stopped and judged, shifted by extensions and pauses. Writes, but never commits."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Protocol

from qushu.kernel import clocks as rules
from qushu.kernel.clocks import ClockRule, Measure

from .models import Case, Clock, Shift
from .overdue import overdue_from
from .rulebook import Rulebook


class Timed(Protocol):
    """What deadlines depend on: a case, or what is about to become one."""

    lifecycle: Any
    kind: Any
    urgency: Any
    category_id: Any
    channel_id: Any
    lead_unit_id: Any
    reopen_count: Any


def rule_for(case: Timed, name: str, at: datetime, book: Rulebook) -> ClockRule | None:
    """The line of the deadline table for this clock of this case, or None when no line matches: then no clock runs."""
    table = book.rules.get(case.lifecycle)
    return table.find(name, case.kind, case.urgency, case.category_id, case.channel_id, at) if table else None


def new_clock(
    case: Timed, name: str, at: datetime, book: Rulebook, rules_of: datetime | None = None
) -> dict[str, Any] | None:
    """The columns of a clock that starts at `at`, under the rules of that moment or of `rules_of`; None when no rule asks for one."""
    rule = rule_for(case, name, rules_of or at, book)
    if rule is None:
        return None
    due_at = rules.deadline(at, rule.amount, rule.measure, book.calendar)
    return {
        "name": name,
        "round": case.reopen_count + 1,
        "rule_id": rule.id,
        "unit_id": case.lead_unit_id,
        "amount": rule.amount,
        "measure": rule.measure.value,
        "started_at": at,
        "due_at": due_at,
        "next_step_at": _next_step_at(name, 0, at, due_at, rule.measure, book),
    }


def start(case: Case, names: Iterable[str], at: datetime, book: Rulebook) -> list[Clock]:
    """Start these clocks now."""
    started = [columns for name in names if (columns := new_clock(case, name, at, book)) is not None]
    return Clock.objects.bulk_create(Clock(case=case, **columns) for columns in started) if started else []


def stop(running: list[Clock], names: Iterable[str], at: datetime, *, judged: bool) -> None:
    """Stop those of the running clocks that are named; `judged` says whether they count as met or missed."""
    for clock in [clock for clock in running if clock.name in set(names)]:
        clock.stopped_at = at
        clock.met = at <= clock.due_at if judged else None
        clock.next_step_at = None
        clock.save(update_fields=["stopped_at", "met", "next_step_at"])
        running.remove(clock)


def extend(clock: Clock, until: datetime, at: datetime, reason: str, book: Rulebook) -> None:
    """Move the deadline to `until`. Raises ValueError when that is before the deadline."""
    shift = rules.Shift("extension", at, until, reason)
    due = rules.shift_deadline(clock.due_at, shift, Measure(clock.measure), book.calendar)
    Shift.objects.create(
        clock=clock, kind="extension", from_at=at, until_at=until, due_before=clock.due_at, due_after=due, reason=reason
    )
    clock.due_at = due
    set_next_step(clock, book)
    clock.save(update_fields=["due_at", "next_step_at"])


def pause(clock: Clock, at: datetime, reason: str) -> None:
    """Stand still from `at` until `go_on`."""
    Shift.objects.create(clock=clock, kind="pause", from_at=at, due_before=clock.due_at, reason=reason)
    clock.paused_at = at
    clock.next_step_at = None
    clock.save(update_fields=["paused_at", "next_step_at"])


def go_on(clock: Clock, at: datetime, book: Rulebook) -> None:
    """End the pause: the deadline moves by the time that passed."""
    pause_row = clock.shifts.filter(kind="pause", until_at__isnull=True).latest("id")
    shift = rules.Shift("pause", pause_row.from_at, at)
    clock.due_at = rules.shift_deadline(clock.due_at, shift, Measure(clock.measure), book.calendar)
    pause_row.until_at, pause_row.due_after = at, clock.due_at
    pause_row.save()
    clock.paused_at = None
    set_next_step(clock, book)
    clock.save(update_fields=["due_at", "paused_at", "next_step_at"])


def set_next_step(clock: Clock, book: Rulebook) -> None:
    """When the ladder presses next for this clock; None when it has no further step."""
    measure = Measure(clock.measure)
    stood = _stood_still(clock, measure, book) if clock.name in book.ladder else timedelta()
    clock.next_step_at = _next_step_at(
        clock.name, clock.ladder_order, clock.started_at, clock.due_at, measure, book, stood
    )


def _next_step_at(
    name: str,
    after_order: int,
    start: datetime,
    due: datetime,
    measure: Measure,
    book: Rulebook,
    stood: timedelta = timedelta(),
) -> datetime | None:
    step = rules.next_step(book.ladder.get(name, ()), after_order, start, due, measure, book.calendar, stood)
    return step[1] if step else None


def show_deadlines(case: Case, running: Sequence[Clock]) -> None:
    """Copy onto the case what lists sort and count by: the nearest deadline of the clocks that run, and when it is overdue."""
    case.due_at, case.due_clock = nearest((clock.due_at, clock.name) for clock in running if clock.paused_at is None)
    case.overdue_from = overdue_from((clock.name, clock.due_at, clock.paused_at) for clock in running)


def nearest(deadlines: Iterable[tuple[datetime, str]]) -> tuple[datetime | None, str]:
    """The first of some deadlines with the name of its clock; of equal ones the one that stands first."""
    return min(deadlines, key=itemgetter(0), default=(None, ""))


def shifts_of(clock: Clock) -> list[rules.Shift]:
    """The clock's shifts as the rules know them, oldest first."""
    return [
        rules.Shift("pause" if row.kind == "pause" else "extension", row.from_at, row.until_at, row.reason)
        for row in sorted(clock.shifts.all(), key=lambda row: row.pk)
    ]


def explain(clock: Clock, book: Rulebook, now: datetime) -> list[str]:
    """The deadline, line by line, in Chinese."""
    rule = ClockRule(
        id=clock.rule_id or 0,
        priority=0,
        clock=clock.name,
        amount=clock.amount,
        measure=Measure(clock.measure),
        effective_from=clock.started_at,
        title=_rule_title(clock),
    )
    end = min(now, clock.stopped_at) if clock.stopped_at else now
    return rules.explain(rule, clock.started_at, clock.due_at, book.calendar, shifts_of(clock), end)


def _rule_title(clock: Clock) -> str:
    if clock.rule is None:
        return ""
    return "·".join(filter(None, (clock.rule.get_urgency_display(), clock.rule.get_kind_display())))


def _stood_still(clock: Clock, measure: Measure, book: Rulebook) -> timedelta:
    ended = [shift for shift in shifts_of(clock) if shift.until is not None]
    return rules.paused_time(ended, measure, book.calendar, clock.started_at)


def take_rule(clock: Clock, rule: ClockRule, book: Rulebook) -> None:
    """Let a running clock go on under another rule, counted from the same start."""
    clock.rule_id, clock.amount, clock.measure = rule.id, rule.amount, rule.measure.value
    clock.due_at = rules.deadline(clock.started_at, rule.amount, rule.measure, book.calendar)
    set_next_step(clock, book)
    clock.save(update_fields=["rule", "amount", "measure", "due_at", "next_step_at"])
