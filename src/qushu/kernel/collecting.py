"""How often Python's collector goes through what a process keeps. Reference counts free nearly everything without it."""

import gc
from typing import Final

OFTEN: Final = (10_000, 20, 50)
"""The youngest are looked at when so many more were made than freed; the older at each 20th time, the oldest at each 50th of these."""


def collect_seldom() -> None:
    """What is there stays, and what is made from now on is gone through seldom: for a process that is set up and begins its work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OFTEN)
