"""What a process does once before it answers requests."""

from django.urls import get_resolver

from qushu.cases.finding import teach_names
from qushu.kernel.collecting import collect_seldom


def settle() -> None:
    """Know the district's names as words and the views of every room, and tell Python's collector that these stay.

    It would go through all of them again whenever much was made, which held a request up for 0.1 to 0.2 s. What is made
    afterwards (templates, kept tables) cost 40 ms each time it was gone through, which is now once in some thousand pages.
    """
    teach_names()
    _ = get_resolver().url_patterns  # imports every view
    collect_seldom()
