"""Rows of the case itself: the case, its statement, its history."""

from qushu.cases.contact import caller_index
from qushu.cases.overdue import overdue_from
from qushu.cases.words import facets_of, search_words
from qushu.kernel.copy_text import NONE, binary, cell, line, maybe, moment, nonzero, text, yes

from .seals import chained, sealed_contact
from .story import CaseStory
from .world import World

COLUMNS = {
    "cases_case": (
        "id number lifecycle state kind urgency channel_id category_id street_id area_id lead_unit_id title marks "
        "caller_index accepted_by_id accepted_at registered_at dispatched_at acknowledged_at contacted_at resolved_at "
        "followed_up_at closed_at due_at due_clock overdue_from result solved satisfaction call_attempts return_count "
        "extension_count reopen_count supervision_level source source_ref generated seq head"
    ),
    "cases_statement": "case_id text place lon lat sealed answer words",
    "cases_searchentry": "case_id accepted_at lon lat words facets",
    "cases_history": (
        "id case_id seq move from_state to_state at recorded_at actor_id actor_name unit_id record request_key "
        "prev_hash hash"
    ),
}
TIMES = ("registered", "dispatched", "acknowledged", "contacted", "resolved", "followed_up", "closed")
LEVELS = {"urge": 1, "supervise": 2, "escalate": 3}


def case(story: CaseStory, world: World, head: bytes) -> str:
    """The case's row; `head` is the hash of its newest history row."""
    core, counts = story.core, story.counts
    community = world.communities[core.community]
    running = [clock for clock in story.clocks if clock.stopped is None]
    nearest = min((clock for clock in running if clock.paused is None), key=lambda clock: clock.due, default=None)
    return line(
        str(story.id),
        story.number,
        "hotline",
        story.state,
        story.kind,
        story.urgency,
        core.channel,
        str(world.leaves[core.leaf].id),
        str(world.streets[community.street].id),
        str(community.id),
        maybe(story.lead_unit),
        text(story.words.title),
        "{" + ",".join(story.marks) + "}",
        binary(caller_index(core.caller.phone)),
        nonzero(story.accepted_by.id),
        moment(core.moment),
        *(moment(story.times.get(name)) for name in TIMES),
        moment(nearest.due if nearest else None),
        nearest.name if nearest else "",
        moment(overdue_from((clock.name, clock.due, clock.paused) for clock in running)),
        story.result,
        yes(story.solved),
        maybe(story.satisfaction),
        str(counts["call"]),
        str(counts["return"]),
        str(counts["extension"]),
        str(counts["reopen"]),
        str(max((LEVELS[order.level] for order in story.pressed), default=0)),
        "",
        "",
        "t",
        str(len(story.steps)),
        binary(head),
    )


def statement(story: CaseStory, world: World) -> tuple[str, str]:
    """What was said, and its entry in the search; the point on the map lies near the middle of the community."""
    community, words = world.communities[story.core.community], story.words
    spread = story.id * 2654435761 % 1000
    found = search_words(words.title, words.text, words.place)
    lon = f"{community.lon + (spread % 31 - 15) / 10000:.6f}"
    lat = f"{community.lat + (spread // 31 - 16) / 10000:.6f}"
    said = line(
        str(story.id),
        text(words.text),
        text(words.place),
        lon,
        lat,
        binary(sealed_contact(story, world)),
        text(story.answer),
        text(found.words),
    )
    helping = (part.unit for part in story.parts if not part.lead and part.ended is None)
    facets = facets_of(
        [world.streets[community.street].id, community.id],
        world.leaves[story.core.leaf].id,
        [story.lead_unit, *helping],
    )
    entry = (str(story.id), moment(story.core.moment), lon, lat, text(found.entry), "{" + ",".join(facets) + "}")
    return said, line(*entry)


def history(story: CaseStory, first: int) -> tuple[list[str], bytes]:
    """The chained history and its newest hash."""
    head, lines = b"", []
    for seq, step in enumerate(story.steps, 1):
        before, head = head, chained(head, story, seq, step)
        lines.append(
            line(
                str(first + seq - 1),
                str(story.id),
                str(seq),
                step.move,
                step.before,
                step.after,
                moment(step.at),
                moment(step.at),
                nonzero(step.actor.id),
                step.actor.name,
                maybe(step.unit),
                cell(step.record),
                NONE,
                binary(before),
                binary(head),
            )
        )
    return lines, head
