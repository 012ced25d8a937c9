"""Texts into matters as they arrive: a text joins the group to whose members it is alike on average.

The average over all members keeps half-alike texts from chaining into one blob (average linkage; Sokal and Michener
1958): a text that is like one member and unlike the rest doesn't join. After all have come, groups whose members are
alike on average become one, and texts that are nearer to another group move there; both once more, for what has moved
makes groups alike that were not. Whom to ask is said by each text's likest others; the average itself is exact, for the mean cosine to the members is the product with their sum.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from .likeness import likeness_graph
from .linking import Links, Nearness
from .rows import Rows, text_rows

ROUNDS: Final = 2
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Group:
    """A matter: its members in the order of arrival, and the one that is most like the others."""

    members: tuple[int, ...]
    middle: int


def group_texts(
    bodies: Sequence[str],
    titles: Sequence[str] | None = None,
    moments: Sequence[str] | None = None,
    near: Nearness | None = None,
    progress: Progress | None = None,
) -> list[Group]:
    """The groups of two and more texts; members are places in `bodies`.

    `moments` (sortable, as many as bodies) say who came first; without them the order given does. Texts that are the
    same to the letter are compared once and count as often as they came.
    """
    order = sorted(range(len(bodies)), key=lambda one: moments[one]) if moments else range(len(bodies))
    copies: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one in order:
        copies[titles[one] if titles else "", bodies[one]].append(one)
    rows = text_rows([body for _, body in copies], [title for title, _ in copies] if titles else None)
    return group_rows(rows, list(copies.values()), near, progress)


def group_rows(
    rows: Rows, copies: Sequence[Sequence[int]], near: Nearness | None = None, progress: Progress | None = None
) -> list[Group]:
    """The groups of two and more. `rows` in the order of time, `copies` the texts that each row stands for."""
    links = Links(rows, likeness_graph(rows, progress), [len(same) for same in copies], near or Nearness())
    links.arrive()
    for _ in range(ROUNDS):
        links.merge()
        links.move()
    found: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(links.labels):
        found[label].append(row)
    groups = []
    for label, members in found.items():
        texts = tuple(sorted(one for row in members for one in copies[row]))
        if len(texts) > 1:
            groups.append(Group(texts, copies[links.middle(label, members)][0]))
    return groups
