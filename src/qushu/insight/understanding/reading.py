"""All that the system reads out of one text, for the panel 系统理解."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qushu.kernel.personal import Personal, find_personal

from .gist import Gist, gist_of
from .learned_places import gazetteer
from .models import LearnedPlace, SafetyWord
from .places import Place
from .safety import Danger, Word, dangers_in

SAID = {"fact": "", "feared": "（担心）", "past": "（以前）"}
PLACE_KINDS = {"street": "街道", "community": "社区", **dict(LearnedPlace.Kind.choices)}


@dataclass(frozen=True)
class Understood:
    """What a text says: matter and wish, places, dangers, which kinds of personal data it holds."""

    gist: Gist
    places: Sequence[tuple[str, Place]]
    dangers: Sequence[tuple[str, str, Danger]]
    personal: Sequence[str]


def understand(text: str) -> Understood:
    """Read a text; at most three small reads, most of them kept by the process."""
    return Understood(
        gist_of(text),
        [(PLACE_KINDS[one.kind], one) for one in gazetteer().find(text)],
        [(SafetyWord.Kind(one.kind).label, SAID[one.said], one) for one in dangers_in(text, safety_table())],
        _kinds(find_personal(text)),
    )


def safety_table() -> Mapping[str, Word]:
    """The words of danger in use: one small read."""
    rows = SafetyWord.objects.filter(active=True).values_list("word", "kind", "major")
    return {word: Word(kind, major) for word, kind, major in rows}


def _kinds(found: Sequence[Personal]) -> list[str]:
    return list(dict.fromkeys(one.kind for one in found))
