"""Average linkage on the likest pairs: the groups while they grow, their sums, and the passes over the texts."""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix


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
    single row the pair's own likeness is the mean.
    """

    def __init__(self, rows: csr_matrix, graph: csr_matrix, counts: Sequence[int], near: Nearness) -> None:
        self.near = near
        self.counts = list(counts)
        self.labels = [-1] * rows.shape[0]
        self._rows, self._graph = rows, graph
        self._sizes: list[int] = []
        self._single: list[int] = []
        self._sums: list[dict[int, float]] = []

    def arrive(self) -> None:
        """Each text joins the best group of those before it, or begins one."""
        for one in range(len(self.labels)):
            best, value = self._best(one)
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
        """Each text once more: it goes to a group that it is more like, or stays."""
        for one, label in enumerate(self.labels):
            best, value = self._best(one)
            if value >= self.near.join and best != label:
                self._remove(one)
                self._add(one, best)

    def middle(self, label: int, members: Sequence[int]) -> int:
        """The row that is most like the others of its group."""
        sums = self._sums[label]
        return max(members, key=lambda one: self._product(one, sums)) if sums else members[0]

    def _best(self, one: int) -> tuple[int, float]:
        """The group that this text is most like on average, itself not counted, and how much."""
        own, best, found = self.labels[one], -1, 0.0
        start, end = self._graph.indptr[one], self._graph.indptr[one + 1]
        near: dict[int, float] = {}
        for other, value in zip(
            self._graph.indices[start:end].tolist(), self._graph.data[start:end].tolist(), strict=True
        ):
            label = self.labels[other]
            if label >= 0 and value > near.get(label, 0.0):
                near[label] = value
        for label, value in near.items():
            mean = value if self._single[label] >= 0 else self._mean(one, label, own)
            if mean > found:
                best, found = label, mean
        return best, found

    def _mean(self, one: int, label: int, own: int) -> float:
        total, size = self._product(one, self._sums[label]), self._sizes[label]
        if label == own:
            total, size = total - self.counts[one], size - self.counts[one]
        return total / size if size else 0.0

    def _words(self, one: int) -> Iterator[tuple[int, float]]:
        start, end = self._rows.indptr[one], self._rows.indptr[one + 1]
        return zip(self._rows.indices[start:end].tolist(), self._rows.data[start:end].tolist(), strict=True)

    def _product(self, one: int, sums: dict[int, float]) -> float:
        return sum(weight * sums.get(word, 0.0) for word, weight in self._words(one))

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
        sums = self._sums[label]
        for word, weight in self._words(one):
            sums[word] = sums.get(word, 0.0) + often * weight

    def _beside(self) -> defaultdict[int, set[int]]:
        """Groups with a pair near enough: a mean can't reach what no pair reaches."""
        labels = np.array(self.labels)
        pairs = self._graph.tocoo()
        a, b = labels[pairs.row], labels[pairs.col]
        asked = (pairs.data >= min(self.near.merge, self.near.merge_large)) & (a != b)
        beside: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in zip(a[asked].tolist(), b[asked].tolist(), strict=True):
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
        self._sizes[a] += self._sizes[b]
        self._sums[b], self._sizes[b] = {}, 0


def _root(into: dict[int, int], label: int) -> int:
    while label in into:
        label = into[label]
    return label
