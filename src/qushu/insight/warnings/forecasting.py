"""How many cases are to be expected: by day with weekday, holidays and season; by month with growth and season. Pure.

Daily: a Poisson regression with ridge on the kind of day, holidays and, from a year and a half on, the
season; what lies far back counts less, days far from their kind are cut back before learning. Monthly: season and level
of logarithms per working day. Nothing after an origin is ever looked at.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from .calendar_effects import DayKinds
from .tails import band, overdispersion_of

Array = NDArray[np.float64]

HALF_LIFE_DAYS = 56.0
RIDGE = 0.001
NEWTON_STEPS = 100
CUT = 1.6  # a day more than so many times its kind's median is a surge, not the season
LEAST_DAYS = 14
SEASON_FROM_DAYS = 548
YEAR = 365.25

# Of the monthly method: chosen on DC 2016-01 to 2022-12, before the scored part.
LEVEL_MONTHS = 12
LEVEL_FADE = 0.6
SEASONS = 4
SEASON_FADE = 0.6
WORKED_DAYS_POWER = 0.5
THIN = 0.4  # a month below this share of its neighbours' median is incomplete


@dataclass(frozen=True)
class Expected:
    """What is expected on a day, and the band that holds all but ``outside`` of such days."""

    day: date
    mean: float
    low: int
    high: int


@dataclass(frozen=True)
class DailyModel:
    """A fitted daily model; ``overdispersion`` is that of its residuals."""

    weights: Array
    intercept: float
    scale: float
    overdispersion: float
    kinds: DayKinds
    with_season: bool

    def mean(self, days: Sequence[date]) -> Array:
        """The expected count of each day."""
        rows = features(days, self.kinds, self.with_season)
        found: Array = np.exp(np.clip(rows @ self.weights + self.intercept, -30, 30)) * self.scale
        return found

    def expect(self, days: Sequence[date], outside: float = 0.01) -> list[Expected]:
        """Means with their bands."""
        return [
            Expected(day, float(mean), *band(float(mean), self.overdispersion, outside))
            for day, mean in zip(days, self.mean(days), strict=True)
        ]


def fit_daily(counts: Sequence[float] | Array, first: date, kinds: DayKinds) -> DailyModel:
    """Learn from counts of consecutive days from ``first``. Raises ValueError below LEAST_DAYS days."""
    values = np.asarray(counts, float)
    if values.size < LEAST_DAYS:
        raise ValueError(f"a daily model needs {LEAST_DAYS} days, not {values.size}")
    days = [first + timedelta(n) for n in range(values.size)]
    calm = _cut_back(values, np.array([kinds.kind(day) for day in days]))
    scale = max(float(calm.mean()), 1e-9)
    age = np.arange(values.size)[::-1]
    with_season = values.size >= SEASON_FROM_DAYS
    rows = features(days, kinds, with_season)
    fade = 0.5 ** (age / (YEAR if with_season else HALF_LIFE_DAYS))
    weights, intercept = _poisson_ridge(rows, calm / scale, fade)
    model = DailyModel(weights, intercept, scale, 0.0, kinds, with_season)
    ratio = calm / np.maximum(model.mean(days), 1e-9)
    beyond = max(0.0, overdispersion_of(ratio * scale))
    return DailyModel(model.weights, model.intercept, scale, max(beyond, 0.001), kinds, with_season)


def _poisson_ridge(rows: Array, values: Array, weights: Array) -> tuple[Array, float]:
    """Coefficients and intercept of a Poisson regression with ridge on the coefficients, by Newton's steps.

    The same minimum as scikit-learn's `PoissonRegressor(alpha=RIDGE)` (tested), a hundred times faster on so few columns.
    Source: McCullagh, Nelder 1989, Generalized Linear Models, chapter 6.
    """
    table = np.hstack([rows, np.ones((rows.shape[0], 1))])
    share = weights / weights.sum()
    penalty = np.full(table.shape[1], RIDGE)
    penalty[-1] = 0.0
    found = np.zeros(table.shape[1])
    found[-1] = np.log(max(float(share @ values), 1e-9))
    for _ in range(NEWTON_STEPS):
        mean = np.exp(np.clip(table @ found, -30, 30))
        slope = table.T @ (share * (mean - values)) + penalty * found
        curve = (table.T * (share * mean)) @ table + np.diag(penalty + 1e-12)
        step = np.linalg.solve(curve, slope)
        found = found - np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return found[:-1], float(found[-1])


def features(days: Sequence[date], kinds: DayKinds, with_season: bool) -> Array:
    """One row a day: seven kinds, holiday, day after one, Spring Festival, and the season's two waves when wanted."""
    rows = np.zeros((len(days), 10 + 4 * with_season))
    for row, day in zip(rows, days, strict=True):
        row[kinds.kind(day)] = 1.0
        row[7] = kinds.is_holiday(day)
        row[8] = kinds.after_holiday(day)
        row[9] = day in kinds.festival
        if with_season:
            turn = 2 * np.pi * day.timetuple().tm_yday / YEAR
            row[10:] = (np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn))
    return rows


