"""Texts into matters as they arrive: a text joins the group to whose members it is alike on average.

The average over all members keeps half-alike texts from chaining into one blob (average linkage; Sokal and Michener
1958): a text that is like one member and unlike the rest doesn't join. After all have come, groups whose members are
alike on average become one, and texts that are nearer to another group move there.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Labels = NDArray[np.int64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Nearness:
    """Mean likeness from which a text joins a group, and from which two groups are one."""

    join: float = 0.25
    merge: float = 0.25


@dataclass(frozen=True)
class Group:
    """A matter: its members in the order of arrival, and the one that is most like the others."""

    members: tuple[int, ...]
    middle: int


def group_rows(
    graph: csr_matrix, order: NDArray[np.int64], near: Nearness | None = None, progress: Progress | None = None
) -> list[Group]:
    """The groups of two or more texts. `graph`: `likeness_graph`; `order`: the texts' numbers by time of arrival."""
    near = near or Nearness()
    labels = _merged(graph, _arrived(graph, order, near.join, progress), near.merge)
    labels = _nearer(graph, labels, order, near.join)
    members: dict[int, list[int]] = defaultdict(list)
    for one in order:
        members[int(labels[one])].append(int(one))
    return [Group(tuple(found), _middle(graph, found)) for found in members.values() if len(found) > 1]


def _arrived(graph: csr_matrix, order: NDArray[np.int64], join: float, progress: Progress | None) -> Labels:
    """Each text joins the best group of those before it, or begins one."""
    labels = np.full(graph.shape[0], -1, dtype=np.int64)
    sizes: list[int] = []
    for done, one in enumerate(order, 1):
        best, value = _best(graph, labels, sizes, int(one))
        if value >= join:
            labels[one] = best
            sizes[best] += 1
        else:
            labels[one] = len(sizes)
            sizes.append(1)
        if progress and done % 5_000 == 0:
            progress(done, len(order))
    return labels


def _best(graph: csr_matrix, labels: Labels, sizes: list[int], one: int) -> tuple[int, float]:
    """The group that this text is most like on average, itself not counted, and how much."""
    start, end = graph.indptr[one], graph.indptr[one + 1]
    sums: dict[int, float] = defaultdict(float)
    for label, value in zip(labels[graph.indices[start:end]].tolist(), graph.data[start:end].tolist(), strict=True):
        if label >= 0:
            sums[label] += value
    own, best, found = int(labels[one]), -1, 0.0
    for label, total in sums.items():
        others = sizes[label] - (label == own)
        if others and total / others > found:
            best, found = label, total / others
    return best, found


def _merged(graph: csr_matrix, labels: Labels, merge: float) -> Labels:
    """Groups that are alike on average become one, the most alike pair first."""
    count = int(labels.max(initial=-1)) + 1
    sizes = np.bincount(labels, minlength=count).tolist()
    belongs = csr_matrix((np.ones(len(labels), np.float32), (np.arange(len(labels)), labels)), (len(labels), count))
    sums = _between((belongs.T @ graph @ belongs).tocoo(), sizes, merge)
    waiting = [(-total / (sizes[a] * sizes[b]), a, b) for a in sums for b, total in sums[a].items() if a < b]
    waiting = [one for one in waiting if -one[0] >= merge]
    heapq.heapify(waiting)
    into = list(range(count))
    while waiting:
        value, a, b = heapq.heappop(waiting)
        if into[a] != a or into[b] != b or -value != sums[a].get(b, 0.0) / (sizes[a] * sizes[b]):
            continue  # one of them has grown or gone: its new value waits too
        into[b] = a
        sizes[a] += sizes[b]
        for other, total in sums.pop(b).items():
            sums[other].pop(b, None)
            if other != a:
                sums[a][other] = sums[other][a] = sums[a].get(other, 0.0) + total
        for other, total in sums[a].items():
            now = total / (sizes[a] * sizes[other])
            if now >= merge:
                heapq.heappush(waiting, (-now, min(a, other), max(a, other)))
    return np.array([_root(into, int(label)) for label in labels], dtype=np.int64)


def _between(pairs: Any, sizes: list[int], merge: float) -> dict[int, dict[int, float]]:
    """Sums of likeness between groups that could come into question: one of theirs is near enough already."""
    near = pairs.data >= merge * np.array(sizes, float)[pairs.row] * np.array(sizes, float)[pairs.col]
    asked = set(pairs.row[near & (pairs.row != pairs.col)].tolist())
    sums: dict[int, dict[int, float]] = defaultdict(dict)
    for a, b, total in zip(pairs.row.tolist(), pairs.col.tolist(), pairs.data.tolist(), strict=True):
        if a != b and a in asked and b in asked:
            sums[a][b] = total
    return sums


def _root(into: list[int], label: int) -> int:
    while into[label] != label:
        label = into[label]
    return label


def _nearer(graph: csr_matrix, labels: Labels, order: NDArray[np.int64], join: float) -> Labels:
    """Each text once more: it moves to a group that it is more like, or stays."""
    labels = labels.copy()
    sizes = np.bincount(labels, minlength=1).tolist()
    for one in order.tolist():
        best, value = _best(graph, labels, sizes, one)
        if value >= join and best != labels[one]:
            sizes[int(labels[one])] -= 1
            sizes[best] += 1
            labels[one] = best
    return labels


def _middle(graph: csr_matrix, members: list[int]) -> int:
    """The member that is most like the others."""
    inner = graph[members][:, members]
    return members[int(np.asarray(inner.sum(axis=1)).ravel().argmax())]
