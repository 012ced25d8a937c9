"""What a process does once before it answers requests."""

import gc

from django.urls import get_resolver

from qushu.cases.finding import teach_names


def settle() -> None:
    """Know the district's names as words and the views of every room, and tell Python's collector that these stay.

    It would go through all of them again whenever much was made, which held a request up for 0.1 to 0.2 s.
    """
    teach_names()
    _ = get_resolver().url_patterns  # imports every view
    gc.collect()
    gc.freeze()