def same_weekday_mean(counts: Sequence[float] | Array, ahead: int, weeks: int = 4) -> float:
    """The reference: the mean of the last four same weekdays that are known, for the day ``ahead`` days on."""
    values = np.asarray(counts, float)
    nearest = values.size - 1 + ahead - 7 * -(-ahead // 7)
    picked = [nearest - 7 * week for week in range(weeks) if nearest - 7 * week >= 0]
    return float(values[picked].mean())


def _cut_back(values: Array, kinds: NDArray[np.int64]) -> Array:
    calm = values.copy()
    for kind in np.unique(kinds):
        those = kinds == kind
        middle = float(np.median(values[those]))
        if those.sum() >= 3 and middle > 0:
            calm[those] = np.clip(values[those], middle / CUT, middle * CUT)
    return calm


def forecast_month(counts: Mapping[int, float], month: int, ahead: int, kinds: DayKinds) -> float:
    """The expected count of ``month`` (year·12 + month − 1), knowing nothing later than ``ahead`` months before it.

    Season: how the same calendar month of the last four years stood to the year around it; level: the last twelve months
    without season, the newest most; both of logarithms, with working days taken out by half. Incomplete months (THIN) are
    left out. Raises ValueError when no earlier month is known.
    """
    known = _logs({at: count for at, count in counts.items() if at <= month - ahead and count > 0}, kinds)
    if not known:
        raise ValueError("no earlier month is known")
    last = month - ahead
    season = {of: _season(known, last, of) for of in range(12)}
    middle = float(np.mean(list(season.values())))
    recent = [at for at in range(last - LEVEL_MONTHS + 1, last + 1) if at in known] or [max(known)]
    weights = [LEVEL_FADE ** (last - at) for at in recent]
    level = float(np.average([known[at] - season[at % 12] + middle for at in recent], weights=weights))
    return float(np.exp(level + season[month % 12] - middle + _worked(month, kinds)))


def _logs(counts: Mapping[int, float], kinds: DayKinds) -> dict[int, float]:
    """Logarithms without the effect of working days; incomplete months are left out."""
    return {
        at: float(np.log(count)) - _worked(at, kinds) for at, count in counts.items() if not is_incomplete(counts, at)
    }


def is_incomplete(counts: Mapping[int, float], month: int) -> bool:
    """Whether a month is so thin against the year around it (THIN) that it can't be whole."""
    near = [counts[other] for other in range(month - 6, month + 7) if other in counts and other != month]
    return len(near) >= 3 and counts[month] < THIN * float(np.median(near))


def _season(known: Mapping[int, float], last: int, of: int) -> float:
    """How the calendar month ``of`` (0–11) stood to the thirteen months around it in the last years, faded."""
    found, weights = [], []
    for back in range(SEASONS):
        at = last - (last - of) % 12 - 12 * back
        around = [known[near] for near in range(at - 6, at + 7) if near in known]
        if at in known and len(around) >= 9:
            found.append(known[at] - float(np.mean(around)))
            weights.append(SEASON_FADE**back)
    return float(np.average(found, weights=weights)) if found else 0.0


def _worked(month: int, kinds: DayKinds) -> float:
    year, of = divmod(month, 12)
    days = calendar.monthrange(year, of + 1)[1]
    return WORKED_DAYS_POWER * float(np.log(max(1, kinds.worked_days(date(year, of + 1, 1), days))))
