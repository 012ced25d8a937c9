"""How alike texts are: cosine of their rarest words, for all pairs that are alike at all, in bounded memory.

Only the KEPT heaviest words of a text speak for it, and a word that very many texts share finds no partners: both
bound the work, and neither decides what a matter is.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import rjieba
from scipy.sparse import csr_matrix, vstack

from qushu.insight.understanding.terms import Rows, Terms, plain, scaled

KEPT: Final = 40
TITLE_WEIGHT: Final = 2.0
MOST_TERMS: Final = 400_000
COMMONEST: Final = 4_000
LEAST: Final = 0.05
_BLOCK: Final = 2_000

Progress = Callable[[int, int], None]


def telling_words(text: str) -> Iterator[str]:
    """Words of at least two characters that aren't plain numbers."""
    return (word for word in rjieba.cut(text) if len(word) > 1 and not word.isdigit())


def text_rows(bodies: Sequence[str], titles: Sequence[str] | None = None, longest: int = 300) -> tuple[Rows, Terms]:
    """Rows of length 1 (texts × words) and their words; a title weighs TITLE_WEIGHT times its body.

    Of a body the first `longest` characters are read: what it is about is said first.
    """
    shown = [plain(body)[:longest] for body in bodies]
    heads = [plain(title) for title in titles] if titles is not None else None
    whole = [f"{head}\n{body}" for head, body in zip(heads, shown, strict=True)] if heads is not None else shown
    terms = Terms.learn(whole, telling_words, MOST_TERMS)
    rows = terms.rows(shown)
    if heads is not None:
        rows = scaled(rows + TITLE_WEIGHT * terms.rows(heads))
    return _heaviest(rows), terms


def likeness_graph(rows: Rows, least: float = LEAST, progress: Progress | None = None) -> csr_matrix:
    """Texts × texts, symmetric, without the diagonal: the cosine where it is at least `least`.

    Words of more than COMMONEST texts are left out of the comparison, so that time grows with the texts and not with
    their square.
    """
    often = np.asarray((rows > 0).sum(axis=0)).ravel()
    asked = rows.tocsc()[:, often <= COMMONEST].tocsr()
    partners = asked.T.tocsr()
    starts = range(0, rows.shape[0], _BLOCK)

    def block(start: int) -> csr_matrix:
        found = (asked[start : start + _BLOCK] @ partners).tocsr()
        found.data[found.data < least] = 0
        found.eliminate_zeros()
        return found

    found = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, one in enumerate(pool.map(block, starts), 1):
            found.append(one)
            if progress:
                progress(min(done * _BLOCK, rows.shape[0]), rows.shape[0])
    graph = vstack(found, format="csr", dtype=np.float32) if found else csr_matrix((0, 0), dtype=np.float32)
    graph.setdiag(0)
    graph.eliminate_zeros()
    return graph


def _heaviest(rows: Rows) -> Rows:
    """Each row with its KEPT heaviest words only, made length 1 again."""
    data = rows.data.copy()
    for start, end in zip(rows.indptr[:-1], rows.indptr[1:], strict=True):
        if end - start > KEPT:
            weights = data[start:end]
            weights[weights < np.partition(weights, -KEPT)[-KEPT]] = 0
    kept = csr_matrix((data, rows.indices, rows.indptr), shape=rows.shape)
    kept.eliminate_zeros()
    return scaled(kept)
