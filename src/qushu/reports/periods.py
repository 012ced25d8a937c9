"""Periods of reports: what `2026-10` names, what it is compared with, and how it is said. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from qushu.hotline.assessment.periods import month_of
from qushu.insight.overview.periods import Span, a_year_before
from qushu.kernel.errors import Refused
from qushu.kernel.papers import day_in_words

DAY = timedelta(days=1)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
WRONG = "看不懂这个时段：月报写 2026-10，周报写 2026-W45，日报写 2026-10-05，年报写 2026，专题写 2026-10-01..2026-10-31。什么也没有做。"


@dataclass(frozen=True)
class Periods:
    """The days of a report (both included), those before, the same of last year (None where it would be the same), and words."""

    kind: str
    present: Span
    former: Span
    last_year: Span | None
    words: str
    former_words: str

    @property
    def days(self) -> int:
        return days_of(self.present)


def read_period(kind: str, text: str) -> Span:
    """The days that a period of this kind names. Raises Refused."""
    try:
        return _read(kind, text.strip())
    except ValueError as error:
        raise Refused(WRONG, code="period", field="period") from error


def _read(kind: str, text: str) -> Span:
    if kind == "annual":
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if kind == "monthly" and (found := _MONTH.fullmatch(text)):
        return month_of(date(int(found[1]), int(found[2]), 1))
    if kind == "weekly" and (found := _WEEK.fullmatch(text)):
        first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return first, first + 6 * DAY
    if kind == "daily":
        return date.fromisoformat(text), date.fromisoformat(text)
    if kind == "thematic":
        begun, _, ended = text.partition("..")
        days = date.fromisoformat(begun), date.fromisoformat(ended or begun)
        return min(days), max(days)
    raise ValueError(text)


def newest_ended(kind: str, today: date) -> Span:
    """The last whole day, week, month or year before today."""
    if kind == "daily":
        return today - DAY, today - DAY
    if kind == "weekly":
        monday = today - timedelta(days=today.weekday() + 7)
        return monday, monday + 6 * DAY
    if kind == "monthly":
        return month_of(today.replace(day=1) - DAY)
    return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)


def offered_until(kind: str, today: date, newest: date | None) -> date:
    """Before which day periods are offered: today, or the day after the period of the newest case where that has ended."""
    if newest is None or newest >= today:
        return today
    if kind == "daily":
        after = newest + DAY
    elif kind == "weekly":
        after = newest + timedelta(days=7 - newest.weekday())
    elif kind == "annual":
        after = date(newest.year + 1, 1, 1)
    else:
        after = month_of(newest)[1] + DAY
    return min(today, after)


def ended_periods(kind: str, today: date, most: int) -> list[tuple[str, str]]:
    """The last `most` whole days, weeks, months or years before today, the newest first: as `read_period` reads them, and
    in words."""
    found, day = [], today
    for _ in range(most):
        first, last = newest_ended(kind, day)
        days = f"（{first.month}月{first.day}日至{last.month}月{last.day}日）" if kind == "weekly" else ""
        found.append((_written(kind, first), in_words(kind, first, last) + days))
        day = first
    return found


def _written(kind: str, first: date) -> str:
    if kind == "weekly":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return {"annual": f"{first:%Y}", "monthly": f"{first:%Y-%m}"}.get(kind, first.isoformat())


def periods_of(kind: str, first: date, last: date) -> Periods:
    """What a report compares its days with: the day, week, month, year before, or as many days; and the same of last year."""
    if kind == "monthly":
        former = month_of(first - DAY)
    elif kind == "annual":
        former = date(first.year - 1, 1, 1), date(first.year - 1, 12, 31)
    else:
        length = days_of((first, last)) * DAY
        former = first - length, first - DAY
    last_year = None if kind == "annual" else (a_year_before(first), a_year_before(last))
    if kind == "monthly":
        last_year = month_of(a_year_before(first))
    former_words = {"daily": "前一日", "weekly": "上周", "monthly": "上月", "annual": "上年"}.get(kind, "前一时段")
    return Periods(kind, (first, last), former, last_year, in_words(kind, first, last), former_words)


def in_words(kind: str, first: date, last: date) -> str:
    """2026年10月, 2026年第45周, 2026年11月2日至11月8日."""
    if kind == "annual":
        return f"{first.year}年"
    if kind == "monthly":
        return f"{first.year}年{first.month}月"
    if kind == "weekly":
        year, week, _ = first.isocalendar()
        return f"{year}年第{week}周"
    return days_in_words(first, last)


def days_in_words(first: date, last: date) -> str:
    """2026年11月2日至11月8日; one day by itself."""
    if first == last:
        return day_in_words(first)
    again = "" if last.year == first.year else f"{last.year}年"
    return f"{day_in_words(first)}至{again}{last.month}月{last.day}日"


def issue_of(kind: str, first: date) -> str:
    """The number within the year of what appears in order; "" for others."""
    number = {"daily": first.timetuple().tm_yday, "weekly": first.isocalendar()[1], "monthly": first.month}.get(kind)
    return f"第{number}期" if number else ""


def days_of(span: Span) -> int:
    """How many days a span has."""
    return (span[1] - span[0]).days + 1
