"""Cases as the API shows them."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from qushu.cases import clockwork
from qushu.cases.actions import allowed_moves, hides_caller
from qushu.cases.contact import masked_contact
from qushu.cases.models import Attachment, Case, History
from qushu.cases.rulebook import rulebook
from qushu.cases.telling import tell
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.personal import mask_free_text
from qushu.people.tokens import Bearer

from .named import named
from .schemas import AttachmentOut, CaseLine, CaseOut, ClockOut, ContactOut, HistoryRow, Named

RELATED = ("category", "area", "street", "lead_unit")
MOMENTS = [
    "accepted_at",
    "registered_at",
    "dispatched_at",
    "acknowledged_at",
    "contacted_at",
    "resolved_at",
    "followed_up_at",
    "closed_at",
    "due_at",
]


def case_line(case: Case) -> CaseLine:
    """A case in a list; RELATED have been read with it."""
    return CaseLine(**_facts(case))


def case_out(case: Case, bearer: Bearer) -> CaseOut:
    """The whole case for this caller."""
    statement, contact = case.statement, None
    if not hides_caller(bearer.actor, case):
        masked = masked_contact(case.number, statement.sealed)
        contact = ContactOut(**asdict(masked))
    return CaseOut(
        **_facts(case),
        text=mask_free_text(statement.text),
        place=mask_free_text(statement.place),
        contact=contact,
        assisting=_assisting(case),
        parent=case.parent.number if case.parent else None,
        moves=[move.code for move in allowed_moves(bearer.actor, case) if not move.by_review],
        **{name: getattr(case, name) for name in MOMENTS if name not in CaseLine.model_fields},
    )


def _assisting(case: Case) -> list[Named]:
    if case.lead_unit_id is None:
        return []
    parts = case.assignments.filter(part="assist", ended_at__isnull=True).select_related("unit")
    return [Named(code=one.unit.code, name=one.unit.name) for one in parts]


def history_of(case: Case) -> list[HistoryRow]:
    """Every move, oldest first, in words and with its hash."""
    rows: Iterable[History] = case.history.order_by("seq")
    cycle, kept = lifecycle(case.lifecycle), list(rows)
    return [
        HistoryRow(
            seq=row.seq,
            move=row.move,
            name=told.title,
            from_state=row.from_state,
            to_state=row.to_state,
            at=row.at,
            recorded_at=row.recorded_at,
            by=told.who,
            lines=list(map(mask_free_text, told.lines)),
            words=mask_free_text(told.quote),
            hash=bytes(row.hash).hex(),
        )
        for row, told in zip(kept, tell(kept, cycle), strict=True)
    ]


def clocks_of(case: Case, now: datetime) -> list[ClockOut]:
    """Every clock that ran or runs, with its explanation."""
    book = rulebook()
    return [
        ClockOut(
            name=clock.name,
            unit=clock.unit.code if clock.unit else None,
            started_at=clock.started_at,
            due_at=clock.due_at,
            stopped_at=clock.stopped_at,
            met=clock.met,
            paused=clock.paused_at is not None,
            explanation=clockwork.explain(clock, book, now),
        )
        for clock in case.clocks.select_related("rule", "unit").order_by("pk")
    ]


def attachment_out(kept: Attachment) -> AttachmentOut:
    """A file that belongs to a case, without its content."""
    return AttachmentOut(
        id=kept.pk,
        name=mask_free_text(kept.name),
        content_type=kept.content_type,
        size=kept.size,
        stage=kept.stage,
        added_at=kept.added_at,
    )


def _facts(case: Case) -> dict[str, Any]:
    states = lifecycle(case.lifecycle).states
    return {
        "number": case.number,
        "title": mask_free_text(case.title),
        "state": Named(code=case.state, name=states[case.state].name),
        "kind": case.kind,
        "urgency": case.urgency,
        "channel": case.channel_id,
        **{name: named(getattr(case, name)) for name in RELATED},
        **{name: getattr(case, name) for name in ("accepted_at", "due_at", "closed_at", "result", "solved")},
        **{name: getattr(case, name) for name in ("satisfaction", "marks", "source", "source_ref", "seq")},
    }
