"""Parts of the overview that other apps of the room add when Django starts: matters, warnings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qushu.people.access import Actor, may_at_all


@dataclass(frozen=True)
class Line:
    """A line of a panel: words, a figure or a level, and where it leads. `tone` is a tone of the design system."""

    words: str
    figure: str = ""
    href: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Panel:
    """A part of the overview: `read` gives its newest lines (at most `most`) for whoever may do `action`."""

    code: str
    title: str
    action: str
    more: str
    read: Callable[[Actor, datetime, int], list[Line]]


PANELS: dict[str, Panel] = {}


def add_panel(panel: Panel) -> None:
    """Show this panel on the overview and the big screen; `more` is the url name of its own page."""
    PANELS[panel.code] = panel


def panels_for(actor: Actor, now: datetime, most: int) -> list[dict[str, Any]]:
    """The panels that this person may see, with their lines."""
    return [
        {"panel": one, "lines": one.read(actor, now, most)} for one in PANELS.values() if may_at_all(actor, one.action)
    ]
