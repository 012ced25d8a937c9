"""Solved cases that resemble a text: the plainest reason for a label."""

from dataclasses import dataclass

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
    """Rows of learned cases with their labels."""

    rows: Rows
    labels: Ints

    def nearest(self, row: Rows, most: int) -> list[Neighbour]:
        """The cases most like one row, the likest first; none that shares no term. Likeness: cosine."""
        length = float(row.multiply(row).sum()) or 1.0  # rows of a term space have one length, but for empty texts
        likeness = (self.rows @ row.T).toarray().ravel() / length
        found = np.argsort(-likeness, kind="stable")[:most]
        return [Neighbour(int(at), int(self.labels[at]), float(likeness[at])) for at in found if likeness[at] > 0]
