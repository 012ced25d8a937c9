"""Which rows a model is tried on before it learns from all of them: the newest, or a fair draw; copies never on both sides."""

import hashlib
from collections.abc import Sequence

import numpy as np

from .network import Ints

SHARE = 0.2


def held_out(texts: Sequence[str], when: Sequence[str] | None, seed: int) -> tuple[Ints, Ints]:
    """Places of the rows to learn from and of those kept aside (a fifth), both in order.

    ``when``: sortable moments (ISO): the newest fifth is kept aside, split between two days, as a model meets it in
    service. Without it rows are drawn by a hash of their text, so that copies of a text stay together.
    """
    if when is not None and len(set(when)) > 1:
        moments = np.array(when)
        border = np.sort(moments)[-max(1, int(len(moments) * SHARE))]
        aside = moments >= border
        if not aside.all():
            return np.flatnonzero(~aside), np.flatnonzero(aside)
    aside = np.array([_draw(text, seed) < SHARE for text in texts])
    return np.flatnonzero(~aside), np.flatnonzero(aside)


def _draw(text: str, seed: int) -> float:
    """A number from 0 to 1 that depends on the text's letters alone."""
    letters = "".join(text.split())
    digest = hashlib.blake2b(letters.encode("utf-8", "replace"), digest_size=8, salt=seed.to_bytes(8, "big"))
    return int.from_bytes(digest.digest(), "big") / 2**64
