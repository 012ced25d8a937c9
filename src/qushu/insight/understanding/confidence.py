"""How sure a model is, made honest on rows it never learned from, and the confidence that an accuracy asks for.

Source: temperature scaling, Guo et al. 2017; the confidence for an accuracy is read from held-out rows sorted by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from .network import Ints, log_softmax
from .terms import Floats

NEVER = 1.01
"""A confidence that nothing reaches."""
_FEWEST = 30


def fitting_weights(scores: Sequence[Floats], labels: Ints) -> Floats:
    """Weights by which log probabilities of several models are added so that they fit held-out labels best.

    ``scores``: one rows × labels per model; −1 in ``labels`` marks one that no model knows. A conditional logit, which
    for one model is temperature scaling. Without rows to fit to, the models' mean.
    """
    known = labels >= 0
    start = np.full(len(scores), 1 / len(scores))
    if not known.any():
        return start.astype(np.float32)
    stacked = np.stack([one[known] for one in scores]).astype(np.float64)
    rows, wanted = np.arange(known.sum()), labels[known]

    def surprise(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        found = log_softmax(np.tensordot(weights, stacked, axes=1))
        expected = (np.exp(found) * stacked).sum(axis=2) - stacked[:, rows, wanted]
        return -float(found[rows, wanted].mean()), expected.mean(axis=1)

    fitted = minimize(surprise, start, jac=True, method="L-BFGS-B", bounds=[(0.0, 5.0)] * len(scores)).x
    return np.asarray(fitted, dtype=np.float32)


@dataclass(frozen=True)
class Promise:
    """From what confidence on a wanted accuracy holds, and what share of held-out rows that covers."""

    confidence: float
    share: float
    accuracy: float


@dataclass(frozen=True)
class Trial:
    """What a model answered for rows kept from it: confidence of each first answer, and whether it was right."""

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]

    def promise(self, wanted: float) -> Promise:
        """The lowest confidence from which on ``wanted`` of the answers were right (among 30 or more of them).

        Nothing is promised (confidence ``NEVER``, share 0) when no such confidence exists.
        """
        order = np.argsort(-self.confidence, kind="stable")
        sure, right = self.confidence[order], self.right[order]
        count = np.arange(1, len(order) + 1)
        accuracy = np.cumsum(right) / count
        last_of_equals = np.append(sure[:-1] > sure[1:], True)
        good = np.flatnonzero((accuracy >= wanted) & last_of_equals & (count >= _FEWEST))
        if not len(good):
            return Promise(NEVER, 0.0, 0.0)
        at = good[-1]
        return Promise(float(sure[at]), float(count[at] / len(order)), float(accuracy[at]))
