"""申请与审核: return, extension, shelving, exclusion: a unit asks, a reviewer decides."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from qushu.kernel.clocks import Measure, deadline
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy
from qushu.people.access import SYSTEM
from qushu.people.actions.notices import notify

from .. import clockwork, left_out
from ..extending import room_to_extend
from ..models import Case, Clock, Review
from ..rules import SHANGHAI
from .ending import end_assignments, settle_open_reviews
from .intake import reason_for
from .moving import Call, Step, lock_case_of, make_move

DECISIONS = {
    "return": ("approve_return", "refuse_return"),
    "extension": ("approve_extension", "refuse_extension"),
    "shelve": ("shelve", "refuse_shelving"),
    "exclude": ("decide_exclusion", "decide_exclusion"),
}

KIND_ASKED = {"return_asked": "return", "extension_asked": "extension", "shelving_asked": "shelve"}
"""The kind of request for which a state waits."""


def ask_return(call: Call, case_id: int, reason_id: int, words: str, suggested_unit_id: int | None = None) -> Case:
    """申请退单 soon after dispatch (limit `return_days` of that time): why, and which unit it belongs to."""
    reason = reason_for("return", reason_id)

    def change(step: Step) -> None:
        since = step.case.dispatched_at or step.case.accepted_at
        days = step.book.limits.at("return_days", since)
        last = deadline(since, days, Measure.working_days, step.book.calendar)
        if call.now > last:
            raise Refused(
                f"退单须在派单后 {days} 个工作日内申请（{_local(last)} 前），已超过。"
                "没有提交；请办理，或请督办员改派。",
                code="too_late_to_return",
            )
        _ask(step, "return", reason.pk, words, suggested_unit_id=suggested_unit_id)
        step.record = {"reason": reason.name, "words": tidy(words), "suggested_unit": suggested_unit_id}

    return make_move(call, case_id, "ask_return", change)


def ask_extension(call: Call, case_id: int, reason_id: int, words: str, new_due_at: datetime) -> Case:
    """申请延期: so often, so long before the deadline and by so much as the limits allow (`extending.py`)."""
    reason = reason_for("extension", reason_id)

    def change(step: Step) -> None:
        clock = _resolve_clock(step)
        _check_extension(step, clock, new_due_at)
        _ask(step, "extension", reason.pk, words, new_due_at=new_due_at)
        step.record = {"reason": reason.name, "words": tidy(words), "new_due_at": new_due_at.isoformat()}

    return make_move(call, case_id, "ask_extension", change)


def ask_shelving(call: Call, case_id: int, reason_id: int, plan: str, review_on: date) -> Case:
    """申请挂账: what can't be solved now waits, with a plan and a day on which it is looked at again."""
    reason = reason_for("shelve", reason_id)

    def change(step: Step) -> None:
        if review_on <= timezone.localdate(call.now, SHANGHAI):
            raise Refused("复核日期须晚于今天。没有提交。", field="review_on")
        if not plan.strip():
            raise Refused("请写明解决计划。没有提交。", field="plan")
        _ask(step, "shelve", reason.pk, plan, review_on=review_on)
        step.record = {"reason": reason.name, "plan": tidy(plan), "review_on": review_on.isoformat()}

    return make_move(call, case_id, "ask_shelving", change)


def ask_exclusion(call: Call, case_id: int, reason_id: int, words: str, measure: str) -> Case:
    """申请剔除: leave the case out of one measure of the assessment ("" for all), on a ground from the list."""
    reason = reason_for("exclude", reason_id)
    if measure and measure not in left_out.MEASURES:
        raise Refused("没有这项考核指标。没有提交；请从列表中选择，留空为全部指标。", field="measure")

    def change(step: Step) -> None:
        _ask(step, "exclude", reason.pk, words, measure=measure)
        step.record = {"reason": reason.name, "words": tidy(words), "measure": measure}

    return make_move(call, case_id, "ask_exclusion", change)


def withdraw_request(call: Call, case_id: int, words: str = "") -> Case:
    """撤回申请: the unit takes back what waits for a decision; the case is where it was before, its clocks ran on."""

    def change(step: Step) -> None:
        kind = KIND_ASKED[step.case.state]
        settle_open_reviews(step, "：".join(filter(None, ("承办单位撤回", tidy(words)))), [kind])
        step.record = {"request": kind, "words": tidy(words)}

    return make_move(call, case_id, "withdraw", change)


def decide_review(call: Call, review_id: int, approved: bool, remark: str) -> Case:
    """审核: approve or refuse what was asked, with a remark that the unit reads. Raises Refused when decided already."""
    with transaction.atomic():
        lock_case_of(Review.objects.all(), review_id)
        review = Review.objects.select_for_update(of=("self",)).select_related("reason").filter(pk=review_id).first()
        if review is None:
            raise Missing("没有这条申请。")
        if review.decided_at is not None:
            by = review.decided_by.name if review.decided_by else "系统"
            raise Refused(f"{by}已于 {_local(review.decided_at)} 处理过此申请。您的决定没有执行。", code="decided")
        if not approved and not remark.strip():
            raise Refused("驳回须写明理由。没有提交。", code="empty", field="remark")
        yes, no = DECISIONS[review.kind]

        def change(step: Step) -> None:
            review.decided_at, review.decided_by_id = call.now, call.actor.account_id
            review.approved, review.remark = approved, tidy(remark)
            review.save(update_fields=["decided_at", "decided_by", "approved", "remark"])
            step.record = {"remark": review.remark}
            if review.kind == "exclude":
                step.record["approved"] = approved
            if approved:
                _grant(step, review)

        case = make_move(call, review.case_id, yes if approved else no, change)
        if review.unit_id:
            said = "同意" if approved else "驳回"
            notify(
                f"{said}{review.get_kind_display()}：{case.number} {case.title}",
                f"/cases/{case.number}/",
                now=call.now,
                unit_id=review.unit_id,
            )
        return case


