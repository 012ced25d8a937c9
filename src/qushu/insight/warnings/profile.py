"""How a day's cases spread over its hours, and days over the week: the common shape that all series are held against. Pure."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from .calendar_effects import DayKinds
from .tails import overdispersion_of

HOUR = 3600
DAY = 86_400
EPOCH = date(1970, 1, 1).toordinal()

Ints = NDArray[np.int64]
Array = NDArray[np.float64]

# A group's own hours count against the district's as so many cases.
SHARE_PRIOR = 60.0
KIND_PRIOR_DAYS = 1.0
LEAST_OVERDISPERSION = 0.02


@dataclass(frozen=True)
class Profile:
    """The weight of every hour: ``days`` by kind of day (mean 1 over the days learned from), ``hours`` by group, worked or not, and hour.

    ``offset``: seconds that local time is ahead of UTC. ``overdispersion``: how much more than chance whole days vary.
    """

    kinds: DayKinds
    offset: int
    days: Array
    hours: Array
    overdispersion: float

    def weight(self, group: int, start: int, end: int) -> float:
        """The share of a mean day that falls between two moments (epoch seconds)."""
        total, at = 0.0, start
        while at < end:
            stop = min(end, at - (at + self.offset) % HOUR + HOUR)
            total += self.hour(group, at) * (stop - at) / HOUR
            at = stop
        return total

    def hour(self, group: int, at: int) -> float:
        """The share of a mean day that this hour holds."""
        local = at + self.offset
        day = date.fromordinal(EPOCH + local // DAY)
        shares = self.hours[group if group >= 0 else self.hours.shape[0] - 1, int(self.kinds.is_worked(day))]
        return float(self.days[self.kinds.kind(day)] * shares[local % DAY // HOUR])

    def day(self, number: int) -> float:
        """The weight of a whole local day, counted from 1970-01-01."""
        return float(self.days[self.kinds.kind(date.fromordinal(EPOCH + number))])


def learn_profile(at: Ints, group: Ints, groups: int, span: tuple[int, int], kinds: DayKinds, offset: int) -> Profile:
    """Learn from the moments (epoch seconds) of cases within ``span`` (first and last+1 local day), and their groups.

    Days of one kind count by their median, so that a past surge leaves no mark; hours of a group are drawn to those of all.
    """
    first, last = span
    number = (at + offset) // DAY
    inside = (number >= first) & (number < last)
    number, hour, group = number[inside] - first, (at[inside] + offset) % DAY // HOUR, group[inside]
    days = [date.fromordinal(EPOCH + day) for day in range(first, last)]
    totals = np.bincount(number, minlength=len(days)).astype(float)
    kind = np.array([kinds.kind(day) for day in days], np.int64)
    worked = np.array([int(kinds.is_worked(day)) for day in days], np.int64)
    by_kind = _by_kind(totals, kind)
    table = np.zeros((groups + 1, 2, 24))
    np.add.at(table, (np.full(number.size, groups), worked[number], hour), 1.0)
    known = group >= 0
    np.add.at(table, (group[known], worked[number[known]], hour[known]), 1.0)
    every_day = table[-1].sum(axis=0) + 1.0
    common = (
        table[-1] + 24 * every_day / every_day.sum()
    )  # until the first weekend its hours are those of the days before
    common /= common.sum(axis=1, keepdims=True)
    shares = (table + SHARE_PRIOR * common) / (table + SHARE_PRIOR * common).sum(axis=2, keepdims=True)
    mean = float(totals.mean()) if totals.size else 0.0
    ratio = totals / np.maximum(by_kind[kind] * max(mean, 1e-9), 1e-9)
    return Profile(kinds, offset, by_kind, shares, _calm_overdispersion(ratio, mean))


def _by_kind(totals: Array, kind: Ints) -> Array:
    """The median of each kind of day against the mean of all days, drawn to 1 when few are known."""
    mean = max(float(np.mean(totals)), 1e-9) if totals.size else 1.0
    found = np.ones(7)
    for which in range(7):
        those = totals[kind == which]
        if those.size:
            found[which] = (those.size * float(np.median(those)) / mean + KIND_PRIOR_DAYS) / (
                those.size + KIND_PRIOR_DAYS
            )
    return np.maximum(found, 0.02)


def _calm_overdispersion(ratio: Array, mean: float) -> float:
    """How whole days vary around their kind beyond chance, without the most extreme tenth."""
    if ratio.size < 10:
        return LEAST_OVERDISPERSION
    low, high = np.quantile(ratio, (0.05, 0.95))
    return max(LEAST_OVERDISPERSION, overdispersion_of(np.clip(ratio, low, high) * mean))
