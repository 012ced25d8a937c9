"""The period an overview speaks of, the one before, and the same a year ago."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from qushu.hotline.assessment.periods import month_of
from qushu.kernel.asked import day_in

NAMES = {"today": "今日", "week": "本周", "month": "本月", "span": "任意时段"}
Span = tuple[date, date]


@dataclass(frozen=True)
class Periods:
    """Days, both included. `former` is as long a stretch of the day, week or month before, of a whole month the whole month before;
    `last_year` the same dates."""

    code: str
    present: Span
    former: Span
    last_year: Span


def read_periods(params: Mapping[str, str], today: date) -> Periods:
    """The periods of an address; this month until today when it names none."""
    code = params.get("period", "")
    first, last = _day(params.get("first", "")), _day(params.get("last", ""))
    if (code in ("", "span")) and first and last:
        return periods_of("span", min(first, last), max(first, last))
    code = code if code in ("today", "week", "month") else "month"
    start = {"today": today, "week": today - timedelta(days=today.weekday()), "month": today.replace(day=1)}[code]
    return periods_of(code, start, today)


def periods_of(code: str, first: date, last: date) -> Periods:
    """The three spans of a present one."""
    if code == "month":
        before = (first - timedelta(days=1)).replace(day=1)
        former = (before, min(before + (last - first), first - timedelta(days=1)))
    elif (first, last) == month_of(first):
        former = month_of(first - timedelta(days=1))
    elif code == "week":
        former = (first - timedelta(days=7), last - timedelta(days=7))
    else:
        length = last - first + timedelta(days=1)
        former = (first - length, first - timedelta(days=1))
    return Periods(code, (first, last), former, (a_year_before(first), a_year_before(last)))


def a_year_before(day: date) -> date:
    """The same date of the year before; 28 February for the 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def _day(text: str) -> date | None:
    return day_in(text)
