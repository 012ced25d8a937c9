"""The working calendar: which days are worked, and how working time passes. Pure, immutable, without bounds.

Days that nobody listed are worked from Monday to Friday, so a year without published holidays never stops anybody; ask
``knows(year)`` to warn about it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import accumulate

# Asia/Shanghai has had no other offset since 1991; a fixed one is six times faster than the zone file.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
Spans = tuple[tuple[time, time], ...]
SPANS: Spans = ((time(9), time(12)), (time(14), time(17, 30)))
"""What a calendar works by that nobody told its hours; a centre's own are rows (`cases/models/limits.py`)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=SHANGHAI)
_EPOCH_UTC = _EPOCH.astimezone(UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MINUTE = timedelta(minutes=1)
_NOTHING = timedelta()
_SECOND_US = 1_000_000


@dataclass(frozen=True)
class Hours:
    """The working spans of a day from a day on, and how much was worked before that day. Times in microseconds."""

    first: int  # the ordinal of the day; 0 for the hours that were first
    spans: Spans
    starts: list[int]  # second of the day at which each span begins
    before: list[int]  # seconds worked before each span; the last entry is a whole day
    days_before: int  # working days before the first day
    base: int  # working time before the first day

    @property
    def day_length(self) -> int:
        """A whole day's working time."""
        return self.before[-1] * _SECOND_US


@dataclass(frozen=True)
class WorkCalendar:
    """Working days and the working spans of each.

    ``days``: explicit days, True = worked (a make-up workday 调休), False = a holiday. ``known_years``: years whose
    holidays are published. ``spans``: the working spans of a day in Asia/Shanghai, ascending and apart. ``names``: what
    an explicit day is called (春节). ``changes``: other spans from a day on, ascending by day; working time that passes
    over such a day is counted by each in its turn. Raises ValueError when spans are empty, overlap or aren't ascending.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    known_years: frozenset[int] = frozenset()
    spans: Spans = SPANS
    names: Mapping[date, str] = field(default_factory=dict)
    changes: tuple[tuple[date, Spans], ...] = ()
    _worked: dict[int, bool] = field(init=False, repr=False, compare=False)
    _explicit: list[int] = field(init=False, repr=False, compare=False)
    _surplus: list[int] = field(init=False, repr=False, compare=False)
    _counts: list[int] = field(init=False, repr=False, compare=False)
    _hours: list[Hours] = field(init=False, repr=False, compare=False)
    _firsts: list[int] = field(init=False, repr=False, compare=False)
    _bases: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        worked = {day.toordinal(): is_working for day, is_working in self.days.items()}
        explicit = sorted(worked)
        surplus = [0, *accumulate(worked[day] - _is_weekday(day) for day in explicit)]
        for name, value in {
            "_worked": worked,
            "_explicit": explicit,
            "_surplus": surplus,  # how many more days than Monday-Friday are worked up to the nth explicit day
            "_counts": [_weekdays(day) + more for day, more in zip(explicit, surplus[1:], strict=True)],
        }.items():
            object.__setattr__(self, name, value)
        hours = self._all_hours()
        object.__setattr__(self, "_hours", hours)
        object.__setattr__(self, "_firsts", [one.first for one in hours])
        object.__setattr__(self, "_bases", [one.base for one in hours])

    def _all_hours(self) -> list[Hours]:
        hours = [_hours(0, self.spans, 0, 0)]
        for day, spans in self.changes:
            last, first = hours[-1], day.toordinal()
            if first <= last.first:
                raise ValueError(f"changes of the working spans must be ascending: {self.changes}")
            days_before = self._count(first - 1)
            base = last.base + (days_before - last.days_before) * last.day_length
            hours.append(_hours(first, spans, days_before, base))
        return hours

    def __hash__(self) -> int:
        return hash((len(self.days), self.known_years, self.spans, self.changes))

    def knows(self, year: int) -> bool:
        """Whether the holidays of the year are published; otherwise it counts Monday to Friday and a page must warn."""
        return year in self.known_years

    def unknown_years(self, start: datetime, end: datetime) -> list[int]:
        """The years between two aware moments (both included, Asia/Shanghai) whose holidays aren't known."""
        first, last = start.astimezone(SHANGHAI).year, end.astimezone(SHANGHAI).year
        return [year for year in range(first, last + 1) if year not in self.known_years]

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked."""
        explicit = self.days.get(day)
        return day.weekday() < 5 if explicit is None else explicit

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days are after ``start``, up to and including ``end``; negative when ``end`` is earlier."""
        return self._count(end.toordinal()) - self._count(start.toordinal())

    def start_of_workday(self, day: date) -> datetime:
        """When work begins on the day (aware, UTC), whether or not the day is worked."""
        return _moment(day.toordinal(), self._hours_on(day.toordinal()).starts[0] * _SECOND_US)

    def end_of_workday(self, day: date) -> datetime:
        """When work ends on the day (aware, UTC), whether or not the day is worked."""
        return _moment(day.toordinal(), _seconds(self.spans_on(day)[-1][1]) * _SECOND_US)

    def spans_on(self, day: date) -> Spans:
        """The working spans that a day has when it is worked."""
        return self._hours_on(day.toordinal()).spans

    def add_working_minutes(self, start: datetime, minutes: int) -> datetime:
        """The moment (aware, UTC) by which that many working minutes passed since ``start`` (aware).

        The earliest such moment is taken: a deadline that uses up the afternoon ends 17:30, not 09:00 next morning.
        Zero minutes give the moment at which work goes on: the start itself, or the next opening after hours.
        Raises ValueError when minutes < 0.
        """
        return self.add_working_time(start, minutes * _MINUTE)

    def add_working_time(self, start: datetime, time_: timedelta) -> datetime:
        """Like ``add_working_minutes``, to the microsecond."""
        if time_ < _NOTHING:
            raise ValueError(f"working time to add can't be negative: {time_}")
        position = self._position(start)
        if not time_:
            return self._when_work_goes_on(position)
        added = (time_.days * 86400 + time_.seconds) * _SECOND_US + time_.microseconds
        day, within = self._day_and_time(position + added - 1)
        return _moment(day, within + 1)

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """The end of work (aware, UTC) on the nth working day after the day of ``start`` (aware).

        The day of the start isn't counted (Civil Code 民法典 art. 201), the last day is always a working day (art. 203)
        and the term ends when business ends on it (art. 203). So from a Saturday the next working day is day 1.
        Zero days give the start itself. Raises ValueError when days < 0.
        """
        if days < 0:
            raise ValueError(f"working days to add can't be negative: {days}")
        if not days:
            return start.astimezone(UTC)
        day = _EPOCH_DAY + (start - _EPOCH).days
        return self.end_of_workday(date.fromordinal(self._nth_workday(self._count(day) + days)))

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from ``start`` to ``end`` (aware); negative when ``end`` is earlier."""
        passed = self._position(end) - self._position(start)
        whole = abs(passed) // (60 * _SECOND_US)
        return whole if passed >= 0 else -whole

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from ``start`` to ``end`` (aware) to the microsecond; negative when ``end`` is earlier."""
        return timedelta(microseconds=self._position(end) - self._position(start))

    def working_spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of working time between two aware moments, in order, as Asia/Shanghai moments."""
        start, end = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
        for ordinal in range(start.toordinal(), end.toordinal() + 1):
            day = date.fromordinal(ordinal)
            for opens, closes in self.spans_on(day) if self.is_workday(day) else ():
                begins = max(start, datetime.combine(day, opens, SHANGHAI))
                ends = min(end, datetime.combine(day, closes, SHANGHAI))
                if begins < ends:
                    yield begins, ends

    def _count(self, day: int) -> int:
        """How many working days there are from 0001-01-01 to the ordinal, included."""
        weeks, rest = divmod(day, 7)
        return weeks * 5 + (rest if rest < 5 else 5) + self._surplus[bisect_right(self._explicit, day)]

    def _nth_workday(self, nth: int) -> int:
        """The ordinal of the nth working day: the inverse of ``_count``.

        Between two explicit days only Monday to Friday counts, so it's a division there; the explicit day that ends
        the stretch is the answer when the stretch doesn't reach far enough.
        """
        stretch = bisect_left(self._counts, nth)
        weeks, rest = divmod(nth - self._surplus[stretch] - 1, 5)
        day = weeks * 7 + rest + 1
        return min(day, self._explicit[stretch]) if stretch < len(self._explicit) else day

    def _position(self, moment: datetime) -> int:
        """Working microseconds that passed since 0001-01-01."""
        since = moment - _EPOCH
        day = _EPOCH_DAY + since.days
        weeks, rest = divmod(day, 7)
        count = weeks * 5 + (rest if rest < 5 else 5) + self._surplus[bisect_right(self._explicit, day)]
        hours = self._hours[bisect_right(self._firsts, day) - 1]
        whole_days = count - hours.days_before
        if not self._worked.get(day, 0 < rest < 6):
            return hours.base + whole_days * hours.day_length
        seconds = since.seconds
        span = bisect_right(hours.starts, seconds) - 1
        if span < 0:
            return hours.base + (whole_days - 1) * hours.day_length
        passed = hours.before[span] * _SECOND_US + (seconds - hours.starts[span]) * _SECOND_US + since.microseconds
        return hours.base + (whole_days - 1) * hours.day_length + min(passed, hours.before[span + 1] * _SECOND_US)

    def _when_work_goes_on(self, position: int) -> datetime:
        """The latest moment at that position: the start of a span rather than the end of the one before."""
        return _moment(*self._day_and_time(position))

    def _day_and_time(self, position: int) -> tuple[int, int]:
        """The latest day (ordinal) and time of it (microseconds) at which that much was worked since 0001-01-01."""
        hours = self._hours[bisect_right(self._bases, position) - 1]
        nth, rest = divmod(position - hours.base, hours.day_length)
        seconds, micro = divmod(rest, _SECOND_US)
        span = bisect_right(hours.before, seconds) - 1
        within = (hours.starts[span] + seconds - hours.before[span]) * _SECOND_US + micro
        return self._nth_workday(hours.days_before + nth + 1), within

    def _hours_on(self, day: int) -> Hours:
        return self._hours[bisect_right(self._firsts, day) - 1]


def seed_days() -> Iterator[tuple[date, bool, str]]:
    """Days that differ from Monday-to-Friday in the years the package ``chinese_calendar`` knows, ascending.

    Each is (day, is it worked, name): (2024-02-09, False, "春节"), (2024-02-04, True, "春节调休").
    Source: the yearly notices of the State Council's General Office (国务院办公厅关于部分节假日安排的通知).
    """
    from chinese_calendar import Holiday, constants  # its tables are only needed to seed

    chinese = {holiday.value: holiday.chinese for holiday in Holiday}
    named = [(day, False, chinese[name]) for day, name in constants.holidays.items() if day.weekday() < 5]
    named += [(day, True, f"{chinese[name]}调休") for day, name in constants.workdays.items() if day.weekday() >= 5]
    yield from sorted(named)


def seed_years() -> list[int]:
    """The years that ``chinese_calendar`` knows, ascending."""
    from chinese_calendar import constants  # as above

    return sorted({day.year for day in constants.holidays})


def seed_calendar() -> WorkCalendar:
    """The calendar of ``seed_days``: what a fresh centre works by."""
    days = list(seed_days())
    return WorkCalendar(
        {day: worked for day, worked, _ in days},
        frozenset(seed_years()),
        names={day: name for day, _, name in days},
    )


def _hours(first: int, spans: Spans, days_before: int, base: int) -> Hours:
    starts, ends = [_seconds(start) for start, _ in spans], [_seconds(end) for _, end in spans]
    points = [point for span in zip(starts, ends, strict=True) for point in span]
    if not points or points != sorted(set(points)):
        raise ValueError(f"working spans must be ascending and apart: {spans}")
    before = list(accumulate((end - start for start, end in zip(starts, ends, strict=True)), initial=0))
    return Hours(first, spans, starts, before, days_before, base)


def _is_weekday(day: int) -> bool:
    return 0 < day % 7 < 6


def _weekdays(day: int) -> int:
    """Mondays to Fridays from 0001-01-01, a Monday, to the ordinal."""
    weeks, rest = divmod(day, 7)
    return weeks * 5 + min(rest, 5)


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _moment(day: int, microseconds: int) -> datetime:
    return _EPOCH_UTC + timedelta(day - _EPOCH_DAY, 0, microseconds)
