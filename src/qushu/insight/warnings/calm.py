"""Counts of days without the mark that a past surge would leave. Pure."""

import numpy as np

from .profile import Array


def calm(days: Array, part: int = 14) -> float:
    """The sum with the busiest days (one in ``part``, at least one) cut back to what the others make likely."""
    if days.size < 8:
        return float(days.sum())
    rest = float(np.sort(days)[: -max(1, days.size // part)].mean())
    return float(np.minimum(days, rest + 3.0 * np.sqrt(rest + 0.25) + 1.0).sum())
