"""Rows of the work on a case: assignments, clocks and what moved them, reviews, supervision orders, follow-up calls."""

from collections.abc import Iterator

from qushu.kernel.copy_text import NONE, line, maybe, moment, nonzero, text, yes

from .deadlines import Deadlines
from .plan import day_of
from .story import SUGGESTED_BY, CaseStory, Running
from .world import World

COLUMNS = {
    "cases_assignment": (
        "id case_id unit_id part instruction assigned_by_id assigned_at suggested_unit_id suggestion_model "
        "suggestion_score acknowledged_at answer answered_at ended_at ended_by_return"
    ),
    "cases_clock": (
        "id case_id name round rule_id unit_id amount measure started_at due_at stopped_at met paused_at ladder_order "
        "next_step_at"
    ),
    "cases_shift": "id clock_id kind from_at until_at due_before due_after reason",
    "cases_review": (
        "id case_id kind unit_id asked_by_id asked_at reason_id words suggested_unit_id new_due_at review_on measure "
        "due_at decided_at decided_by_id approved remark"
    ),
    "cases_supervision": (
        "id number case_id level unit_id receiver issued_by_id issued_at words answer_due_at answer answered_by_id "
        "answered_at"
    ),
    "hotline_followupcall": "id case_id at by_id reached solved satisfaction words",
}


def assignments(story: CaseStory, first: int) -> Iterator[str]:
    """Lead and assisting units."""
    for number, part in enumerate(story.parts, first):
        yield line(
            str(number),
            str(story.id),
            str(part.unit),
            "lead" if part.lead else "assist",
            text(part.instruction),
            nonzero(part.by.id),
            moment(part.at),
            str(part.suggested),
            SUGGESTED_BY,
            str(part.score),
            moment(part.acknowledged),
            text(part.answer),
            moment(part.answered),
            moment(part.ended),
            yes(part.returned),
        )


def clocks(story: CaseStory, first: int, climbed: list[tuple[int, int | None]]) -> Iterator[str]:
    """The clocks; `climbed` holds for each the last step of the ladder and when the next is due."""
    for number, (clock, (order, following)) in enumerate(zip(story.clocks, climbed, strict=True), first):
        yield line(
            str(number),
            str(story.id),
            clock.name,
            str(clock.round),
            str(clock.rule.id),
            maybe(clock.unit),
            str(clock.rule.amount),
            clock.rule.measure,
            moment(clock.started),
            moment(clock.due),
            moment(clock.stopped),
            yes(clock.met),
            moment(clock.paused),
            str(order),
            moment(following),
        )


def shifts(story: CaseStory, first: int, first_clock: int) -> Iterator[str]:
    """Extensions and pauses of the clocks."""
    number = first
    for clock_id, clock in enumerate(story.clocks, first_clock):
        for kind, since, until, before, after, reason in clock.shifts:
            cells = (kind, moment(since), moment(until), moment(before), moment(after), text(reason))
            yield line(str(number), str(clock_id), *cells)
            number += 1


def ladder(clock: Running, world: World, deadlines: Deadlines, cut: int) -> tuple[int, int | None]:
    """The last step of the ladder that a running clock has climbed by `cut`, and when the next is due."""
    if clock.name != "resolve" or clock.stopped is not None or clock.paused is not None:
        return 0, None
    paused = sum(
        deadlines.worked_between(since, until)
        for kind, since, until, *_ in clock.shifts
        if kind == "pause" and until is not None
    )
    climbed = 0
    for order, percent, overdue, _action in world.ladder:
        if percent is not None:
            at = deadlines.portion(clock.started, clock.due, clock.rule.measure, percent, paused)
        else:
            at = deadlines.due(clock.due, overdue, "working_days") if overdue else clock.due
        if at > cut:
            return climbed, at
        climbed = order
    return climbed, None


def reviews(story: CaseStory, first: int) -> Iterator[str]:
    """Requests and what was decided."""
    for number, asked in enumerate(story.asked, first):
        yield line(
            str(number),
            str(story.id),
            asked.kind,
            str(asked.unit),
            nonzero(asked.by.id),
            moment(asked.at),
            str(asked.reason.id),
            text(asked.words),
            maybe(asked.suggested),
            moment(asked.new_due),
            NONE if asked.review_on is None else day_of(asked.review_on).isoformat(),
            "",
            moment(asked.due),
            moment(asked.decided),
            nonzero(asked.decided_by.id) if asked.decided_by else NONE,
            yes(asked.approved),
            text(asked.remark),
        )


def supervisions(story: CaseStory, first: int) -> Iterator[str]:
    """Supervision orders."""
    for number, order in enumerate(story.pressed, first):
        yield line(
            str(number),
            order.number,
            str(story.id),
            order.level,
            str(order.unit),
            order.receiver,
            nonzero(order.by.id),
            moment(order.at),
            text(order.words),
            NONE,
            "",
            NONE,
            NONE,
        )


def calls(story: CaseStory, first: int) -> Iterator[str]:
    """Tries to reach the citizen."""
    for number, call in enumerate(story.calls, first):
        yield line(
            str(number),
            str(story.id),
            moment(call.at),
            nonzero(call.by.id),
            yes(call.reached),
            yes(call.solved),
            maybe(call.satisfaction),
            text(call.words),
        )
