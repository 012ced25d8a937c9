"""Geometry of the server-drawn charts. Coordinates are percentages, so that only the plot stretches, never the text."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


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


@dataclass(frozen=True)
class Line:
    """A polyline in a 100 × 100 box; the points are also kept for their titles."""

    name: str
    number: int
    path: str
    points: tuple[tuple[float, float, str, float], ...]


def round_top(value: float) -> float:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that is not below `value`: where a scale ends."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= value)


def short(value: float) -> str:
    """A figure for an axis: 0, 250, 1.5 万."""
    if abs(value) >= 10_000:
        return f"{value / 10_000:g} 万"
    return f"{value:g}"


def grid(top: float, steps: int = 4) -> list[Tick]:
    """Grid lines from the top of the scale down to zero."""
    return [Tick(100 * i / steps, short(top * (steps - i) / steps)) for i in range(steps + 1)]


def bars(rows: Iterable[Sequence[object]], top: float | None = None) -> list[Bar]:
    """Bars from rows of (label, value[, href[, mark]]); lengths are relative to `top` or the longest."""
    kept = [(str(row[0]), float(row[1] or 0), *row[2:]) for row in rows]  # type: ignore[arg-type]
    longest = top or max((row[1] for row in kept), default=0) or 1
    return [
        Bar(
            label=row[0],
            value=row[1],
            share=round(min(100.0, 100 * row[1] / longest), 2),
            href=str(row[2] or "") if len(row) > 2 else "",
            mark=str(row[3] or "1") if len(row) > 3 else "1",
        )
        for row in kept
    ]


def _every(count: int, most: int = 12) -> int:
    return max(1, math.ceil(count / most))


def columns(rows: Iterable[Sequence[object]]) -> tuple[list[Column], list[Tick]]:
    """Upright bars from rows of (label, value), and the grid behind them. At most 12 labels are written."""
    kept = [(str(row[0]), float(row[1] or 0)) for row in rows]  # type: ignore[arg-type]
    top = round_top(max((value for _, value in kept), default=0))
    slot = 100 / max(1, len(kept))
    every = _every(len(kept))
    drawn = [
        Column(
            name=name,
            value=value,
            x=round(slot * i + slot * 0.18, 3),
            width=round(slot * 0.64, 3),
            y=round(100 - 100 * value / top, 3),
            height=round(100 * value / top, 3),
            middle=round(slot * (i + 0.5), 3),
            named=i % every == 0,
        )
        for i, (name, value) in enumerate(kept)
    ]
    return drawn, grid(top)


def lines(
    series: Iterable[tuple[str, Sequence[float | None]]], labels: Sequence[str]
) -> tuple[list[Line], list[Tick], list[tuple[float, str]]]:
    """Lines, grid and the labels below. A None in a series is a gap: the line is lifted, not drawn to zero."""
    kept = [(name, list(values)) for name, values in series]
    top = round_top(max((v for _, values in kept for v in values if v is not None), default=0))
    last = max(1, len(labels) - 1)
    drawn = []
    for number, (name, values) in enumerate(kept, start=1):
        points = tuple(
            (round(100 * i / last, 3), round(100 - 100 * v / top, 3), labels[i], v)
            for i, v in enumerate(values[: len(labels)])
            if v is not None
        )
        drawn.append(Line(name, number, _path(values, last, top), points))
    every = _every(len(labels))
    return drawn, grid(top), [(round(100 * i / last, 3), text) for i, text in enumerate(labels) if i % every == 0]


def _path(values: Sequence[float | None], last: int, top: float) -> str:
    words, pen_up = [], True
    for i, value in enumerate(values):
        if value is None:
            pen_up = True
            continue
        words.append(f"{'M' if pen_up else 'L'}{100 * i / last:.3f} {100 - 100 * value / top:.3f}")
        pen_up = False
    return " ".join(words)
