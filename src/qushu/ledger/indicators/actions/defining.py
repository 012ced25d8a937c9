"""Defining the centre's own indicators, and naming who answers for an indicator."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.measures import MEASURES
from qushu.people.access import Actor, require
from qushu.people.audit import changes, record
from qushu.people.models import Account

from ...models import Binding
from ..expected import EXPECTED
from ..formula import BadFormula, operands
from ..models import OwnIndicator, Responsibility
from ..offered import offered


@dataclass(frozen=True)
class Definition:
    """What an own indicator is: `kind` formula, survey or file; `better` more or less."""

    kind: str
    name: str
    unit: str
    better: str
    words: str
    formula: str = ""
    adds_up: bool = False


def define_indicator(actor: Actor, said: Definition, now: datetime) -> OwnIndicator:
    """A new indicator. Raises Refused for a name that is taken or a formula that can't be read; Forbidden."""
    require(actor, "targets.write")
    _check(said)
    try:
        with transaction.atomic():
            own = OwnIndicator.objects.create(**asdict(said), made_by_id=actor.account_id, made_at=now)
            record(actor, "indicator.defined", f"indicator:{own.code}", data={"name": own.name}, now=now)
    except IntegrityError:
        raise Refused("已有同名的指标。什么也没有保存。", field="name") from None
    return own


def change_definition(actor: Actor, own_id: int, words: str, formula: str, now: datetime) -> OwnIndicator:
    """Another wording or formula is the next version; readings of the former one keep its number. Raises Refused, Missing.

    Targets that are bound to it wait for another person's approval anew: what was approved was the former definition.
    """
    require(actor, "targets.write")
    with transaction.atomic():
        own = OwnIndicator.objects.select_for_update().filter(pk=own_id).first()
        if own is None:
            raise Missing("没有这个指标。")
        before = {"words": own.words, "formula": own.formula}
        said = Definition(own.kind, own.name, own.unit, own.better, words, formula, own.adds_up)
        _check(said)
        own.words, own.formula, own.version = words, formula, own.version + 1
        own.save()
        _ask_anew(actor, own, now)
        data = changes(before, {"words": words, "formula": formula}) | {"version": own.version}
        record(actor, "indicator.changed", f"indicator:{own.code}", data=data, now=now)
    return own


def _ask_anew(actor: Actor, own: OwnIndicator, now: datetime) -> None:
    """The bindings in force end, and are proposed again by who changed the definition."""
    ended = Binding.objects.select_for_update().filter(measure=own.code, approved=True)
    targets = list(ended.values_list("target_id", flat=True))
    ended.update(approved=False, remark=f"口径改为第 {own.version} 版，须重新审核")
    waiting = Binding.objects.filter(target__in=targets, approved__isnull=True).values_list("target_id", flat=True)
    Binding.objects.bulk_create(
        Binding(target_id=target_id, measure=own.code, proposed_by_id=actor.account_id, proposed_at=now)
        for target_id in sorted(set(targets) - set(waiting))
    )


def entrust(actor: Actor, code: str, owner_id: int | None, fresh_hours: int, now: datetime) -> Responsibility:
    """Say who answers for an indicator and how old its value may get (hours). Raises Refused, Missing, Forbidden."""
    require(actor, "targets.write")
    if code not in offered() and code not in EXPECTED:
        raise Missing("没有这个指标。")
    if not 1 <= fresh_hours <= 24 * 400:
        raise Refused("更新时限要在 1 小时到 400 天之间。什么也没有改变。", field="fresh_hours")
    owner = Account.objects.filter(pk=owner_id, is_active=True).first() if owner_id else None
    if owner_id and owner is None:
        raise Refused("没有这个账号，或已停用。什么也没有改变。", field="owner")
    with transaction.atomic():
        kept, _ = Responsibility.objects.update_or_create(
            code=code, defaults={"owner": owner, "fresh_hours": fresh_hours}
        )
        data = {"owner": owner.name if owner else "", "fresh_hours": fresh_hours}
        record(actor, "indicator.entrusted", f"indicator:{code}", data=data, now=now)
    return kept


def _check(said: Definition) -> None:
    if not said.words.strip():
        raise Refused("请写明口径。什么也没有保存。", field="words")
    if said.kind != "formula":
        if said.formula.strip():
            raise Refused("只有公式类的指标写公式。什么也没有保存。", field="formula")
        if said.kind == "survey" and said.unit != "%":
            raise Refused("调查得出的是百分比，单位请写 %。什么也没有保存。", field="unit")
        return
    try:
        named = operands(said.formula)
    except BadFormula as bad:
        raise Refused(f"{bad} 什么也没有保存。", field="formula") from bad
    others = {one.code for one in OwnIndicator.objects.exclude(kind="formula")}
    unknown = sorted(named - set(MEASURES) - others)
    if unknown:
        raise Refused(
            f"没有“{'、'.join(unknown)}”，或它自己就是公式；公式只能由系统指标、调查和文件算出。什么也没有保存。",
            field="formula",
        )
