"""Units (承办单位): create, change, deactivate."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access import Actor, require
from qushu.people.models import Unit
from qushu.people.rules import unit_code_fault
from qushu.places.models import Area

unit_guards: list[Callable[[Unit], str]] = []
"""Asked before a unit is deactivated: each returns why it can't be (in words for people) or an empty string.

Rooms downstream append theirs in AppConfig.ready, e.g. cases: “还有 3 件未办结工单”.
"""


@dataclass(frozen=True)
class UnitFacts:
    """All that an administrator says about a unit. `parent` and `area` are the rows, not their names."""

    name: str
    kind: str
    parent: Unit | None = None
    area: Area | None = None
    duties: str = ""
    phone: str = ""
    active: bool = True


def create_unit(actor: Actor, code: str, facts: UnitFacts, now: datetime) -> Unit:
    """A new unit. Raises Forbidden; Refused when the code is malformed or the code or name is taken."""
    require(actor, "units.write")
    fault = unit_code_fault(code) or _fault(facts, None)
    if not fault and Unit.objects.filter(code=code).exists():
        fault = f"单位代码 {code} 已经使用"
    if fault:
        raise Refused(f"{fault}。单位没有新建。", code="unit")
    with transaction.atomic():
        unit = Unit.objects.create(code=code, **_columns(facts))
        audit.record(actor, "unit.created", subject_of(unit), data={"name": unit.name}, now=now)
    return unit


def change_unit(actor: Actor, unit_id: int, facts: UnitFacts, now: datetime) -> Unit:
    """Change a unit; the audit entry holds what differs. Deactivating asks the `unit_guards`.

    Raises Forbidden; Refused when a guard objects, the name is taken, or the parent would stand below itself.
    """
    require(actor, "units.write")
    with transaction.atomic():
        unit = (
            Unit.objects.select_for_update(of=("self",), no_key=True).select_related("parent", "area").get(pk=unit_id)
        )
        fault = _fault(facts, unit)
        if not fault and unit.active and not facts.active:
            fault = next((reason for guard in unit_guards if (reason := guard(unit))), "")
        if fault:
            raise Refused(f"{fault}。没有改动。", code="unit")
        before = {name: getattr(unit, name) for name in _columns(facts)}
        said = audit.changes(before, _columns(facts))
        if said:
            Unit.objects.filter(pk=unit.pk).update(**_columns(facts))
            audit.record(actor, "unit.changed", subject_of(unit), data=said, now=now)
    unit.refresh_from_db()
    return unit


def subject_of(unit: Unit) -> str:
    """How the audit trail names a unit."""
    return f"unit:{unit.code}"


def _columns(facts: UnitFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__}


def _fault(facts: UnitFacts, unit: Unit | None) -> str:
    if not facts.name.strip():
        return "请填写单位名称"
    if facts.kind not in Unit.Kind.values:
        return "没有这个单位类别"
    named_so = Unit.objects.filter(name=facts.name)
    if unit is not None:
        named_so = named_so.exclude(pk=unit.pk)
    if named_so.exists():
        return f"已有名为“{facts.name}”的单位"
    above = facts.parent
    while unit is not None and above is not None:
        if above.pk == unit.pk:
            return "上级单位不能是本单位或它的下级"
        above = above.parent
    return ""
