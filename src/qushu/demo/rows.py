"""Turns stories into rows in PostgreSQL's COPY text format, table by table.

The ids of a case's rows follow from the case's index (`STRIDE` of them per case and table), so chunks need not wait for each other.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from .deadlines import Deadlines
from .plan import day_of
from .seals import blind_index, chained, sealed_contact, tsvector
from .story import CaseStory, Running
from .world import World

STRIDE = {
    "cases_history": 40,
    "cases_clock": 24,
    "cases_shift": 4,
    "cases_assignment": 12,
    "cases_review": 8,
    "cases_supervision": 8,
    "hotline_followupcall": 8,
}
COLUMNS = {
    "cases_case": (
        "id number lifecycle state kind urgency channel_id category_id street_id area_id lead_unit_id title marks caller_index "
        "accepted_by_id accepted_at registered_at dispatched_at acknowledged_at contacted_at resolved_at followed_up_at closed_at "
        "due_at due_clock result solved satisfaction call_attempts return_count extension_count reopen_count supervision_level "
        "source source_ref generated seq head"
    ),
    "cases_statement": "case_id text place lon lat sealed answer words",
    "cases_assignment": (
        "id case_id unit_id part instruction assigned_by_id assigned_at suggested_unit_id suggestion_model suggestion_score "
        "acknowledged_at answer answered_at ended_at ended_by_return"
    ),
    "cases_clock": (
        "id case_id name round rule_id unit_id amount measure started_at due_at stopped_at met paused_at ladder_order next_step_at"
    ),
    "cases_shift": "id clock_id kind from_at until_at due_before due_after reason",
    "cases_review": (
        "id case_id kind unit_id asked_by_id asked_at reason_id words suggested_unit_id new_due_at review_on measure due_at "
        "decided_at decided_by_id approved remark"
    ),
    "cases_supervision": "id number case_id level unit_id receiver issued_by_id issued_at words answer_due_at answer answered_by_id answered_at",
    "hotline_followupcall": "id case_id at by_id reached solved satisfaction words",
    "cases_history": (
        "id case_id seq move from_state to_state at recorded_at actor_id actor_name unit_id record request_key prev_hash hash"
    ),
}
NONE = r"\N"
MODEL = "catalogue"
LEVELS = {"urge": 1, "supervise": 2, "escalate": 3}


def text(value: str) -> str:
    """A string as COPY's text format wants it."""
    if "\\" in value or "\n" in value or "\t" in value:
        value = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return value


def moment(seconds: int | None) -> str:
    """Seconds since 1970 as PostgreSQL reads them; None is NULL."""
    return NONE if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}+00"


def binary(value: bytes | None) -> str:
    """bytea in hex."""
    return NONE if value is None else f"\\\\x{value.hex()}"


def maybe(value: object) -> str:
    """A number, an id (0 is nobody), or NULL."""
    return NONE if value is None else str(value)


def yes(value: bool | None) -> str:
    """A boolean or NULL."""
    return NONE if value is None else "t" if value else "f"


def staff(ident: int) -> str:
    """An account's id; 0 is nobody with an account."""
    return str(ident) if ident else NONE


