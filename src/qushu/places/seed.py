"""The real areas of Hanyang (汉阳区, 420105): 11 streets and 118 communities with their official codes."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from importlib.resources import files

from django.db import transaction

from .models import Area

DISTRICT = ("420105", "汉阳区")
KNOWN_SINCE = date(2000, 1, 1)
"""The lists carry no dates; areas count as valid from here so that older cases find theirs."""


def seed_areas(now: datetime) -> int:
    """Add the areas that are missing and leave those that are there: how many were added."""
    day = min(KNOWN_SINCE, now.date())
    with transaction.atomic():
        before = Area.objects.count()
        _add([_area(*DISTRICT, Area.Level.district, None, day)])
        district = Area.objects.get(code=DISTRICT[0])
        _add([_area(row["code"], row["name"], Area.Level.street, district, day) for row in _rows("streets.csv")])
        above = {area.code: area for area in Area.objects.filter(level=Area.Level.street)}
        _add(
            [
                _area(
                    row["code"], row["name"].removesuffix("居委会"), Area.Level.community, above[row["streetCode"]], day
                )
                for row in _rows("communities.csv")
            ]
        )
        return Area.objects.count() - before


def _area(code: str, name: str, level: str, parent: Area | None, day: date) -> Area:
    return Area(code=code, name=name, level=level, parent=parent, valid_from=day)


def _add(areas: list[Area]) -> None:
    Area.objects.bulk_create(areas, ignore_conflicts=True)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files("qushu.places").joinpath("data", name).open(encoding="utf-8-sig") as file:
        yield from csv.DictReader(file)
