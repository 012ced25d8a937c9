"""What kind of day a day is for the volume of calls: weekday, public holiday, make-up workday, Spring Festival. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from qushu.kernel.calendar import WorkCalendar, seed_calendar

SUNDAY = 6
MIDWEEK = 2
SPRING_FESTIVAL = "春节"
BY_THE_MOON = (SPRING_FESTIVAL, "端午", "中秋")


@dataclass(frozen=True)
class DayKinds:
    """Days as the methods of this room see them.

    ``worked``: explicit days, True for a make-up workday (调休), False for a holiday; all others follow the week.
    ``festival``: the holidays of the Spring Festival, when calls fall deeper than on another holiday. ``moving``: name and
    first day off of each holiday that moves with the moon.
    """

    worked: dict[date, bool] = field(default_factory=dict)
    festival: frozenset[date] = frozenset()
    moving: tuple[tuple[str, date], ...] = ()

    def is_holiday(self, day: date) -> bool:
        """A public holiday, on whatever day of the week."""
        return self.worked.get(day) is False

    def is_worked(self, day: date) -> bool:
        """Monday to Friday without holidays, with make-up workdays."""
        known = self.worked.get(day)
        return day.weekday() < 5 if known is None else known

    def kind(self, day: date) -> int:
        """0–6, the day of the week it is like: a holiday is like a Sunday, a make-up workday like a Wednesday."""
        known = self.worked.get(day)
        if known is None:
            return day.weekday()
        if known:
            return day.weekday() if day.weekday() < 5 else MIDWEEK
        return SUNDAY

    def after_holiday(self, day: date) -> bool:
        """The first worked day after a holiday, when what was left undone is reported."""
        if not self.is_worked(day):
            return False
        back = day - timedelta(1)
        while not self.is_worked(back):
            if self.is_holiday(back):
                return True
            back -= timedelta(1)
        return False

    def worked_days(self, first: date, days: int) -> int:
        """How many of these days from ``first`` are worked."""
        return sum(self.is_worked(first + timedelta(n)) for n in range(days))


def kinds_of(calendar: WorkCalendar) -> DayKinds:
    """The kinds of a centre's own working calendar."""
    off = sorted((day, name) for day, name in calendar.names.items() if not calendar.days[day])
    festival = (day for day, name in off if SPRING_FESTIVAL in name)
    first: dict[tuple[int, str], date] = {}
    for day, name in off:
        for moving in BY_THE_MOON:
            if moving in name:
                first.setdefault((day.year, moving), day)
    return DayKinds(dict(calendar.days), frozenset(festival), tuple((name, day) for (_, name), day in first.items()))


@lru_cache(maxsize=1)
def chinese_kinds() -> DayKinds:
    """The State Council's holidays of the years that are published, for files that come without a calendar."""
    return kinds_of(seed_calendar())


@lru_cache(maxsize=1)
def us_kinds() -> DayKinds:
    """Federal holidays of the United States (5 U.S.C. 6103) with observed days: for evaluations on American files."""
    days = {day: False for year in range(2000, 2041) for day in _us_holidays(year)}
    return DayKinds(days)


CALENDARS: dict[str, Callable[[], DayKinds]] = {"cn": chinese_kinds, "us": us_kinds}


def _us_holidays(year: int) -> Iterable[date]:
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= 2021:
        fixed.append(date(year, 6, 19))
    for day in fixed:
        yield day
        if day.weekday() >= 5:
            yield day + timedelta(-1 if day.weekday() == 5 else 1)
    yield _nth(year, 1, 0, 3)
    yield _nth(year, 2, 0, 3)
    yield _last_monday_of_may(year)
    yield _nth(year, 9, 0, 1)
    yield _nth(year, 10, 0, 2)
    yield _nth(year, 11, 3, 4)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(last.weekday())
