"""Periods in days of Shanghai: months, spans of days, the bounds of a period."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from qushu.cases.rules import SHANGHAI

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From `start` until just before `end` (aware). What is still open is judged as of the end, or as of `now` before it."""

    start: datetime
    end: datetime
    now: datetime

    @property
    def judged_at(self) -> datetime:
        """The moment as of which open things are judged."""
        return min(self.end, self.now)

    def of(self, column: str) -> Q:
        """Rows whose column lies in the period."""
        return Q(**{f"{column}__gte": self.start, f"{column}__lt": self.end})


def period_of(first: date, last: date, now: datetime) -> Period:
    """Both days included, in Shanghai's time."""
    start, end = (timezone.make_aware(datetime.combine(day, time()), SHANGHAI) for day in (first, last + DAY))
    return Period(start, end, now)


def days_of(period: Period) -> tuple[date, date]:
    """First and last day of a period."""
    return timezone.localdate(period.start, SHANGHAI), timezone.localdate(period.end - DAY, SHANGHAI)


def next_month(day: date) -> date:
    """The first day of the month after the one of this day."""
    return (day.replace(day=28) + 4 * DAY).replace(day=1)


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month of this day."""
    return day.replace(day=1), next_month(day) - DAY


def months_and_days(first: date, last: date) -> tuple[list[date], list[tuple[date, date]]]:
    """A period (both days included) as its whole months, by their first days, and the spans of days that remain."""
    months: list[date] = []
    spans: list[tuple[date, date]] = []
    day = first
    while day <= last:
        month_ends = month_of(day)[1]
        if day.day == 1 and month_ends <= last:
            months.append(day)
        else:
            spans.append((day, min(last, month_ends)))
        day = month_ends + DAY
    return months, spans
