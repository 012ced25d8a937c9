"""Areas: open, rename, move, close. They live in places; who may change them is known here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access import Actor, require
from qushu.places.models import Area
from qushu.places.rules import LEVEL_ABOVE, code_fault

ADMINISTRATION = "areas.write"
LEVEL_WORDS = dict(Area.Level.choices)


@dataclass(frozen=True)
class AreaFacts:
    """A new area: official code, name, level, the area it lies in (None for the district), first day."""

    code: str
    name: str
    level: str
    parent: Area | None
    valid_from: date


def open_area(actor: Actor, facts: AreaFacts, now: datetime) -> Area:
    """A new area. Raises Forbidden; Refused when code, level or parent don't fit or the code is taken."""
    require(actor, ADMINISTRATION)
    fault = area_fault(facts)
    if not fault and Area.objects.filter(code=facts.code).exists():
        fault = f"区划代码 {facts.code} 已经使用"
    if fault:
        raise Refused(f"{fault}。区域没有新设。", code="area")
    with transaction.atomic():
        area = Area.objects.create(
            code=facts.code, name=facts.name, level=facts.level, parent=facts.parent, valid_from=facts.valid_from
        )
        audit.record(actor, "area.opened", subject_of(area), data={"name": area.name}, now=now)
    return area


def rename_area(actor: Actor, area_id: int, name: str, since: date, now: datetime) -> Area:
    """Give an area a new name since a day that has come; code and cases stay, the audit trail keeps the former name.

    Raises Refused when the name is empty or unchanged, or the day lies ahead (lists show one name, the present one).
    """
    require(actor, ADMINISTRATION)
    with transaction.atomic():
        area = Area.objects.select_for_update(no_key=True).get(pk=area_id)
        if not name.strip() or name.strip() == area.name:
            raise Refused("请填写与现在不同的新名称。没有改动。", code="area_name")
        if since > _today(now):
            raise Refused("更名日期还没到，请在当天或之后更名。没有改动。", code="area_date")
        after = {"name": name.strip()}
        said = audit.changes({"name": area.name}, after) | {"since": since.isoformat()}
        area.name = after["name"]
        area.save(update_fields=["name"])
        audit.record(actor, "area.renamed", subject_of(area), data=said, now=now)
    return area


def change_area(actor: Actor, area_id: int, parent: Area | None, valid_from: date, now: datetime) -> Area:
    """Put an area under another parent of the right level, or correct its first day."""
    require(actor, ADMINISTRATION)
    with transaction.atomic():
        area = Area.objects.select_for_update(of=("self",), no_key=True).select_related("parent").get(pk=area_id)
        fault = _parent_fault(area.level, parent)
        if not fault and area.valid_to is not None and valid_from >= area.valid_to:
            fault = "生效日期须早于失效日期"
        if fault:
            raise Refused(f"{fault}。没有改动。", code="area")
        after = {"parent": parent, "valid_from": valid_from}
        said = audit.changes({"parent": area.parent, "valid_from": area.valid_from}, after)
        if said:
            area.parent, area.valid_from = parent, valid_from
            area.save(update_fields=["parent", "valid_from"])
            audit.record(actor, "area.changed", subject_of(area), data=said, now=now)
    return area


def close_area(actor: Actor, area_id: int, last_day: date | None, now: datetime, reason: str = "") -> Area:
    """The area exists up to and including `last_day` (None: it goes on after all). Its cases stay as they are.

    Raises Refused when areas in it would outlive it, or the day comes before its first.
    """
    require(actor, ADMINISTRATION)
    with transaction.atomic():
        area = Area.objects.select_for_update(no_key=True).get(pk=area_id)
        valid_to = last_day + timedelta(days=1) if last_day else None
        fault = _closing_fault(area, valid_to)
        if fault:
            raise Refused(f"{fault}。没有改动。", code="area_close")
        said = audit.changes({"valid_to": area.valid_to}, {"valid_to": valid_to})
        area.valid_to = valid_to
        area.save(update_fields=["valid_to"])
        audit.record(actor, "area.closed" if valid_to else "area.changed", subject_of(area), reason, said, now=now)
    return area


def subject_of(area: Area) -> str:
    """How the audit trail names an area."""
    return f"area:{area.code}"


def area_fault(facts: AreaFacts) -> str:
    """What is wrong with a new area, in words for people; empty when nothing is."""
    if not facts.name.strip():
        return "请填写名称"
    if facts.level not in Area.Level.values:
        return "没有这个级别"
    return _parent_fault(facts.level, facts.parent) or code_fault(
        facts.code, facts.level, facts.parent.code if facts.parent else ""
    )


def _parent_fault(level: str, parent: Area | None) -> str:
    wanted = LEVEL_ABOVE.get(Area.Level(level))
    if wanted is None:
        return "区没有上级" if parent else ""
    if parent is None or parent.level != wanted:
        return f"{LEVEL_WORDS[level]}的上级应是{LEVEL_WORDS[wanted]}"
    return ""


def _closing_fault(area: Area, valid_to: date | None) -> str:
    if valid_to is None:
        if area.parent is not None and area.parent.valid_to is not None:
            return f"上级 {area.parent.name} 已撤销，请先恢复上级"
        return ""
    if valid_to <= area.valid_from:
        return "失效日期须晚于生效日期"
    outliving = area.children.exclude(valid_to__lte=valid_to)
    if outliving.exists():
        names = "、".join(outliving.order_by("code").values_list("name", flat=True)[:3])
        return f"其中还有 {outliving.count()} 个区域（{names}…），请先撤销或划归别处"
    return ""


def _today(now: datetime) -> date:
    return timezone.localtime(now).date()
