"""What people say: cases of today and of the month beside before, streets, hot places, warnings and matters."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.insight.overview import summary
from qushu.insight.overview.panels import panels_for
from qushu.insight.overview.periods import Periods, read_periods
from qushu.people.access import Actor, scope

ACTION = "overview.read"
PLACES, LINES = 5, 4
SHOWN = ("count", "on_time", "satisfied")


@dataclass(frozen=True)
class Voices:
    """`tiles`: today's cases, then the month's figures; `streets` and `places` of the month; `panels` as on the overview."""

    month: Periods
    tiles: list[tuple[str, summary.Tile]]
    streets: list[tuple[Any, ...]]
    places: list[summary.Place]
    panels: list[dict[str, Any]]


def voices_of(actor: Actor, now: datetime) -> Voices:
    """As far as the person may read the overview."""
    today = timezone.localdate(now, SHANGHAI)
    reach = scope(actor, ACTION)
    month, day = read_periods({"period": "month"}, today), read_periods({"period": "today"}, today)
    tiles = [("今日", one) for one in summary.tiles(day, reach, now, ("count",))]
    tiles += [("本月", one) for one in summary.tiles(month, reach, now, SHOWN)]
    return Voices(
        month,
        tiles,
        summary.street_rows(month, reach, now),
        summary.hot_places(month, reach, now, PLACES),
        panels_for(actor, now, LINES),
    )
