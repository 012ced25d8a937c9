"""When time is up: deadlines in natural or working time, parts of them, and what moves them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Literal

from .calendar import WorkCalendar

_NOTHING = timedelta()


class Measure(StrEnum):
    """What an amount of time counts. Equal to its name as stored, so a stored string may be passed as well."""

    natural_minutes = "natural_minutes"
    working_minutes = "working_minutes"
    working_days = "working_days"


@dataclass(frozen=True, slots=True)
class Shift:
    """Why a deadline moved.

    An ``extension`` was approved at ``from_`` and moves the deadline to ``until``, or by ``added`` of
    ``added_measure`` when ``until`` is None. A ``pause`` (shelved, or waiting for a review) lasted from ``from_`` to
    ``until``; None while it lasts. All moments are aware.
    """

    kind: Literal["extension", "pause"]
    from_: datetime
    until: datetime | None = None
    reason: str = ""
    added: int = 0
    added_measure: Measure = Measure.working_days


def deadline(start: datetime, amount: int, measure: Measure, calendar: WorkCalendar) -> datetime:
    """The moment (aware, UTC) by which ``amount`` of the measure has passed since ``start`` (aware).

    Raises ValueError when the amount is negative.
    """
    if amount < 0:
        raise ValueError(f"a deadline can't lie before its start: {amount}")
    if measure == Measure.natural_minutes:
        return start.astimezone(UTC) + timedelta(minutes=amount)
    if measure == Measure.working_minutes:
        return calendar.add_working_minutes(start, amount)
    return calendar.add_working_days(start, amount)


def portion(start: datetime, amount: int, measure: Measure, calendar: WorkCalendar, percent: int) -> datetime:
    """The moment (aware, UTC) by which ``percent`` (0 to 100) of the time given is used up."""
    return portion_until(start, deadline(start, amount, measure, calendar), measure, calendar, percent)


def portion_until(
    start: datetime,
    due: datetime,
    measure: Measure,
    calendar: WorkCalendar,
    percent: int,
    paused: timedelta = _NOTHING,
) -> datetime:
    """The moment (aware, UTC) by which ``percent`` (0 to 100) of the time from ``start`` to ``due`` is used up.

    ``paused``: how much time of the measure (``paused_time``) the clock stood still; it isn't used time. Natural time
    passes always, the two working measures use working time. Raises ValueError when the percentage is outside 0–100.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"a portion is 0 to 100 percent: {percent}")
    if percent == 100:
        return due.astimezone(UTC)
    given = max(time_between(start, due, measure, calendar) - paused, _NOTHING)
    used = paused + given * percent / 100
    if measure == Measure.natural_minutes:
        return start.astimezone(UTC) + used
    return min(calendar.add_working_time(start, used), due.astimezone(UTC))


def shift_deadline(due: datetime, shift: Shift, measure: Measure, calendar: WorkCalendar) -> datetime:
    """The deadline (aware, UTC) after an extension or a pause.

    A pause adds the time of the measure that passed meanwhile. Raises ValueError when an extension would bring the
    deadline forward, or when the pause still lasts.
    """
    if shift.kind == "pause":
        if shift.until is None:
            raise ValueError("a pause that still lasts has no new deadline yet")
        passed = time_between(shift.from_, shift.until, measure, calendar)
        if measure == Measure.natural_minutes or not passed:
            return due.astimezone(UTC) + passed
        return calendar.add_working_time(due, passed)
    if shift.until is None:
        return deadline(due, shift.added, shift.added_measure, calendar)
    if shift.until < due:
        raise ValueError("an extension can't bring the deadline forward")
    return shift.until.astimezone(UTC)


def paused_time(
    shifts: tuple[Shift, ...] | list[Shift], measure: Measure, calendar: WorkCalendar, now: datetime
) -> timedelta:
    """How much time of the measure the clock stood still until ``now``, over all pauses."""
    pauses = (shift for shift in shifts if shift.kind == "pause")
    return sum((time_between(p.from_, p.until or now, measure, calendar) for p in pauses), _NOTHING)


def time_between(start: datetime, end: datetime, measure: Measure, calendar: WorkCalendar) -> timedelta:
    """Natural time, or working time for the two working measures, from ``start`` to ``end`` (aware)."""
    return end - start if measure == Measure.natural_minutes else calendar.working_time_between(start, end)
