"""What the case's own rules seal and index, gathered behind four functions: contact, blind index, search words, chain."""

import hashlib
import json

import rjieba

from .story import CaseStory, Step


def sealed_contact(story: CaseStory) -> bytes:
    return json.dumps({"name": story.core.caller.name, "phone": story.core.caller.phone}, ensure_ascii=False).encode()


def blind_index(phone: str) -> bytes:
    return hashlib.sha256(phone.encode()).digest()[:16]


def tsvector(text: str) -> str:
    return " ".join(sorted({f"'{word}'" for word in rjieba.cut_for_search(text) if word.strip() and "'" not in word}))


def chained(prev: bytes, story: CaseStory, seq: int, step: Step) -> bytes:
    return hashlib.sha256(
        prev + json.dumps([story.id, seq, step.move, step.after, step.at, step.record]).encode()
    ).digest()
