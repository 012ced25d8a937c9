"""Deadlines in whole seconds since 1970, fast enough for millions; a test proves that they are `qushu.kernel.clocks`'.

Working time: 09:00–12:00 and 14:00–17:30 on working days (RULES §2).
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from .plan import SHANGHAI_OFFSET, epoch

DAY = 86400
MORNING = (9 * 3600, 12 * 3600)
AFTERNOON = (14 * 3600, 17 * 3600 + 1800)
FIRST_HALF = MORNING[1] - MORNING[0]
WORKDAY = FIRST_HALF + AFTERNOON[1] - AFTERNOON[0]


@dataclass(frozen=True)
class Deadlines:
    """Working days between two dates; `days` are the starts (epoch seconds) of the working days in order."""

    days: tuple[int, ...]

    @classmethod
    def between(cls, first: date, last: date, special: dict[date, bool]) -> "Deadlines":
        """From the days that differ from Monday to Friday."""
        every = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return cls(tuple(epoch(day) for day in every if special.get(day, day.weekday() < 5)))

    def due(self, start: int, amount: int, measure: str) -> int:
        """When `amount` of `measure` (natural_minutes, working_minutes, working_days) after `start` has run out."""
        if measure == "natural_minutes":
            return start + amount * 60
        if measure == "working_minutes":
            return self._moment(self._worked(start) + amount * 60)
        return self._end_of_day(start, amount)

    def after_pause(self, due: int, since: int, until: int) -> int:
        """A deadline in working time after a pause: the working time that passed meanwhile is added."""
        passed = self._worked(until) - self._worked(since)
        return self._moment(self._worked(due) + passed) if passed else due

    def portion(self, start: int, due: int, measure: str, percent: int, paused: int = 0) -> int:
        """When `percent` of the time to `due` is used, rounded up; `paused` seconds of working time aren't used time."""
        if measure == "natural_minutes":
            return start + -(-(due - start) * percent // 100)
        begun = self._worked(start)
        given = max(0, self._worked(due) - begun - paused)
        return min(due, self._moment(begun + paused - -given * percent // 100))

    def worked_between(self, start: int, end: int) -> int:
        """Seconds of working time between two moments."""
        return self._worked(end) - self._worked(start)

    def at_work(self, moment: int) -> int:
        """This moment if people work then, else the next moment at which they do."""
        position = bisect_right(self.days, moment) - 1
        second = moment - self.days[position]
        if second >= AFTERNOON[1]:
            return self.days[position + 1] + MORNING[0]
        if second < MORNING[0]:
            return self.days[position] + MORNING[0]
        if MORNING[1] <= second < AFTERNOON[0]:
            return self.days[position] + AFTERNOON[0]
        return moment

    def _worked(self, moment: int) -> int:
        """Seconds of working time from the first known day to this moment."""
        position = bisect_right(self.days, moment) - 1
        return position * WORKDAY + _of_day(moment - self.days[position])

    def _moment(self, worked: int) -> int:
        position, rest = divmod(worked, WORKDAY)
        if rest == 0:
            return self.days[position - 1] + AFTERNOON[1]
        second = MORNING[0] + rest if rest <= FIRST_HALF else AFTERNOON[0] + rest - FIRST_HALF
        return self.days[position] + second

    def _end_of_day(self, start: int, amount: int) -> int:
        today = bisect_right(self.days, start) - 1
        return self.days[today + amount] + AFTERNOON[1]


def _of_day(second: int) -> int:
    morning = min(max(second - MORNING[0], 0), FIRST_HALF)
    return morning + min(max(second - AFTERNOON[0], 0), AFTERNOON[1] - AFTERNOON[0])


def day_start(moment: int) -> int:
    """The beginning of this moment's day in Shanghai."""
    return (moment + SHANGHAI_OFFSET) // DAY * DAY - SHANGHAI_OFFSET
