"""Very many texts as rows of a matrix: the vectors of `weighing`, cut by all processors and weighed column by column."""

import multiprocessing
import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array

from .weighing import KEPT, MOST_WORDS, TITLE_WEIGHT, telling_words

Rows: TypeAlias = csr_matrix
"""Texts × words, each row of length 1 or empty."""

CHUNK: Final = 10_000
"""Texts that a process cuts at a time; fewer are cut where they are asked for."""

_Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class _Cut:
    """Texts cut into words: which words there are, which word stands where, and where each text ends."""

    words: list[str]
    which: NDArray[np.int32]
    ends: _Numbers


def text_rows(bodies: Sequence[str], titles: Sequence[str] | None = None) -> Rows:
    """Vectors of `Weights.vector` as a matrix; the words' weights are learned from these same texts."""
    columns: dict[str, int] = {}
    said = _counts(bodies, columns)
    heads = _counts(titles, columns) if titles else None
    said.resize((len(bodies), len(columns)))
    both = said if heads is None else said + heads
    weights = _rarities(np.bincount(both.indices, minlength=len(columns)), len(bodies), list(columns))
    found = _weighed(said, weights)
    if heads is not None:
        found = (found + TITLE_WEIGHT * _weighed(heads, weights)).tocsr()
    names = np.array(list(columns), object)
    rows = _of_length_1(_heaviest(found, names)).astype(np.float32)
    rows.sort_indices()
    return rows


def _counts(texts: Sequence[str], columns: dict[str, int]) -> csr_matrix:
    """Texts × words: how often each text says each word. New words are added to `columns`."""
    at, lengths = [], []
    for cut in _cut_all(texts):
        numbers = np.array([columns.setdefault(word, len(columns)) for word in cut.words], np.int32)
        at.append(numbers[cut.which] if len(numbers) else cut.which)
        lengths.append(np.diff(cut.ends))
    column = np.concatenate(at) if at else np.zeros(0, np.int32)
    ends = np.concatenate(([0], np.cumsum(np.concatenate(lengths)))) if lengths else np.zeros(1, np.int64)
    counts = csr_matrix((np.ones(len(column), np.float32), column, ends), shape=(len(texts), len(columns)))
    counts.sum_duplicates()
    return counts


def _cut_all(texts: Sequence[str]) -> Iterator[_Cut]:
    """In chunks and in order; by processes of their own where there is more than one chunk."""
    chunks = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
    if len(chunks) < 2:
        yield from map(_cut, chunks)
        return
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        yield from pool.imap(_cut, chunks)


def _cut(texts: Iterable[str]) -> _Cut:
    known: dict[str, int] = {}
    which, ends = array("i"), array("q", [0])
    for text in texts:
        which.extend([known.setdefault(word, len(known)) for word in telling_words(text)])
        ends.append(len(which))
    return _Cut(list(known), np.array(which, np.int32), np.array(ends, np.int64))


def _rarities(often: _Numbers, texts: int, words: Sequence[str]) -> NDArray[np.float64]:
    """What `Weights.rarity` says of each word: beyond the MOST_WORDS commonest (ties by the alphabet) as if said once."""
    often = np.maximum(often, 1)
    if (often > 1).sum() > MOST_WORDS:
        order = sorted(range(len(words)), key=lambda one: (-often[one], words[one]))
        often[order[MOST_WORDS:]] = 1
    return np.log((1 + texts) / (1 + often)) + 1


def _weighed(counts: csr_matrix, rarities: NDArray[np.float64]) -> csr_matrix:
    """Damped counts × rarity, each row made length 1."""
    weights = (1 + np.log(counts.data)) * rarities[counts.indices]
    return _of_length_1(csr_matrix((weights, counts.indices, counts.indptr), shape=counts.shape))


def _heaviest(rows: csr_matrix, names: NDArray[np.object_]) -> csr_matrix:
    """The KEPT heaviest words of each row (ties by the alphabet)."""
    for one in np.flatnonzero(np.diff(rows.indptr) > KEPT).tolist():
        start, end = rows.indptr[one], rows.indptr[one + 1]
        order = np.lexsort((names[rows.indices[start:end]].astype(str), -rows.data[start:end]))
        rows.data[start + order[KEPT:]] = 0
    rows.eliminate_zeros()
    return rows


def _of_length_1(rows: csr_matrix) -> csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return csr_matrix(diags_array(1 / np.where(lengths, lengths, 1)) @ rows)
