"""The same words from many numbers: texts of a matter that are nearly copies of each other (组织措辞). Pure.

Likeness of the sets of five-character runs (shingles; Broder 1997): what people write by themselves about one thing
shares words; what is handed round shares whole sentences.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qushu.kernel.text import tidy

RUN: Final = 5
COPY: Final = 0.7
SHORTEST: Final = 30
"""Characters below which two texts are alike by chance."""


@dataclass(frozen=True)
class SameWords:
    """Texts that are nearly copies: their positions, and from how many numbers they came."""

    members: tuple[int, ...]
    people: int


def same_words(texts: Sequence[str], people: Sequence[bytes | None], least_people: int) -> list[SameWords]:
    """Groups of near copies from at least so many numbers, the largest first. Each text is in one group at most."""
    sets = [_runs(text) for text in texts]
    free = [place for place, found in enumerate(sets) if found]
    groups = []
    while free:
        first, *rest = free
        alike = [first, *(other for other in rest if _likeness(sets[first], sets[other]) >= COPY)]
        taken = set(alike)
        free = [one for one in free if one not in taken]
        numbers = {people[one] for one in alike} - {None}
        if len(numbers) >= least_people:
            groups.append(SameWords(tuple(alike), len(numbers)))
    return sorted(groups, key=lambda group: (-group.people, group.members))


def _runs(text: str) -> frozenset[str]:
    plain = "".join(sign for sign in tidy(text) if sign.isalnum())
    if len(plain) < SHORTEST:
        return frozenset()
    return frozenset(plain[start : start + RUN] for start in range(len(plain) - RUN + 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared runs ÷ all runs; 0 at once where the sizes alone forbid a copy."""
    if min(len(one), len(other)) < COPY * max(len(one), len(other)):
        return 0.0
    return len(one & other) / len(one | other)
