"""突发重复投诉: one person who calls again and again about one kind of thing."""

from datetime import datetime, timedelta

from django.db.models import Count, Max, Min

from qushu.cases.models import Case, Category

from .actions import Found, end_warning, report
from .models import Kind, Warning, WarningRule
from .ruling import count_level, span_words

MOST = 200


def watch_repeats(now: datetime) -> int:
    """Raise a warning for each number with so many cases of one category in the rule's hours (index: case_newest)."""
    rule = WarningRule.objects.get(kind=Kind.repeat)
    if not rule.active:
        return 0
    since = now - timedelta(hours=rule.hours)
    lately = Case.objects.filter(accepted_at__gt=since, accepted_at__lte=now, caller_index__isnull=False)
    rows = (
        lately.exclude(state="void")
        .filter(category__isnull=False)
        .values("caller_index", "category_id")
        .annotate(count=Count("pk"), first=Min("accepted_at"), last=Max("accepted_at"))
        .filter(count__gte=rule.least)
        .order_by("-count")[:MOST]
    )
    names = dict(Category.objects.values_list("pk", "name"))
    seen = set()
    for row in rows:
        caller, category_id = bytes(row["caller_index"] or b""), row["category_id"]
        mine = lately.filter(caller_index=caller, category_id=category_id).exclude(state="void")
        series = f"{caller.hex()[:32]}:{category_id}"
        seen.add(series)
        name = names.get(category_id, "")
        ground = (
            f"同一来电人{span_words(rule.hours)}内就“{name}”来电 {row['count']} 次，"
            f"达到 {rule.least} 次的门槛；请核实是否办结、是否需要上门或领导包案。"
        )
        report(
            Found(
                kind=Kind.repeat,
                series=series,
                title=f"一人多次：{name}",
                ground=ground,
                level=count_level(row["count"], rule.least),
                since=row["first"],
                observed=row["count"],
                category_id=category_id,
                case_ids=list(mine.values_list("pk", flat=True)),
            ),
            rule,
            now,
        )
    for warning in Warning.objects.filter(kind=Kind.repeat, ended_at__isnull=True).exclude(series__in=seen):
        end_warning(warning, now)
    return len(seen)
