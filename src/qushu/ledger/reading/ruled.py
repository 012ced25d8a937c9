"""The words of a PDF's page in the order in which its tables are read.

A PDF places words where it likes and says nothing of cells: the words of a cell that reaches over several rows stand in
their middle, behind the first of them. A cell is known by the rules drawn around it; its words come where it begins.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PageObject

Point = tuple[float, float]
"""To the right and upwards, in points."""

THIN = 3.0
"""Up to so many points a filled shape is a rule; a larger one is a background."""
CLOSE = 2.0
"""Rules, and tops of cells, so near to each other are one."""
STROKES = frozenset((b"S", b"s", b"B", b"B*", b"b", b"b*"))
FILLS = frozenset((b"f", b"F", b"f*"))
TURNS: dict[int, tuple[int, int, int, int]] = {
    0: (1, 0, 0, 1),
    90: (0, 1, -1, 0),
    180: (-1, 0, 0, -1),
    270: (0, -1, 1, 0),
}
"""What a page's own turn makes of right and up."""


def words_of(page: "PageObject") -> str:
    """The words of a page, those of each cell together and cells by row; as the PDF has them where it draws no table."""
    drawn = _Drawn(TURNS.get(page.rotation % 360, TURNS[0]))
    text = page.extract_text(visitor_text=drawn.text, visitor_operand_before=drawn.operation)
    groups = list(_grouped(drawn.runs, _Rules(drawn.across), _Rules(drawn.upright)))
    return "\n".join(one.words for one in _by_rows(groups)) if any(one.cell for one in groups) else text


@dataclass
class _Group:
    """Words that stay together: a cell's, or a run of lines outside of tables."""

    top: float
    left: float
    cell: bool
    parts: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "".join(self.parts).strip()


@dataclass(frozen=True)
class _Rule:
    """A straight line: where it stands on the other axis, and from where to where it goes."""

    at: float
    begin: float
    end: float


class _Rules:
    """Rules of one direction, by their place."""

    def __init__(self, rules: Iterable[_Rule]) -> None:
        self.rules = sorted(rules, key=lambda rule: rule.at)
        self.places = [rule.at for rule in self.rules]

    def around(self, place: float, along: float) -> tuple[float, float] | None:
        """Places of the nearest rules on both sides that pass `along`; None when there is none on one of them."""
        before = self._first(range(bisect_right(self.places, place) - 1, -1, -1), along)
        after = self._first(range(bisect_left(self.places, place), len(self.rules)), along)
        return None if before is None or after is None else (before, after)

    def _first(self, numbers: Iterable[int], along: float) -> float | None:
        return next((one.at for one in map(self.rules.__getitem__, numbers) if one.begin <= along <= one.end), None)


class _Drawn:
    """What a page draws, as pypdf meets it: runs of words with the place where they begin, rules across and upright."""

    def __init__(self, turn: tuple[int, int, int, int]) -> None:
        self.turn = turn
        self.runs: list[tuple[Point, str]] = []
        self.across: list[_Rule] = []
        self.upright: list[_Rule] = []
        self.path: list[list[Point]] = []

    def text(self, words: str, matrix: Sequence[float], of_text: Sequence[float], *_: Any) -> None:
        """A run of words."""
        self.runs.append((self._placed(of_text[4], of_text[5], matrix), words))

    def operation(self, name: bytes, operands: Sequence[Any], matrix: Sequence[float], _: Any) -> None:
        """A step of drawing: a path is begun, gone on with, and drawn or dropped."""
        if name == b"m":
            self.path.append([self._placed(operands[0], operands[1], matrix)])
        elif name == b"l" and self.path:
            self.path[-1].append(self._placed(operands[0], operands[1], matrix))
        elif name == b"h" and self.path:
            self.path[-1].append(self.path[-1][0])
        elif name == b"re":
            x, y, wide, high = map(float, operands[:4])
            corners = ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y))
            self.path.append([self._placed(*corner, matrix) for corner in corners])
        elif name in STROKES or name in FILLS:
            for line in self.path:
                if name in STROKES or _thin(line):
                    self._rule(line)
            self.path = []
        elif name == b"n":
            self.path = []

    def _placed(self, x: Any, y: Any, matrix: Sequence[float]) -> Point:
        a, b, c, d, e, f = matrix
        right, up = a * float(x) + c * float(y) + e, b * float(x) + d * float(y) + f
        return self.turn[0] * right + self.turn[1] * up, self.turn[2] * right + self.turn[3] * up

    def _rule(self, line: Sequence[Point]) -> None:
        for (x, y), (to_x, to_y) in pairwise(line):
            if abs(y - to_y) <= CLOSE < abs(x - to_x):
                self.across.append(_Rule(y, min(x, to_x), max(x, to_x)))
            elif abs(x - to_x) <= CLOSE < abs(y - to_y):
                self.upright.append(_Rule(x, min(y, to_y), max(y, to_y)))


def _thin(line: Sequence[Point]) -> bool:
    return any(max(way) - min(way) <= THIN for way in zip(*line, strict=True))


def _grouped(runs: Iterable[tuple[Point, str]], across: _Rules, upright: _Rules) -> Iterable[_Group]:
    """Runs by cell, a cell's in the order in which they are drawn; outside, lines that follow each other downwards."""
    cells: dict[tuple[float, float], _Group] = {}
    lines: list[_Group] = []
    now, low = _Group(0, 0, False), 0.0
    for (x, y), words in runs:
        if not words.strip():
            now.parts.append(words)
            continue
        sides, ends = upright.around(x + 1, y + CLOSE), across.around(y + CLOSE, x + 1)
        if sides and ends:
            now = cells.setdefault((ends[1], sides[0]), _Group(ends[1], sides[0], True))
        elif now.cell or not lines or y > low + CLOSE:
            now = _Group(y, x, False)
            lines.append(now)
        now.parts.append(words)
        low = y
    return [*cells.values(), *lines]


def _by_rows(groups: Iterable[_Group]) -> Iterable[_Group]:
    """From the top down, each row from the left."""
    row: list[_Group] = []
    for one in sorted(groups, key=lambda group: -group.top):
        if row and row[0].top - one.top > CLOSE:
            yield from sorted(row, key=lambda group: group.left)
            row = []
        row.append(one)
    yield from sorted(row, key=lambda group: group.left)
