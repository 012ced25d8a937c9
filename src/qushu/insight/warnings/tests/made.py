"""Made counts for tests of warnings: weeks of cases by chance, and a surge put into them."""

import numpy as np

from qushu.insight.warnings.profile import DAY, HOUR
from qushu.insight.warnings.series import Cases

MONDAY = 19_723 * DAY + 4 * DAY  # 2024-01-05 is a Friday; the day itself doesn't matter, only that weeks are whole
CATEGORIES, PLACES = 12, 8


def chance(weeks: int, a_day: float, seed: int) -> list[tuple[int, int, int]]:
    """(moment, category, place) of cases that come by chance alone, evenly over hours and series."""
    rng = np.random.default_rng(seed)
    count = rng.poisson(a_day * 7 * weeks)
    at = rng.integers(MONDAY, MONDAY + weeks * 7 * DAY, count)
    rows = zip(at, rng.integers(0, CATEGORIES, count), rng.integers(0, PLACES, count), strict=True)
    return [(int(moment), int(category), int(place)) for moment, category, place in rows]


def surge(day: int, size: int, category: int, places: list[int], hours: int = 4) -> list[tuple[int, int, int]]:
    """Cases of one category within some hours from noon of a day (counted from MONDAY), one place after the other."""
    start = MONDAY + day * DAY + 12 * HOUR
    return [(start + hours * HOUR * n // size, category, places[n % len(places)]) for n in range(size)]


def cases_of(rows: list[tuple[int, int, int]]) -> Cases:
    """Cases as the method takes them: two category levels (all, leaf) and two place levels (all, place)."""
    table = np.array(sorted(rows), np.int64).reshape(-1, 3)
    nought = np.zeros(len(table), np.int64)
    return Cases(table[:, 0], np.stack([nought, table[:, 1]], axis=1), np.stack([nought, table[:, 2]], axis=1))
