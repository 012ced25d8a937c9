"""How alike texts are: each text's likest others, by the cosine of their heaviest words, in bounded time and memory.

No text has more than PARTNERS others, and no word leads to more than RUN of them: a commoner word is cut into runs of
texts that follow each other in time, so time grows with the texts and not with their square, whatever the vocabulary.
A text's lightest words, LIGHT of its length together, lead to none: they are the commonest, and add little to a cosine
(prefix filtering by length; Anastasiu and Karypis 2014). What runs and light words hide of a likeness is put right by
an exact cosine for the pairs that are kept.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from .rows import Rows

PARTNERS: Final = 32
LEAST: Final = 0.2
RUN: Final = 500
LIGHT: Final = 0.3
_BLOCK: Final = 500

Progress = Callable[[int, int], None]


def likeness_graph(rows: Rows, progress: Progress | None = None) -> csr_matrix:
    """Texts × texts, symmetric, without the diagonal: the cosine of each text and its likest, from LEAST on.

    `rows` in the order of time. At most PARTNERS per text are sought (a text may be sought by more).
    """
    asked = _in_runs(_leading(rows))
    partners = asked.T.tocsr()

    def block(start: int) -> csr_matrix:
        found = (asked[start : start + _BLOCK] @ partners).tocsr()
        return _exact(rows, _likest(found, start, LEAST / 2), start)

    found = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, one in enumerate(pool.map(block, range(0, rows.shape[0], _BLOCK)), 1):
            found.append(one)
            if progress:
                progress(min(done * _BLOCK, rows.shape[0]), rows.shape[0])
    graph = vstack(found, format="csr", dtype=np.float32) if found else csr_matrix((0, 0), dtype=np.float32)
    return graph.maximum(graph.T).tocsr()


def _leading(rows: Rows) -> csr_matrix:
    """The rows without their lightest words, LIGHT of each row's length together."""
    lengths = np.diff(rows.indptr)
    order = np.lexsort((rows.data, np.repeat(np.arange(rows.shape[0]), lengths)))
    up_to = np.cumsum(rows.data[order].astype(np.float64) ** 2)
    before = np.repeat(np.concatenate(([0.0], up_to))[rows.indptr[:-1]], lengths)
    kept = rows.copy()
    kept.data[order[up_to - before < LIGHT**2]] = 0
    kept.eliminate_zeros()
    return kept


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
