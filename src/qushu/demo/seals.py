"""What the case's own rules seal, index and chain: contact, blind index, search words, history."""

import hashlib
import json

import rjieba

from qushu.kernel.crypto import vault

from .story import CaseStory, Step
from .world import World


def sealed_contact(story: CaseStory, world: World) -> bytes:
    """The caller's name, phone and address, sealed for this case's number."""
    caller = story.core.caller
    home = world.communities[caller.home]
    contact = {
        "name": caller.name,
        "phone": caller.phone,
        "id_number": "",
        "address": f"{home.name}{home.estates[caller.estate % len(home.estates)]}{caller.building}",
    }
    return vault().seal(json.dumps(contact, ensure_ascii=False), story.number.encode())


def blind_index(phone: str) -> bytes:
    """What a phone number is found by."""
    return vault().blind_index(phone)


def tsvector(text: str) -> str:
    return " ".join(sorted({f"'{word}'" for word in rjieba.cut_for_search(text) if word.strip() and "'" not in word}))


def chained(prev: bytes, story: CaseStory, seq: int, step: Step) -> bytes:
    return hashlib.sha256(
        prev + json.dumps([story.id, seq, step.move, step.after, step.at, step.record]).encode()
    ).digest()
