"""EARS C1, C2 and C3 on daily counts: the reference that surge detection is measured against. Pure.

Source: Hutwagner, Thompson, Seeman, Treadwell 2003, J. Urban Health 80 (2 Suppl 1); thresholds as published there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BASELINE_DAYS = 7
LAG = 2
LIMIT = 3.0
LIMIT_C3 = 2.0
# The published methods divide by the standard deviation alone; this floor keeps a flat week from raising at every call.
LEAST_DEVIATION = 0.5


@dataclass(frozen=True)
class Ears:
    """The days (positions) on which each method raises."""

    c1: list[int]
    c2: list[int]
    c3: list[int]


def ears(counts: Sequence[float]) -> Ears:
    """The alarms of the three methods on daily counts; the first nine days can't be judged."""
    values = np.asarray(counts, float)
    days = range(BASELINE_DAYS + LAG, len(values))
    c1 = {day: _above(values, day, 0) for day in days}
    c2 = {day: _above(values, day, LAG) for day in days}
    c3 = {day: sum(max(0.0, c2.get(day - back, 0.0) - 1.0) for back in range(3)) for day in days}
    return Ears(
        [day for day in days if c1[day] > LIMIT],
        [day for day in days if c2[day] > LIMIT],
        [day for day in days if c3[day] > LIMIT_C3],
    )


def _above(values: np.ndarray, day: int, lag: int) -> float:
    """How many standard deviations the day lies above the mean of seven days that end ``lag`` days before it."""
    base = values[day - lag - BASELINE_DAYS : day - lag]
    return float((values[day] - base.mean()) / max(float(base.std(ddof=1)), LEAST_DEVIATION))
