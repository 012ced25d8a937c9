"""What a text means, as SIZE numbers: the weights of its pairs of characters and words, folded onto few axes.

Latent semantic analysis (Deerwester et al. 1990) of the centre's own cases: TF-IDF, then a truncated SVD (Halko et al.
2011, by scikit-learn). Terms have no list: a hash puts them into BUCKETS columns, so an axis is a plain array and a new
word needs no new model. Reading a text needs numpy alone.
"""

import io
import math
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qushu.kernel.search_terms import pairs_in
from qushu.kernel.text import tidy, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SIZE: Final = 64
BUCKETS: Final = 1 << 15
LONGEST: Final = 400
"""Characters of a text that are read."""


@dataclass(frozen=True)
class Space:
    """How rare each bucket is, and what it adds to each axis: BUCKETS, and BUCKETS × SIZE."""

    rarity: "Floats"
    axes: "Floats"

    @classmethod
    def learn(cls, texts: Sequence[str], seed: int = 1) -> "Space":
        """Of many texts (some thousands at least, more than SIZE)."""
        import numpy as np
        from scipy.sparse import csr_matrix
        from sklearn.decomposition import TruncatedSVD

        counted = [_weights(text) for text in texts]
        often = Counter(bucket for one in counted for bucket in one)
        rarity = np.full(BUCKETS, math.log(1 + len(texts)) + 1, dtype=np.float32)
        for bucket, count in often.items():
            rarity[bucket] = math.log((1 + len(texts)) / (1 + count)) + 1
        ends = np.cumsum([0, *(len(one) for one in counted)])
        at = np.fromiter((bucket for one in counted for bucket in one), np.int32, ends[-1])
        values = np.fromiter((weight for one in counted for weight in one.values()), np.float32, ends[-1]) * rarity[at]
        rows = csr_matrix((values, at, ends), shape=(len(texts), BUCKETS))
        length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        rows = csr_matrix((values / np.repeat(np.maximum(length, 1e-9), np.diff(ends)), at, ends), shape=rows.shape)
        svd = TruncatedSVD(SIZE, n_iter=4, random_state=seed).fit(rows)
        return cls(rarity, np.ascontiguousarray(svd.components_.T.astype(np.float32)))

    def vector(self, text: str) -> "Floats | None":
        """The text's SIZE numbers, of length 1; None when nothing in it can be weighed."""
        import numpy as np

        found = _weights(text)
        if not found:
            return None
        at = np.fromiter(found, np.int32, len(found))
        weighed = np.fromiter(found.values(), np.float32, len(found)) * self.rarity[at]
        vector = weighed @ self.axes[at]
        length = float(np.linalg.norm(vector))
        return (vector / length).astype(np.float32) if length > 1e-6 else None

    def to_bytes(self) -> bytes:
        """As it is kept; axes lose half their digits."""
        import numpy as np

        kept = io.BytesIO()
        np.savez_compressed(kept, rarity=self.rarity, axes=self.axes.astype(np.float16))
        return kept.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Space":
        """What `to_bytes` wrote; nothing in it is run. Raises ValueError or KeyError for anything else."""
        import numpy as np

        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return cls(file["rarity"].astype(np.float32), file["axes"].astype(np.float32))


def as_halfvec(vector: "Floats") -> str:
    """The vector as pgvector reads it."""
    return "[" + ",".join(f"{value:.4f}" for value in vector.tolist()) + "]"


def _weights(text: str) -> dict[int, float]:
    """Damped counts by bucket."""
    said = tidy(text[:LONGEST]).lower()
    counted = Counter(zlib.crc32(term.encode()) % BUCKETS for term in (*pairs_in(said), *words(said)))
    return {bucket: 1 + math.log(often) for bucket, often in counted.items()}
