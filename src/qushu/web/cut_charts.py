"""Geometry of the charts of cross-cuts: heat map, Pareto, flows between two columns, tiles. Every mark may be a link."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from qushu.insight.overview.naming import OTHERS
from qushu.web.charts import Tick, scale

SHADES = 8
HALF_WIDTH, HALF_HEIGHT = 60, 52
FLOW_WIDTH, NODE_WIDTH, GAP, WORDS = 1000, 14, 8, 19


@dataclass(frozen=True)
class Cell:
    """A coloured field: `shade` 0 (nothing) to SHADES."""

    name: str
    value: float | None
    shade: int
    href: str = ""


@dataclass(frozen=True)
class HeatRow:
    """A row of a heat map."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Hexagon:
    """A field of a schematic map: its outline and middle in units of the drawing."""

    cell: Cell
    points: str
    x: float
    y: float


@dataclass(frozen=True)
class Map:
    """Hexagons side by side, the size of their drawing, and the fields that have no place on it."""

    hexagons: list[Hexagon]
    width: float
    height: float
    rest: list[Cell]


@dataclass(frozen=True)
class Column:
    """A linked column with what it and all before it make of the sum; percent of the plot."""

    name: str
    value: float
    href: str
    x: float
    width: float
    y: float
    height: float
    middle: float
    share: float
    named: bool


@dataclass(frozen=True)
class Node:
    """A bar on either side of the flows, in units of the drawing."""

    name: str
    value: float
    href: str
    x: float
    y: float
    height: float
    words_x: float
    words_y: float
    anchor: str
    number: int


@dataclass(frozen=True)
class Flow:
    """A band from left to right; `path` is its outline."""

    words: str
    value: float
    href: str
    path: str
    number: int


def shade(value: float | None, low: float, high: float) -> int:
    """Which of the shades a value has between the lowest and the highest."""
    if value is None:
        return 0
    if high <= low:
        return SHADES // 2
    return 1 + min(SHADES - 1, int(SHADES * (value - low) / (high - low)))


def schematic(rows: Iterable[Sequence[Any]]) -> Map:
    """A map of rows (name, value, href, place): each with a place (x, y) is a hexagon there, shaded by its value."""
    kept = list(rows)
    cells = tiles(row[:3] for row in kept)
    placed = [(cell, row[3]) for cell, row in zip(cells, kept, strict=True) if len(row) > 3 and row[3]]
    left, top = min((x for _, (x, _) in placed), default=0), min((y for _, (_, y) in placed), default=0)
    hexagons = [_hexagon(cell, x - left, y - top) for cell, (x, y) in placed]
    reach = (max((one.x for one in hexagons), default=0), max((one.y for one in hexagons), default=0))
    rest = [cell for cell, row in zip(cells, kept, strict=True) if len(row) < 4 or not row[3]]
    return Map(hexagons, reach[0] + HALF_WIDTH, reach[1] + HALF_HEIGHT, rest)


def _hexagon(cell: Cell, across: int, down: int) -> Hexagon:
    x, y = HALF_WIDTH * (across + 1), HALF_HEIGHT * (1 + 1.5 * down)
    corners = ((0, -1), (1, -0.5), (1, 0.5), (0, 1), (-1, 0.5), (-1, -0.5))
    points = " ".join(f"{x + HALF_WIDTH * dx:g},{y + HALF_HEIGHT * dy:g}" for dx, dy in corners)
    return Hexagon(cell, points, x, y)


def tiles(rows: Iterable[Sequence[Any]]) -> list[Cell]:
    """Fields from rows of (name, value, href), shaded by value."""
    kept = list(rows)
    low, high = _range(row[1] for row in kept)
    return [Cell(str(row[0]), _number(row[1]), shade(_number(row[1]), low, high), str(row[2])) for row in kept]


def heat(
    down: Sequence[tuple[Any, str]], across: Sequence[tuple[Any, str]], cells: Mapping[tuple[Any, Any], tuple[Any, str]]
) -> list[HeatRow]:
    """Rows of a heat map: (key, name) down and across, and (value, href) by both keys."""
    low, high = _range(value for value, _ in cells.values())
    return [
        HeatRow(name, tuple(_cell(cells.get((key, other)), f"{name} {words}", low, high) for other, words in across))
        for key, name in down
    ]


