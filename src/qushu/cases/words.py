"""The words by which a case is found. Imports no model: processes that load cases begin without Django's apps."""

from typing import NamedTuple

from qushu.kernel.search_terms import findable_pairs
from qushu.kernel.text import tsvector_of, words


class SaidWords(NamedTuple):
    """What title, text and place say, twice as text for `%s::tsvector`.

    `words` is what `Statement.words` holds, the words as they were cut; `entry` what `SearchEntry.words` holds: those, and
    every two Chinese characters that stand side by side, however the words around them were cut.
    """

    words: str
    entry: str


def search_words(title: str, text: str, place: str) -> SaidWords:
    """The words of all three, and the pairs of each."""
    said = " ".join(filter(None, (title, text, place)))  # tidy as its parts are: a blank at the end would cost
    cut = tsvector_of(words(said))
    return SaidWords(cut, f"{cut} {' '.join(findable_pairs(said))}")
