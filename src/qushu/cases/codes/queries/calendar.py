"""A year of the working calendar as people read it, and which year is missing."""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from qushu.kernel.calendar import SHANGHAI, seed_years
from qushu.kernel.models import CalendarDay, CalendarYear

from ...models import Clock
from ...rulebook import Rulebook

NEXT_YEAR_FROM = 11
"""The month from which next year's holidays ought to be known: the notice comes out in October or November."""

MOST_CLOCKS = 1000


@dataclass(frozen=True)
class Day:
    """A day: is it worked, what it is called, is that different from its day of the week."""

    day: date
    worked: bool
    name: str
    special: bool

    @property
    def words(self) -> str:
        """For those who hear the page."""
        return f"{self.day.month} 月 {self.day.day} 日，{'上班' if self.worked else '休息'}{f'，{self.name}' if self.name else ''}"


@dataclass(frozen=True)
class Month:
    """A month by weeks from Monday to Sunday; None where a week reaches into another month."""

    number: int
    weeks: list[list[Day | None]]
    workdays: int


@dataclass(frozen=True)
class Year:
    """A year; `source` is empty when its holidays aren't known, `published` whether they can be adopted at once."""

    number: int
    months: list[Month]
    known: bool
    source: str
    published: bool
    workdays: int
    special: list[Day]


def calendar_year(number: int) -> Year:
    """The year with its twelve months; two reads."""
    rows = {row.day: row for row in CalendarDay.objects.filter(day__year=number)}
    known = CalendarYear.objects.filter(year=number).first()
    months = [_month(number, month, rows) for month in range(1, 13)]
    days = [day for month in months for week in month.weeks for day in week if day is not None]
    return Year(
        number,
        months,
        known is not None,
        known.source if known else "",
        number in seed_years(),
        sum(month.workdays for month in months),
        [day for day in days if day.special],
    )


def _month(year: int, month: int, rows: dict[date, CalendarDay]) -> Month:
    weeks: list[list[Day | None]] = []
    for week in Calendar().monthdatescalendar(year, month):
        weeks.append([_day(day, rows.get(day)) if day.month == month else None for day in week])
    return Month(month, weeks, sum(day.worked for week in weeks for day in week if day is not None))


def _day(day: date, row: CalendarDay | None) -> Day:
    worked = row.is_working if row else day.weekday() < 5
    return Day(day, worked, row.name if row else "", row is not None)


def known_years() -> list[int]:
    """The years whose holidays are entered, ascending."""
    return list(CalendarYear.objects.order_by("year").values_list("year", flat=True))


def missing_years(book: Rulebook, now: datetime) -> list[int]:
    """This year, and from November on the next, when their holidays aren't entered: a warning must be seen."""
    today = timezone.localtime(now, SHANGHAI).date()
    wanted = [today.year] + ([today.year + 1] if today.month >= NEXT_YEAR_FROM else [])
    return [year for year in wanted if not book.calendar.knows(year)]


def clocks_across(first: date, last: date, now: datetime) -> int:
    """How many running working-time clocks run across these days, counted up to MOST_CLOCKS + 1 (index clock_due)."""
    begins = datetime.combine(first, time(), SHANGHAI)
    ends = datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
    if ends <= now:
        return 0
    running = Clock.objects.filter(stopped_at__isnull=True, due_at__gte=max(begins, now), started_at__lt=ends)
    return running.exclude(measure="natural_minutes").order_by()[: MOST_CLOCKS + 1].count()
