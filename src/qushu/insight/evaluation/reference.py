"""The plain method that ours must beat: TF-IDF over one to three characters, and a linear support vector machine."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from qushu.insight.understanding.confidence import Promise, Trial
from qushu.insight.understanding.holding_out import held_out
from qushu.insight.understanding.terms import Floats

from .figures import Figures, figures_of
from .labelled_rows import Labelled


class Reference:
    """Learned as published, without tuning; the raw text as it is."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        self._terms = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
        self._machine = LinearSVC().fit(self._terms.fit_transform(texts), labels)
        self.labels = [str(name) for name in self._machine.classes_]

    def scores(self, texts: Sequence[str]) -> Floats:
        """Texts × labels: distances from the border."""
        found = self._machine.decision_function(self._terms.transform(texts))
        if found.ndim == 1:  # of two labels the machine tells one distance
            found = np.stack([-found, found], axis=1)
        return np.asarray(found, dtype=np.float32)


def margins(scores: Floats) -> Floats:
    """The machine's confidence: how far the first answer is ahead of the second."""
    best = np.sort(scores, axis=1)
    found: Floats = best[:, -1] - best[:, -2]
    return found


def measure_reference(train: Labelled, test: Labelled, wanted: float | None, seed: int) -> Figures:
    """The reference's figures; for an accuracy ``wanted`` it is tried on held-out rows first, as ours is."""
    promise = _promise(train, wanted, seed) if wanted else Promise(float("inf"), 0.0, 0.0)
    reference = Reference(train.texts, train.labels)
    scores = reference.scores(test.texts)
    return figures_of(test.labels, reference.labels, scores, margins(scores), promise)


def _promise(train: Labelled, wanted: float, seed: int) -> Promise:
    learn, aside = held_out(train.texts, train.when, seed)
    tried = Reference([train.texts[at] for at in learn], [train.labels[at] for at in learn])
    scores = tried.scores([train.texts[at] for at in aside])
    truth = np.array([train.labels[at] for at in aside], dtype=object)
    right = np.array(tried.labels, dtype=object)[scores.argmax(axis=1)] == truth
    return Trial(margins(scores).astype(np.float64), right).promise(wanted)
