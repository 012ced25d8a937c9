"""Surges: counts of categories and places that chance does not explain. Pure; the service and the evaluations share it.

Every case belongs to one series of each family (category level × place level). A series' mean is its own past, drawn to
what its category and its place alone would give, and raised where last year's same weeks were above their own past
(`season`); the shape of week and hours is common. A window's count is judged by the
negative binomial tail, and raised when chance would show as much less than a fixed number of times a week among all
series and windows. The strongest series explains its cases away before the next is looked for.
"""

from collections.abc import Sequence

import numpy as np

from .baseline import DRIFT, Baseline, Rate
from .profile import HOUR, Ints
from .series import Alarm, Mask, Series
from .settings import Settings
from .tails import by_chance_a_week, upper_tail

NEARLY_ALL = 0.8


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
    return _alarm(base, series, column, hours, start, now, rows, _expected(base, column, key, series, start, now))


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
        expected = _expected(base, column, int(key), series, start, now)
        if mine.size < base.settings.ratio * expected.mean:
            continue
        alarm = _alarm(base, series, column, hours, start, now, mine, expected)
        if alarm.level >= 0:
            found.append(alarm)
    return found


def _expected(base: Baseline, column: int, key: int, series: Series, start: int, now: int) -> Rate:
    """What is expected between two moments."""
    rate = base.rate(column, key, series)
    return rate._replace(mean=rate.mean * base.weight(base.group(series), start, now))


def _alarm(
    base: Baseline,
    series: Series,
    column: int,
    hours: int,
    start: int,
    now: int,
    rows: Ints,
    expected: Rate,
) -> Alarm:
    settings, windows = base.settings, len(base.settings.windows)
    key = series.category * base.cases.width + series.place
    own = base.clumping(column, key, series, min(hours, max(settings.windows)))
    extra = expected.spread + base.profile.overdispersion + own + DRIFT
    tail = upper_tail(np.array([rows.size]), np.array([expected.mean]), np.array([extra]))
    chance = by_chance_a_week(
        tail, np.array([base.active[column]]), np.array([hours]), len(base.cases.families), windows
    )
    by_chance = float(chance[0]) * settings.scales.get(series.name, 1.0)
    level = level_of(by_chance, int(rows.size), settings)
    return Alarm(series, hours, start, now, int(rows.size), expected.mean, by_chance, level, rows, expected.season)


def level_of(by_chance: float, observed: int, settings: Settings) -> int:
    """0 blue … 3 red, −1 none: unlikely enough, and enough cases."""
    pairs: Sequence[tuple[float, int]] = list(zip(settings.a_week, settings.least, strict=True))
    return max((n for n, (odds, least) in enumerate(pairs) if by_chance <= odds and observed >= least), default=-1)
