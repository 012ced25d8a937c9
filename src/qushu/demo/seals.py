"""What the case's own rules seal and chain: contact, history."""

from datetime import UTC, datetime

from qushu.cases.contact import Contact, caller_digest, seal_contact
from qushu.cases.rules import chained_fields, history_hash, words_digest

from .story import CaseStory, Step
from .world import World


def contact_of(story: CaseStory, world: World) -> Contact:
    """The caller's name, phone and address."""
    caller = story.core.caller
    home = world.communities[caller.home]
    address = f"{home.name}{home.estates[caller.estate % len(home.estates)]}{caller.building}"
    return Contact(caller.name, caller.phone, "", address)


def sealed_contact(story: CaseStory, world: World) -> bytes | None:
    """The caller's data, sealed for this case's number."""
    return seal_contact(story.number, contact_of(story, world))


def take_down(story: CaseStory, world: World) -> None:
    """Let the history's first row hold what was said and by whom, as an accepted case's does."""
    story.steps[0].record |= {
        "words_digest": words_digest(story.words.text),
        "caller_digest": caller_digest(story.number, contact_of(story, world)),
    }


def chained(prev: bytes, story: CaseStory, seq: int, step: Step) -> bytes:
    """The hash of a history row after the row whose hash is `prev`."""
    at = datetime.fromtimestamp(step.at, UTC)
    actor = (step.actor.id or None, step.actor.name, step.unit)
    states = (step.before, step.after)
    return history_hash(prev, chained_fields(story.id, seq, step.move, states, at, at, actor, step.record, None))
