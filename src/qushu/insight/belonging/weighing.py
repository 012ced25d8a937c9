"""What each word of a text weighs: the rarer in this centre, the more; a title weighs twice its text.

TF-IDF (Spärck Jones 1972) with damped counts (Salton and Buckley 1988). Pure Python: pages weigh one text with it, the
whole grouping a million. A vector is a word → weight mapping of length 1, the heaviest word first.
"""

import json
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import rjieba

from qushu.kernel.text import tidy

Vector = dict[str, float]

KEPT: Final = 40
"""Words of a text that speak for it."""
LONGEST: Final = 300
"""Characters of a text that are read: what it is about is said first."""
TITLE_WEIGHT: Final = 2.0
MOST_WORDS: Final = 400_000
CENTROID_WORDS: Final = 80
_FULL: Final = 4 * MOST_WORDS
_LONGEST_WORD: Final = 60


@dataclass(frozen=True)
class Weights:
    """In how many of `texts` texts each word occurs; a word that isn't here was seen in one at most, and weighs most."""

    texts: int
    often: Mapping[str, int]

    @classmethod
    def learn(cls, texts: Iterable[tuple[str, str]]) -> "Weights":
        """Count the words of (title, text) pairs."""
        return cls.count((telling_words(title), telling_words(text)) for title, text in texts)

    @classmethod
    def count(cls, cut: Iterable[tuple[Sequence[str], Sequence[str]]]) -> "Weights":
        """Count texts that are cut into words already; at most MOST_WORDS are kept, the commonest (ties by the alphabet).

        Memory is bounded whatever the number of texts: when very many words are waiting, those seen once are dropped.
        """
        counts: Counter[str] = Counter()
        read = 0
        for title, text in cut:
            counts.update({*title, *text})
            read += 1
            if len(counts) > _FULL:
                counts = Counter({word: often for word, often in counts.items() if often > 1})
        seen = sorted(((word, often) for word, often in counts.items() if often > 1), key=lambda one: (-one[1], one[0]))
        return cls(read, dict(seen[:MOST_WORDS]))

    def vector(self, title: str, text: str) -> Vector:
        """The KEPT heaviest words of a text with their weights, made length 1; {} when it says nothing.

        `title` may be empty.
        """
        return self.weigh(telling_words(title), telling_words(text))

    def weigh(self, title: Sequence[str], text: Sequence[str]) -> Vector:
        """The same of a title and a text that are cut into words already.

        Title and text have one length each before they are added, so a long text doesn't drown
        its title.
        """
        found = self._weighed(text)
        if title:
            for word, weight in self._weighed(title).items():
                found[word] = found.get(word, 0.0) + TITLE_WEIGHT * weight
        return _of_length_1(heaviest(found, KEPT))

    def rarity(self, word: str) -> float:
        """How much a word tells: 1 for one that all texts use, more for rarer ones."""
        return self._rarities.get(word, self._rarest)

    def to_bytes(self) -> bytes:
        """As it may be kept in a database or a file."""
        return zlib.compress(json.dumps([self.texts, self.often], ensure_ascii=False).encode())

    @classmethod
    def from_bytes(cls, data: bytes) -> "Weights":
        """What `to_bytes` wrote. Raises ValueError or zlib.error for anything else."""
        texts, often = json.loads(zlib.decompress(data))
        return cls(texts, often)

    @cached_property
    def _rarities(self) -> dict[str, float]:
        return {word: self._rarity_of(often) for word, often in self.often.items()}

    @cached_property
    def _rarest(self) -> float:
        return self._rarity_of(1)

    def _rarity_of(self, often: int) -> float:
        return math.log((1 + self.texts) / (1 + often)) + 1

    def _weighed(self, words: Sequence[str]) -> Vector:
        """The weights of a text's words, of length 1 together."""
        rarities, rarest = self._rarities, self._rarest
        counted = Counter(words)
        return _of_length_1(
            {word: (1 + math.log(often)) * rarities.get(word, rarest) for word, often in counted.items()}
        )


def telling_words(text: str) -> list[str]:
    """Words of two and more characters of the first LONGEST that aren't plain numbers, in order.

    Cut so that no word lies in another (`kernel.text.words` gives those too, for the search): a long word would count
    twice, once as itself and once by its parts.
    """
    return [
        word for word in rjieba.cut(tidy(text[:LONGEST]).lower()) if 1 < len(word) <= _LONGEST_WORD and _tells(word)
    ]


def _tells(word: str) -> bool:
    return word[0].isalnum() and not word.isdigit()


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The likeness of two vectors of length 1, from 0 to 1; with a `centroid` it is the mean likeness to its members."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[word] for word, weight in one.items() if word in other)


def centroid(vectors: Iterable[Mapping[str, float]]) -> Vector:
    """The mean of vectors: its CENTROID_WORDS heaviest words, the heaviest first; {} of none.

    It isn't made length 1: `cosine(vector, centroid(members))` is the mean of the cosines to the members (but for the
    words that were cut off, which single members say).
    """
    sums: dict[str, float] = {}
    count = 0
    for vector in vectors:
        count += 1
        for word, weight in vector.items():
            sums[word] = sums.get(word, 0.0) + weight
    return {word: total / count for word, total in heaviest(sums, CENTROID_WORDS).items()}


def shared_words(one: Mapping[str, float], other: Mapping[str, float], most: int = 5) -> list[str]:
    """The words that make two alike, the weightiest first: the ground that is shown."""
    both = [(one[word] * other[word], word) for word in one if word in other]
    return [word for _, word in sorted(both, key=lambda pair: (-pair[0], pair[1]))[:most]]


def heaviest(vector: Mapping[str, float], most: int) -> Vector:
    """The heaviest words of a vector, the heaviest first (ties by the alphabet)."""
    return dict(sorted(vector.items(), key=lambda one: (-one[1], one[0]))[:most])


def _of_length_1(vector: Vector) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {word: weight / length for word, weight in vector.items()} if length else {}
