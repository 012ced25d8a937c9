"""A document as one flow of characters, in which it can be sought across line breaks, each with its line.

Text taken from a PDF breaks cells over lines and puts spaces where fonts change, so neither a line nor a space means
anything by itself. Between two Latin letters or digits a gap is kept as one space (`397.37 527`); elsewhere it is dropped
and only remembered.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

PAGE_NUMBER = re.compile(r"^\s*[-—–]\s*\d+\s*[-—–]\s*$")


@dataclass(frozen=True)
class Flow:
    """`text` without gaps but between Latin characters; `gaps` are the places before which a gap stood, in order."""

    text: str
    lines: tuple[int, ...]
    gaps: frozenset[int]

    def part(self, start: int, end: int) -> "Flow":
        """The flow between two places."""
        gaps = frozenset(gap - start for gap in self.gaps if start <= gap < end)
        return Flow(self.text[start:end], self.lines[start:end], gaps)

    def line(self, place: int) -> int:
        """The document's line at a place."""
        return self.lines[min(place, len(self.lines) - 1)] if self.lines else 0

    def bounded(self, start: int, end: int) -> bool:
        """Whether a gap, or the flow's end, stands before and after these characters."""
        return self.begins(start) and self.begins(end)

    def begins(self, place: int) -> bool:
        """Whether a word may begin here: after a gap, or where the flow itself begins or ends."""
        return place in self.gaps or place <= 0 or place >= len(self.text) or " " in self.text[place - 1 : place + 1]

    @cached_property
    def words(self) -> tuple[int, ...]:
        """The places at which words begin."""
        spaces = {place + 1 for place, char in enumerate(self.text) if char == " "}
        return tuple(sorted({0} | self.gaps | spaces))

    def word_before(self, place: int) -> int:
        """Where the word begins in which this place lies."""
        return self.words[bisect_right(self.words, place) - 1]


def flow_of(lines: Iterable[str]) -> Flow:
    """The flow of these lines; page numbers are left out."""
    chars: list[str] = []
    numbers: list[int] = []
    gaps: set[int] = set()
    for number, line in enumerate(lines, start=1):
        if PAGE_NUMBER.match(line):
            continue
        for word in line.split():
            if chars:
                if _latin(chars[-1]) and _latin(word[0]):
                    chars.append(" ")
                    numbers.append(number)
                gaps.add(len(chars))
            chars.extend(word)
            numbers.extend([number] * len(word))
    return Flow("".join(chars), tuple(numbers), frozenset(gaps))


def _latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == ".")
