"""Surges: counts of categories and places that chance does not explain. Pure; the service and the evaluations share it.

Every case belongs to one series of each family (category level × place level). A series' mean is its own past, drawn to
what its category and its place alone would give; the shape of week and hours is common. A window's count is judged by the
negative binomial tail, and raised when chance would show as much less than a fixed number of times a week among all
series and windows. The strongest series explains its cases away before the next is looked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .calendar_effects import DayKinds
from .profile import DAY, HOUR, Array, Ints, Profile, learn_profile
from .tails import by_chance_a_week, upper_tail

Mask = NDArray[np.bool_]
NEARLY_ALL = 0.8
MOST_KEPT = 5000
RECENT_DAYS = 14
RECENT_LAG = 2
CLUMPING_PRIOR = 5.0
# Within the weeks of the base a category's rate moves by a third either way (season, a new service): 0.3².
DRIFT = 0.1
LEVELS = ("blue", "yellow", "orange", "red")


@dataclass(frozen=True)
class Family:
    """Series of one category level (0 = all) and one place level (0 = the whole district)."""

    category: int
    place: int


@dataclass(frozen=True)
class Settings:
    """What is asked of a surge; administrators change it by rule.

    ``a_week``: how many false alarms a week each level allows over everything; ``least``: cases in the window it needs.
    ``ratio``: how many times the expected count it is at least. ``scales``: by series name a factor on the odds it needs,
    from what people answered. ``clumping``: how cases of a series come together beyond chance when little is known of it.
    """

    windows: tuple[int, ...] = (1, 3, 6, 12, 24, 72)
    base_days: int = 56
    a_week: tuple[float, ...] = (0.1, 0.02, 0.001, 1e-6)
    least: tuple[int, ...] = (6, 10, 20, 40)
    ratio: float = 2.0
    prior_days: float = 7.0
    clumping: float = 0.05
    scales: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Cases:
    """Cases in order of time: moments (epoch seconds), and for each family the series number they belong to (−1: none).

    ``categories`` and ``places``: one column per level from 0 (everything), numbers ≥ 0 or −1; shapes (n, levels).
    """

    at: Ints
    categories: Ints
    places: Ints
    offset: int = 0
    family_list: tuple[Family, ...] = ()

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """The families that are watched; all combinations when none were named."""
        if self.family_list:
            return self.family_list
        levels = ((a, b) for a in range(self.categories.shape[1]) for b in range(self.places.shape[1]))
        return tuple(Family(a, b) for a, b in levels)

    @cached_property
    def width(self) -> int:
        return int(self.places.max(initial=0)) + 2

    @cached_property
    def keys(self) -> Ints:
        """Series numbers, one column per family: category number · width + place number."""
        columns = []
        for family in self.families:
            category, place = self.categories[:, family.category], self.places[:, family.place]
            columns.append(np.where((category < 0) | (place < 0), -1, category * self.width + place))
        return np.stack(columns, axis=1)

    @cached_property
    def category_above(self) -> dict[tuple[int, int], tuple[int, ...]]:
        """(level, number) of a category → the numbers above it and its own, from level 0 down."""
        return _chains(self.categories)

    @cached_property
    def place_above(self) -> dict[tuple[int, int], tuple[int, ...]]:
        """The same of places."""
        return _chains(self.places)

    def members(self, series: "Series", rows: slice | Ints) -> Mask:
        """Which of these rows belong to the series."""
        mine = self.categories[rows, series.family.category] == series.category
        found: Mask = mine & (self.places[rows, series.family.place] == series.place)
        return found

    def rows(self, start: int, end: int) -> slice:
        """The rows later than ``start``, up to and including ``end``."""
        return slice(int(np.searchsorted(self.at, start, "right")), int(np.searchsorted(self.at, end, "right")))


@dataclass(frozen=True)
class Series:
    """One series by its family and its numbers of category and place."""

    family: Family
    category: int
    place: int

    @property
    def name(self) -> str:
        """A name for it that can be kept: levels and numbers of category and place."""
        return f"{self.family.category}:{self.category}/{self.family.place}:{self.place}"


def _chains(columns: Ints) -> dict[tuple[int, int], tuple[int, ...]]:
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for row in np.unique(columns, axis=0):
        numbers = tuple(int(number) for number in row)
        for level, number in enumerate(numbers):
            if number >= 0:
                found[level, number] = numbers[: level + 1]
    return found


@dataclass(frozen=True)
class Alarm:
    """A window of a series that chance doesn't explain. ``by_chance``: how often a week chance would show as much anywhere."""

    series: Series
    hours: int
    start: int
    end: int
    observed: int
    expected: float
    by_chance: float
    level: int
    rows: Ints = field(repr=False, compare=False, default_factory=lambda: np.zeros(0, np.int64))

    @property
    def strength(self) -> float:
        """The log likelihood ratio of the excess: which of several explanations is the best."""
        expected = max(self.expected, 0.05)
        return self.observed * float(np.log(self.observed / expected)) - (self.observed - expected)


