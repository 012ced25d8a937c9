"""What is usual for a series: its mean, how it clumps, and the weight of hours and days. Pure."""

from typing import NamedTuple

import numpy as np

from .calendar_effects import DayKinds
from .calm import calm
from .profile import DAY, HOUR, Array, Ints, Profile, learn_profile
from .season import Season
from .series import Cases, Family, Mask, Series
from .settings import Settings

MOST_KEPT = 5000
RECENT_DAYS = 14
RECENT_LAG = 2
CLUMPING_PRIOR = 5.0
# Within the weeks of the base a category's rate moves by a third either way (season, a new service): 0.3².
DRIFT = 0.1


class Rate(NamedTuple):
    """Mean cases of a series on a mean day, the relative variance of that knowledge, and last year's rise that is in it (1: none)."""

    mean: float
    spread: float
    season: float


class Baseline:
    """What is usual, learned at one moment from the ``base_days`` before the day that has begun; used for hours.

    ``leave_out``: rows of events that are known; they are not what is usual. ``year_before``: cases that hold last year's
    weeks, where ``cases`` don't reach back so far themselves.
    """

    def __init__(
        self,
        cases: Cases,
        now: int,
        kinds: DayKinds,
        settings: Settings,
        leave_out: Mask | None = None,
        year_before: Cases | None = None,
    ) -> None:
        today = (now + cases.offset) // DAY
        known = int((cases.at[0] + cases.offset) // DAY) + 1 if cases.at.size else int(today)
        self.span = (max(int(today) - settings.base_days, min(known, int(today))), int(today))
        self.cases, self.settings, self.now = cases, settings, now
        self.days = max(1, self.span[1] - self.span[0])
        groups = int(cases.categories[:, 1].max(initial=0)) + 1 if cases.categories.shape[1] > 1 else 0
        self.group_column = 1 if cases.categories.shape[1] > 1 else 0
        span = cases.rows(self.span[0] * DAY - cases.offset, self.span[1] * DAY - cases.offset)
        rows = np.arange(span.start, span.stop)
        if leave_out is not None:
            rows = rows[~leave_out[span]]
        self.rows = rows
        group = cases.categories[rows, self.group_column]
        self.profile: Profile = learn_profile(cases.at[rows], group, groups, self.span, kinds, cases.offset)
        self.total_days = float(sum(self.profile.day(day) for day in range(*self.span))) or 1.0
        self.day_numbers = (cases.at[rows] + cases.offset) // DAY - self.span[0]
        self.hour_numbers = (cases.at[rows] + cases.offset) // HOUR - self.span[0] * 24
        self._sorted: dict[int, tuple[Ints, Ints]] = {}
        self.season = Season(year_before or cases, self.span[1], self.profile)
        self._rates: dict[tuple[int, int], tuple[float, float, float]] = {}
        self._weights: dict[tuple[int, int, int], float] = {}
        self._clumping: dict[tuple[int, int, int], float] = {}
        self._windows: dict[tuple[int, int], Array] = {}
        self.active = [len(np.unique(cases.keys[rows, column])) or 1 for column in range(len(cases.families))]

    def by_day(self, column: int, key: int) -> Array:
        """The counts of a series on each day of the base."""
        days = self.day_numbers[self._found(column, key)]
        return np.bincount(days, minlength=self.days).astype(float)[: self.days]

    def _found(self, column: int, key: int) -> Ints:
        """Where in the base's rows the series' cases stand."""
        if column not in self._sorted:
            keys = self.cases.keys[self.rows, column]
            order = np.argsort(keys, kind="stable")
            self._sorted[column] = (keys[order], order)
        keys, order = self._sorted[column]
        return order[np.searchsorted(keys, key, "left") : np.searchsorted(keys, key, "right")]

    def rate(self, column: int, key: int, series: Series, back: int = 0) -> Rate:
        """What is usual for a series on a mean day around the day ``back`` days ago, past surges cut back."""
        long, newest, spread = self._known(column, key, series)
        season, doubt = self.season.factor(series.family.category, series.category, back)
        # A season that has begun: the newest weeks count where they are higher.
        if long * season <= newest:
            return Rate(newest, spread, 1.0)
        return Rate(long * season, spread + doubt, season)

    def _known(self, column: int, key: int, series: Series) -> tuple[float, float, float]:
        """Mean cases on a mean day of the whole base, of its newest weeks drawn to it, and the relative variance of the first."""
        if (column, key) not in self._rates:
            days = self.by_day(column, key)
            prior = self._independent(series.family, series.category, series.place)
            shape = calm(days) + prior * self.settings.prior_days
            rate = shape / (self.total_days + self.settings.prior_days)
            newest = days[-RECENT_DAYS - RECENT_LAG : -RECENT_LAG]
            recent = (calm(newest) + rate * RECENT_DAYS) / (newest.size + RECENT_DAYS)
            self._rates[column, key] = rate, recent, 1.0 / max(shape, 0.5)
        return self._rates[column, key]

    def clumping(self, column: int, key: int, series: "Series", hours: int) -> float:
        """How much more than chance the series' own counts of so many hours vary; its two busiest days are left out.

        A moment estimate drawn to `settings.clumping`: a series whose cases are entered in batches, or come in clumps,
        needs more to be remarkable. Without the busiest days a past surge doesn't blind it.
        """
        if (column, key, hours) not in self._clumping:
            mean = max(self._known(column, key, series)[:2]) * self._usual(self.group(series), hours)
            found = self._found(column, key)
            counts = np.bincount(self.hour_numbers[found] // hours, minlength=mean.size).astype(float)[: mean.size]
            days = np.bincount(self.day_numbers[found], minlength=self.days)
            kept = ~np.isin(np.arange(mean.size) * hours // 24, np.argsort(days)[-2:])
            beyond = float((((counts - mean) ** 2 - counts) * kept).sum())
            prior = self.settings.clumping
            self._clumping[column, key, hours] = (max(0.0, beyond) + prior * CLUMPING_PRIOR) / (
                float((mean**2 * kept).sum()) + CLUMPING_PRIOR
            )
        return self._clumping[column, key, hours]

    def _usual(self, group: int, hours: int) -> Array:
        """The weights of the base's windows of so many hours, one after the other."""
        if (group, 1) not in self._windows:
            start = self.span[0] * DAY - self.cases.offset
            each = [self.profile.hour(group, start + n * HOUR) for n in range(self.days * 24)]
            self._windows[group, 1] = np.array(each)
        if (group, hours) not in self._windows:
            single = self._windows[group, 1]
            whole = np.concatenate([single, np.zeros(-single.size % hours)])
            self._windows[group, hours] = whole.reshape(-1, hours).sum(axis=1)
        return self._windows[group, hours]

    def weight(self, group: int, start: int, end: int) -> float:
        """The share of a mean day between two moments, for the hours of this group."""
        if (group, start, end) not in self._weights:
            if len(self._weights) > MOST_KEPT:
                self._weights.clear()
            self._weights[group, start, end] = self.profile.weight(group, start, end)
        return self._weights[group, start, end]

    def group(self, series: "Series") -> int:
        """The top category of a series, whose hours it keeps; −1: those of all."""
        level = series.family.category
        chain = self.cases.category_above.get((level, series.category), (0,))
        return chain[self.group_column] if len(chain) > self.group_column > 0 else -1

    def _independent(self, family: Family, category: int, place: int) -> float:
        """What the category's share and the place's share of all cases would give on a mean day."""
        total = float(self.day_numbers.size)
        if not total:
            return 0.5
        width = self.cases.width
        by_category = self._count(Family(family.category, 0), category * width)
        by_place = self._count(Family(0, family.place), place)
        return max(by_category, 0.5) * max(by_place, 0.5) / total / self.total_days

    def _count(self, family: Family, key: int) -> float:
        if family not in self.cases.families:
            return float(self.day_numbers.size)
        return calm(self.by_day(self.cases.families.index(family), key))
