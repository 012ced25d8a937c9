"""Every page of the navigation, drawn for each kind of reader it is open to: the slowest, beside the frame of a page."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from qushu.web.navigation import GROUPS, door

from .measure import Figure, p95_ms, timed
from .pages import busiest_unit, client_of

READERS = ("supervisor", "unit", "leader", "dispatcher", "agent", "analyst", "administrator")
TIMES = 20
SLOWEST = 8
FRAME = "/notices/"


def every_page_figures(now: datetime) -> list[Figure]:
    """The SLOWEST of all; the note of the first says how many there are and how many of them stay below 50 ms."""
    with transaction.atomic():
        found = sorted(_figures(now), key=lambda one: -one.ours)
        transaction.set_rollback(True)
    quick = sum(one.ours < 50 for one in found)
    first, *others = found[:SLOWEST]
    return [Figure(**vars(first) | {"note": f"{quick} of {len(found)} pages by reader below 50 ms"}), *others]


def _figures(now: datetime) -> Iterator[Figure]:
    unit_id = busiest_unit()
    for role in READERS:
        client = client_of(role, unit_id if role == "unit" else None, now, "every")
        frame = p95_ms(timed(lambda: client.get(FRAME), TIMES))  # noqa: B023 - called at once
        for place in (place for section in GROUPS for place in section.places):
            url = door(place.names).url
            if url and client.get(url, follow=True).status_code == 200:
                ours = p95_ms(timed(lambda: client.get(url, follow=True), TIMES))  # noqa: B023 - called at once
                yield Figure(f"{place.label} ({role})", ours, "ms p95", "a page's frame", frame)
