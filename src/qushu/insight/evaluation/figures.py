"""What a classifier is worth: accuracy, macro-F1, the right answer among the first three, the share it may do alone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from qushu.insight.understanding.confidence import Promise


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1. ``auto_share`` of the rows were answered alone, ``auto_accuracy`` of those rightly."""

    macro_f1: float
    accuracy: float
    top3: float
    auto_share: float
    auto_accuracy: float | None
    auto_confidence: float

    def as_json(self, dispatch: bool) -> dict[str, Any]:
        """The figures under the names that readers of the command know."""
        shown = {name: _rounded(value) for name, value in asdict(self).items()}
        found = {"macro_f1": shown["macro_f1"], "accuracy": shown["accuracy"]}
        if dispatch:
            found |= {"top1": shown["accuracy"], "top3": shown["top3"], "auto_share_at_95": shown["auto_share"]}
            found |= {"auto_accuracy": shown["auto_accuracy"], "auto_confidence": shown["auto_confidence"]}
        return found


def figures_of(
    truth: Sequence[str], names: Sequence[str], scores: NDArray[np.floating[Any]], sure: NDArray[Any], promise: Promise
) -> Figures:
    """Figures of ``scores`` (rows × labels) against the truth.

    ``sure`` is each row's confidence; those at or above the promise's are answered alone. Macro-F1 is the plain mean
    over all labels of the truth or of the answers; a label that the model can't know counts 0.
    """
    order = np.argsort(-scores, axis=1, kind="stable")[:, :3]
    named = np.array(names, dtype=object)[order]
    wanted = np.array(truth, dtype=object)
    right = named[:, 0] == wanted
    alone = sure >= promise.confidence
    return Figures(
        macro_f1=float(f1_score(wanted, named[:, 0], average="macro", zero_division=0)),
        accuracy=float(right.mean()),
        top3=float((named == wanted[:, None]).any(axis=1).mean()),
        auto_share=float(alone.mean()),
        auto_accuracy=float(right[alone].mean()) if alone.any() else None,
        auto_confidence=promise.confidence,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
