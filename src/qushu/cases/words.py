"""The words and facets by which a case is found. Imports no model: processes that load cases begin without Django's apps."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from qushu.kernel.personal import mask_free_text
from qushu.kernel.search_terms import findable_pairs
from qushu.kernel.text import tsvector_of, words

_MASKED: Final = re.compile(r"[!-~]*\*[!-~]*")


class SaidWords(NamedTuple):
    """What title, text and place say, without what is masked in them, twice as text for `%s::tsvector`.

    Else whoever typed a name, a room or a plate would learn that it stands there.
    `words` is what `Statement.words` holds, the words as they were cut; `entry` what `SearchEntry.words` holds: those, and
    every two Chinese characters that stand side by side, however the words around them were cut.
    """

    words: str
    entry: str


def search_words(title: str, text: str, place: str) -> SaidWords:
    """The words of all three without what is masked, and the pairs of each. A title that stands in the text adds nothing."""
    parts = (text, place) if title in text else (title, text, place)
    said = " ".join(_shown(one) for one in parts if one)  # a blank at the end would cost
    cut = tsvector_of(words(said))
    return SaidWords(cut, f"{cut} {' '.join(findable_pairs(said))}")


def facets_of(areas: Iterable[int | None], category: int | None, units: Iterable[int | None]) -> list[str]:
    """What `SearchEntry.facets` holds: a… for street and area, c… for the category itself, u… for lead and assisting units.

    The same as `cases_facets` in the database.
    """
    known = (("a", areas), ("c", [category]), ("u", units))
    return sorted({f"{sign}{pk}" for sign, ids in known for pk in ids if pk is not None})


def _shown(text: str) -> str:
    """What everybody may read of it. Of 138****5678 nothing is left: a number is found whole or not at all."""
    masked = mask_free_text(text)
    return text if masked == text else _MASKED.sub(" ", masked)
