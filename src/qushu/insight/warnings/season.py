"""What last year's same weeks add to what is usual: how far a category rose then over its own weeks before. Pure.

The same days are those of 52 weeks ago, of like weekdays. Near a holiday that moves with the moon they are also those as far
from last year's holiday; the larger rise of the two counts.
"""

from datetime import date

import numpy as np

from .calm import calm
from .profile import DAY, EPOCH, Array, Profile
from .series import Cases

YEAR = 364
AROUND = 7
BASE_DAYS = 56
LEAST_BASE = 28
NEAR = 10
"""So many days from a moving holiday its own weeks of last year are looked at too."""
FARTHEST, NEAREST = YEAR + BASE_DAYS + 30, YEAR - 30
"""Between how many days ago the cases lie that a look at a moment asks of: a moving holiday lies up to three weeks off."""
BUSIEST = 4
"""Of the days around, a fourth is cut back to what the others make likely: last year's surge of some days is no season."""
PRIOR = 4.0
"""How surely a season is 1 before anything is known, in cases."""
EXTRA = 0.1
"""A year is not like the year before: however many cases, no more than 1 / EXTRA of them count."""


class Season:
    """Rises of last year for the days around ``today`` (a local day number); ``past``: cases that hold last year's weeks."""

    def __init__(self, past: Cases, today: int, profile: Profile) -> None:
        self.profile, self.today = profile, today
        self.known = int((past.at[0] + past.offset) // DAY) + 1 if past.at.size else today
        self.days_alike = [then for then in same_days(today, profile) if then - LEAST_BASE >= self.known]
        first = min(self.days_alike, default=today) - BASE_DAYS
        last = max(self.days_alike, default=today) + AROUND + 1
        span = past.rows(first * DAY - past.offset, last * DAY - past.offset)
        self._first, self._length = first, last - first
        self._days = (past.at[span] + past.offset) // DAY - first
        self._categories = past.categories[span]
        self._weights = np.array([profile.day(first + n) for n in range(self._length)])
        self._counts: dict[tuple[int, int], Array] = {}
        self._risen: dict[tuple[int, int, int], tuple[float, float]] = {}

    def factor(self, level: int, category: int, back: int = 0) -> tuple[float, float]:
        """How many times its base a category had in last year's days around the day ``back`` days ago; never below 1.

        The second figure is the relative variance of that knowledge. (1, 0) where last year isn't known or was quiet.
        """
        key = (level, category, back)
        if key not in self._risen:
            found = (self._rise(self._of(level, category), then, back) for then in self.days_alike)
            self._risen[key] = max(found, default=(1.0, 0.0))
        return self._risen[key]

    def _rise(self, counts: Array, then: int, back: int) -> tuple[float, float]:
        """Gamma-Poisson mean: what was counted and what the base made likely, both with the prior's cases added."""
        base = slice(max(0, max(then - BASE_DAYS, self.known) - self._first), then - self._first)
        middle = then - back - self._first
        around = slice(max(0, middle - AROUND), middle + AROUND + 1)
        rate = max(calm(counts[base]), 0.5) / max(float(self._weights[base].sum()), 1.0)
        likely = rate * float(self._weights[around].sum())
        share = 1.0 / (1.0 + EXTRA * likely)
        shape = calm(counts[around], BUSIEST) * share + PRIOR
        factor = shape / (likely * share + PRIOR)
        return (factor, 1.0 / shape) if factor > 1.0 else (1.0, 0.0)

    def _of(self, level: int, category: int) -> Array:
        """The counts of a category on each day of last year's span."""
        if (level, category) not in self._counts:
            mine = self._days[self._categories[:, level] == category]
            self._counts[level, category] = np.bincount(mine, minlength=self._length).astype(float)
        return self._counts[level, category]


def same_days(today: int, profile: Profile) -> list[int]:
    """Last year's days (local day numbers) that are like this one: 52 weeks ago, and as far from a moving holiday."""
    found = [today - YEAR]
    moving = profile.kinds.moving
    for name, day in moving:
        off = today - (day.toordinal() - EPOCH)
        if abs(off) <= NEAR:
            found += [one.toordinal() - EPOCH + off for one in _year_before(moving, name, day)]
    return found


def _year_before(moving: tuple[tuple[str, date], ...], name: str, day: date) -> list[date]:
    return [one for other, one in moving if other == name and 300 < (day - one).days < 420]
