"""The one way to change a case: lock, check, change, clocks, history, outbox, in one transaction or not at all."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from qushu.kernel.errors import Forbidden, Missing, Refused, Stale
from qushu.kernel.lifecycle import BACK, SAME, Move, lifecycle
from qushu.kernel.models import OutboxMessage
from qushu.people.access import Actor, may, require

from .. import clockwork
from ..models import Assignment, Case, Clock, History
from ..rulebook import Rulebook, rulebook
from ..rules import chained_fields, history_hash


@dataclass(frozen=True)
class Call:
    """Who acts, when (aware), under which request key, and which history row they had seen (`Case.seq`)."""

    actor: Actor
    now: datetime
    request_key: str | None = None
    seen_seq: int | None = None

    def part(self, name: str) -> "Call":
        """The same call for a further case that the same request changes."""
        return Call(self.actor, self.now, f"{self.request_key}/{name}" if self.request_key else None)


@dataclass
class Step:
    """A move that is being made on a locked case. `record` becomes the history row's record."""

    call: Call
    case: Case
    move: Move
    book: Rulebook
    clocks: list[Clock]
    record: dict[str, Any] = field(default_factory=dict)
    at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.at = self.call.now


Change = Callable[[Step], None]
_followers: dict[str, list[Change]] = defaultdict(list)


def after_move(move_code: str, follow: Change) -> None:
    """Let `follow` write what belongs to a room above whenever this move is made, by whatever page or job.

    It is called in the move's transaction, once the case and its history are written: when it fails, nothing was done.
    Rooms call this when Django starts (as the hotline does to keep its follow-up calls).
    """
    if follow not in _followers[move_code]:
        _followers[move_code].append(follow)


def make_move(call: Call, case_id: int, move_code: str, change: Change, *, at: datetime | None = None) -> Case:
    """Make one move of a case. `change` alters the case and its rows and fills the record.

    Returns the case. A request key that was used before changes nothing and returns the case as it is. Raises Missing,
    Forbidden, Refused (wrong state, or by the change), Stale when somebody acted since `seen_seq`.
    """
    try:
        with transaction.atomic():
            case = Case.objects.select_for_update().filter(pk=case_id).first()
            if case is None:
                raise Missing("没有这个诉求件。请核对编号。")
            if made_before(call, move_code, case_id) is not None:
                return case
            _check_seen(call, case)
            require_move(call.actor, lifecycle(case.lifecycle).move(move_code, case.state), case)
            return move_along(call, case, move_code, change, at=at)
    except IntegrityError as error:
        if "request_key" not in str(error) or made_before(call, move_code, case_id) is None:
            raise
        return Case.objects.get(pk=case_id)


def move_along(call: Call, case: Case, move_code: str, change: Change, *, at: datetime | None = None) -> Case:
    """Make a move that another move or a checked request brings about: no permission is asked. The case is locked.

    Raises Refused (wrong state, or by the change).
    """
    move = lifecycle(case.lifecycle).move(move_code, case.state)
    step = Step(call, case, move, rulebook(), list(case.clocks.filter(stopped_at__isnull=True)))
    step.at = at or call.now
    change(step)
    finish(step)
    return case


def made_before(call: Call, move_code: str, case_id: int | None = None) -> History | None:
    """The history row that this request key wrote, None when it is new or there is none.

    Raises Refused when the key belongs to another move or another case: then it is no repetition but a mistake.
    """
    if not call.request_key:
        return None
    row = History.objects.filter(request_key=call.request_key).first()
    if row is not None and (row.move != move_code or case_id not in (None, row.case_id)):
        raise Refused("这个请求标识已用于另一项操作。什么也没有改变；请刷新页面后重试。", code="request_key_reused")
    return row


def lock_case_of(rows: QuerySet[Any], pk: int) -> None:
    """Lock the case of a row (a request, an order) before the row itself, as every move does: two at once don't wait in a ring."""
    case_id = rows.filter(pk=pk).values_list("case_id", flat=True).first()
    if case_id is not None:
        Case.objects.select_for_update().filter(pk=case_id).first()


def require_on(actor: Actor, action: str, case: Case) -> None:
    """Raises Forbidden unless the matrix lets `actor` do `action` on this case."""
    require(actor, action, unit_ids=units_of(case), area_ids=(case.street_id, case.area_id))


