"""What a model of labelled texts knows and answers: ranked labels with honest probabilities, and a reason for each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .confidence import Promise, Trial
from .linear import Linear
from .naming import Naming
from .neighbours import Neighbour, Neighbours
from .network import Network, log_softmax
from .terms import Floats, Rows, TermSpace, plain

MOST_WORDS: Final = 3
_NEAR: Final = 8
_ALIKE: Final = 0.2
_SAYS_NOTHING: Final = re.compile("来电|来信|市民|先生|女士|反映|希望|尽快|您好|谢谢")


@dataclass(frozen=True)
class Reason:
    """Why a label: words of the text that speak for it, and refs of like cases that got it (of so many like ones)."""

    words: tuple[str, ...]
    cases: tuple[str, ...]
    like_cases: int

    @property
    def sentence(self) -> str:
        """The reason as people read it; empty when there is none to give."""
        parts = []
        if self.words:
            parts.append(f"提到“{'”“'.join(self.words)}”")
        if self.cases:
            parts.append(f"最相似的 {self.like_cases} 件中有 {len(self.cases)} 件如此办理")
        return "；".join(parts)


@dataclass(frozen=True)
class Answer:
    """A label, its probability, and why."""

    label: str
    chance: float
    reason: Reason


@dataclass(frozen=True)
class Model:
    """A learned model: ``labels`` in the order of its columns, ``refs`` and ``neighbours`` in that of learning.

    ``sharpness``: the factor that made its probabilities honest on rows kept aside.
    """

    labels: tuple[str, ...]
    terms: TermSpace
    networks: tuple[Network, ...]
    linear: Linear
    naming: Naming
    sharpness: float
    neighbours: Neighbours
    refs: tuple[str, ...]
    trial: Trial

    def predict_ranked(self, text: str, most: int | None = None) -> list[tuple[str, float]]:
        """Labels with probabilities, the likeliest first (equal ones by the order of labels)."""
        chance = self.chances([text])[0]
        return [(self.labels[at], float(chance[at])) for at in np.argsort(-chance, kind="stable")[:most]]

    def chances(self, texts: Sequence[str]) -> Floats:
        """Texts × labels: probabilities. Each text is answered alone: its neighbours in the list change nothing."""
        rows = self.terms.rows([plain(text) for text in texts])
        return np.exp(joined_scores(self.part_scores(rows), self.sharpness))

    def part_scores(self, rows: Rows) -> list[Floats]:
        """What the parts of the model say, each rows × labels: the networks' mean, the linear one, the labels' names."""
        networks = np.mean([network.scores(rows) for network in self.networks], axis=0)
        return [networks, self.linear.scores(rows), self.naming.scores(rows)]

    def answers(self, text: str, most: int) -> list["Answer"]:
        """The likeliest labels for a text, each with its probability and reason."""
        row = self.terms.rows([plain(text)])
        chance = np.exp(joined_scores(self.part_scores(row), self.sharpness))[0]
        near = self._near(row)
        order = np.argsort(-chance, kind="stable")[:most]
        return [Answer(self.labels[at], float(chance[at]), self._reason(row, int(at), near)) for at in order]

    def explain(self, text: str, label: str) -> Reason:
        """Why ``label`` for this text. Raises KeyError for a label the model doesn't know."""
        if label not in self.labels:
            raise KeyError(label)
        row = self.terms.rows([plain(text)])
        return self._reason(row, self.labels.index(label), self._near(row))

    def _near(self, row: Rows) -> list[Neighbour]:
        near = self.neighbours.nearest(self.terms.spoken(row), _NEAR)
        return [one for one in near if one.likeness >= _ALIKE]

    def _reason(self, row: Rows, wanted: int, near: Sequence[Neighbour]) -> Reason:
        same = tuple(self.refs[one.place] for one in near if one.label == wanted)
        return Reason(self._speaking_words(row, wanted), same, len(near))

    def promise(self, accuracy: float) -> Promise:
        """From what confidence on ``accuracy`` (0 to 1) was reached on rows kept aside, and the share it covers."""
        return self.trial.promise(accuracy)

    def _speaking_words(self, row: Rows, wanted: int) -> tuple[str, ...]:
        """Words and pairs that pull most towards a label, no word inside another."""
        pull = np.sum([network.pull(row, wanted) for network in self.networks], axis=0)
        found: list[str] = []
        for at in np.argsort(-pull, kind="stable"):
            if pull[at] <= 0 or len(found) == MOST_WORDS:
                break
            word = self.terms.word(int(row.indices[at]))
            if (
                word
                and len(word) > 1
                and word.isalnum()
                and not _SAYS_NOTHING.search(word)
                and not any(word in one or one in word for one in found)
            ):
                found.append(word)
        return tuple(found)


def joined_scores(parts: Sequence[Floats], sharpness: float) -> Floats:
    """Logarithms of probabilities: the parts' scores added alike, made sharper or blunter: rows × labels.

    Alike, because weights that make held-out rows likeliest give nearly all to the networks and lose first answers.
    """
    found: Floats = log_softmax(np.sum(parts, axis=0) * np.float32(sharpness))
    return found
