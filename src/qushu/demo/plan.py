"""When cases come: the intensity of every hour of the period, and the exact moment of case number k.

Case k of n is placed at the quantile (k + u)/n of the cumulative intensity, u from the seed and k alone. So cases are
in order of time, no state is carried from one to the next, and any chunk can be made by any process.
"""

import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from .world import World

HOUR = 3600
SHANGHAI_OFFSET = 8 * HOUR

# Share of a day's calls by hour of day (Asia/Shanghai): office hours with a lunch dip, a second evening peak of noise.
BY_HOUR = (9, 6, 4, 3, 3, 4, 8, 22, 55, 76, 78, 66, 42, 48, 66, 72, 70, 62, 48, 42, 40, 37, 28, 16)
# Monday first.
BY_WEEKDAY = (1.14, 1.07, 1.04, 1.02, 1.0, 0.84, 0.76)
BY_MONTH = (0.95, 0.80, 0.98, 1.0, 1.02, 1.10, 1.18, 1.16, 1.04, 0.98, 0.97, 0.98)
HOLIDAY = 0.62


def epoch(day: date) -> int:
    """Seconds since 1970 at the beginning of this day in Shanghai."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - SHANGHAI_OFFSET


def day_of(moment: int) -> date:
    """The day in Shanghai of a moment in seconds since 1970."""
    return date(1970, 1, 1) + timedelta(days=(moment + SHANGHAI_OFFSET) // 86400)


def hour_of(moment: int) -> int:
    """The hour of day in Shanghai."""
    return (moment + SHANGHAI_OFFSET) // HOUR % 24


def day_weight(day: date, seed: int, world: World) -> float:
    """How many cases this day draws compared with others: month, weekday, holidays, the day's weather (by the seed)."""
    weather = random.Random(seed * 40_000 + day.toordinal()).lognormvariate(0, 0.09)
    working = world.days.get(day)
    weekday = BY_WEEKDAY[day.weekday()]
    if working is False and day.weekday() < 5:
        weekday = HOLIDAY
    elif working is True:
        weekday = 1.0
    return BY_MONTH[day.month - 1] * weekday * weather


@dataclass(frozen=True)
class Timeline:
    """Cumulative expected cases by hour; `start` in epoch seconds, `cumulative[h]` cases before hour h ends."""

    start: int
    cumulative: tuple[float, ...]

    @property
    def total(self) -> float:
        return self.cumulative[-1]

    def moment(self, share: float) -> int:
        """The moment (epoch seconds) before which `share` (0–1) of the cases have come."""
        wanted = share * self.total
        hour = min(bisect_right(self.cumulative, wanted), len(self.cumulative) - 1)
        before = self.cumulative[hour - 1] if hour else 0.0
        width = self.cumulative[hour] - before
        return self.start + int((hour + ((wanted - before) / width if width else 0)) * HOUR)

    def share(self, moment: int) -> float:
        """The inverse of `moment`."""
        hour, rest = divmod(moment - self.start, HOUR)
        before = self.cumulative[hour - 1] if hour else 0.0
        return (before + (self.cumulative[hour] - before) * rest / HOUR) / self.total


def timeline(seed: int, cases: int, start: date, end: date, world: World, planted: dict[int, int]) -> Timeline:
    """The hours from `start` to `end` (both included) for `cases` cases; `planted`: more cases by hour from `start`."""
    days = [start + timedelta(days=number) for number in range((end - start).days + 1)]
    shape = sum(BY_HOUR)
    weights = [day_weight(day, seed, world) * hour / shape for day in days for hour in BY_HOUR]
    background = max(0.0, cases - sum(planted.values())) / sum(weights)
    hours = (weight * background + planted.get(number, 0) for number, weight in enumerate(weights))
    return Timeline(epoch(start), tuple(accumulate(hours)))
