"""Geometry of the server-drawn charts. Coordinates are percentages, so that only the plot stretches, never the text."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

WIDEST_SLOT = 12.5
"""A chart of a single day is a bar in the middle, not a wall."""


@dataclass(frozen=True)
class Bar:
    """A labelled bar; `share` is its length in percent of the longest."""

    label: str
    value: float
    share: float
    href: str = ""
    mark: str = "1"


@dataclass(frozen=True)
class Tick:
    """A line of the grid: `at` in percent from the top, `words` beside it."""

    at: float
    words: str


@dataclass(frozen=True)
class Column:
    """An upright bar, all in percent of the plot; `name` is its label, shown below when `named`."""

    name: str
    value: float
    x: float
    width: float
    y: float
    height: float
    middle: float
    named: bool
    href: str = ""


@dataclass(frozen=True)
class Line:
    """A polyline in a 100 × 100 box; the points are also kept for their titles."""

    name: str
    number: int
    path: str
    points: tuple[tuple[float, float, str, float, str], ...]


def scale(low: float, high: float, whole: bool = False) -> tuple[float, list[Tick]]:
    """Where a scale from `low` ends, and its grid.

    At most five steps of 1, 2, 2.5 or 5 × 10ⁿ, none a fraction if `whole`.
    """
    reach = max(high - low, 1.0 if whole else 1e-9)
    power = 10.0 ** math.floor(math.log10(reach / 5))
    steps = (power * factor for factor in (1, 2, 2.5, 5, 10, 20))
    step = next(s for s in steps if s * 5 >= reach and (not whole or s == int(s)))
    count = math.ceil(reach / step - 1e-9)
    top = low + count * step
    return top, [Tick(round(100 * i / count, 3), short(round(top - i * step, 6))) for i in range(count + 1)]


def short(value: float) -> str:
    """A figure for an axis: 0, 250, 1.5 万."""
    if abs(value) >= 10_000:
        return f"{value / 10_000:g} 万"
    return f"{value:g}"


def bars(rows: Iterable[Sequence[Any]], top: float | None = None) -> list[Bar]:
    """Bars from rows of (label, value[, href[, mark]]); lengths are relative to `top` or the longest."""
    kept = list(rows)
    longest = top or max((float(row[1] or 0) for row in kept), default=0) or 1
    return [
        Bar(
            label=str(row[0]),
            value=float(row[1] or 0),
            share=round(min(100.0, 100 * float(row[1] or 0) / longest), 2),
            href=str(row[2] or "") if len(row) > 2 else "",
            mark=str(row[3] or "1") if len(row) > 3 else "1",
        )
        for row in kept
    ]


def _every(count: int, most: int) -> int:
    return max(1, math.ceil(count / most))


def columns(rows: Iterable[Sequence[Any]]) -> tuple[list[Column], list[Tick]]:
    """Upright bars from rows of (label, value[, href]), and the grid behind them. At most 8 labels are written."""
    kept = [(str(row[0]), float(row[1] or 0), str(row[2]) if len(row) > 2 else "") for row in rows]
    whole = all(value == int(value) for _, value, _ in kept)
    top, ticks = scale(0, max((value for _, value, _ in kept), default=0), whole)
    slot = min(WIDEST_SLOT, 100 / max(1, len(kept)))
    left = (100 - slot * len(kept)) / 2
    every = _every(len(kept), most=8)
    drawn = [
        Column(
            name=name,
            value=value,
            x=round(left + slot * i + slot * 0.18, 3),
            width=round(slot * 0.64, 3),
            y=round(100 - 100 * value / top, 3),
            height=round(100 * value / top, 3),
            middle=round(left + slot * (i + 0.5), 3),
            named=i % every == 0,
            href=href,
        )
        for i, (name, value, href) in enumerate(kept)
    ]
    return drawn, ticks


def lines(
    series: Iterable[tuple[str, Sequence[float | None]]],
    labels: Sequence[str],
    low: float = 0,
    hrefs: Sequence[Sequence[str]] = (),
) -> tuple[list[Line], list[Tick], list[tuple[float, str]]]:
    """Lines on a scale that begins at `low`, its grid, and at most 8 labels below.

    A None in a series is a gap: the line is lifted, not drawn to zero. `hrefs` has an address for each point of each series.
    """
    kept = [(name, list(values)) for name, values in series]
    known = [value for _, values in kept for value in values if value is not None]
    top, ticks = scale(low, max(known, default=low + 1), all(value == int(value) for value in known))
    xs = [_across(i, len(labels)) for i in range(len(labels))]
    drawn = []
    for number, (name, values) in enumerate(kept, start=1):
        ys = [None if v is None else round(100 * (top - max(v, low)) / (top - low), 3) for v in values]
        links = hrefs[number - 1] if len(hrefs) >= number else [""] * len(labels)
        points = tuple(
            (x, y, label, value, href)
            for x, y, label, value, href in zip(xs, ys, labels, values, links, strict=False)
            if y is not None and value is not None
        )
        drawn.append(Line(name, number, _path(xs, ys), points))
    every = _every(len(labels), most=8)
    return drawn, ticks, [(x, text) for i, (x, text) in enumerate(zip(xs, labels, strict=True)) if i % every == 0]


def _across(i: int, count: int) -> float:
    """Points keep 3 % from either edge, so that the first and last labels have room."""
    return 50.0 if count == 1 else round(3 + 94 * i / (count - 1), 3)


def _path(xs: Sequence[float], ys: Sequence[float | None]) -> str:
    words, pen_up = [], True
    for x, y in zip(xs, ys, strict=False):
        if y is not None:
            words.append(f"{'M' if pen_up else 'L'}{x:g} {y:g}")
        pen_up = y is None
    return " ".join(words)
