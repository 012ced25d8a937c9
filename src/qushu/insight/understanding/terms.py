"""Texts as rows of numbers: runs of one to three characters, words and pairs of words, the rarer the heavier (TF-IDF).

Characters forgive wrong words and unknown names; words carry meaning over longer distances; the opening, where people
name their matter, counts once more. Each part of a row has one length, so none outweighs the others.
"""

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
import rjieba
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, hstack

from qushu.kernel.text import tidy

Rows: TypeAlias = csr_matrix
Floats = NDArray[np.float32]

LONGEST_TEXT: Final = 4000
"""Characters of a text that are read; what decides is said before."""
OPENING: Final = 40
"""Characters at the beginning of a text that count once more: a title, or the first sentence of a call."""
_RUN: Final = 3
_SEEN_AT_LEAST: Final = 2
_WIDE: Final = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
_BLANK_BESIDE_CHINESE: Final = re.compile(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])")
_BLANKS: Final = re.compile(r"\s+")
_WORD_MARK: Final = "\x01"


def plain(text: str) -> str:
    """The text without what two copies of it differ in: blanks beside Chinese characters, capitals, wide letters."""
    return _BLANKS.sub(" ", _BLANK_BESIDE_CHINESE.sub("", tidy(text[:LONGEST_TEXT]))).lower().strip()


def runs(text: str) -> Iterator[str]:
    """Runs of one to three characters, each as often as it occurs."""
    for size in range(1, _RUN + 1):
        for start in range(len(text) - size + 1):
            yield text[start : start + size]


def spoken_words(text: str) -> Iterator[str]:
    """Words, and pairs of neighbouring words with a mark between them."""
    found = [word for word in rjieba.cut(text) if word.strip()]
    yield from found
    for one, other in pairwise(found):
        yield one + _WORD_MARK + other


def shown_term(term: str) -> str:
    """A term as people read it."""
    return term.replace(_WORD_MARK, "")


@dataclass(frozen=True)
class Terms:
    """Known terms of one kind with their weights, in the order of the columns."""

    names: tuple[str, ...]
    weights: Floats
    cut: Callable[[str], Iterator[str]]

    @classmethod
    def learn(cls, texts: Sequence[str], cut: Callable[[str], Iterator[str]], most: int) -> "Terms":
        """The terms of at least two of the texts, the ``most`` frequent ones (ties by the alphabet)."""
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update(set(cut(text)))
        kept = [(term, count) for term, count in seen.items() if count >= _SEEN_AT_LEAST]
        kept = sorted(sorted(kept, key=lambda one: (-one[1], one[0]))[:most])
        counts = np.array([count for _, count in kept], dtype=np.float64)
        weights = np.log((1 + len(texts)) / (1 + counts)) + 1
        return cls(tuple(term for term, _ in kept), weights.astype(np.float32), cut)

    @cached_property
    def columns(self) -> dict[str, int]:
        """The column of each term."""
        return {name: column for column, name in enumerate(self.names)}

    def rows(self, texts: Sequence[str]) -> Rows:
        """One row of length 1 per text (0 when nothing of it is known): texts × terms."""
        columns, values, ends = array("i"), array("f"), array("l", [0])
        for text in texts:
            counted = Counter(found for term in self.cut(text) if (found := self.columns.get(term)) is not None)
            columns.extend(counted.keys())
            values.extend(counted.values())
            ends.append(len(columns))
        at = np.frombuffer(columns, dtype=np.int32) if columns else np.zeros(0, np.int32)
        often = np.frombuffer(values, dtype=np.float32) if values else np.zeros(0, np.float32)
        data = (1 + np.log(often)) * self.weights[at]
        shape = (len(texts), len(self.names))
        return scaled(csr_matrix((data, at, np.frombuffer(ends, dtype=np.int64)), shape=shape))


def scaled(rows: Rows) -> Rows:
    """The rows, each made length 1."""
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    length[length == 0] = 1
    found = (diags(1 / length) @ rows).tocsr().astype(np.float32)
    found.sort_indices()
    return found


def opening_runs(text: str) -> Iterator[str]:
    """``runs`` of the text's first characters."""
    return runs(text[:OPENING])


@dataclass(frozen=True)
class TermSpace:
    """All kinds of terms side by side: what the models read instead of a text."""

    characters: Terms
    words: Terms
    opening: Terms

    @classmethod
    def learn(cls, texts: Sequence[str], most: int = 100_000) -> "TermSpace":
        """Of plain texts. ``most``: terms of each kind, which bounds memory whatever the number of texts."""
        kinds = ((runs, most), (spoken_words, most), (opening_runs, most // 2))
        return cls(*(Terms.learn(texts, cut, most_of_kind) for cut, most_of_kind in kinds))

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.characters.names) + len(self.words.names) + len(self.opening.names)

    def rows(self, texts: Sequence[str]) -> Rows:
        """Texts × terms: the columns of characters, of words, of the opening (at half the weight)."""
        opening = self.opening.rows(texts) * np.float32(0.5)
        parts = [self.characters.rows(texts), self.words.rows(texts), opening]
        return hstack(parts, format="csr", dtype=np.float32)

    def spoken(self, rows: Rows) -> Rows:
        """The part of rows that holds words and pairs of words: each of length 1, or 0."""
        first = len(self.characters.names)
        return rows[:, first : first + len(self.words.names)]

    def word(self, column: int) -> str | None:
        """The word or pair of words of a column as people read it; None for a column of characters."""
        place = column - len(self.characters.names)
        return shown_term(self.words.names[place]) if 0 <= place < len(self.words.names) else None
