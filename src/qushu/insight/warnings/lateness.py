"""集中超期: a unit that has more due soon than it can do."""

from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from qushu.cases.models import Case
from qushu.people.models import Unit

from .actions import Found, report_all
from .models import Kind, WarningRule
from .ruling import count_level, span_words

PACE_DAYS = 14
MOST_ROWS = 500


def watch_lateness(now: datetime) -> int:
    """Raise a warning for each unit with more cases due in the rule's hours than it resolves in so many days at its pace."""
    rule = WarningRule.objects.get(kind=Kind.late)
    return report_all(late_at(rule, now, open_now()), rule, now) if rule.active else 0


def open_now() -> QuerySet[Case]:
    """Cases that are neither resolved nor closed (index: case_due)."""
    return Case.objects.filter(closed_at__isnull=True, resolved_at__isnull=True)


def open_then(moment: datetime) -> QuerySet[Case]:
    """Cases that were open at a moment of the past, by the deadlines that they have now; for try-outs."""
    return Case.objects.filter(accepted_at__lte=moment).exclude(closed_at__lte=moment).exclude(resolved_at__lte=moment)


def late_at(rule: WarningRule, now: datetime, unresolved: QuerySet[Case]) -> list[Found]:
    """Units with more of these cases due soon than they resolve at their pace (index: case_resolved)."""
    until = now + timedelta(hours=rule.hours)
    due = unresolved.filter(due_at__gt=now, due_at__lte=until, lead_unit__isnull=False)
    counts = dict(due.values_list("lead_unit_id").annotate(n=Count("pk")).filter(n__gte=rule.least).order_by())
    done = Case.objects.filter(
        resolved_at__gt=now - timedelta(days=PACE_DAYS), resolved_at__lte=now, lead_unit__in=counts
    )
    pace = dict(done.values_list("lead_unit_id").annotate(n=Count("pk")).order_by())
    names = dict(Unit.objects.filter(pk__in=counts).values_list("pk", "name"))
    found = []
    for unit_id, count in counts.items():
        can_do = pace.get(unit_id, 0) / PACE_DAYS * rule.hours / 24
        if count < rule.ratio * can_do:
            continue
        ground = (
            f"{names[unit_id]}今后{span_words(rule.hours)}有 {count} 件到期未办结，"
            f"按近 {PACE_DAYS} 天的速度同期约能办结 {can_do:.1f} 件。"
        )
        found.append(
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
            )
        )
    return found
