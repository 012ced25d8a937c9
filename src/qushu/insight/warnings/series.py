"""Cases by series: what is counted, where it belongs, and what an alarm says of it. Pure."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .profile import Ints

Mask = NDArray[np.bool_]
LEVELS = ("blue", "yellow", "orange", "red")


@dataclass(frozen=True)
class Family:
    """Series of one category level (0 = all) and one place level (0 = the whole district)."""

    category: int
    place: int


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
        """The rows from ``start`` on, before ``end``: what comes at 00:00 is of the day and the hour that begin then."""
        return slice(int(np.searchsorted(self.at, start)), int(np.searchsorted(self.at, end)))


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
    """A window of a series that chance doesn't explain. ``by_chance``: how often a week chance would show as much anywhere.

    ``season``: how many times more are expected because last year rose in these weeks; 1 when it doesn't matter.
    """

    series: Series
    hours: int
    start: int
    end: int
    observed: int
    expected: float
    by_chance: float
    level: int
    rows: Ints = field(repr=False, compare=False, default_factory=lambda: np.zeros(0, np.int64))
    season: float = 1.0

    @property
    def strength(self) -> float:
        """The log likelihood ratio of the excess: which of several explanations is the best."""
        expected = max(self.expected, 0.05)
        return self.observed * float(np.log(self.observed / expected)) - (self.observed - expected)
