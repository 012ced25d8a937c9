"""How unlikely a count is: negative binomial tails, and what a chance is worth among thousands of series. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WEEK_HOURS = 168
# A window that slides is looked at more often than windows that stand side by side; 4 covers it on noise (see tests).
SLIDING = 4.0


def upper_tail(count: Array, mean: Array, overdispersion: Array) -> Array:
    """P(N ≥ count) for a negative binomial of this mean and variance mean + overdispersion · mean²; Poisson at 0.

    All arrays have one shape. Source: Johnson, Kemp, Kotz 2005, Univariate Discrete Distributions, chapter 5.
    """
    from scipy import special  # it takes half a second to import, in every process that starts

    count, mean = np.asarray(count, float), np.maximum(np.asarray(mean, float), 1e-12)
    extra = np.maximum(np.asarray(overdispersion, float), 1e-9)
    size = 1.0 / extra
    at_least = special.betainc(np.maximum(count, 1e-12), size, mean / (mean + size))
    return np.where(count <= 0, 1.0, at_least)


def lower_tail(count: Array, mean: Array, overdispersion: Array) -> Array:
    """P(N ≤ count) for the same distribution: how unlikely a silence is."""
    return 1.0 - upper_tail(np.asarray(count, float) + 1.0, mean, overdispersion)


def band(mean: float, overdispersion: float, outside: float) -> tuple[int, int]:
    """The counts between which all but the share ``outside`` of the chances lie, half of it on either side."""
    from scipy.stats import nbinom  # as above

    size = 1.0 / max(overdispersion, 1e-6)
    share = size / (size + max(mean, 1e-9))
    low, high = nbinom.ppf([outside / 2, 1 - outside / 2], size, share)
    return int(low), int(high)


def by_chance_a_week(tail: Array, series: Array, window_hours: Array, families: int, windows: int) -> Array:
    """How many such excesses chance alone would show in a week among all that is watched (upper bound).

    ``tail``: P of this count or more in one window; ``series``: how many series its family has; ``families`` and
    ``windows``: how many of each are watched. By linearity of the expectation it holds however series depend on each
    other (Bonferroni's bound as a rate): raising at ≤ b means at most b false alarms a week.
    """
    looks = WEEK_HOURS / np.asarray(window_hours, float) * SLIDING
    return np.asarray(tail, float) * np.asarray(series, float) * looks * families * windows


def overdispersion_of(counts: Sequence[float] | Array) -> float:
    """The moment estimate of (variance − mean) / mean² of counts of like periods; 0 when they vary less than Poisson."""
    values = np.asarray(counts, float)
    if values.size < 2 or values.mean() <= 0:
        return 0.0
    mean = float(values.mean())
    return max(0.0, (float(values.var(ddof=1)) - mean) / mean**2)
