"""Writes: binding a target to a measure, deciding about it, taking readings, stating a value."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.measures import MEASURES, Span, SystemMeasure
from qushu.people.access import Actor, require
from qushu.people.audit import record

from ..models import Binding, Reading, Statement, Target
from .rules import convert

RECENT_DAYS = 28


def propose_binding(actor: Actor, target_id: int, measure: str, now: datetime) -> Binding:
    """Ask that a measure speak for a target. Raises Refused for an unknown measure, another unit, or a second request."""
    require(actor, "targets.write")
    target = _target(target_id)
    offered = MEASURES.get(measure)
    if offered is None:
        raise Refused("没有这个系统指标。什么也没有改变。", field="measure")
    if convert(Decimal(1), offered.unit, target.unit) is None:
        raise Refused(
            f"“{target.name}”以“{target.unit or '文字'}”计，“{offered.name}”以“{offered.unit}”计，不能绑定。什么也没有改变。",
            field="measure",
        )
    try:
        with transaction.atomic():
            binding = Binding.objects.create(
                target=target, measure=measure, proposed_by_id=actor.account_id, proposed_at=now
            )
            record(actor, "target.binding_proposed", f"target:{target.pk}", data={"measure": measure}, now=now)
    except IntegrityError:
        raise Refused("这个指标已有一个待审核的绑定。请先审核它。什么也没有改变。", field="measure") from None
    return binding


def decide_binding(actor: Actor, binding_id: int, approved: bool, remark: str, now: datetime) -> Binding:
    """Approve or refuse; an approved one takes the place of the one in force. Whoever proposed may not approve.

    Raises Refused, Missing.
    """
    require(actor, "targets.write")
    with transaction.atomic():
        binding = Binding.objects.select_for_update().filter(pk=binding_id).first()
        if binding is None:
            raise Missing("没有这个绑定申请。")
        if binding.approved is not None:
            raise Refused("这个绑定已经审核过了。请刷新后再看。什么也没有改变。")
        if approved and binding.proposed_by_id == actor.account_id:
            raise Refused("提出绑定的人不能自己审核通过，请另一位同事审核。什么也没有改变。")
        if approved:
            Binding.objects.filter(target_id=binding.target_id, approved=True).update(
                approved=False, remark=f"由绑定 {binding.pk} 取代"
            )
        binding.approved, binding.remark = approved, remark[:300]
        binding.decided_by_id, binding.decided_at = actor.account_id, now
        binding.save()
        action = "target.binding_approved" if approved else "target.binding_refused"
        record(actor, action, f"target:{binding.target_id}", reason=remark, data={"measure": binding.measure}, now=now)
    return binding


def take_readings(year: int, now: datetime, only: str = "") -> list[Reading]:
    """Read every offered measure (or one) for a year, up to today or the year's end, and keep what was read."""
    chosen = [MEASURES[only]] if only else list(MEASURES.values())
    today = timezone.localdate(now)
    last = min(date(year, 12, 31), today)
    if last < date(year, 1, 1):
        return []
    return [_take(measure, year, last, now) for measure in chosen]


def _take(measure: SystemMeasure, year: int, last: date, now: datetime) -> Reading:
    found = measure.read(Span(date(year, 1, 1), last, now))
    recent = None
    if measure.adds_up:
        since = max(date(year, 1, 1), last - timedelta(days=RECENT_DAYS - 1))
        lately = measure.read(Span(since, last, now))
        recent = (lately.value or Decimal(0)) / ((last - since).days + 1)
    return Reading.objects.create(
        measure=measure.code,
        version=measure.version,
        year=year,
        taken_at=now,
        value=found.value,
        recent_day=recent,
        rows=found.rows,
        digest=found.digest,
    )


def state_value(
    actor: Actor, target_id: int, year: int, value: Decimal | None, words: str, evidence: str, now: datetime
) -> Statement:
    """What a person says a target has reached, with the evidence. Raises Refused when either is missing."""
    require(actor, "targets.state")
    target = _target(target_id)
    if value is None and not words.strip():
        raise Refused("请填写数值或文字。什么也没有保存。", field="value")
    if not evidence.strip():
        raise Refused("请写明依据（文件、台账、截图的名称和存放处）。什么也没有保存。", field="evidence")
    if actor.account_id is None:
        raise Refused("填报须由具名的账号进行。什么也没有保存。")
    with transaction.atomic():
        said = Statement.objects.create(
            target=target,
            year=year,
            value=value,
            words=words.strip()[:200],
            evidence=evidence.strip(),
            stated_by_id=actor.account_id,
            stated_at=now,
        )
        data = {"year": year, "value": str(value if value is not None else words)}
        record(actor, "target.stated", f"target:{target.pk}", reason=evidence[:200], data=data, now=now)
    return said


def _target(target_id: int) -> Target:
    target = Target.objects.filter(pk=target_id).first()
    if target is None:
        raise Missing("没有这个绩效指标。")
    return target
