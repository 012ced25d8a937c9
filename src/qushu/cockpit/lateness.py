"""What is late: the supervision board's figures, in all and by unit."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode

from qushu.hotline.work.forms import NO_UNIT
from qushu.hotline.work.queries import BOARD_TABS, board_counts
from qushu.people.access import Actor

SHOWN = ("late", "tomorrow", "ladder", "returned", "reopened")
TONES = {"late": "late", "ladder": "warn"}


@dataclass(frozen=True)
class Figure:
    """A figure of the board with its list."""

    name: str
    number: int
    href: str
    tone: str = ""


@dataclass(frozen=True)
class Lateness:
    """The board in all, and the units with most cases past their deadline (name, cases, list)."""

    figures: list[Figure]
    units: list[tuple[str, int, str]]


def lateness_of(actor: Actor, now: datetime, most: int) -> Lateness:
    """Counted as the board counts; the first `most` units."""
    lines = board_counts(actor, now)
    figures = [
        Figure(BOARD_TABS[tab], sum(line.counts[tab] for line in lines), _list(tab=tab), TONES.get(tab, ""))
        for tab in SHOWN
    ]
    late = [
        (line.name, line.counts["late"], _list(tab="late", unit=str(line.unit_id or NO_UNIT)))
        for line in lines
        if line.counts["late"]
    ]
    return Lateness(figures, late[:most])


def _list(**narrowed: str) -> str:
    return f"{reverse('supervision')}?{urlencode(narrowed)}"
