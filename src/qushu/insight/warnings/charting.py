"""The chart of a warning: counts of its series with the band that was expected, as points, and their geometry. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from qushu.kernel.calendar import SHANGHAI

from .baseline import DRIFT, Baseline
from .profile import DAY, HOUR
from .series import Series
from .tails import band

DAYS = 28
HOURS = 48
OUTSIDE = 0.01
MOST_LABELS = 7


def chart_of(base: Baseline, series: Series, now: int) -> dict[str, Any]:
    """The points of the last 28 days and the last 48 hours: count, mean and band of each, as JSON keeps them."""
    midnight = (now + base.cases.offset) // DAY * DAY - base.cases.offset
    top = now // HOUR * HOUR
    return {
        "days": _points(base, series, [midnight - back * DAY for back in range(DAYS - 1, -1, -1)], DAY, now),
        "hours": _points(base, series, [top - back * HOUR for back in range(HOURS - 1, -1, -1)], HOUR, now),
    }


def _points(base: Baseline, series: Series, starts: Sequence[int], length: int, now: int) -> list[dict[str, Any]]:
    cases = base.cases
    column = cases.families.index(series.family)
    key = series.category * cases.width + series.place
    varies = base.profile.overdispersion + DRIFT + base.clumping(column, key, series, length // HOUR)
    span = cases.rows(starts[0], now)
    at = cases.at[span][cases.members(series, span)]
    counts = np.histogram(at, [*starts, starts[-1] + length])[0]
    points = []
    for start, count in zip(starts, counts, strict=True):
        usual = base.rate(column, key, series, back=base.span[1] - (start + cases.offset) // DAY)
        mean = usual.mean * base.weight(base.group(series), start, start + length)
        low, high = band(mean, usual.spread + varies, OUTSIDE)
        points.append({"at": start, "n": int(count), "mean": round(mean, 2), "low": low, "high": high})
    return points


@dataclass(frozen=True)
class Bar:
    """One point as it is drawn, in percent of the plot; ``label`` is written below when ``named``."""

    x: float
    width: float
    y: float
    height: float
    middle: float
    label: str
    words: str
    above: bool
    named: bool
    href: str = ""


@dataclass(frozen=True)
class Drawing:
    """What the template draws: bars, the band as a path in a 100 × 100 box, the line of means, the grid."""

    title: str
    bars: list[Bar]
    area: str
    line: str
    ticks: list[tuple[float, str]]
    said: str


def draw(points: Sequence[Mapping[str, Any]], title: str, hourly: bool, link: str = "") -> Drawing | None:
    """The drawing of kept points; None without any. ``link``: an address to which a day's bounds are added."""
    if not points:
        return None
    top = _top(max(max(point["n"], point["high"]) for point in points))
    slot = 100 / len(points)
    every = -(-len(points) // MOST_LABELS)
    bars, upper, lower, means = [], [], [], []
    for number, point in enumerate(points):
        left, middle = slot * number, slot * (number + 0.5)
        bars.append(_bar(point, left, slot, top, hourly, number % every == 0, link))
        upper += [(left, _y(point["high"], top)), (left + slot, _y(point["high"], top))]
        lower += [(left, _y(point["low"], top)), (left + slot, _y(point["low"], top))]
        means.append((middle, _y(point["mean"], top)))
    above = [bar.words for bar in bars if bar.above]
    said = f"{title}；超出预期范围：{'、'.join(above[-8:]) or '无'}"
    ticks = [(round(100 - 25.0 * step, 2), f"{top * step / 4:g}") for step in range(5)]
    return Drawing(title, bars, _path([*upper, *reversed(lower)]) + "Z", _path(means), ticks, said)


def _bar(point: Mapping[str, Any], left: float, slot: float, top: float, hourly: bool, named: bool, link: str) -> Bar:
    at = datetime.fromtimestamp(point["at"], UTC).astimezone(SHANGHAI)
    label = at.strftime("%H:00" if hourly and at.hour else "%m-%d")
    when = at.strftime("%m-%d %H:00" if hourly else "%m-%d")
    words = f"{when} {point['n']} 件（预期 {point['mean']:g}，{point['low']}～{point['high']}）"
    height = round(100 * point["n"] / top, 3)
    day = at.date()
    return Bar(
        round(left + slot * 0.15, 3),
        round(slot * 0.7, 3),
        round(100 - height, 3),
        height,
        round(left + slot / 2, 3),
        label,
        words,
        point["n"] > point["high"],
        named,
        f"{link}&from={day}&to={day}" if link else "",
    )


def _top(value: float) -> float:
    """The end of the scale: 4, 8, 20, 40, 80, 200 …, so that its quarters are whole."""
    step = 4.0
    while step < value:
        step *= 2.5 if str(step)[0] == "8" else 2
    return step


def _y(value: float, top: float) -> float:
    return round(100 - 100 * min(value, top) / top, 3)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if n else 'M'}{x:.3f} {y:.3f}" for n, (x, y) in enumerate(points))