def require_move(actor: Actor, move: Move, case: Case) -> None:
    """Raises Forbidden unless the matrix and the person's part in the case (lead, assisting) let `actor` make the move."""
    if may_make(actor, move, case, parts_of(case)):
        return
    if move.part == "lead" and not actor.unit_ids.isdisjoint(units_of(case) - {case.lead_unit_id}):
        raise Forbidden(
            f"只有主办单位可以{move.name}；您的单位协办此件，请提交协办意见。什么也没有改变。", code="not_lead"
        )
    require_on(actor, move.action, case)
    raise Forbidden(f"{actor.name}的单位在此件中不能{move.name}。什么也没有改变。", code="not_your_part")


def may_make(actor: Actor, move: Move, case: Case, parts: Mapping[int, str]) -> bool:
    """Whether the matrix lets `actor` make the move on this case; `parts`: `parts_of` the case."""
    if move.part == "lead":  # the lead answers for the case after its part ended, too: for orders, for exclusions
        units = {case.lead_unit_id} - {None}
    else:
        units = {unit_id for unit_id, part in parts.items() if move.part in ("", part)}
    return may(actor, move.action, unit_ids=units, area_ids=(case.street_id, case.area_id))


def units_of(case: Case) -> set[int]:
    """The units that work on the case now, lead and assisting; without a lead there are none."""
    return set(parts_of(case))


def parts_of(case: Case) -> dict[int, str]:
    """The part ("lead" or "assist") of each unit that works on the case now; without a lead there are none."""
    if case.lead_unit_id is None:
        return {}
    return dict(Assignment.objects.filter(case=case, ended_at__isnull=True).values_list("unit_id", "part"))


def finish(step: Step) -> None:
    """State, time stamp, clocks, case row, history row, outbox message."""
    case, move = step.case, step.move
    before, after = case.state, _after(step)
    missing = [name for name in move.needs if name not in step.record]
    if missing:
        raise Refused(f"{move.name}缺少：{'、'.join(missing)}。什么也没有改变；请补齐后再提交。", code="incomplete")
    case.state = after
    if move.stamps and not (move.stamps_once and getattr(case, move.stamps)):
        setattr(case, move.stamps, step.at)
    clockwork.stop(step.clocks, move.stops, step.at, judged=True)
    clockwork.stop(step.clocks, move.drops, step.at, judged=False)
    step.clocks += clockwork.start(case, move.starts, step.at, step.book)
    clockwork.show_deadlines(case, step.clocks)
    _write_history(step, before, after)
    case.save(force_insert=case._state.adding)
    OutboxMessage.objects.create(
        key=case.number,
        topic=f"case.{move.code}",
        body={"number": case.number, "seq": case.seq, "state": case.state, "at": step.at.isoformat()},
        created_at=step.call.now,
    )
    for follow in _followers[move.code]:
        follow(step)


def _check_seen(call: Call, case: Case) -> None:
    if call.seen_seq is None or call.seen_seq == case.seq:
        return
    newer = History.objects.filter(case=case, seq__gt=call.seen_seq).order_by("seq")
    moves = lifecycle(case.lifecycle).moves
    what = "；".join(f"{row.actor_name}已{moves[row.move].name if row.move in moves else row.move}" for row in newer)
    raise Stale(f"您打开页面之后，{what}。您的操作没有执行，所填内容仍在页面上；请刷新后再决定。")


def _after(step: Step) -> str:
    if step.move.to == SAME:
        return step.case.state
    if step.move.to != BACK:
        return step.move.to
    asked = History.objects.filter(case=step.case, to_state=step.case.state).exclude(from_state=step.case.state)
    return step.move.back_to(asked.order_by("-seq").values_list("from_state", flat=True)[0])


def _write_history(step: Step, before: str, after: str) -> None:
    case, call = step.case, step.call
    unit_id = next(iter(call.actor.unit_ids & ({case.lead_unit_id} - {None})), call.actor.unit_id)
    fields = chained_fields(
        case.pk,
        case.seq + 1,
        step.move.code,
        (before, after),
        step.at,
        call.now,
        (call.actor.account_id, call.actor.name, unit_id),
        step.record,
        call.request_key,
    )
    prev = bytes(case.head)
    case.seq += 1
    case.head = history_hash(prev, fields)
    History.objects.create(
        case=case,
        seq=case.seq,
        move=step.move.code,
        from_state=before,
        to_state=after,
        at=step.at,
        recorded_at=call.now,
        actor_id=call.actor.account_id,
        actor_name=call.actor.name,
        unit_id=unit_id,
        record=step.record,
        request_key=call.request_key,
        prev_hash=prev,
        hash=case.head,
    )


def allowed_moves(actor: Actor, case: Case) -> Sequence[Move]:
    """The moves that the state, the matrix and the person's part allow this person now; what a page offers."""
    parts = parts_of(case)
    return [move for move in lifecycle(case.lifecycle).moves_from(case.state) if may_make(actor, move, case, parts)]