def resume_case(call: Call, case_id: int, ground: str) -> Case:
    """恢复办理: end the shelving; the deadlines move by the time that passed."""
    if not ground.strip():
        raise Refused("请写明恢复办理的原因。什么也没有改变。", field="ground")

    def change(step: Step) -> None:
        for clock in step.clocks:
            if clock.paused_at is not None:
                clockwork.go_on(clock, step.at, step.book)
        step.record = {"ground": tidy(ground)}

    return make_move(call, case_id, "resume", change)


def bring_back_shelved(now: datetime) -> int:
    """恢复办理 of every shelved case whose day of review has come, by the system; its unit is told. Returns how many.

    Each in its own transaction, under a request key of its request, so that it may run twice; a case that somebody
    resumed, voided or redispatched meanwhile is left alone. Index: case_queue.
    """
    today, done = timezone.localdate(now, SHANGHAI), 0
    granted = Review.objects.filter(kind="shelve", approved=True, case__state="shelved", case__closed_at__isnull=True)
    newest = granted.order_by("case_id", "-decided_at", "-pk").distinct("case_id")
    for review in newest.select_related("case"):
        if review.review_on is None or review.review_on > today:
            continue
        ground = f"复核日期 {review.review_on:%Y-%m-%d} 已到，自动恢复办理"
        try:
            with transaction.atomic():
                case = resume_case(Call(SYSTEM, now, f"shelved/{review.pk}"), review.case_id, ground)
                _tell_resumed(case, now)
        except Refused:
            continue
        done += 1
    return done


def _tell_resumed(case: Case, now: datetime) -> None:
    if case.lead_unit_id:
        text = f"挂账复核日期已到，恢复办理：{case.number} {case.title}"
        notify(text, f"/cases/{case.number}/", now=now, unit_id=case.lead_unit_id)


def _ask(step: Step, kind: str, reason_id: int, words: str, **more: object) -> None:
    minutes = step.book.limits.at("review_minutes", step.at)
    if Review.objects.filter(case=step.case, kind=kind, decided_at__isnull=True).exists():
        raise Refused("已有同样的申请在审核中。没有重复提交。", code="asked_already")
    Review.objects.create(
        case=step.case,
        kind=kind,
        unit_id=next(iter(step.call.actor.unit_ids & {step.case.lead_unit_id or 0}), step.call.actor.unit_id),
        asked_by_id=step.call.actor.account_id,
        asked_at=step.at,
        reason_id=reason_id,
        words=tidy(words),
        due_at=deadline(step.at, minutes, Measure.working_minutes, step.book.calendar),
        **more,
    )


def _resolve_clock(step: Step) -> Clock:
    clock = next((clock for clock in step.clocks if clock.name == "resolve"), None)
    if clock is None:
        raise Refused("此件没有在计的办结时限，不需要延期。没有提交。", code="no_clock")
    return clock


def _check_extension(step: Step, clock: Clock, new_due_at: datetime) -> None:
    room = room_to_extend(clock.due_at, step.call.now, step.book)
    if step.case.extension_count >= room.most:
        raise Refused(
            f"此件已延期 {step.case.extension_count} 次，不能再延。没有提交；确需更多时间请申请挂账或报督办员。",
            code="extended_already",
        )
    if room.too_late:
        raise Refused(
            f"延期须在到期前 {room.notice_days} 个工作日申请；此件 {_local(clock.due_at)} 到期。没有提交。",
            code="too_late_to_extend",
        )
    if not clock.due_at < new_due_at <= room.latest:
        raise Refused(
            f"新期限须在 {_local(clock.due_at)} 与 {_local(room.latest)} 之间（最多延 {room.days} 个工作日）。没有提交。",
            code="extension_out_of_range",
            field="new_due_at",
        )


def _grant(step: Step, review: Review) -> None:
    """What an approved request changes besides the state."""
    if review.kind == "return":
        end_assignments(step, returned_by=review.unit_id)
        step.case.return_count += 1
        step.case.lead_unit = None
    elif review.kind == "extension" and review.new_due_at is not None:
        step.case.extension_count += 1
        clockwork.extend(
            _resolve_clock(step), review.new_due_at, step.at, review.reason.name if review.reason else "", step.book
        )
    elif review.kind == "shelve":
        for clock in step.clocks:
            clockwork.pause(clock, step.at, review.reason.name if review.reason else "")


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment, SHANGHAI):%Y-%m-%d %H:%M}"
