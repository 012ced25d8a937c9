"""Learning in a process of its own. This module stands outside what needs Django, which that process sets up first."""

from qushu.kernel.offspring import patient

WHATS = ("unit", "category")
PLACES = "places"


def learn_beside() -> list[str]:
    """Learn both models and the names of places, one after the other; a sentence on each."""
    with patient() as pool:
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