class Baseline:
    """What is usual, learned at one moment from the ``base_days`` before the day that has begun; used for hours.

    ``leave_out``: rows of events that are known; they are not what is usual.
    """

    def __init__(
        self, cases: Cases, now: int, kinds: DayKinds, settings: Settings, leave_out: Mask | None = None
    ) -> None:
        today = (now + cases.offset) // DAY
        known = int((cases.at[0] + cases.offset) // DAY) + 1 if cases.at.size else int(today)
        self.span = (max(int(today) - settings.base_days, min(known, int(today))), int(today))
        self.cases, self.settings, self.now = cases, settings, now
        self.days = max(1, self.span[1] - self.span[0])
        groups = int(cases.categories[:, 1].max(initial=0)) + 1 if cases.categories.shape[1] > 1 else 0
        self.group_column = 1 if cases.categories.shape[1] > 1 else 0
        span = cases.rows(self.span[0] * DAY - cases.offset - 1, self.span[1] * DAY - cases.offset - 1)
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
        self._rates: dict[tuple[int, int], tuple[float, float]] = {}
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

    def rate(self, column: int, key: int, category: int, place: int) -> tuple[float, float]:
        """Mean cases on a mean day and the relative variance of that knowledge, past surges cut back."""
        if (column, key) not in self._rates:
            days = self.by_day(column, key)
            prior = self._independent(self.cases.families[column], category, place)
            shape = _calm(days) + prior * self.settings.prior_days
            rate = shape / (self.total_days + self.settings.prior_days)
            # A season that has begun: the newest weeks count where they are higher, drawn to the long mean.
            newest = days[-RECENT_DAYS - RECENT_LAG : -RECENT_LAG]
            recent = (_calm(newest) + rate * RECENT_DAYS) / (newest.size + RECENT_DAYS)
            self._rates[column, key] = max(rate, recent), 1.0 / max(shape, 0.5)
        return self._rates[column, key]

    def clumping(self, column: int, key: int, series: "Series", hours: int) -> float:
        """How much more than chance the series' own counts of so many hours vary; its two busiest days are left out.

        A moment estimate drawn to `settings.clumping`: a series whose cases are entered in batches, or come in clumps,
        needs more to be remarkable. Without the busiest days a past surge doesn't blind it.
        """
        if (column, key, hours) not in self._clumping:
            rate, _ = self.rate(column, key, series.category, series.place)
            mean = rate * self._usual(self.group(series), hours)
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
        return _calm(self.by_day(self.cases.families.index(family), key))


def _calm(days: Array) -> float:
    """The sum with the busiest days cut back to what the others make likely, so that a past surge isn't the new usual."""
    if days.size < 8:
        return float(days.sum())
    rest = float(np.sort(days)[: -max(1, days.size // 14)].mean())
    return float(np.minimum(days, rest + 3.0 * np.sqrt(rest + 0.25) + 1.0).sum())


def find(base: Baseline, now: int, explained: Mask | None = None, most: int = 20) -> list[Alarm]:
    """The alarms at ``now``, strongest first; rows in ``explained`` (over all cases) count for nothing."""
    free = np.ones(base.cases.at.size, bool) if explained is None else ~explained
    alarms: list[Alarm] = []
    while len(alarms) < most and (best := _strongest(base, now, free)) is not None:
        alarms.append(best)
        free[best.rows] = False
    return alarms


def judge(base: Baseline, series: Series, start: int, now: int, rows: Ints) -> Alarm:
    """What the series' rows since ``start`` are against what was expected: for a warning that already stands."""
    cases = base.cases
    column = cases.families.index(series.family)
    key = series.category * cases.width + series.place
    hours = max(1, round((now - start) / HOUR))
    mean, spread = _expected(base, column, key, series, start, now)
    return _alarm(base, series, column, hours, start, now, rows, mean, spread)


def _strongest(base: Baseline, now: int, free: Mask) -> Alarm | None:
    found: list[Alarm] = []
    for hours in base.settings.windows:
        start = now - hours * HOUR
        span = base.cases.rows(start, now)
        rows = np.flatnonzero(free[span]) + span.start
        if rows.size >= base.settings.least[0]:
            for column in range(len(base.cases.families)):
                found += _of_family(base, column, hours, start, now, rows)
    if not found:
        return None
    best = max(found, key=lambda alarm: alarm.strength)
    narrower = (one for one in found if one.hours == best.hours and _says_the_same(one, best))
    return max(narrower, key=lambda one: (one.series.family.category + one.series.family.place, one.strength))


def _says_the_same(one: Alarm, best: Alarm) -> bool:
    """Whether nearly all of the best explanation's cases are this series': then the narrower name tells more."""
    return one is best or (
        one.level >= best.level - 1
        and one.observed >= NEARLY_ALL * best.observed
        and bool(np.isin(one.rows, best.rows, assume_unique=True).all())
    )


def _of_family(base: Baseline, column: int, hours: int, start: int, now: int, rows: Ints) -> list[Alarm]:
    cases, family = base.cases, base.cases.families[column]
    keys = cases.keys[rows, column]
    unique, counts = np.unique(keys[keys >= 0], return_counts=True)
    found = []
    for key in unique[counts >= base.settings.least[0]]:
        series = Series(family, int(key) // cases.width, int(key) % cases.width)
        mine = rows[keys == key]
        mean, spread = _expected(base, column, int(key), series, start, now)
        if mine.size < base.settings.ratio * mean:
            continue
        alarm = _alarm(base, series, column, hours, start, now, mine, mean, spread)
        if alarm.level >= 0:
            found.append(alarm)
    return found


def _expected(base: Baseline, column: int, key: int, series: Series, start: int, now: int) -> tuple[float, float]:
    rate, spread = base.rate(column, key, series.category, series.place)
    return rate * base.weight(base.group(series), start, now), spread


def _alarm(
    base: Baseline,
    series: Series,
    column: int,
    hours: int,
    start: int,
    now: int,
    rows: Ints,
    mean: float,
    spread: float,
) -> Alarm:
    settings, windows = base.settings, len(base.settings.windows)
    key = series.category * base.cases.width + series.place
    own = base.clumping(column, key, series, min(hours, max(settings.windows)))
    extra = spread + base.profile.overdispersion + own + DRIFT
    tail = upper_tail(np.array([rows.size]), np.array([mean]), np.array([extra]))
    chance = by_chance_a_week(
        tail, np.array([base.active[column]]), np.array([hours]), len(base.cases.families), windows
    )
    by_chance = float(chance[0]) * settings.scales.get(series.name, 1.0)
    level = level_of(by_chance, int(rows.size), settings)
    return Alarm(series, hours, start, now, int(rows.size), mean, by_chance, level, rows)


def level_of(by_chance: float, observed: int, settings: Settings) -> int:
    """0 blue … 3 red, −1 none: unlikely enough, and enough cases."""
    pairs: Sequence[tuple[float, int]] = list(zip(settings.a_week, settings.least, strict=True))
    return max((n for n, (odds, least) in enumerate(pairs) if by_chance <= odds and observed >= least), default=-1)
