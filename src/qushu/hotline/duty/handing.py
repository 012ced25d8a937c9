"""Every write of the handover log. What was written is never changed; an error is corrected by a supplement."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from qushu.cases.queries import case_by_number
from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.people.access import Actor, may_at_all, require
from qushu.people.actions import notify

from ..models import DutyShift, Handover
from .queries import figures_at
from .rules import Span, shift_words

COUNTED_WITHOUT_SHIFT = timedelta(hours=8)
COMING_WITHIN = timedelta(minutes=60)
MOST_NOTABLE = 30


def counted_span(shift: DutyShift | None, now: datetime) -> Span:
    """When the intake that is counted came in: while the shift has lasted; without a shift, the last eight hours."""
    return (shift.starts_at, min(shift.ends_at, now)) if shift else (now - COUNTED_WITHOUT_SHIFT, now)


def write_handover(
    actor: Actor, shift_id: int | None, summary: str, unfinished: str, notable: Sequence[str], now: datetime
) -> Handover:
    """Hand over a shift of one's own, or (with duty.write) one that somebody left without; figures are counted here.

    `shift_id` None: somebody stood in without being on the roster. Tells those whose shift comes next.
    Raises Forbidden; Refused for an empty text, a shift of somebody else, a second handover, an unknown case.
    """
    require(actor, "handover.write")
    summary = _text(summary, "本班情况", "summary")
    with transaction.atomic():
        shift = _shift(actor, shift_id, now)
        written = Handover.objects.create(
            shift=shift,
            written_by_id=_writer(actor),
            written_at=now,
            summary=summary,
            unfinished=unfinished.strip(),
            notable=_cases(actor, notable),
            figures=figures_at(actor, counted_span(shift, now), now),
        )
        _tell(written, now)
    return written


def take_over(actor: Actor, handover_id: int, remark: str, now: datetime) -> Handover:
    """Take a shift over, once, with a remark or without. Raises Forbidden, Missing; Refused for the writer and twice."""
    require(actor, "handover.write")
    with transaction.atomic():
        written = _held(handover_id)
        if written.written_by_id == actor.account_id:
            raise Refused("交班人不能接自己的班，请由接班人确认。什么也没有改变。", code="handover_own")
        if written.taken_at is not None:
            raise Refused(f"{written.taken_by}已经接班。您的意见没有保存，可以写成补记。", code="handover_taken")
        written.taken_by_id, written.taken_at, written.remark = actor.account_id, now, remark.strip()[:300]
        written.save(update_fields=["taken_by", "taken_at", "remark"])
    return written


def supplement(actor: Actor, handover_id: int, words: str, now: datetime) -> Handover:
    """Add words to a handover, which itself stays as it is. Raises Forbidden, Missing; Refused for an empty text."""
    require(actor, "handover.write")
    words = _text(words, "补记", "words")
    with transaction.atomic():
        written = _held(handover_id)
        return Handover.objects.create(
            shift_id=written.shift_id,
            corrects=written,
            written_by_id=_writer(actor),
            written_at=now,
            summary=words,
        )


def _writer(actor: Actor) -> int:
    if actor.account_id is None:  # the matrix gives handover.write to people only
        raise Forbidden("交接班要由登录的人写。什么也没有改变。")
    return actor.account_id


def _shift(actor: Actor, shift_id: int | None, now: datetime) -> DutyShift | None:
    if shift_id is None:
        return None
    shift = DutyShift.objects.select_for_update().filter(pk=shift_id).first()
    if shift is None:
        raise Missing("没有这个班次，可能已经调整。交接班没有保存，请重新选择班次。")
    if shift.starts_at > now:
        raise Refused("这一班还没有开始。交接班没有保存。", code="handover_early", field="shift")
    if shift.account_id != actor.account_id and not may_at_all(actor, "duty.write"):
        raise Refused("只能交接自己的班。交接班没有保存。", code="handover_other", field="shift")
    if shift.handovers.filter(written_by=actor.account_id, corrects__isnull=True).exists():
        raise Refused("您已经交接过这一班。如要更正，请在原记录下补记。", code="handover_twice", field="shift")
    return shift


def _cases(actor: Actor, numbers: Sequence[str]) -> list[str]:
    """The numbers as the cases have them, each once."""
    if len(numbers) > MOST_NOTABLE:
        raise Refused(f"重点工单最多 {MOST_NOTABLE} 件。交接班没有保存。", code="handover_cases", field="notable")
    found = []
    for number in numbers:
        case = case_by_number(actor, number)
        if case is None:
            raise Refused(f"没有编号为“{number}”的工单。交接班没有保存。", code="handover_cases", field="notable")
        found.append(case.number)
    return list(dict.fromkeys(found))


def _tell(written: Handover, now: datetime) -> None:
    """A line for those at the same post who come next."""
    shift = written.shift
    if shift is None:
        return
    coming = DutyShift.objects.filter(
        post=shift.post, starts_at__gte=shift.ends_at - COMING_WITHIN, starts_at__lte=shift.ends_at + COMING_WITHIN
    ).exclude(account=written.written_by_id)
    words = f"{written.written_by.name}交出 {shift_words((shift.starts_at, shift.ends_at))} 的班，请接班"
    for account_id in coming.values_list("account_id", flat=True).distinct():
        notify(words, reverse("handover-page", args=[written.pk]), now=now, account_id=account_id)


def _held(handover_id: int) -> Handover:
    found = Handover.objects.select_for_update(of=("self",)).select_related("taken_by").filter(pk=handover_id)
    written = found.filter(corrects__isnull=True).first()
    if written is None:
        raise Missing("没有这份交接班记录。什么也没有改变。")
    return written


def _text(text: str, label: str, field: str) -> str:
    if not text.strip():
        raise Refused(f"请填写{label}。没有保存。", code="handover_empty", field=field)
    return text.strip()
