"""Matters on the overview and the big screen."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from qushu.insight.overview.panels import Line, Panel, add_panel
from qushu.people.access import Actor

from .models import Matter
from .queries import order_of, visible_matters

PRESENT = (Matter.State.open, Matter.State.watched)


def offer_panel() -> None:
    """Show the present matters that grow the most."""
    add_panel(Panel("matters", "群体投诉", "matters.read", "matters", _lines))


def _lines(actor: Actor, now: datetime, most: int) -> list[Line]:
    growing: Any = visible_matters(actor).filter(state__in=PRESENT).order_by(*order_of(actor, "growth"))
    rows = growing.values_list("pk", "title", "threats", "seen_people")[:most]
    return [
        Line(title, f"{people} 人", reverse("matter", args=[pk]), "warn" if threats else "neutral")
        for pk, title, threats, people in rows
    ]
