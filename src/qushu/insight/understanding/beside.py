"""Learning in a process of its own: slower than everything else on the machine, its memory is given back when it ends.

This module stands outside what needs Django, which the new process sets up first.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from qushu.kernel.offspring import end_with_parent

WHATS = ("unit", "category")
PLACES = "places"
_PATIENCE = 15


def learn_beside() -> list[str]:
    """Learn both models and the names of places, one after the other; a sentence on each.

    The process ends with the one that asked.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), _begin) as pool:
        return list(pool.map(learn_one, (*WHATS, PLACES)))


def learn_one(what: str) -> str:
    """Learn one model, or the names of places, and say what came of it; too few cases are an answer too."""
    from django.utils import timezone

    from qushu.insight.understanding.actions import retrain
    from qushu.insight.understanding.learned_places import learn_places
    from qushu.kernel.errors import Refused

    if what == PLACES:
        return f"{what}: {learn_places(timezone.now())}"
    try:
        version = retrain(what, timezone.now())
    except Refused as refused:
        return f"{what}: {refused.message}"
    return f"{version.name}: {version.reason}"


def _begin() -> None:
    end_with_parent()
    os.nice(_PATIENCE)
    import django  # models can't be imported before Django is set up

    django.setup()
