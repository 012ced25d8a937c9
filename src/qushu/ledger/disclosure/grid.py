"""A table as it will be printed: cells with their spans. Amounts stay 元 until they are shown; nothing is ever rounded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from ..versions.rules import in_wan

Side = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Words or an amount in 元, over several columns (`across`) or rows (`down`); `level` indents words."""

    value: str | Decimal | None = None
    across: int = 1
    down: int = 1
    strong: bool = False
    level: int = 0
    side: Side = "left"

    @property
    def text(self) -> str:
        """What is printed: 万元 without rounding, words with their indent."""
        if isinstance(self.value, Decimal):
            return in_wan(self.value)
        return "　" * self.level + (self.value or "")


@dataclass(frozen=True)
class Grid:
    """One table. `figures` are its amounts by (row, column), which the rules between tables compare.

    `gaps` say what is missing from the table; `notes` stand below it; `widths` are shares of the line.
    """

    number: int
    title: str
    widths: tuple[float, ...]
    head: Sequence[Sequence[Cell]]
    body: Sequence[Sequence[Cell]]
    figures: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    notes: Sequence[str] = ()
    gaps: Sequence[str] = ()
    wide: bool = False

    @property
    def name(self) -> str:
        """表1 部门收支总表."""
        return f"表{self.number} {self.title}"


Path = tuple[str, ...]
"""The words over a column, from the top down."""


def head_over(paths: Sequence[Path]) -> list[list[Cell]]:
    """Header rows in which equal words over neighbours are one cell, and short paths reach down."""
    depth = max(map(len, paths))
    rows: list[list[Cell]] = [[] for _ in range(depth)]
    for level in range(depth):
        place = 0
        while place < len(paths):
            path = paths[place]
            if level >= len(path):
                place += 1
                continue
            across = 1
            last = level == len(path) - 1
            while not last and place + across < len(paths) and paths[place + across][: level + 1] == path[: level + 1]:
                across += 1
            down = depth - level if last else 1
            rows[level].append(Cell(path[level], across, down, strong=True, side="center"))
            place += across
    return rows
