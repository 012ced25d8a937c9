"""延期: how much a unit may ask for at a moment, by the limits. Pure; the form says it before the action checks it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from qushu.kernel.clocks import Measure, deadline

from .rulebook import Rulebook
from .rules import SHANGHAI


@dataclass(frozen=True)
class Room:
    """The deadline as it stands, the latest that may be asked for, and what the limits say of asking."""

    due_at: datetime
    latest: datetime
    too_late: bool
    most: int
    notice_days: int
    days: int


def room_to_extend(due_at: datetime, now: datetime, book: Rulebook) -> Room:
    """What may be asked for at `now` of a deadline (both aware)."""
    limits, calendar = book.limits, book.calendar
    notice, days = limits.at("extension_notice_days", now), limits.at("extension_days", now)
    tomorrow = timezone.localdate(now, SHANGHAI) + timedelta(days=1)
    left = calendar.workdays_between(tomorrow, timezone.localdate(due_at, SHANGHAI))
    return Room(
        due_at=due_at,
        latest=deadline(due_at, days, Measure.working_days, calendar),
        too_late=left < notice or now >= due_at,
        most=limits.at("extensions_most", now),
        notice_days=notice,
        days=days,
    )
