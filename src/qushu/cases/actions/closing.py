"""回访, 结案, 重办: what the citizen says of the answer, and what follows from it."""

from django.db import transaction

from qushu.kernel.errors import Refused
from qushu.kernel.text import tidy
from qushu.people.actions.notices import notify
from qushu.people.models import Unit

from ..models import Assignment, Case
from ..rulebook import rulebook
from ..rules import SATISFACTION
from .intake import reason_for
from .moving import Call, Step, make_move

CONTENT_FROM = 3
"""The lowest grade of a citizen who is content: 基本满意."""


def try_call(call: Call, case_id: int, words: str = "") -> Case:
    """A follow-up call that reached nobody. The last in vain (limit `call_tries`) follows up as not reached and closes the case."""

    def change(step: Step) -> None:
        step.case.call_attempts += 1
        step.record = {"reached": False, "attempt": step.case.call_attempts, "words": tidy(words)}

    with transaction.atomic():
        case = make_move(call, case_id, "try_call", change)
        tries = rulebook().limits.at("call_tries", call.now)
        if case.state == "resolved" and case.call_attempts >= tries:
            follow_up_case(call.part("not_reached"), case_id, reached=False)
            return close_case(call.part("close"), case_id, f"{case.call_attempts} 次未联系上")
        return case


def follow_up_case(
    call: Call,
    case_id: int,
    *,
    reached: bool,
    solved: bool | None = None,
    satisfaction: int | None = None,
    words: str = "",
) -> Case:
    """回访: solved or not, one of five grades, the citizen's own words. Not reached stays out of every rate."""
    if reached and (solved is None or satisfaction not in SATISFACTION):
        raise Refused("请选择是否解决和满意度。什么也没有改变。", code="incomplete", field="satisfaction")

    def change(step: Step) -> None:
        step.record = {"reached": reached, "solved": solved, "satisfaction": satisfaction, "words": tidy(words)}
        if reached:
            step.case.solved, step.case.satisfaction = solved, satisfaction

    return make_move(call, case_id, "follow_up", change)


def judge_case(
    call: Call,
    case_id: int,
    *,
    solved: bool,
    satisfaction: int,
    words: str = "",
    ground: str = "",
    reopen_reason_id: int | None = None,
) -> Case:
    """回访 with what follows from it, in one transaction: close with a `ground`, reopen for a reason, or neither.

    Neither leaves the case judged, for somebody to decide. Raises Refused for a discontented citizen's case that is to
    be closed without words on why, and for a contented one's that is to be reopened.
    """
    content = solved and satisfaction >= CONTENT_FROM
    if reopen_reason_id is not None and content:
        raise Refused(
            "市民表示已解决且满意，不需要重办。没有提交；请改选结案，或核对评价。", code="content", field="then"
        )
    with transaction.atomic():
        case = follow_up_case(call, case_id, reached=True, solved=solved, satisfaction=satisfaction, words=words)
        if case.state != "followed_up":
            return case
        if reopen_reason_id is not None:
            return reopen_case(call.part("reopen"), case_id, reopen_reason_id, words)
        return close_case(call.part("close"), case_id, ground) if ground else case


def close_case(call: Call, case_id: int, ground: str) -> Case:
    """结案."""
    if not ground.strip():
        raise Refused("请写明结案依据。什么也没有改变。", code="empty", field="ground")

    def change(step: Step) -> None:
        step.record = {"ground": tidy(ground)}
        Assignment.objects.filter(case=step.case, ended_at__isnull=True).update(ended_at=step.at)

    return make_move(call, case_id, "close", change)


def reopen_case(call: Call, case_id: int, reason_id: int, words: str) -> Case:
    """重办: back to the unit, to its leader's attention, with new clocks; counted."""
    reason = reason_for("reopen", reason_id)

    def change(step: Step) -> None:
        case = step.case
        if case.lead_unit is None:
            raise Refused("此件没有承办单位，不能重办；请重新受理。什么也没有改变。", code="no_unit")
        case.reopen_count += 1
        case.closed_at = None
        case.call_attempts = 0
        case.solved = case.satisfaction = None
        case.followed_up_at = case.resolved_at = case.acknowledged_at = None
        _take_up_again(step, case.lead_unit)
        step.record = {"reason": reason.name, "words": tidy(words), "times": case.reopen_count}
        _tell_leaders(step, reason.name)

    return make_move(call, case_id, "reopen", change)


def _take_up_again(step: Step, unit: Unit) -> None:
    """The unit that had the case has it again."""
    if Assignment.objects.filter(case=step.case, ended_at__isnull=True, part="lead").exists():
        return
    Assignment.objects.create(
        case=step.case,
        unit=unit,
        part="lead",
        instruction="重办",
        assigned_by_id=step.call.actor.account_id,
        assigned_at=step.at,
    )


def _tell_leaders(step: Step, reason: str) -> None:
    case, link = step.case, f"/cases/{step.case.number}/"
    notify(
        f"重办件 {case.number}：{reason}。请单位负责人过问。",
        link,
        now=step.call.now,
        unit_id=case.lead_unit_id,
        role="unit_leader",
        urgent=True,
    )
    if case.reopen_count >= step.book.limits.at("leaders_reopenings", step.at):
        notify(
            f"{case.number} 已重办 {case.reopen_count} 次：{case.title}",
            link,
            now=step.call.now,
            role="leader",
            area_id=case.place_id,
            urgent=True,
        )
