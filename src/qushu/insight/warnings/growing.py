"""群体投诉预警: a matter that many people join within hours. Each matter is a series of its own, its own past what is usual."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count

from qushu.insight.matters.models import Matter, Membership

from .actions import Found, report_all
from .models import Kind, WarningRule
from .ruling import count_level, span_words

WINDOWS_BEFORE: Final = 4
"""Windows as long before, whose mean is the pace of the matter."""
THREATENED: Final = 1
"""A matter with words of threat is yellow at least."""


def watch_matters(now: datetime) -> int:
    """Raise a warning for each matter that so many people joined in the rule's hours, beyond its own pace."""
    rule = WarningRule.objects.get(kind=Kind.matter)
    return report_all(growing_at(rule, now), rule, now) if rule.active else 0


def growing_at(rule: WarningRule, now: datetime) -> list[Found]:
    """Matters that grew in the rule's hours before a moment, by the people they have now.

    Indexes: matter_last for the matters of that time, membership_newest for their members.
    """
    span = timedelta(hours=rule.hours)
    alive = Matter.objects.filter(last_at__gt=now - span, first_at__lte=now).exclude(state=Matter.State.closed)
    members = Membership.objects.filter(matter__in=alive, removed_at__isnull=True)
    joined = (
        members.filter(accepted_at__gt=now - span, accepted_at__lte=now)
        .values("matter")
        .annotate(people=Count("case__caller_index", distinct=True), ids=ArrayAgg("case_id", order_by="accepted_at"))
        .filter(people__gte=rule.least)
        .order_by("-people", "matter")
    )
    rows = {row["matter"]: row for row in joined}
    before = members.filter(accepted_at__gt=now - (1 + WINDOWS_BEFORE) * span, accepted_at__lte=now - span)
    counted = (
        before.filter(matter__in=rows).values_list("matter").annotate(n=Count("case__caller_index", distinct=True))
    )
    paces = dict(counted.order_by())
    matters = alive.select_related("street", "category").in_bulk(rows)
    found = []
    for matter_id, row in rows.items():
        pace = paces.get(matter_id, 0) / WINDOWS_BEFORE
        if row["people"] >= rule.ratio * pace:
            found.append(_found(matters[matter_id], row["people"], row["ids"], pace, rule, now))
    return found


def _found(matter: Matter, people: int, ids: list[int], pace: float, rule: WarningRule, now: datetime) -> Found:
    level = count_level(people, rule.least)
    usual = f"，此前同样长的时间平均 {pace:.1f} 人" if pace else "，此前没有"
    threats = f"；有过激言词“{'”“'.join(matter.threats[:3])}”" if matter.threats else ""
    return Found(
        kind=Kind.matter,
        series=str(matter.pk),
        title=_title(matter),
        ground=f"事项 {matter.number} {span_words(rule.hours)}内有 {people} 个号码反映{usual}；累计 {matter.people} 人{threats}。",
        level=max(level, THREATENED) if matter.threats else level,
        since=now - timedelta(hours=rule.hours),
        observed=people,
        expected=pace,
        category_id=matter.category_id,
        area_id=matter.street_id,
        unit_id=matter.lead_unit_id,
        case_ids=ids,
    )


def _title(matter: Matter) -> str:
    """Place and category: the matter's own title is a citizen's words, and whoever keeps the rules may not read those."""
    place = matter.street.name if matter.street else "全区"
    return f"{place} {matter.category.name if matter.category else '多人反映'}（{matter.number}）"