@dataclass
class Rows:
    """Buffers of one chunk. `bases` holds the id before the first that the load may use in each table."""

    world: World
    bases: dict[str, int]
    cut: int
    deadlines: Deadlines

    def __post_init__(self) -> None:
        self.lines: dict[str, list[str]] = {table: [] for table in COLUMNS}

    def add(self, story: CaseStory) -> None:
        """All rows of this case."""
        ids = {table: self.bases[table] + story.core.index * stride for table, stride in STRIDE.items()}
        head = self._history(story, ids["cases_history"])
        self._case(story, head)
        self._statement(story)
        self._clocks(story, ids["cases_clock"], ids["cases_shift"])
        self._assignments(story, ids["cases_assignment"])
        self._reviews(story, ids["cases_review"])
        self._calls(story, ids["hotline_followupcall"])
        self._supervisions(story, ids["cases_supervision"])

    def _put(self, table: str, values: Iterable[str]) -> None:
        self.lines[table].append("\t".join(values))

    def _case(self, story: CaseStory, head: bytes) -> None:
        core, times, counts = story.core, story.times, story.counts
        community = self.world.communities[core.community]
        nearest = min(
            (clock for clock in story.clocks if clock.stopped is None and clock.paused is None),
            key=lambda clock: clock.due,
            default=None,
        )
        level = max((LEVELS[order.level] for order in story.pressed), default=0)
        self._put(
            "cases_case",
            (
                str(story.id), story.number, "hotline", story.state, story.kind, story.urgency, core.channel,
                str(self.world.leaves[core.leaf].id), str(self.world.streets[community.street].id), str(community.id),
                maybe(story.lead_unit), text(story.words.title), "{" + ",".join(story.marks) + "}",
                binary(blind_index(core.caller.phone)), staff(story.accepted_by.id), moment(core.moment),
                *(moment(times.get(name)) for name in ("registered", "dispatched", "acknowledged", "contacted", "resolved", "followed_up", "closed")),
                moment(nearest.due if nearest else None), nearest.name if nearest else "", story.result, yes(story.solved),
                maybe(story.satisfaction), str(counts["call"]), str(counts["return"]), str(counts["extension"]), str(counts["reopen"]),
                str(level), "demo", "", "t", str(len(story.steps)), binary(head),
            ),
        )  # fmt: skip

    def _statement(self, story: CaseStory) -> None:
        community, words = self.world.communities[story.core.community], story.words
        spread = story.id * 2654435761 % 1000
        self._put(
            "cases_statement",
            (
                str(story.id), text(words.text), text(words.place),
                f"{community.lon + (spread % 31 - 15) / 10000:.6f}", f"{community.lat + (spread // 31 - 16) / 10000:.6f}",
                binary(sealed_contact(story)), text(story.answer), text(tsvector(f"{words.title} {words.text}")),
            ),
        )  # fmt: skip

    def _history(self, story: CaseStory, first: int) -> bytes:
        head = b""
        for seq, step in enumerate(story.steps, 1):
            before, head = head, chained(head, story, seq, step)
            self._put(
                "cases_history",
                (
                    str(first + seq), str(story.id), str(seq), step.move, step.before, step.after, moment(step.at), moment(step.at),
                    staff(step.actor.id), step.actor.name, maybe(step.unit), text(json.dumps(step.record, ensure_ascii=False)), NONE,
                    binary(before), binary(head),
                ),
            )  # fmt: skip
        return head

    def _clocks(self, story: CaseStory, first: int, first_shift: int) -> None:
        for number, clock in enumerate(story.clocks, 1):
            order, following = self._ladder(clock)
            self._put(
                "cases_clock",
                (
                    str(first + number), str(story.id), clock.name, str(clock.round), str(clock.rule.id), maybe(clock.unit),
                    str(clock.rule.amount), clock.rule.measure, moment(clock.started), moment(clock.due), moment(clock.stopped),
                    yes(clock.met), moment(clock.paused), str(order), moment(following),
                ),
            )  # fmt: skip
            for kind, since, until, before, after, reason in clock.shifts:
                first_shift += 1
                self._put(
                    "cases_shift",
                    (
                        str(first_shift),
                        str(first + number),
                        kind,
                        moment(since),
                        moment(until),
                        moment(before),
                        moment(after),
                        text(reason),
                    ),
                )

    def _ladder(self, clock: Running) -> tuple[int, int | None]:
        """The last step of the ladder that has been climbed, and when the next one is due."""
        if clock.name != "resolve" or clock.stopped is not None or clock.paused is not None:
            return 0, None
        climbed = 0
        paused = sum(
            self.deadlines.worked_between(since, until)
            for kind, since, until, *_ in clock.shifts
            if kind == "pause" and until is not None
        )
        for order, percent, overdue, _action in self.world.ladder:
            if percent is not None:
                at = self.deadlines.portion(clock.started, clock.due, clock.rule.measure, percent, paused)
            else:
                at = self.deadlines.due(clock.due, overdue, "working_days") if overdue else clock.due
            if at > self.cut:
                return climbed, at
            climbed = order
        return climbed, None

    def _assignments(self, story: CaseStory, first: int) -> None:
        for number, part in enumerate(story.parts, 1):
            suggested = (str(part.unit), MODEL, "0.9") if part.lead else (NONE, "", NONE)
            self._put(
                "cases_assignment",
                (
                    str(first + number), str(story.id), str(part.unit), "lead" if part.lead else "assist", text(part.instruction),
                    staff(part.by.id), moment(part.at), *suggested, moment(part.acknowledged), text(part.answer),
                    moment(part.answered), moment(part.ended), yes(part.returned),
                ),
            )  # fmt: skip

    def _reviews(self, story: CaseStory, first: int) -> None:
        for number, asked in enumerate(story.asked, 1):
            self._put(
                "cases_review",
                (
                    str(first + number), str(story.id), asked.kind, str(asked.unit), staff(asked.by.id), moment(asked.at),
                    maybe(asked.reason and asked.reason[0]), text(asked.words), NONE, moment(asked.new_due),
                    NONE if asked.review_on is None else day_of(asked.review_on).isoformat(), "", moment(asked.due),
                    moment(asked.decided), staff(asked.decided_by.id) if asked.decided_by else NONE, yes(asked.approved), text(asked.remark),
                ),
            )  # fmt: skip

    def _calls(self, story: CaseStory, first: int) -> None:
        for number, call in enumerate(story.calls, 1):
            self._put(
                "hotline_followupcall",
                (
                    str(first + number), str(story.id), moment(call.at), staff(call.by.id), yes(call.reached), yes(call.solved),
                    maybe(call.satisfaction), text(call.words),
                ),
            )  # fmt: skip

    def _supervisions(self, story: CaseStory, first: int) -> None:
        for number, order in enumerate(story.pressed, 1):
            ident = first + number
            self._put(
                "cases_supervision",
                (
                    str(ident), f"DB{day_of(order.at):%y%m%d}{ident:07d}", str(story.id), order.level, str(order.unit), order.receiver,
                    staff(order.by.id), moment(order.at), text(order.words), NONE, "", NONE, NONE,
                ),
            )  # fmt: skip
