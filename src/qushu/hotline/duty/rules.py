"""Turns of a roster, gaps in a day, overlaps: plain functions without a database. Moments are aware."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from qushu.kernel.calendar import SHANGHAI

LONGEST = {"desk": timedelta(hours=24), "lead": timedelta(hours=24), "leader": timedelta(days=7)}
"""How long one shift may be; whoever leads the district's duty may have it for a week."""

MOST_DAYS = 92
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Turn:
    """One shift that a pattern makes: who (an account's id), from, until."""

    account_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Pattern:
    """Shifts of `hours` one after the other from `first` at `begins`, `seats` people in each, for `days` days.

    People take their turns in the order of `people`: with three shifts a day and four people, everybody's shift moves by
    one a day.
    """

    first: date
    days: int
    begins: time
    hours: int
    seats: int
    people: Sequence[int]

    @property
    def fault(self) -> str:
        """Why the pattern makes no roster, in words; empty when it does."""
        if not 1 <= self.days <= MOST_DAYS:
            return f"天数应在 1 到 {MOST_DAYS} 之间"
        if self.hours < 1 or 24 % self.hours:
            return "每班小时数应能整除 24（如 8、12、24）"
        if len(set(self.people)) != len(self.people):
            return "同一个人写了两次"
        if not 1 <= self.seats <= len(self.people):
            return f"每班 {self.seats} 人，名单里只有 {len(self.people)} 人"
        return ""


def turns_of(pattern: Pattern) -> list[Turn]:
    """The shifts of a pattern, in order. Raises ValueError when it has a fault."""
    if pattern.fault:
        raise ValueError(pattern.fault)
    begins = datetime.combine(pattern.first, pattern.begins, SHANGHAI)
    length = timedelta(hours=pattern.hours)
    people, seats = pattern.people, pattern.seats
    return [
        Turn(people[(number * seats + seat) % len(people)], begins + number * length, begins + (number + 1) * length)
        for number in range(pattern.days * 24 // pattern.hours)
        for seat in range(seats)
    ]


def gaps(since: datetime, until: datetime, spans: Iterable[Span]) -> list[Span]:
    """The parts of since–until that no span covers, in order; touching spans leave no gap."""
    found, covered = [], since
    for starts, ends in sorted(spans):
        if starts > covered:
            found.append((covered, min(starts, until)))
        covered = max(covered, ends)
        if covered >= until:
            return found
    return [*found, (covered, until)]


def overlapping(one: Span, others: Iterable[Span]) -> list[Span]:
    """Those that share a moment with the one; a shift that begins when another ends does not."""
    return [other for other in others if other[0] < one[1] and one[0] < other[1]]


def day_of(day: date) -> Span:
    """A day of Shanghai from midnight to midnight."""
    begins = datetime.combine(day, time(), SHANGHAI)
    return begins, begins + timedelta(days=1)


def week_of(day: date) -> list[date]:
    """Monday to Sunday of the week that holds the day."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7)]


def month_of(day: date) -> list[date]:
    """Every day of the month that holds the day."""
    first = day.replace(day=1)
    return [one for n in range(31) if (one := first + timedelta(days=n)).month == first.month]


def span_words(span: Span) -> str:
    """`08:00–16:00`; `24:00` for the end of the day, `次日 08:00` or the date when it ends later."""
    starts, ends = (moment.astimezone(SHANGHAI) for moment in span)
    until = f"{ends:%H:%M}"
    if ends.date() > starts.date():
        whole = ends.time() == time()
        later = (ends.date() - starts.date()).days - whole
        until = "24:00" if whole else until
        until = until if not later else f"次日 {until}" if later == 1 else f"{ends:%m-%d} {ends:%H:%M}"
    return f"{starts:%H:%M}–{until}"


def shift_words(span: Span) -> str:
    """The day and the hours: `11-23 08:00–16:00`."""
    return f"{span[0].astimezone(SHANGHAI):%m-%d} {span_words(span)}"
