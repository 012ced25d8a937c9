"""Channels (渠道) and reasons (理由): small lists that forms choose from."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy_line
from qushu.people import audit
from qushu.people.access import Actor, require

from ...models import Channel, ClockRule, Reason
from .. import uses
from ..rules import code_fault

WRITE = "codes.write"
MOVES = {
    "return": "退单",
    "extension": "延期",
    "shelve": "挂账",
    "decline": "不予受理",
    "void": "作废",
    "reopen": "重办",
    "exclude": "剔除",
    "contact": "联系情况",
}
"""The moves that take a ground or a phrase from the list, by what they are called there."""


@dataclass(frozen=True)
class ChannelFacts:
    """What an administrator says about a channel; the smaller `order` stands first."""

    name: str
    order: int = 100
    active: bool = True


@dataclass(frozen=True)
class ReasonFacts:
    """What an administrator says about a reason: the words, its legal basis, and the way shown to the citizen."""

    name: str
    basis: str = ""
    way: str = ""
    active: bool = True


def add_channel(actor: Actor, code: str, facts: ChannelFacts, now: datetime) -> Channel:
    """A new channel. Raises Forbidden; Refused when the code is malformed or code or name are taken."""
    require(actor, WRITE)
    fault = code_fault(code, 20) or _channel_fault(facts, "")
    if not fault and Channel.objects.filter(code=code).exists():
        fault = f"代码 {code} 已经使用"
    _refuse(fault)
    with transaction.atomic():
        channel = Channel.objects.create(code=code, **_columns(facts))
        audit.record(actor, "channel.added", f"channel:{code}", data=audit.changes({}, _columns(facts)), now=now)
    return channel


def change_channel(actor: Actor, code: str, facts: ChannelFacts, now: datetime) -> Channel:
    """Change a channel. Raises InUse when it is deactivated while a rule names it or a way in writes it."""
    require(actor, WRITE)
    with transaction.atomic():
        channel = Channel.objects.select_for_update(no_key=True).filter(code=code).first()
        if channel is None:
            raise Missing("没有这个渠道。")
        _refuse(_channel_fault(facts, code))
        if channel.active and not facts.active:
            _refuse_if_needed(channel, now)
        said = audit.changes(_before(channel, facts), _columns(facts))
        if said:
            Channel.objects.filter(code=code).update(**_columns(facts))
            audit.record(actor, "channel.changed", f"channel:{code}", data=said, now=now)
    channel.refresh_from_db()
    return channel


def add_reason(actor: Actor, move: str, code: str, facts: ReasonFacts, now: datetime) -> Reason:
    """A new reason of a move (a key of MOVES)."""
    require(actor, WRITE)
    fault = "" if move in MOVES else "请选择用于哪个环节"
    fault = fault or code_fault(code, 30) or _reason_fault(facts, move, 0)
    if not fault and Reason.objects.filter(move=move, code=code).exists():
        fault = f"“{MOVES[move]}”里已有代码 {code}"
    _refuse(fault)
    with transaction.atomic():
        reason = Reason.objects.create(move=move, code=code, **_columns(facts))
        audit.record(actor, "reason.added", subject_of(reason), data=audit.changes({}, _columns(facts)), now=now)
    return reason


def change_reason(actor: Actor, reason_id: int, facts: ReasonFacts, now: datetime) -> Reason:
    """Change a reason. The last active one of a move can't be deactivated: nobody could make the move any more."""
    require(actor, WRITE)
    with transaction.atomic():
        reason = Reason.objects.select_for_update(no_key=True).filter(pk=reason_id).first()
        if reason is None:
            raise Missing("没有这个理由。")
        fault = _reason_fault(facts, reason.move, reason.pk)
        others = Reason.objects.filter(move=reason.move, active=True).exclude(pk=reason.pk)
        if not fault and reason.active and not facts.active and not others.exists():
            fault = f"它是“{MOVES.get(reason.move, reason.move)}”唯一启用的理由，停用后无法再办这一环节"
        _refuse(fault)
        said = audit.changes(_before(reason, facts), _columns(facts))
        if said:
            Reason.objects.filter(pk=reason.pk).update(**_columns(facts))
            audit.record(actor, "reason.changed", subject_of(reason), data=said, now=now)
    reason.refresh_from_db()
    return reason


def subject_of(reason: Reason) -> str:
    """How the audit trail names a reason."""
    return f"reason:{reason.move}/{reason.code}"


def _columns(facts: ChannelFacts | ReasonFacts) -> dict[str, object]:
    values = {name: getattr(facts, name) for name in facts.__dataclass_fields__}
    return {name: tidy_line(value) if isinstance(value, str) else value for name, value in values.items()}


def _before(row: Channel | Reason, facts: ChannelFacts | ReasonFacts) -> dict[str, object]:
    return {name: getattr(row, name) for name in facts.__dataclass_fields__}


def _refuse(fault: str) -> None:
    if fault:
        raise Refused(f"{fault}。没有改动。", code="code_table")


def _channel_fault(facts: ChannelFacts, code: str) -> str:
    if not facts.name.strip():
        return "请填写名称"
    if not 0 <= facts.order <= 32767:
        return "顺序须在 0 到 32767 之间"
    taken = Channel.objects.filter(name=tidy_line(facts.name)).exclude(code=code).exists()
    return f"已有名为“{facts.name}”的渠道" if taken else ""


def _reason_fault(facts: ReasonFacts, move: str, own: int) -> str:
    if not facts.name.strip():
        return "请填写理由"
    taken = Reason.objects.filter(move=move, name=tidy_line(facts.name), active=True).exclude(pk=own).exists()
    return f"“{MOVES[move]}”里已有“{facts.name}”" if facts.active and taken and move in MOVES else ""


def _refuse_if_needed(channel: Channel, now: datetime) -> None:
    if way := uses.channel_needs.get(channel.code):
        raise Refused(f"{way}用它登记来件，不能停用。没有改动。", code="channel_needed")
    found = uses.rule_uses(ClockRule.objects.filter(channel=channel), now)
    if found:
        raise uses.InUse(f"渠道“{channel.name}”还在使用，请先改下列各处。没有改动。", found)
