"""Dangers that a text tells of: words with their kind, and what takes a word back (没有爆炸, 担心起火, 防火演练).

A table and rules, no model: a word that is in the table is always found, and people can read why. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qushu.kernel.how_said import Said, how_said
from qushu.kernel.text import tidy


@dataclass(frozen=True)
class Danger:
    """A word in the text: its kind, whether it is a major one, and how it is said: as a fact, a fear, of the past."""

    word: str
    kind: str
    major: bool
    start: int
    said: Said

    @property
    def is_fact(self) -> bool:
        """Whether the text tells that it has happened or is happening."""
        return self.said == "fact"


@dataclass(frozen=True)
class Word:
    """A row of the table."""

    kind: str
    major: bool


def dangers_in(text: str, table: Mapping[str, Word]) -> list[Danger]:
    """The dangers of a text, facts first, then in its order; a word that is denied is left out.

    Where two words overlap the longer one counts.
    """
    plain = tidy(text)
    found = [one for one in _matches(plain, table) if one.said != "denied"]
    best: dict[str, Danger] = {}
    for one in sorted(found, key=lambda one: (not one.is_fact, not one.major, one.start)):
        best.setdefault(one.word, one)
    return list(best.values())


def kinds_of(dangers: Sequence[Danger]) -> list[str]:
    """The kinds that are told as facts, each once."""
    return list(dict.fromkeys(one.kind for one in dangers if one.is_fact))


def _matches(text: str, table: Mapping[str, Word]) -> list[Danger]:
    taken = bytearray(len(text))
    found = []
    for word in sorted(table, key=lambda one: (-len(one), one)):
        start = text.find(word)
        while start >= 0:
            end = start + len(word)
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                row = table[word]
                found.append(Danger(word, row.kind, row.major, start, how_said(text, start, end)))
            start = text.find(word, end)
    return found
