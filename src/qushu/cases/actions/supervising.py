"""督办: orders by a person, and the ladder that presses by itself."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.models import Sequence
from qushu.kernel.text import tidy
from qushu.people.access import SYSTEM
from qushu.people.actions.notices import notify

from .. import clockwork
from ..models import Case, Clock, LadderStep, Supervision
from ..rulebook import rulebook
from ..rules import SHANGHAI
from .moving import Call, Step, lock_case_of, make_move

LEVELS = {"urge": 1, "supervise": 2, "escalate": 3}
RECEIVER_OF = {"urge": "unit", "supervise": "unit_leader", "escalate": "leader"}


def supervise_case(
    call: Call, case_id: int, level: str, words: str, answer_due_at: datetime | None = None, receiver: str = ""
) -> Case:
    """督办单: urge (催办), supervise (督办) or escalate (提级). A level never falls."""
    if level not in LEVELS:
        raise Refused("请选择督办级别。什么也没有改变。", code="unknown_value", field="level")
    if not words.strip():
        raise Refused("请写明督办要求。什么也没有改变。", code="empty", field="words")

    def change(step: Step) -> None:
        order = _issue(step, level, words, answer_due_at, receiver or RECEIVER_OF[level])
        step.record = {"level": level, "words": tidy(words), "order": order.number}

    return make_move(call, case_id, "supervise", change)


def answer_supervision(call: Call, supervision_id: int, answer: str) -> Case:
    """回复督办: the unit says what it did."""
    if not answer.strip():
        raise Refused("请填写回复。什么也没有改变。", code="empty", field="answer")
    with transaction.atomic():
        order = _open_order(supervision_id)
        if order.answered_at is not None:
            raise Refused("这份督办单已回复过。什么也没有改变。", code="answered")

        def change(step: Step) -> None:
            order.answer, order.answered_at, order.answered_by_id = tidy(answer), step.at, call.actor.account_id
            order.save(update_fields=["answer", "answered_at", "answered_by"])
            step.record = {"answer": tidy(answer), "order": order.number}

        return make_move(call, order.case_id, "answer_supervision", change)


def close_supervision(call: Call, supervision_id: int, words: str = "") -> Case:
    """督办销号: whoever may issue orders is content with the answer, or takes the order back and says why."""
    with transaction.atomic():
        order = _open_order(supervision_id)
        if order.answered_at is None and not words.strip():
            raise Refused("单位还没有回复；不等回复就销号须写明原因。什么也没有改变。", code="empty", field="words")

        def change(step: Step) -> None:
            order.closed_at, order.closed_by_id, order.closing_words = step.at, call.actor.account_id, tidy(words)
            order.save(update_fields=["closed_at", "closed_by", "closing_words"])
            step.record = {"order": order.number, "words": tidy(words)}

        return make_move(call, order.case_id, "close_supervision", change)


def _open_order(supervision_id: int) -> Supervision:
    lock_case_of(Supervision.objects.all(), supervision_id)
    order = Supervision.objects.select_for_update().filter(pk=supervision_id).first()
    if order is None:
        raise Missing("没有这份督办单。")
    if order.closed_at is not None:
        raise Refused("这份督办单已经销号。什么也没有改变。", code="closed")
    return order


def climb_ladder(now: datetime, most: int = 500) -> int:
    """Take every step of the ladder that is due: remind, urge, supervise, escalate. Returns how many were taken.

    Each in its own transaction; clocks that another worker holds are skipped, so that it may run anywhere, twice.
    """
    taken = 0
    while taken < most and _climb_one(now):
        taken += 1
    return taken


def _climb_one(now: datetime) -> bool:
    with transaction.atomic():
        due = Clock.objects.filter(stopped_at__isnull=True, paused_at__isnull=True, next_step_at__lte=now)
        clock = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_step_at").first()
        if clock is None:
            return False
        book = rulebook()
        rung = (
            LadderStep.objects.filter(clock=clock.name, active=True, order__gt=clock.ladder_order)
            .order_by("order")
            .first()
        )
        # The ladder may have changed since the moment was noted: a step is taken when its own moment has come.
        clockwork.set_next_step(clock, book)
        if rung is not None and clock.next_step_at is not None and clock.next_step_at <= now:
            clock.ladder_order = rung.order
            _take(rung, clock, clock.next_step_at, now)
            clockwork.set_next_step(clock, book)
        clock.save(update_fields=["ladder_order", "next_step_at"])
        return True


def _take(rung: LadderStep, clock: Clock, moment: datetime, now: datetime) -> None:
    text = f"{clock.get_name_display()}时限：{_how_far(rung)}"
    if rung.action == "remind":
        _tell(clock.case, rung.receiver, f"{text}，{clock.case.number} {clock.case.title}", now)
        return
    call = Call(SYSTEM, now, f"ladder/{clock.pk}/{rung.pk}/{int(moment.timestamp())}")
    supervise_case(call, clock.case_id, rung.action, f"{text}。请抓紧办理并回复。", None, rung.receiver)


def _how_far(rung: LadderStep) -> str:
    if rung.percent is not None:
        return f"已用 {rung.percent}%"
    if not rung.overdue_amount:
        return "已超期"
    return f"已超期 {rung.overdue_amount} {rung.get_overdue_measure_display()}"


def _issue(step: Step, level: str, words: str, answer_due_at: datetime | None, receiver: str) -> Supervision:
    case = step.case
    order = Supervision.objects.create(
        number=_order_number(step.call.now),
        case=case,
        level=level,
        unit_id=case.lead_unit_id,
        receiver=receiver,
        issued_by_id=step.call.actor.account_id,
        issued_at=step.at,
        words=tidy(words),
        answer_due_at=answer_due_at,
    )
    case.supervision_level = max(case.supervision_level, LEVELS[level])
    _tell(case, receiver, f"{order.get_level_display()} {order.number}：{case.number} {case.title}", step.call.now)
    return order


def _tell(case: Case, receiver: str, text: str, now: datetime) -> None:
    link = f"/cases/{case.number}/"
    if receiver == "unit" and case.lead_unit_id:
        notify(text, link, now=now, unit_id=case.lead_unit_id)
    elif receiver == "unit_leader" and case.lead_unit_id:
        notify(text, link, now=now, unit_id=case.lead_unit_id, role="unit_leader", urgent=True)
    else:
        role, area_id = "leader" if receiver == "leader" else "supervisor", case.place_id
        notify(text, link, now=now, role=role, area_id=area_id, urgent=True)


def _order_number(now: datetime) -> str:
    """督办编号 without gaps or doubles: DB, the year, a counter of that year."""
    year = timezone.localtime(now, SHANGHAI).year
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Sequence._meta.db_table} (name, value) VALUES (%s, 1) "
            f"ON CONFLICT (name) DO UPDATE SET value = {Sequence._meta.db_table}.value + 1 RETURNING value",
            [f"supervision-{year}"],
        )
        return f"DB{year}{cursor.fetchone()[0]:06d}"
