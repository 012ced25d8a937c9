"""Average linkage on the likest pairs: the groups while they grow, their sums, and the passes over the texts."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, tril

Words = list[tuple[int, float]]


@dataclass(frozen=True)
class Nearness:
    """Mean likeness from which a text joins a group, and from which two groups are one.

    Many people say one thing in more ways than a few do: where one of the two groups has `large` texts, `merge_large`
    is enough.
    """

    join: float = 0.25
    merge: float = 0.25
    merge_large: float = 0.22
    large: int = 20


class Links:
    """Texts (rows of length 1, in the order of time), their likest pairs, and the group of each.

    `counts`: how many equal texts a row stands for. A group's sum of vectors is kept from its second row on; for a
    single row the pair's own likeness is the mean. A mean can't reach what no pair reaches, so only pairs that are near
    enough are kept, and of the groups beside a text the one with the likest member is asked first.
    """

    def __init__(self, rows: csr_matrix, graph: csr_matrix, counts: Sequence[int], near: Nearness) -> None:
        self.near = near
        self.counts = list(counts)
        self.labels = [-1] * rows.shape[0]
        self._rows, self._graph = rows, _from(graph, min(near.join, near.merge, near.merge_large))
        self._sizes: list[int] = []
        self._single: list[int] = []
        self._sums: list[dict[int, float]] = []
        self._changed: set[int] = set()

    def arrive(self) -> None:
        """Each text joins the best group of those before it, or begins one."""
        earlier = _from(tril(self._graph, -1, "csr"), self.near.join)
        for one in range(len(self.labels)):
            best, value = self._best(one, earlier)
            if value >= self.near.join:
                self._add(one, best)
            else:
                self.labels[one] = len(self._sizes)
                self._sizes.append(self.counts[one])
                self._single.append(one)
                self._sums.append({})

    def merge(self) -> None:
        """Groups that are alike on average become one, the most alike pair first."""
        beside = self._beside()
        waiting = [(-self._between(a, b), a, b) for a, others in beside.items() for b in others if a < b]
        waiting = [(value, a, b) for value, a, b in waiting if self._are_one(-value, a, b)]
        heapq.heapify(waiting)
        into: dict[int, int] = {}
        while waiting:
            value, a, b = heapq.heappop(waiting)
            if a in into or b in into or abs(value + self._between(a, b)) > 1e-9:
                continue  # one of them has grown or gone: its new value waits too
            into[b] = a
            self._take_in(a, b)
            beside[a] |= beside.pop(b)
            beside[a] -= {a, b}
            for other in beside[a]:
                beside[other].discard(b)
                beside[other].add(a)
                now = self._between(a, other)
                if self._are_one(now, a, other):
                    heapq.heappush(waiting, (-now, min(a, other), max(a, other)))
        self.labels = [_root(into, label) for label in self.labels]

    def move(self) -> None:
        """Each text beside a group that changed since the last time: it goes to a group that it is more like, or stays."""
        near = _from(self._graph, self.near.join)
        for one in self._beside_changed(near):
            best, value = self._best(one, near)
            if value >= self.near.join and best != self.labels[one]:
                self._remove(one)
                self._add(one, best)

    def middle(self, label: int, members: Sequence[int]) -> int:
        """The row that is most like the others of its group."""
        sums = self._sums[label]
        return max(members, key=lambda one: _product(self._words(one), sums)) if sums else members[0]

    def _best(self, one: int, pairs: csr_matrix) -> tuple[int, float]:
        """The group that this text is most like on average, itself not counted, and how much."""
        start, end = pairs.indptr[one], pairs.indptr[one + 1]
        if start == end:
            return -1, 0.0
        likest: dict[int, float] = {}
        for other, value in zip(pairs.indices[start:end].tolist(), pairs.data[start:end].tolist(), strict=True):
            label = self.labels[other]
            if value > likest.get(label, 0.0):
                likest[label] = value
        own, best, found = self.labels[one], -1, 0.0
        words = list(self._words(one))
        for label, value in sorted(likest.items(), key=lambda pair: -pair[1]):
            if value <= found:
                break
            mean = value if self._single[label] >= 0 else self._mean(one, words, label, own)
            if mean > found:
                best, found = label, mean
        return best, found

    def _mean(self, one: int, words: Words, label: int, own: int) -> float:
        total, size = _product(words, self._sums[label]), self._sizes[label]
        if label == own:
            total, size = total - self.counts[one], size - self.counts[one]
        return total / size if size else 0.0

    def _beside_changed(self, pairs: csr_matrix) -> list[int]:
        """Texts in or beside a group that changed since this was asked the last time, in their order."""
        changed = np.zeros(len(self._sizes), bool)
        changed[list(self._changed)] = True
        self._changed.clear()
        in_changed = changed[np.array(self.labels, np.int64)]
        beside = pairs @ in_changed.astype(np.float32) > 0
        return np.flatnonzero(in_changed | beside).tolist()

    def _words(self, one: int) -> Iterator[tuple[int, float]]:
        start, end = self._rows.indptr[one], self._rows.indptr[one + 1]
        return zip(self._rows.indices[start:end].tolist(), self._rows.data[start:end].tolist(), strict=True)

    def _add(self, one: int, label: int) -> None:
        self._open(label)
        self.labels[one] = label
        self._sizes[label] += self.counts[one]
        self._put(one, label, self.counts[one])

    def _remove(self, one: int) -> None:
        label = self.labels[one]
        self._open(label)
        self._sizes[label] -= self.counts[one]
        self._put(one, label, -self.counts[one])

    def _open(self, label: int) -> None:
        """Begin the sum of a group that was a single row."""
        single = self._single[label]
        if single >= 0:
            self._single[label] = -1
            self._put(single, label, self.counts[single])

    def _put(self, one: int, label: int, often: int) -> None:
        self._changed.add(label)
        sums = self._sums[label]
        for word, weight in self._words(one):
            sums[word] = sums.get(word, 0.0) + often * weight

    def _beside(self) -> defaultdict[int, set[int]]:
        """Groups with a pair near enough: a mean can't reach what no pair reaches."""
        labels = np.array(self.labels, np.int64)
        single = np.array(self._single, np.int64) >= 0
        pairs = _from(self._graph, min(self.near.merge, self.near.merge_large)).tocoo()
        a, b = labels[pairs.row], labels[pairs.col]
        asked = (a != b) & ~(single[a] & single[b])
        beside: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in np.unique(np.stack((a[asked], b[asked]), 1), axis=0).tolist():
            beside[one].add(other)
        return beside

    def _are_one(self, mean: float, a: int, b: int) -> bool:
        large = max(self._sizes[a], self._sizes[b]) >= self.near.large
        return mean >= (self.near.merge_large if large else self.near.merge)

    def _between(self, a: int, b: int) -> float:
        self._open(a)
        self._open(b)
        one, other = self._sums[a], self._sums[b]
        if len(other) < len(one):
            one, other = other, one
        total = sum(weight * other[word] for word, weight in one.items() if word in other)
        return total / (self._sizes[a] * self._sizes[b])

    def _take_in(self, a: int, b: int) -> None:
        sums = self._sums[a]
        for word, weight in self._sums[b].items():
            sums[word] = sums.get(word, 0.0) + weight
        self._changed.add(a)
        self._sizes[a] += self._sizes[b]
        self._sums[b], self._sizes[b] = {}, 0


def _from(pairs: csr_matrix, least: float) -> csr_matrix:
    """The pairs that are alike by at least so much."""
    kept = pairs.copy()
    kept.data[kept.data < least] = 0
    kept.eliminate_zeros()
    return kept


def _product(words: Iterable[tuple[int, float]], sums: dict[int, float]) -> float:
    return sum(weight * sums.get(word, 0.0) for word, weight in words)


def _root(into: dict[int, int], label: int) -> int:
    while label in into:
        label = into[label]
    return label
