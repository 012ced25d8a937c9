"""What a person types into a search box, read as terms, and each term as a condition on words and pairs of characters.

Blanks join terms (all must hold). "…" or “…” is a phrase that stands so in the text, -term leaves out, term* finds what
begins so. A word with digits is found whole or not at all: who could look for its beginning would read a masked number
digit by digit. Pure: no database. Texts are found by their words and by every pair of Chinese characters that stand side by
side in them (`cases.models.SearchEntry`); a phrase is looked for by its pairs and then on the text itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from .text import tidy_line, words

MOST_TERMS: Final = 20
LONGEST: Final = 200
_SIGNS: Final = str.maketrans({"“": '"', "”": '"', "「": '"', "」": '"', "－": "-", "＊": "*", "＂": '"'})
_TERM: Final = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_RUN: Final = re.compile("(?P<chinese>[\u3400-\u9fff]+)|(?P<other>(?:[0-9]+[.][0-9]+%?|[^\\W\u3400-\u9fff])+)")
_DIGIT: Final = re.compile("[0-9]")
_CHINESE: Final = re.compile("[\u3400-\u9fff]+")
_CUT_FROM: Final = 4
"""Shorter runs of Chinese characters are one word; longer ones are cut."""


@dataclass(frozen=True)
class Term:
    """One term, in small letters. `text` is what was typed without its signs."""

    text: str
    phrase: bool = False
    excluded: bool = False
    prefix: bool = False

    @property
    def lexemes(self) -> tuple[str, ...]:
        """What the index must hold, as parts of a tsquery that are joined by &; () when the term asks nothing of it."""
        return tuple(dict.fromkeys(_lexemes(self)))

    @property
    def to_verify(self) -> bool:
        """Whether the index alone can't say that the term stands in a text as it was typed."""
        return self.phrase and not (len(self.text) == 2 and _RUN.fullmatch(self.text))

    @property
    def marks(self) -> tuple[str, ...]:
        """What may be highlighted for it in a text."""
        if self.excluded:
            return ()
        return (self.text,) if self.phrase else tuple(_pieces(self.text))


def read_terms(text: str) -> list[Term]:
    """The terms of a line, at most MOST_TERMS of its first LONGEST characters. Never raises: an open quote ends with the line."""
    found = []
    for match in _TERM.finditer(tidy_line(text)[:LONGEST].lower().translate(_SIGNS)):
        said = match["phrase"] if match["phrase"] is not None else match["word"]
        prefix = match["phrase"] is None and said.endswith("*")
        said = said.strip("* ") if match["phrase"] is None else said.strip()
        if _RUN.search(said):
            found.append(Term(said, match["phrase"] is not None, bool(match["minus"]), prefix))
    return list(dict.fromkeys(found))[:MOST_TERMS]


def tsquery_of(terms: Iterable[Term]) -> str:
    """The terms as text for `%s::tsquery`: what each text that fits them has in the index; "" when nothing is asked of it.

    A phrase that is left out is not in it: only the text says whether it stands there.
    """
    parts = []
    for term in terms:
        joined = " & ".join(term.lexemes)
        if not joined or (term.excluded and term.to_verify):
            continue
        parts.append(f"!({joined})" if term.excluded else joined)
    return " & ".join(parts)


def pairs(run: str) -> Iterator[str]:
    """Every two characters that stand side by side in a run of Chinese characters (one character: itself)."""
    if len(run) == 1:
        yield run
    for start in range(len(run) - 1):
        yield run[start : start + 2]


def pairs_in(text: str) -> Iterator[str]:
    """The pairs of every run of Chinese characters in a text, in order."""
    for run in _RUN.finditer(text):
        if run["chinese"]:
            yield from pairs(run[0])


def findable_pairs(text: str) -> set[str]:
    """What the index holds of a text beside its words: all pairs, and the last character of each run by itself.

    So a single character is found by the beginning of a pair, also where a run ends with it. Chinese characters only: they
    need no quotes in a tsvector.
    """
    found: set[str] = set()
    for run in _CHINESE.findall(text):
        found.update(map(str.__add__, run, run[1:]))
        found.add(run[-1])
    return found


def _lexemes(term: Term) -> Iterator[str]:
    for run in _RUN.finditer(term.text):
        if run["other"]:
            ends = term.prefix and run.end() == len(term.text)
            yield from (
                _quoted(word, prefix=(ends or term.phrase) and not _DIGIT.search(word))
                for word in _words_of(run["other"])
            )
        elif term.phrase or len(run[0]) < _CUT_FROM:
            yield from _of_run(run[0])
        else:
            for word in _cut(run[0]):
                yield from _of_run(word)


def _of_run(run: str) -> Iterator[str]:
    """A single character is found as the beginning of a pair, or alone at the end of a run."""
    return (_quoted(pair, prefix=len(pair) == 1) for pair in pairs(run))


def _cut(run: str) -> list[str]:
    """The words of a run; all of it when it holds none."""
    return words(run) or [run]


def _words_of(other: str) -> list[str]:
    """Words of letters and digits. A single letter or digit is none: the index doesn't hold it."""
    return words(other)


def _pieces(text: str) -> Iterator[str]:
    for run in _RUN.finditer(text):
        yield from _cut(run[0]) if run["chinese"] and len(run[0]) >= _CUT_FROM else [run[0]]


def _quoted(word: str, *, prefix: bool) -> str:
    """A lexeme for a tsquery; words hold letters, digits and Chinese characters only, so there is nothing to escape."""
    return f"'{word}':*" if prefix else f"'{word}'"
