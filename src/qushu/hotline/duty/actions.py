"""Every write of the roster. Each asks for duty.write, is audited, and happens as a whole or not at all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qushu.kernel.errors import Missing, Refused, Stale
from qushu.people import audit
from qushu.people.access import Actor, require
from qushu.people.models import Account

from ..models import DutyShift
from .rules import LONGEST, Pattern, Span, Turn, overlapping, shift_words, turns_of

POSTS: dict[str, str] = dict(DutyShift.POSTS)


@dataclass(frozen=True)
class ShiftFacts:
    """Who, at which post, from when until when."""

    account_id: int
    post: str
    starts_at: datetime
    ends_at: datetime

    @property
    def span(self) -> Span:
        return self.starts_at, self.ends_at


@dataclass(frozen=True)
class Planned:
    """A turn of a pattern, and why it can't be (in words; empty when it can)."""

    turn: Turn
    name: str
    words: str
    clash: str


def facts_of(shift: DutyShift) -> ShiftFacts:
    """The shift as facts."""
    return ShiftFacts(shift.account_id, shift.post, shift.starts_at, shift.ends_at)


def add_shift(actor: Actor, facts: ShiftFacts, now: datetime) -> DutyShift:
    """One shift. Raises Forbidden; Refused when the span is wrong or the person is on duty already."""
    require(actor, "duty.write")
    with transaction.atomic():
        people = _hold([facts.account_id])
        _check(facts, people[facts.account_id])
        shift = DutyShift.objects.create(**vars(facts))
        audit.record(actor, "duty.added", _subject(shift.pk), data=_said(facts, people), now=now)
    return shift


def change_shift(
    actor: Actor, shift_id: int, facts: ShiftFacts, reason: str, now: datetime, seen: ShiftFacts | None = None
) -> DutyShift:
    """Change a shift, with a reason. `seen` is what the person saw before changing it.

    Raises Forbidden, Missing; Stale when it isn't what was seen; Refused without a reason, for a wrong or taken span,
    and for a shift that was handed over.
    """
    require(actor, "duty.write")
    with transaction.atomic():
        shift = _shift_to_change(shift_id, reason, seen)
        people = _hold([shift.account_id, facts.account_id])
        _check(facts, people[facts.account_id], besides=shift.pk)
        changed = audit.changes(_said(facts_of(shift), people), _said(facts, people))
        if not changed:
            return shift
        for name, value in vars(facts).items():
            setattr(shift, name, value)
        shift.save()
        audit.record(actor, "duty.changed", _subject(shift.pk), reason, changed, now=now)
    return shift


def remove_shift(actor: Actor, shift_id: int, reason: str, now: datetime, seen: ShiftFacts | None = None) -> None:
    """Take a shift off the roster, with a reason; the audit trail keeps it. Raises as `change_shift` does."""
    require(actor, "duty.write")
    with transaction.atomic():
        shift = _shift_to_change(shift_id, reason, seen)
        said = _said(facts_of(shift), _hold([shift.account_id]))
        audit.record(actor, "duty.removed", _subject(shift.pk), reason, said, now=now)
        shift.delete()


def plan_turns(actor: Actor, pattern: Pattern, post: str) -> list[Planned]:
    """What `save_turns` would write, and which turns clash with the roster. Nothing is written. Raises as it does."""
    require(actor, "duty.write")
    return _planned(pattern, post, dict(Account.objects.in_bulk(pattern.people)))


def save_turns(actor: Actor, pattern: Pattern, post: str, now: datetime) -> int:
    """Write the shifts of a pattern; all or none. How many there are. Raises Forbidden; Refused for a fault or a clash."""
    require(actor, "duty.write")
    with transaction.atomic():
        planned = _planned(pattern, post, _hold(pattern.people))
        clashes = [one for one in planned if one.clash]
        if clashes:
            more = f"等 {len(clashes)} 班" if len(clashes) > 1 else ""
            raise Refused(f"{clashes[0].clash}{more}，整个班表都没有保存。", code="duty_overlap")
        DutyShift.objects.bulk_create(DutyShift(post=post, **vars(one.turn)) for one in planned)
        said = {
            "post": POSTS[post],
            "span": f"{planned[0].words} 起，至 {planned[-1].words}",
            "people": list(dict.fromkeys(one.name for one in planned)),
            "rows": len(planned),
        }
        audit.record(actor, "duty.planned", f"duty:{pattern.first}", data=said, now=now)
    return len(planned)


