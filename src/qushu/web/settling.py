"""What a process does once before it answers requests."""

import gc

from django.urls import get_resolver

from qushu.cases.finding import teach_names

OFTEN = (10_000, 20, 50)
"""The youngest are looked at when so many more were made than freed; the older at each 20th time, the oldest at each 50th of these."""


def settle() -> None:
    """Know the district's names as words and the views of every room, and tell Python's collector that these stay.

    It would go through all of them again whenever much was made, which held a request up for 0.1 to 0.2 s. What is made
    afterwards (templates, kept tables) cost 40 ms each time it was gone through, which is now once in some thousand pages.
    """
    teach_names()
    _ = get_resolver().url_patterns  # imports every view
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OFTEN)
