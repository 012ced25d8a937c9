"""How alike texts are: each text's likest others, by the cosine of their heaviest words, in bounded time and memory.

No text has more than PARTNERS others, and no word leads to more than RUN of them: a commoner word is cut into runs of
texts that follow each other in time, so time grows with the texts and not with their square, whatever the vocabulary.
What the runs hide of a likeness is put right by an exact cosine for the pairs that are kept.
"""

import os
from array import array
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from .weighing import Weights, telling_words

Rows: TypeAlias = csr_matrix
"""Texts × words, each row of length 1 or empty."""

PARTNERS: Final = 32
LEAST: Final = 0.2
RUN: Final = 500
_BLOCK: Final = 500

Progress = Callable[[int, int], None]


def text_rows(bodies: Sequence[str], titles: Sequence[str] | None = None) -> Rows:
    """Vectors of `weighing` as a matrix; the words' weights are learned from these same texts, each cut into words once."""
    shared: dict[str, str] = {}

    def cut(text: str) -> tuple[str, ...]:
        return tuple([shared.setdefault(word, word) for word in telling_words(text)])

    pairs = [(cut(title), cut(body)) for title, body in zip(titles or [""] * len(bodies), bodies, strict=True)]
    weights = Weights.count(pairs)
    columns: dict[str, int] = {}
    at, data, ends = array("i"), array("f"), array("l", [0])
    for title, body in pairs:
        vector = weights.weigh(title, body)
        at.extend([columns.setdefault(word, len(columns)) for word in vector])
        data.extend(vector.values())
        ends.append(len(at))
    filled = (np.array(data, np.float32), np.array(at, np.int32), np.array(ends, np.int64))
    rows = csr_matrix(filled, shape=(len(pairs), len(columns)))
    rows.sort_indices()
    return rows


def likeness_graph(rows: Rows, progress: Progress | None = None) -> csr_matrix:
    """Texts × texts, symmetric, without the diagonal: the cosine of each text and its likest, from LEAST on.

    `rows` in the order of time. At most PARTNERS per text are sought (a text may be sought by more).
    """
    asked = _in_runs(rows)
    partners = asked.T.tocsr()
    split = asked.shape[1] > rows.shape[1]

    def block(start: int) -> csr_matrix:
        found = (asked[start : start + _BLOCK] @ partners).tocsr()
        return _exact(rows, _likest(found, start, LEAST / 2), start) if split else _likest(found, start, LEAST)

    found = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, one in enumerate(pool.map(block, range(0, rows.shape[0], _BLOCK)), 1):
            found.append(one)
            if progress:
                progress(min(done * _BLOCK, rows.shape[0]), rows.shape[0])
    graph = vstack(found, format="csr", dtype=np.float32) if found else csr_matrix((0, 0), dtype=np.float32)
    return graph.maximum(graph.T).tocsr()


def _in_runs(rows: Rows) -> csr_matrix:
    """The rows with each common word cut into columns of RUN texts that follow each other."""
    by_word = rows.tocsc()
    often = np.diff(by_word.indptr).astype(np.int64)
    place = np.arange(by_word.nnz) - np.repeat(by_word.indptr[:-1], often)
    runs = -(-often // RUN)
    first = np.concatenate(([0], np.cumsum(runs)))
    column = np.repeat(first[:-1], often) + place // RUN
    return csr_matrix((by_word.data, (by_word.indices, column)), shape=(rows.shape[0], int(first[-1])))


def _likest(found: csr_matrix, start: int, least: float) -> csr_matrix:
    """Each row's PARTNERS largest values from `least` on, itself not counted. `start`: the number of the first row."""
    own = np.repeat(np.arange(start, start + found.shape[0]), np.diff(found.indptr))
    found.data[(found.data < least) | (found.indices == own)] = 0
    found.eliminate_zeros()
    for first, last in zip(found.indptr[:-1], found.indptr[1:], strict=True):
        if last - first > PARTNERS:
            values = found.data[first:last]
            values[np.argpartition(values, -PARTNERS)[:-PARTNERS]] = 0
    found.eliminate_zeros()
    return found


def _exact(rows: Rows, kept: csr_matrix, start: int) -> csr_matrix:
    """The same pairs with the cosine of all their words."""
    own: NDArray[np.int64] = np.repeat(np.arange(start, start + kept.shape[0]), np.diff(kept.indptr))
    kept.data = np.asarray(rows[own].multiply(rows[kept.indices]).sum(axis=1)).ravel().astype(np.float32)
    kept.data[kept.data < LEAST] = 0
    kept.eliminate_zeros()
    return kept
