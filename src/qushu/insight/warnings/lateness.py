"""集中超期: a unit that has more due soon than it can do."""

from datetime import datetime, timedelta

from django.db.models import Count

from qushu.cases.models import Case
from qushu.people.models import Unit

from .actions import Found, end_warning, report
from .models import Kind, Warning, WarningRule
from .ruling import count_level, span_words

PACE_DAYS = 14
MOST_ROWS = 500


def watch_lateness(now: datetime) -> int:
    """Raise a warning for each unit with more cases due in the rule's hours than it resolves in so many days at its pace.

    Indexes: case_due for what is due, case_resolved for the pace of the last fourteen days.
    """
    rule = WarningRule.objects.get(kind=Kind.late)
    if not rule.active:
        return 0
    until = now + timedelta(hours=rule.hours)
    due = Case.objects.filter(
        closed_at__isnull=True, due_at__gt=now, due_at__lte=until, lead_unit__isnull=False, resolved_at__isnull=True
    )
    counts = dict(due.values_list("lead_unit_id").annotate(n=Count("pk")).filter(n__gte=rule.least).order_by())
    done = Case.objects.filter(resolved_at__gt=now - timedelta(days=PACE_DAYS), lead_unit__in=counts)
    pace = dict(done.values_list("lead_unit_id").annotate(n=Count("pk")).order_by())
    names = dict(Unit.objects.filter(pk__in=counts).values_list("pk", "name"))
    seen = set()
    for unit_id, count in counts.items():
        can_do = pace.get(unit_id, 0) / PACE_DAYS * rule.hours / 24
        if count < rule.ratio * can_do:
            continue
        seen.add(str(unit_id))
        ground = (
            f"{names[unit_id]}今后{span_words(rule.hours)}有 {count} 件到期未办结，"
            f"按近 {PACE_DAYS} 天的速度同期约能办结 {can_do:.1f} 件。"
        )
        report(
            Found(
                kind=Kind.late,
                series=str(unit_id),
                title=f"{names[unit_id]}集中到期",
                ground=ground,
                level=count_level(count, max(rule.least, rule.ratio * can_do)),
                since=now,
                observed=count,
                expected=can_do,
                unit_id=unit_id,
                case_ids=list(
                    due.filter(lead_unit=unit_id).order_by("due_at").values_list("pk", flat=True)[:MOST_ROWS]
                ),
            ),
            rule,
            now,
        )
    for warning in Warning.objects.filter(kind=Kind.late, ended_at__isnull=True).exclude(series__in=seen):
        end_warning(warning, now)
    return len(seen)
