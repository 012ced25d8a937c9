"""Where the terms of a search stand in a text: a short part of it, as pieces to be marked or not. Pure.

Pieces are plain text: the template escapes them, so nothing that a citizen wrote becomes markup. Personal data is masked
before a part is cut, so no mark shows what the house hides.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from qushu.kernel.personal import mask_free_text

WIDTH: Final = 120
_BEFORE: Final = 24


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, and whether it is one that was looked for."""

    text: str
    hit: bool


def highlighted(text: str, marks: Iterable[str], width: int = WIDTH) -> list[Piece]:
    """The part of a text around its first hit, at most `width` characters long, personal data masked."""
    masked = " ".join(mask_free_text(text).split())
    pattern = _pattern([one for one in marks if one])
    spans = [match.span() for match in pattern.finditer(masked)] if pattern else []
    start = max(0, spans[0][0] - _BEFORE) if spans and spans[0][1] > width else 0
    end = min(len(masked), start + width)
    pieces = [Piece("…", False)] if start else []
    place = start
    for first, last in spans:
        if first >= end:
            break
        pieces += [Piece(masked[place:first], False), Piece(masked[first : min(last, end)], True)]
        place = last
    pieces.append(Piece(masked[place:end], False))
    if end < len(masked):
        pieces.append(Piece("…", False))
    return [piece for piece in pieces if piece.text]


def _pattern(marks: Sequence[str]) -> re.Pattern[str] | None:
    """The longest first, so that a word inside another doesn't cut it."""
    if not marks:
        return None
    ordered = sorted(set(marks), key=lambda mark: (-len(mark), mark))
    return re.compile("|".join(re.escape(" ".join(mark.split())) for mark in ordered), re.IGNORECASE)
