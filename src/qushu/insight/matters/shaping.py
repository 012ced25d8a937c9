"""When and where the members of a matter are: columns by day or week, fields by street, points by coordinates. Pure."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

DAYS_SHOWN: Final = 45
MOST_PLACES: Final = 15
WIDTH: Final = 400
HEIGHT: Final = 260
MARGIN: Final = 14
LEAST_METRES: Final = 200.0
"""What the map's longer side spans at least: points at one door don't fly apart."""
_METRES_PER_DEGREE: Final = 111_320.0

Row = tuple[str, int, str]
"""A mark of a chart: what it is called, how many cases, the address that shows them."""


@dataclass(frozen=True)
class Dot:
    """A case on the map, in the units of its view box."""

    x: float
    y: float
    name: str
    href: str


@dataclass(frozen=True)
class SpotMap:
    """Cases by their coordinates, north up, alike in both directions; `metres`: what the width spans."""

    dots: list[Dot]
    metres: int


@dataclass(frozen=True)
class Placed:
    """A case with its coordinates in degrees."""

    lat: float
    lon: float
    name: str
    href: str


def timeline(days: Sequence[date]) -> tuple[list[Row], bool]:
    """Cases by day, or by week (from Monday) where they span more than DAYS_SHOWN days; each leads to its cases."""
    if not days:
        return [], False
    first, last = min(days), max(days)
    step = 1 if (last - first).days < DAYS_SHOWN else 7
    first -= timedelta(days=first.weekday() if step == 7 else 0)
    counts = Counter((day - first).days // step for day in days)
    begins = [first + timedelta(days=slot * step) for slot in range((last - first).days // step + 1)]
    rows = [
        (f"{begin:%m-%d}", counts[slot], f"?from={begin}&days={step}#members" if counts[slot] else "")
        for slot, begin in enumerate(begins)
    ]
    return rows, step == 7


def places(counts: Mapping[int, int], names: Mapping[int, str], field: str) -> list[Row]:
    """The places with the most cases; each leads to its cases."""
    found = Counter(counts).most_common(MOST_PLACES)
    return [(names.get(place, "未知"), count, f"?{field}={place}#members") for place, count in found]


def spot_map(cases: Sequence[Placed]) -> SpotMap | None:
    """The cases drawn to scale, flat, which is right within a city; None of none."""
    if not cases:
        return None
    middle_lat = (min(one.lat for one in cases) + max(one.lat for one in cases)) / 2
    middle_lon = (min(one.lon for one in cases) + max(one.lon for one in cases)) / 2
    east = _METRES_PER_DEGREE * math.cos(math.radians(middle_lat))
    at = [((one.lon - middle_lon) * east, (one.lat - middle_lat) * _METRES_PER_DEGREE) for one in cases]
    wide, high = max(abs(x) for x, _ in at) * 2, max(abs(y) for _, y in at) * 2
    per_metre = min((WIDTH - 2 * MARGIN) / max(wide, LEAST_METRES), (HEIGHT - 2 * MARGIN) / max(high, LEAST_METRES / 2))
    dots = [
        Dot(round(WIDTH / 2 + x * per_metre, 1), round(HEIGHT / 2 - y * per_metre, 1), one.name, one.href)
        for (x, y), one in zip(at, cases, strict=True)
    ]
    return SpotMap(dots, round(WIDTH / per_metre))
