"""`qushu evaluate classify` and `dispatch`: learn from one file, answer another, beside the reference."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from qushu.insight.understanding.learning import Plan, fit
from qushu.insight.understanding.model import Model

from .figures import Figures, figures_of
from .labelled_rows import Labelled
from .reference import measure_reference

AUTO_ACCURACY: Final = 0.95
_TIMED: Final = 500
_TOLD_LABELS: Final = 20


@dataclass(frozen=True)
class Evaluation:
    """Figures of our model and of the reference, with what was measured beside them."""

    ours: Figures
    reference: Figures
    rows: dict[str, Any]
    seconds: dict[str, float]

    def as_json(self, dispatch: bool) -> dict[str, Any]:
        """One document: our figures at the top, the reference's below ``reference``."""
        found = self.ours.as_json(dispatch)
        return found | self.rows | self.seconds | {"reference": self.reference.as_json(dispatch)}


def evaluate(
    train: Labelled, test: Labelled, dispatch: bool, plan: Plan, progress: Callable[[int, int], None] | None
) -> Evaluation:
    """Learn from ``train`` and from nothing else, answer ``test`` row by row. The reference runs beside it."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        running = beside.submit(measure_reference, train, test, AUTO_ACCURACY if dispatch else None, plan.seed)
        begun = time.perf_counter()
        model = fit(train.texts, train.labels, train.when, plan=plan, progress=progress)
        learned = time.perf_counter() - begun
        chances = model.chances(test.texts)
        sure = chances.max(axis=1).astype(np.float64)
        ours = figures_of(test.labels, model.labels, chances, sure, model.promise(AUTO_ACCURACY))
        reference = running.result()
    seconds = {"learned_in_s": round(learned, 1)} | _answer_times(model, test)
    return Evaluation(ours, reference, _rows(train, test, plan), seconds)


def _rows(train: Labelled, test: Labelled, plan: Plan) -> dict[str, Any]:
    known = set(train.labels)
    new = sorted(set(test.labels) - known)
    return {
        "rows_train": len(train.texts),
        "rows_test": len(test.texts),
        "rows_skipped": train.skipped + test.skipped,
        "rows_learned": min(len(train.texts), plan.most_rows),
        "held_out_by": "time" if train.when else "draw",
        "labels": len(known),
        "labels_only_in_test": new[:_TOLD_LABELS],
        "rows_of_labels_only_in_test": sum(name not in known for name in test.labels),
    }


def _answer_times(model: Model, test: Labelled) -> dict[str, float]:
    """Milliseconds that one answer takes alone, over some rows of the test: median and 99th percentile."""
    taken = []
    for text in test.texts[:_TIMED]:
        begun = time.perf_counter()
        model.predict_ranked(text)
        taken.append((time.perf_counter() - begun) * 1000)
    return {
        "answer_ms_p50": round(float(np.median(taken)), 2),
        "answer_ms_p99": round(float(np.quantile(taken, 0.99)), 2),
    }
