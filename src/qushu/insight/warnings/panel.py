"""Warnings on the overview and the big screen, and as a filter of cross-cuts."""

from datetime import datetime

from django.urls import reverse

from qushu.insight.overview.definitions import CASE_SETS, CaseSet
from qushu.insight.overview.panels import Line, Panel, add_panel
from qushu.people.access import Actor

from .models import Level, Warning, WarningCase
from .queries import visible_warnings

TONES = {Level.blue: "info", Level.yellow: "warn", Level.orange: "warn", Level.red: "late"}


def offer_panel() -> None:
    """Show what is not closed: the gravest first."""
    add_panel(Panel("warnings", "预警", "warnings.read", "warnings", _lines))


def offer_filter() -> None:
    """Let cross-cuts be narrowed to the cases behind a warning."""
    CASE_SETS["warning"] = CaseSet("预警", _cases, str)


def _cases(warning_id: int) -> list[int]:
    return sorted(WarningCase.objects.filter(warning=warning_id).values_list("case_id", flat=True))


def _lines(actor: Actor, now: datetime, most: int) -> list[Line]:
    running = visible_warnings(actor).exclude(state=Warning.State.closed)
    return [
        Line(one.title, Level(one.level).label, reverse("warning", args=[one.pk]), TONES[Level(one.level)])
        for one in running.order_by("-level", "-raised_at", "-id")[:most]
    ]
