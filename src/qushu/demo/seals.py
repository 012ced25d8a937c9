"""What the case's own rules seal, index and chain: contact, blind index, search words, history."""

from datetime import UTC, datetime

from qushu.cases.contact import Contact, seal_contact
from qushu.kernel.chain import row_hash
from qushu.kernel.crypto import vault
from qushu.kernel.text import tsvector_of, words

from .story import CaseStory, Step
from .world import World


def sealed_contact(story: CaseStory, world: World) -> bytes | None:
    """The caller's name, phone and address, sealed for this case's number."""
    caller = story.core.caller
    home = world.communities[caller.home]
    address = f"{home.name}{home.estates[caller.estate % len(home.estates)]}{caller.building}"
    return seal_contact(story.number, Contact(caller.name, caller.phone, "", address))


def blind_index(phone: str) -> bytes:
    """What a phone number is found by."""
    return vault().blind_index(phone)


def tsvector(text: str) -> str:
    """The words a statement is found by."""
    return tsvector_of(words(text))


def chained(prev: bytes, story: CaseStory, seq: int, step: Step) -> bytes:
    """The hash of a history row after the row whose hash is `prev`."""
    at = datetime.fromtimestamp(step.at, UTC)
    return row_hash(
        prev,
        {
            "case_id": story.id,
            "seq": seq,
            "move": step.move,
            "from_state": step.before,
            "to_state": step.after,
            "at": at,
            "recorded_at": at,
            "actor_id": step.actor.id or None,
            "actor_name": step.actor.name,
            "unit_id": step.unit,
            "record": step.record,
            "request_key": None,
        },
    )
