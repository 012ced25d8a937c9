"""Reads of warnings. `visible_warnings` is the one way to reach them; its scope comes from the permission matrix."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from qushu.cases.models import Case
from qushu.cases.queries import visible_cases
from qushu.kernel.asked import day_in, number_in, start_of
from qushu.people.access import Actor, scope
from qushu.places.queries import areas_below

from .models import Level, Tuning, Warning, WarningCase, WarningEvent, WarningRule

ORDER = ("-raised_at", "-id")
EQUAL = {"kind": "kind", "state": "state", "outcome": "outcome"}


def visible_warnings(actor: Actor, action: str = "warnings.read") -> QuerySet[Warning]:
    """The warnings that `action` reaches: all, or those about the actor's units and areas (and the areas in them)."""
    reach = scope(actor, action)
    if reach.everything:
        return Warning.objects.all()
    if reach.nothing:
        return Warning.objects.none()
    return Warning.objects.filter(Q(unit__in=reach.unit_ids) | Q(area__in=areas_below(set(reach.area_ids))))


def filter_warnings(warnings: QuerySet[Warning], chosen: Mapping[str, str]) -> QuerySet[Warning]:
    """Narrow a list by what an address holds: kind, state, level, outcome, street, found, from, to.

    Unreadable values match nothing.
    """
    for name, column in EQUAL.items():
        if value := chosen.get(name):
            warnings = warnings.filter(**{column: value}) if "\0" not in value else warnings.none()
    if value := chosen.get("level"):
        warnings = warnings.filter(level=level) if (level := number_in(value, 99)) is not None else warnings.none()
    if value := chosen.get("found"):
        warnings = warnings.filter(hindsight=value == "after") if value in ("then", "after") else warnings.none()
    if value := chosen.get("street"):
        area = number_in(value)
        warnings = warnings.filter(area__in=areas_below({area})) if area is not None else warnings.none()
    for name, way, later in (("from", "raised_at__gte", 0), ("to", "raised_at__lt", 1)):
        if value := chosen.get(name):
            day = day_in(value)
            warnings = warnings.filter(**{way: start_of(day, later)}) if day else warnings.none()
    return warnings


def open_counts(actor: Actor) -> dict[int, int]:
    """How many warnings nobody has acknowledged yet, by level (index: warning_due)."""
    waiting = visible_warnings(actor).filter(state=Warning.State.raised)
    return dict(waiting.values_list("level").annotate(Count("pk")).order_by())


def warning_by_id(actor: Actor, warning_id: int) -> Warning | None:
    """The warning with what its page shows, if the actor may read it."""
    found = visible_warnings(actor).select_related("category", "area", "unit", "acknowledged_by")
    return found.filter(pk=warning_id).first()


def cases_behind(actor: Actor, warning: Warning) -> QuerySet[Case]:
    """The cases behind a warning that this person may see, with what a list shows."""
    behind = visible_cases(actor).filter(pk__in=WarningCase.objects.filter(warning=warning).values("case_id"))
    return behind.select_related("lead_unit", "category", "street", "area")


def history_of(warning: Warning) -> QuerySet[WarningEvent]:
    """What happened to it, the newest first."""
    return WarningEvent.objects.filter(warning=warning).select_related("by").order_by("-at", "-id")


def tuning_of(warning: Warning) -> Tuning | None:
    """What answers taught about its series."""
    return Tuning.objects.filter(kind=warning.kind, series=warning.series).exclude(factor=1.0).first()


@dataclass(frozen=True)
class Record:
    """How a rule did: warnings of the last 90 days, how many were answered, and how."""

    raised: int
    true: int
    false: int
    known: int

    @property
    def precision(self) -> float | None:
        judged = self.true + self.false
        return self.true / judged if judged else None


def records(now: datetime, days: int = 90) -> dict[str, Record]:
    """How each kind did lately."""
    rows = (
        Warning.objects.filter(raised_at__gte=now - timedelta(days=days))
        .values("kind")
        .annotate(
            raised=Count("pk"),
            true=Count("pk", filter=Q(outcome="true")),
            false=Count("pk", filter=Q(outcome="false")),
            known=Count("pk", filter=Q(outcome="known")),
        )
        .order_by()
    )
    return {row["kind"]: Record(row["raised"], row["true"], row["false"], row["known"]) for row in rows}


def rules() -> list[WarningRule]:
    """All rules in the order of the kinds."""
    order = list(dict(WarningRule._meta.get_field("kind").choices or ()))
    return sorted(WarningRule.objects.all(), key=lambda rule: order.index(rule.kind))


def level_words() -> dict[int, str]:
    """Level → word."""
    return {int(level): str(level.label) for level in Level}
