"""Matters on the overview and the big screen, and as a filter of cross-cuts."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qushu.insight.overview.definitions import CASE_SETS, CaseSet
from qushu.insight.overview.panels import Line, Panel, add_panel
from qushu.people.access import Actor

from .models import Matter, Membership
from .queries import order_of, visible_matters

PRESENT = (Matter.State.open, Matter.State.watched)


def offer_panel() -> None:
    """Show the present matters that grow the most."""
    add_panel(Panel("matters", "群体投诉", "matters.read", "matters", _lines))


def offer_filter() -> None:
    """Let cross-cuts be narrowed to the cases of a matter."""
    CASE_SETS["matter"] = CaseSet("事项", _cases, _name)


def _cases(matter_id: int) -> list[int]:
    members = Membership.objects.filter(matter=matter_id, removed_at__isnull=True)
    return sorted(members.values_list("case_id", flat=True))


def _name(matter_id: int) -> str:
    """By its number: its title is a citizen's words, and whoever cuts figures may not read all of these."""
    return Matter(pk=matter_id).number


def _lines(actor: Actor, now: datetime, most: int) -> list[Line]:
    growing: Any = visible_matters(actor).filter(state__in=PRESENT).order_by(*order_of(actor, "growth"))
    rows = growing.values_list("pk", "seen_title", "seen_threats", "seen_people")[:most]
    return [
        Line(title, f"{people} 人", reverse("matter", args=[pk]), "warn" if threats else "neutral")
        for pk, title, threats, people in rows
    ]
