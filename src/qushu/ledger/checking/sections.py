"""The narrative as sections: what stands under one heading, with the line of each figure."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from ..reading.narrative import places_in
from ..reading.parts import Document, Figure
from ..reading.values import AMOUNT, MONEY, money_of, number_of


@dataclass(frozen=True)
class Named:
    """An amount that the narrative gives a name, where it stands, and the share in percent that follows it."""

    words: str
    amount: Decimal
    line: int
    end: int
    share: Decimal | None = None


@dataclass(frozen=True)
class Section:
    """Sentences with figures under one heading; `words` is all of them, `unit` that of the document's amounts."""

    heading: str
    figures: tuple[Figure, ...]
    unit: str = "万元"

    @cached_property
    def words(self) -> str:
        """The sentences one after the other."""
        return "".join(sentence for sentence, _ in _sentences(self.figures))

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        """(place, line) of every figure in `words`."""
        places, before = [], 0
        for sentence, figures in _sentences(self.figures):
            spans = places_in(sentence)
            places += [(before + start, one.line) for (start, _), one in zip(spans, figures, strict=False)]
            before += len(sentence)
        return places

    def line(self, place: int) -> int:
        """The line of the first figure at or after a place; the last figure's behind all."""
        found = bisect_left(self._places, (place, 0))
        return self._places[min(found, len(self._places) - 1)][1]

    def named(self, pattern: str, after: int = 0) -> Iterator[Named]:
        """Amounts whose name matches, in order, in the document's unit."""
        found = re.compile(rf"(?P<name>{pattern}){MONEY}(?:，占(?P<share>{AMOUNT})%)?")
        for one in found.finditer(self.words, after):
            share = number_of(one["share"]) if one["share"] else None
            yield Named(one["name"], money_of(one, self.unit), self.line(one.start("amount")), one.end(), share)


def sections(document: Document) -> list[Section]:
    """The narrative's sections, in order."""
    return [
        Section(heading, tuple(figures), document.unit)
        for heading, figures in groupby(document.figures, lambda one: one.heading)
    ]


def _sentences(figures: Sequence[Figure]) -> Iterator[tuple[str, list[Figure]]]:
    for sentence, each in groupby(figures, lambda one: one.sentence):
        yield sentence, list(each)
