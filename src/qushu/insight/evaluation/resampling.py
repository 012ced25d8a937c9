"""Very many texts from a file of some: drawn with a fifth of their words changed, to see what the grouping costs at scale."""

import random
from itertools import chain
from typing import Final

import rjieba

from qushu.kernel.text import tidy_line

from .groups import Messages

LENGTH: Final = 100
"""Characters of a drawn text."""
CHANGED: Final = 0.2
WATCHED: Final = 500
"""Texts whose copies are held against the groups."""


def drawn(messages: Messages, count: int, seed: int = 1) -> tuple[Messages, dict[str, set[str]]]:
    """`count` texts of about LENGTH characters, and of WATCHED of the messages the keys of their copies.

    Each is a message (title and body as one) drawn by chance, of whose words one in five is another, drawn by chance
    from all words of all messages. Its key is its number; the order is that of drawing.
    """
    rng = random.Random(seed)
    titles = messages.titles or [""] * len(messages.bodies)
    texts = [tidy_line(f"{title} {body}")[:LENGTH] for title, body in zip(titles, messages.bodies, strict=True)]
    words = [rjieba.cut(text) for text in texts]
    every = list(chain.from_iterable(words))
    sources = [rng.randrange(len(words)) for _ in range(count)]
    bodies = ["".join([_other(word, every, rng) for word in words[one]]) for one in sources]
    copies: dict[str, set[str]] = {}
    for key, one in enumerate(sources):
        if one < WATCHED:
            copies.setdefault(messages.keys[one], set()).add(str(key))
    return Messages([str(key) for key in range(count)], None, bodies, [""] * count), copies


def _other(word: str, every: list[str], rng: random.Random) -> str:
    return every[int(rng.random() * len(every))] if rng.random() < CHANGED else word
