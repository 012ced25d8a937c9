"""The rule of matters is changed: one row, audited with what was before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access import Actor, require

from .models import MatterRule

BOUNDS: Final[dict[str, tuple[float, float]]] = {
    "people": (2, 100),
    "join": (0.2, 0.95),
    "days": (1, 365),
    "organised": (2, 100),
    "repeats": (2, 100),
    "repeat_days": (1, 365),
}
"""What a figure may be: outside, everything would be one matter, or nothing would."""


def change_rule(actor: Actor, facts: Mapping[str, float], now: datetime) -> MatterRule:
    """Change figures of the rule; matters that stand keep their cases. Raises Forbidden, Refused outside BOUNDS."""
    require(actor, "matters.rules")
    for name, value in facts.items():
        low, high = BOUNDS[name]
        if not low <= value <= high:
            raise Refused(f"应在 {low:g} 到 {high:g} 之间。没有保存。", field=name)
    with transaction.atomic():
        rule, _ = MatterRule.objects.select_for_update().get_or_create(only=True)
        changed = audit.changes({name: getattr(rule, name) for name in facts}, dict(facts))
        if not changed:
            raise Refused("没有改动。什么也没有保存。")
        for name, value in facts.items():
            setattr(rule, name, value)
        rule.save()
        audit.record(actor, "matter_rule.changed", "matter_rule:1", data=changed, now=now)
        return rule
