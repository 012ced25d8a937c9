"""What a paper says, without a word about how it looks. Texts are plain; `\\n` breaks a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Align = Literal["left", "center", "right"]
LEAST_ROWS = 3
DEEPEST = 4
"""Levels of headings: 一、 （一） 1. （1）."""


@dataclass(frozen=True)
class Heading:
    """A heading without its number: the writers count."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.level <= DEEPEST:
            raise ValueError(f"a heading has a level of 1 to {DEEPEST}, not {self.level}")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `lead` are words in 黑体 before it. Only one that stands to the left begins two characters in."""

    text: str
    lead: str = ""
    align: Align = "left"
    indent: bool = True


@dataclass(frozen=True)
class Note:
    """A remark in small letters under what it speaks of."""

    text: str


@dataclass(frozen=True)
class Column:
    """A column: its share of the width, and how its cells stand (heads are in the middle)."""

    share: float = 1
    align: Align = "center"


@dataclass(frozen=True)
class Cell:
    """A cell over several columns (`across`) or rows (`down`); what it covers is left out of the rows below.

    It stands as its column does, or in the middle when it lies over several; `align` says otherwise.
    """

    text: str
    across: int = 1
    down: int = 1
    bold: bool = False
    align: Align | None = None


Row = Sequence[str | Cell]


@dataclass(frozen=True)
class Table:
    """A table. `head` rows are repeated on every page; `unit` stands above on the right (单位：件); `points` is the size of letters.
    One that stays `together` isn't broken over pages; of another no page gets fewer than LEAST_ROWS rows.

    Raises ValueError when a row doesn't fill the columns exactly.
    """

    columns: Sequence[Column]
    rows: Sequence[Row]
    head: Sequence[Row] = ()
    caption: str = ""
    unit: str = ""
    points: float = 12
    together: bool = False

    def __post_init__(self) -> None:
        placed(self.head, len(self.columns))
        placed(self.rows, len(self.columns))


@dataclass(frozen=True)
class Figure:
    """A picture: SVG text or PNG bytes, so wide, with a caption below and words for those who can't see it.

    One that has no room on its page stands at the top of the next, and the text after it goes on meanwhile (PDF).
    """

    picture: str | bytes
    caption: str = ""
    width_mm: float = 150
    words: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Signature:
    """Who issues it and when; `seal` leaves room for the seal; `people` are lines such as ("签发", "王五")."""

    unit: str
    day: date | None = None
    seal: bool = False
    people: Sequence[tuple[str, str]] = ()


Upright = Heading | Paragraph | Note | Table | Figure | PageBreak | Signature


@dataclass(frozen=True)
class Wide:
    """Blocks on pages of their own that lie across, for tables with many columns."""

    blocks: Sequence[Upright]


Block = Upright | Wide


@dataclass(frozen=True)
class Paper:
    """A whole document.

    `masthead` is the red name of a series (市民热线工作月报) with number, unit and day above a red line; without one the
    paper begins with its title. `to` are those it is addressed to (主送机关).
    """

    title: str
    unit: str
    day: date | None = None
    number: str = ""
    masthead: str = ""
    to: str = ""
    blocks: Sequence[Block] = ()


@dataclass(frozen=True)
class Placed:
    """A cell and where it stands, from 0."""

    row: int
    column: int
    cell: Cell


def placed(rows: Sequence[Row], width: int) -> list[Placed]:
    """Every cell with its place in a grid so wide. Raises ValueError when cells overlap, stick out or leave holes."""
    taken: set[tuple[int, int]] = set()
    found: list[Placed] = []
    for number, row in enumerate(rows):
        free = (column for column in range(width) if (number, column) not in taken)
        for one in row:
            cell = one if isinstance(one, Cell) else Cell(one)
            column = next(free, width)
            covered = {(number + down, column + across) for down in range(cell.down) for across in range(cell.across)}
            if column + cell.across > width or number + cell.down > len(rows) or covered & taken:
                raise ValueError(f"row {number + 1}: the cell {cell.text!r} doesn't fit into {width} columns")
            taken |= covered
            found.append(Placed(number, column, cell))
            free = (column for column in range(width) if (number, column) not in taken)
        if (hole := next(free, None)) is not None:
            raise ValueError(f"row {number + 1}: column {hole + 1} of {width} has no cell")
    return found


def last_said(blocks: Sequence[Block]) -> int:
    """The place of the last block before the remarks and the signature at the end, which never stand on a page alone.

    Of a paper that has nothing else, the first place.
    """
    return next((place for place, one in reversed(list(enumerate(blocks))) if not isinstance(one, Note | Signature)), 0)


def day_in_words(day: date) -> str:
    """2026年11月3日."""
    return f"{day.year}年{day.month}月{day.day}日"
