"""Where the newest matches lie: counts in the cells of a grid, as squares of a map whose every square is a search. Pure but for one read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from qushu.cases.models import Case

from .queries import COUNTED, NEWEST

ACROSS, DOWN = 18, 12
WIDTH: Final = 540
HEIGHT: Final = 360
_LEAST_SIDE: Final = 0.002
"""Degrees: a map isn't narrower than some 200 metres."""
_DIGITS: Final = 5


@dataclass(frozen=True)
class Square:
    """A cell: where it is drawn, how many cases lie in it, how dark it is (1 to 5), and its box for the address."""

    x: int
    y: int
    width: int
    height: int
    count: int
    shade: int
    box: str


@dataclass(frozen=True)
class Map:
    """The squares that hold cases, the box that they lie in, and how many cases have no place on it."""

    squares: list[Square]
    box: str
    placed: int
    without: int


def map_of(cases: QuerySet[Case]) -> Map | None:
    """The map of a search's newest COUNTED matches; None when none of them has coordinates."""
    points = list(cases.order_by(*NEWEST).values_list("entry__lon", "entry__lat")[:COUNTED])
    placed = [(lon, lat) for lon, lat in points if lon is not None and lat is not None]
    return drawn(placed, len(points) - len(placed)) if placed else None


def drawn(points: Sequence[tuple[float, float]], without: int) -> Map:
    """A grid over these points (degrees), north above; the middle 98 % decide its frame, so that one wrong point doesn't."""
    west, east = _frame([lon for lon, _ in points])
    south, north = _frame([lat for _, lat in points])
    step_x, step_y = (east - west) / ACROSS, (north - south) / DOWN
    counts: Counter[tuple[int, int]] = Counter()
    for lon, lat in points:
        if west <= lon <= east and south <= lat <= north:
            counts[min(int((lon - west) / step_x), ACROSS - 1), min(int((lat - south) / step_y), DOWN - 1)] += 1
    most = max(counts.values(), default=1)
    wide, high = WIDTH // ACROSS, HEIGHT // DOWN
    squares = [
        Square(
            column * wide,
            (DOWN - 1 - row) * high,
            wide,
            high,
            count,
            1 + int(4 * count / most),
            _box(
                west + column * step_x, south + row * step_y, west + (column + 1) * step_x, south + (row + 1) * step_y
            ),
        )
        for (column, row), count in sorted(counts.items())
    ]
    return Map(squares, _box(west, south, east, north), len(points), without)


def _frame(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    cut = len(ordered) // 100
    low, high = ordered[cut], ordered[-1 - cut]
    missing = max(0.0, _LEAST_SIDE - (high - low)) / 2
    return low - missing, high + missing


def _box(west: float, south: float, east: float, north: float) -> str:
    return ",".join(f"{value:.{_DIGITS}f}" for value in (west, south, east, north))
