"""突发重复投诉: one person who calls again and again about one kind of thing."""

from datetime import datetime, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Min, Q

from qushu.cases.models import Case, Category

from .actions import Found, report_all
from .models import Kind, WarningRule
from .ruling import count_level, span_words

MOST = 200


def watch_repeats(now: datetime) -> int:
    """Raise a warning for each number with so many cases of one category in the rule's hours."""
    rule = WarningRule.objects.get(kind=Kind.repeat)
    return report_all(repeats_at(rule, now), rule, now) if rule.active else 0


def repeats_at(rule: WarningRule, now: datetime) -> list[Found]:
    """Numbers with so many cases of one category in the rule's hours before a moment (index: case_newest).

    Cases of a sealed identity (保密) are counted apart: beside an open case of the same caller they would tell who called.
    """
    since = now - timedelta(hours=rule.hours)
    lately = Case.objects.filter(accepted_at__gt=since, accepted_at__lte=now, caller_index__isnull=False)
    rows = (
        lately.exclude(state="void")
        .filter(category__isnull=False)
        .annotate(sealed=Q(marks__contains=["sensitive"]))
        .values("caller_index", "category_id", "sealed")
        .annotate(count=Count("pk"), first=Min("accepted_at"), ids=ArrayAgg("pk", order_by="pk"))
        .filter(count__gte=rule.least)
        .order_by("-count", "first")[:MOST]
    )
    names = dict(Category.objects.values_list("pk", "name"))
    return [
        Found(
            kind=Kind.repeat,
            series=f"{bytes(row['caller_index'] or b'').hex()[:32]}:{row['category_id']}{':sealed' * row['sealed']}",
            title=f"一人多次：{(name := names.get(row['category_id'] or 0, ''))}",
            ground=(
                f"同一来电人{span_words(rule.hours)}内就“{name}”来电 {row['count']} 次，"
                f"达到 {rule.least} 次的门槛；请核实是否办结、是否需要上门或领导包案。"
            ),
            level=count_level(row["count"], rule.least),
            since=row["first"],
            observed=row["count"],
            category_id=row["category_id"],
            case_ids=row["ids"],
        )
        for row in rows
    ]