def _planned(pattern: Pattern, post: str, people: dict[int, Account]) -> list[Planned]:
    if pattern.fault:
        raise Refused(f"{pattern.fault}。没有保存任何班次。", code="duty_pattern")
    turns = turns_of(pattern)
    taken = _taken(pattern.people, turns)
    planned = []
    for turn in turns:
        span = (turn.starts_at, turn.ends_at)
        clashes = overlapping(span, taken[turn.account_id])
        name = people[turn.account_id].name
        clash = f"{name} {shift_words(clashes[0])} 已有班次" if clashes else ""
        planned.append(Planned(turn, name, shift_words(span), clash))
    return planned


def _taken(people: Sequence[int], turns: Sequence[Turn]) -> dict[int, list[Span]]:
    """What these people have already while the turns last; one read."""
    there = DutyShift.objects.filter(
        account__in=people, starts_at__lt=turns[-1].ends_at, ends_at__gt=turns[0].starts_at
    ).values_list("account_id", "starts_at", "ends_at")
    spans: dict[int, list[Span]] = defaultdict(list)
    for account_id, starts, ends in there:
        spans[account_id].append((starts, ends))
    return spans


def _hold(ids: Iterable[int]) -> dict[int, Account]:
    """Lock these people's rows, so that nobody else gives them a shift meanwhile. Raises Refused for one who is gone."""
    wanted = set(ids)
    held = {one.pk: one for one in Account.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")}
    if wanted - held.keys():
        raise Refused("值班人员的账号不存在。没有保存任何班次。", code="duty_account")
    return held


def _check(facts: ShiftFacts, person: Account, besides: int = 0) -> None:
    if facts.post not in POSTS:
        raise Refused("没有这个岗位。没有保存。", code="duty_post", field="post")
    if not person.is_active:
        raise Refused(f"{person.name}的账号已停用，不能排班。没有保存。", code="duty_account", field="account")
    if facts.ends_at <= facts.starts_at:
        raise Refused("结束时间应在开始之后。没有保存。", code="duty_span", field="ends_at")
    longest = LONGEST[facts.post]
    if facts.ends_at - facts.starts_at > longest:
        hours = int(longest.total_seconds()) // 3600
        raise Refused(f"{POSTS[facts.post]}一班最长 {hours} 小时。没有保存。", code="duty_long", field="ends_at")
    others = DutyShift.objects.filter(account=person, starts_at__lt=facts.ends_at, ends_at__gt=facts.starts_at)
    clash = others.exclude(pk=besides).order_by("starts_at").first()
    if clash is not None:
        words = f"{shift_words(facts_of(clash).span)}（{clash.get_post_display()}）"
        raise Refused(f"{person.name}在 {words} 已有班次，时间重叠。没有保存。", code="duty_overlap", field="account")


def _shift_to_change(shift_id: int, reason: str, seen: ShiftFacts | None) -> DutyShift:
    """The shift, locked, when it may be changed for this reason."""
    shift = DutyShift.objects.select_for_update().filter(pk=shift_id).first()
    if shift is None:
        raise Missing("没有这个班次，可能已经被删除。什么也没有改变，请回到值班表。")
    if seen is not None and seen != facts_of(shift):
        raise Stale("这个班次刚被别人修改过，您的修改没有保存。请看过现在的内容再改。")
    if not reason.strip():
        raise Refused("请写明调班原因。没有保存。", code="duty_reason", field="reason")
    if shift.handovers.exists():
        raise Refused("这一班已经交接，不能再改。如有出入，请在交接班里补记。", code="duty_handed")
    return shift


def _said(facts: ShiftFacts, people: dict[int, Account]) -> dict[str, str]:
    return {
        "person": people[facts.account_id].name,
        "post": POSTS[facts.post],
        "span": shift_words(facts.span),
    }


def _subject(shift_id: int) -> str:
    return f"duty:{shift_id}"
