"""The document's own text by line, with what was found on each; pure. Empty lines are left out, numbers stay."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from qushu.kernel.asked import number_in
from qushu.kernel.paging import Page

from .reading.document import lines_of

SIZE = 100
"""Lines on a page."""


@dataclass(frozen=True)
class Note:
    """What was found on a line, and the other lines that it speaks of."""

    words: str
    others: tuple[int, ...] = ()
    is_finding: bool = True


@dataclass(frozen=True)
class Line:
    """A line of the document; `chosen` is the one that was asked for."""

    number: int
    words: str
    chosen: bool = False
    notes: list[Note] = field(default_factory=list)


def page_of_lines(text: str, asked: Mapping[str, str], notes: Mapping[int, list[Note]]) -> Page[Line]:
    """The page on which `line` stands, or that after (`after`) or before (`before`) a line; else the first.

    Pages are the same whichever way one comes. An empty line is shown when it was asked for or has a note.
    """
    lines = lines_of(text)
    line = number_in(asked.get("line", ""), len(lines), 1)
    shown = [n for n, words in enumerate(lines, start=1) if words.strip() or n == line or n in notes]
    after, before = (number_in(asked.get(name, ""), len(lines), 0) for name in ("after", "before"))
    place = 0
    if after is not None:
        place = bisect_right(shown, after)
    elif before is not None:
        place = bisect_left(shown, before) - 1
    elif line is not None:
        place = bisect_left(shown, line)
    begin = max(0, min(place, len(shown) - 1)) // SIZE * SIZE
    numbers = shown[begin : begin + SIZE]
    return Page(
        [Line(n, lines[n - 1].strip(), n == line, notes.get(n, [])) for n in numbers],
        str(numbers[-1]) if begin + SIZE < len(shown) else None,
        str(numbers[0]) if begin else None,
    )
