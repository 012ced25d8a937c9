"""Groups as near-duplicate finders make them, to be measured beside ours: semhash and MinHash (rensa).

Both are libraries for development and may be absent. Each is given its best threshold of a row of them, chosen by the
known events themselves, so it is shown at its best.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from qushu.insight.belonging.rows import text_rows
from qushu.insight.belonging.weighing import telling_words

SEMHASH_THRESHOLDS: Final = (0.5, 0.6, 0.7, 0.8, 0.9)
MINHASH_THRESHOLDS: Final = (0.2, 0.3, 0.4, 0.5, 0.6)
_DIMENSIONS: Final = 128
_PERMUTATIONS: Final = 128
_BANDS: Final = 64

Grouping = Callable[[Sequence[str], Sequence[str] | None], Iterator[tuple[float, list[list[int]]]]]


def semhash_groups(bodies: Sequence[str], titles: Sequence[str] | None) -> Iterator[tuple[float, list[list[int]]]]:
    """Threshold and groups by semhash, on vectors of our own words (truncated SVD): its own model isn't in a package."""
    from semhash import SemHash
    from sklearn.decomposition import TruncatedSVD

    rows = text_rows(bodies, titles)
    vectors = TruncatedSVD(min(_DIMENSIONS, min(rows.shape) - 1), random_state=0).fit_transform(rows)
    records = [{"number": str(number)} for number in range(len(bodies))]
    found = SemHash.from_embeddings(vectors.astype(np.float32), records, _Known(), columns=["number"])
    for threshold in SEMHASH_THRESHOLDS:
        kept: defaultdict[str, list[int]] = defaultdict(list)
        for one in found.self_deduplicate(threshold).filtered:
            kept[one.duplicate_of["number"]].append(int(one.record["number"]))
        yield threshold, [[int(first), *others] for first, others in kept.items()]


def minhash_groups(bodies: Sequence[str], titles: Sequence[str] | None) -> Iterator[tuple[float, list[list[int]]]]:
    """Threshold and groups by MinHash over the sets of words (Broder 1997): pairs of enough likeness, put together."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=0.5, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    marks = []
    for number, body in enumerate(bodies):
        mark = RMinHash(num_perm=_PERMUTATIONS, seed=1)
        mark.update(sorted({*telling_words(body), *telling_words(titles[number] if titles else "")}))
        index.insert(number, mark)
        marks.append(mark)
    pairs = [
        (one, other, mark.jaccard(marks[other]))
        for one, mark in enumerate(marks)
        for other in index.query(mark)
        if other < one
    ]
    for threshold in MINHASH_THRESHOLDS:
        yield threshold, _joined(len(bodies), [(one, other) for one, other, value in pairs if value >= threshold])


OTHERS: Final[dict[str, Grouping]] = {"semhash": semhash_groups, "minhash": minhash_groups}
LIBRARIES: Final = {"semhash": "semhash", "minhash": "rensa"}


def installed(name: str) -> bool:
    """Whether the library of this method is there."""
    return find_spec(LIBRARIES[name]) is not None


class _Known:
    """semhash asks for a model even when the vectors are given; nothing is ever encoded by it."""

    def encode(self, inputs: Any, **options: Any) -> np.ndarray:
        raise NotImplementedError("the vectors were given")


def _joined(count: int, pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Everything that pairs connect (single linkage)."""
    into = list(range(count))

    def root(one: int) -> int:
        while into[one] != one:
            into[one] = one = into[into[one]]
        return one

    for one, other in pairs:
        into[root(one)] = root(other)
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for one in range(count):
        groups[root(one)].append(one)
    return [members for members in groups.values() if len(members) > 1]
