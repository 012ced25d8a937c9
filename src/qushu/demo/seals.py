"""What the case's own rules seal and chain: contact, history."""

from datetime import UTC, datetime

from qushu.cases.contact import Contact, seal_contact
from qushu.cases.rules import chained_fields, history_hash

from .story import CaseStory, Step
from .world import World


def sealed_contact(story: CaseStory, world: World) -> bytes | None:
    """The caller's name, phone and address, sealed for this case's number."""
    caller = story.core.caller
    home = world.communities[caller.home]
    address = f"{home.name}{home.estates[caller.estate % len(home.estates)]}{caller.building}"
    return seal_contact(story.number, Contact(caller.name, caller.phone, "", address))


def chained(prev: bytes, story: CaseStory, seq: int, step: Step) -> bytes:
    """The hash of a history row after the row whose hash is `prev`."""
    at = datetime.fromtimestamp(step.at, UTC)
    actor = (step.actor.id or None, step.actor.name, step.unit)
    states = (step.before, step.after)
    return history_hash(prev, chained_fields(story.id, seq, step.move, states, at, at, actor, step.record, None))
