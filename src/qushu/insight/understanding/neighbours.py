"""Solved cases that resemble a text: the plainest reason for a label."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .network import Ints
from .terms import Rows


@dataclass(frozen=True)
class Neighbour:
    """A learned case: its place in the order of learning, its label, how alike it is (0 to 1)."""

    place: int
    label: int
    likeness: float


@dataclass(frozen=True)
class Neighbours:
    """Words of learned cases, held by word (cases × words, by column), so that only the words of a text are looked up."""

    by_word: Any
    labels: Ints

    @classmethod
    def among(cls, rows: Rows, labels: Ints) -> "Neighbours":
        """These cases: rows of words, each of length 1."""
        return cls(rows.tocsc(), labels)

    def nearest(self, row: Rows, most: int) -> list[Neighbour]:
        """The cases most like one row of words, the likest first; none that shares no word. Likeness: cosine."""
        likeness = np.zeros(self.by_word.shape[0], np.float32)
        starts, cases, weights = self.by_word.indptr, self.by_word.indices, self.by_word.data
        for word, weight in zip(row.indices, row.data, strict=True):
            said = slice(starts[word], starts[word + 1])
            likeness[cases[said]] += weight * weights[said]
        if not len(likeness):
            return []
        some = np.argpartition(-likeness, min(most, len(likeness)) - 1)[:most]
        found = sorted(some, key=lambda at: (-likeness[at], at))
        return [Neighbour(int(at), int(self.labels[at]), float(likeness[at])) for at in found if likeness[at] > 0]
