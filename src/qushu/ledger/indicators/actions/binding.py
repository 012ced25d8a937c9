"""Binding a target to an indicator: one person proposes, another decides."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from qushu.kernel.errors import Missing, Refused
from qushu.people.access import Actor, require
from qushu.people.audit import record

from ...models import Binding, Target
from ..expected import EXPECTED
from ..offered import measure_of
from ..rules import convert


def propose_binding(actor: Actor, target_id: int, measure: str, now: datetime) -> Binding:
    """Ask that an indicator speak for a target; one that a system is still to offer will do.

    Raises Refused for an unknown one, another unit, the one in force, or a second request; Missing, Forbidden.
    """
    require(actor, "targets.write")
    target = target_of(target_id)
    known = measure_of(measure) or EXPECTED.get(measure)
    if known is None:
        raise Refused("没有这个指标。什么也没有改变。", field="measure")
    if convert(Decimal(1), known.unit, target.unit) is None:
        raise Refused(
            f"“{target.name}”以“{target.unit or '文字'}”计，“{known.name}”以“{known.unit}”计，不能绑定。什么也没有改变。",
            field="measure",
        )
    if target.bindings.filter(approved=True, measure=measure).exists():
        raise Refused(f"“{target.name}”已经以“{known.name}”测量，不用再提。什么也没有改变。", field="measure")
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

    Raises Refused, Missing, Forbidden.
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


def propose_bindings(actor: Actor, asked: Iterable[tuple[int, str]], now: datetime) -> list[Binding]:
    """Propose several, each a target's id with an indicator: all of them or, where one is refused, none. Raises as for one."""
    with transaction.atomic():
        return [propose_binding(actor, target_id, measure, now) for target_id, measure in asked]


def decide_bindings(
    actor: Actor, binding_ids: Iterable[int], approved: bool, remark: str, now: datetime
) -> list[Binding]:
    """Decide several alike: all of them or, where one is refused, none. Raises as for one."""
    with transaction.atomic():
        return [decide_binding(actor, one, approved, remark, now) for one in sorted(binding_ids)]


def target_of(target_id: int) -> Target:
    """The target. Raises Missing."""
    target = Target.objects.filter(pk=target_id).first()
    if target is None:
        raise Missing("没有这个绩效指标。")
    return target
