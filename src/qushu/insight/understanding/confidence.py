"""How sure a model is, made honest on rows it never learned from, and the confidence that an accuracy asks for.

Source: temperature scaling, Guo et al. 2017; the confidence for an accuracy is read from held-out rows sorted by it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .network import Ints, log_softmax
from .terms import Floats

NEVER = 1.01
"""A confidence that nothing reaches."""
_FEWEST = 30


def sharpness(scores: Floats, labels: Ints) -> float:
    """The factor by which to multiply log probabilities so that they fit held-out labels best.

    ``labels``: −1 marks one that the model doesn't know. Without rows to fit to, 1.
    """
    from scipy.optimize import minimize_scalar  # slow to import; only learning asks for it

    known = labels >= 0
    if not known.any():
        return 1.0
    said, wanted = scores[known].astype(np.float64), labels[known]

    def surprise(factor: float) -> float:
        return -float(log_softmax(said * factor)[np.arange(len(wanted)), wanted].mean())

    return float(minimize_scalar(surprise, bounds=(0.1, 5.0), method="bounded").x)


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