def pareto(rows: Iterable[Sequence[Any]], most: int = 20) -> tuple[list[Column], list[Tick], str]:
    """Columns from rows of (name, value, href), the largest first, the grid, and the line of what they make together.

    Shares are of all rows, also of those that are not drawn.
    """
    kept = sorted(((str(row[0]), float(row[1] or 0), str(row[2])) for row in rows), key=lambda row: -row[1])
    sum_of_all = sum(value for _, value, _ in kept) or 1
    drawn, so_far = kept[:most], 0.0
    found: list[Column] = []
    path: list[str] = []
    top, ticks = scale(0, max((value for _, value, _ in drawn), default=0), True)
    slot = 100 / max(1, len(drawn))
    every = max(1, -(-len(drawn) // 10))
    for i, (name, value, href) in enumerate(drawn):
        so_far += value
        share = 100 * so_far / sum_of_all
        middle = round(slot * (i + 0.5), 3)
        height = round(100 * value / top, 3)
        column = Column(
            name, value, href, round(slot * (i + 0.14), 3), round(slot * 0.72, 3), 100 - height, height, middle,
            round(share, 1), i % every == 0,
        )  # fmt: skip
        found.append(column)
        path.append(f"{'L' if path else 'M'}{middle:g} {100 - share:g}")
    return found, ticks, " ".join(path)


def flows(rows: Iterable[tuple[Any, Any, Any, str]], height: int = 520) -> tuple[list[Node], list[Flow]]:
    """Nodes and bands from rows of (left, right, value, href): heights are shares of the sum."""
    kept = [(str(left), str(right), float(value), href) for left, right, value, href in rows if value]
    lefts, rights = _sums(kept, 0), _sums(kept, 1)
    total = sum(lefts.values()) or 1
    room = height - GAP * (max(len(lefts), len(rights)) - 1)
    unit = room / total
    left_nodes = _column_of(lefts, unit, 0.0, "start", height)
    right_nodes = _column_of(rights, unit, float(FLOW_WIDTH - NODE_WIDTH), "end", height)
    at_left = {node.name: node.y for node in left_nodes}
    at_right = {node.name: node.y for node in right_nodes}
    numbers = {node.name: node.number for node in left_nodes}
    places = {name: place for place, name in enumerate(rights)}
    bands = []
    for left, right, value, href in sorted(kept, key=lambda row: (numbers[row[0]], places[row[1]])):
        thick = value * unit
        path = _band(at_left[left], at_right[right], thick)
        at_left[left] += thick
        at_right[right] += thick
        bands.append(Flow(f"{left} → {right}", value, href, path, (numbers[left] - 1) % 4 + 1))
    return [*left_nodes, *right_nodes], bands


def _column_of(sums: Mapping[str, float], unit: float, x: float, anchor: str, end: float) -> list[Node]:
    heights = [value * unit for value in sums.values()]
    tops = list(accumulate((height + GAP for height in heights), initial=0.0))[:-1]
    middles = _apart([top + height / 2 for top, height in zip(tops, heights, strict=True)], end)
    words_x = x + NODE_WIDTH + 8 if anchor == "start" else x - 8
    return [
        Node(name, value, "", x, round(top, 2), round(max(height, 1), 2), words_x, round(middle, 2), anchor, number)
        for number, ((name, value), top, height, middle) in enumerate(
            zip(sums.items(), tops, heights, middles, strict=True), start=1
        )
    ]


def _apart(middles: Sequence[float], end: float) -> list[float]:
    """The heights moved so far apart that a line of words fits at each, and none below `end`."""
    found: list[float] = []
    for middle in middles:
        found.append(max(middle, found[-1] + WORDS) if found else middle)
    lowest = end - WORDS / 2
    for place in range(len(found) - 1, -1, -1):
        found[place] = min(found[place], lowest)
        lowest = found[place] - WORDS
    return found


def _band(left: float, right: float, thick: float) -> str:
    start, end, middle = NODE_WIDTH, FLOW_WIDTH - NODE_WIDTH, FLOW_WIDTH / 2
    return (
        f"M{start} {left:.2f} C{middle:g} {left:.2f} {middle:g} {right:.2f} {end} {right:.2f}"
        f" V{right + thick:.2f} C{middle:g} {right + thick:.2f} {middle:g} {left + thick:.2f} {start} {left + thick:.2f} Z"
    )


def _sums(rows: Sequence[tuple[str, str, float, str]], place: int) -> dict[str, float]:
    """By name, the largest first; what is put together stands last, however much it is."""
    found: dict[str, float] = {}
    for row in rows:
        name = row[0] if place == 0 else row[1]
        found[name] = found.get(name, 0) + row[2]
    return dict(sorted(found.items(), key=lambda one: (one[0] == OTHERS, -one[1])))


def _cell(found: tuple[Any, str] | None, name: str, low: float, high: float) -> Cell:
    if found is None:
        return Cell(name, None, 0)
    value = _number(found[0])
    return Cell(name, value, shade(value, low, high), found[1])


def _range(values: Iterable[Any]) -> tuple[float, float]:
    known = [float(value) for value in values if value is not None]
    return min(known, default=0.0), max(known, default=0.0)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
