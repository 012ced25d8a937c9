"""How much of a label's own name a text says: what helps where a label has few learned cases, or none like this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from .terms import Floats, Rows, Terms, plain

WEIGHT: Final = np.float32(2)
"""How much a name said in full adds to a label's log probability; chosen on a slice inside the training months."""
_PAIR: Final = 2


@dataclass(frozen=True)
class Naming:
    """Names of labels, in the order of the model's columns, over the terms of characters that the model knows."""

    names: tuple[str, ...]
    characters: Terms

    @cached_property
    def _said(self) -> Rows:
        """Characters' terms × labels: the share that each pair of characters has in a name, the rarer the larger."""
        columns, weights = self.characters.columns, self.characters.weights
        rarest = np.float32(weights.max(initial=1.0))
        at, label, share = [], [], []
        for place, name in enumerate(self.names):
            pairs = _pairs(name)
            known = {pair: weights[columns[pair]] for pair in pairs if pair in columns}
            whole = float(sum(known.values())) + float(rarest) * (len(pairs) - len(known))
            for pair, weight in known.items():
                at.append(columns[pair])
                label.append(place)
                share.append(weight / whole)
        return csr_matrix((np.array(share, np.float32), (at, label)), shape=(len(columns), len(self.names)))

    def scores(self, rows: Rows) -> Floats:
        """Rows × labels: what the names add; of a row only the columns of characters are read, as said or not said."""
        part = rows[:, : len(self.characters.names)]
        said = csr_matrix((np.ones_like(part.data), part.indices, part.indptr), shape=part.shape)
        found: Floats = (said @ self._said).toarray() * WEIGHT
        return found


def _pairs(name: str) -> set[str]:
    text = plain(name)
    return {text[at : at + _PAIR] for at in range(len(text) - _PAIR + 1)}


def names_of(labels: Sequence[str], names: dict[str, str] | None) -> tuple[str, ...]:
    """What each label is called: its name where one is given, else the label itself."""
    return tuple((names or {}).get(label, label) for label in labels)
