"""Names of places kept in the database: learned each night, kept in memory until a name or an area changes."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from qushu.cases.models import Case
from qushu.kernel.kept import Kept
from qushu.places.models import Area
from qushu.places.queries import valid_areas
from qushu.places.rules import bare_name

from .lessons import learned_until
from .models import LearnedPlace
from .places import Gazetteer, Known, learn_names

YEAR: Final = timedelta(days=365)
MOST_CASES: Final = 60_000
MOST_NAMES: Final = 5_000
_NAMED_LEVELS: Final = (Area.Level.street, Area.Level.community)


def learn_places(now: datetime) -> int:
    """Learn the names from the newest MOST_CASES cases of a year; the most frequent MOST_NAMES take the old ones' place.

    Reads what was said and where, nothing of who said it (index case_newest).
    """
    until = learned_until(now)
    cases = Case.objects.filter(accepted_at__gte=until - YEAR, accepted_at__lt=until).order_by("-accepted_at", "-id")
    rows = cases.values_list("statement__text", "statement__place", "street_id")[:MOST_CASES].iterator(2000)
    found = learn_names((f"{place}\n{text}", street) for text, place, street in rows)
    kept = sorted(found.items(), key=lambda one: (-one[1].cases, one[0]))[:MOST_NAMES]
    with transaction.atomic():
        LearnedPlace.objects.all().delete()
        LearnedPlace.objects.bulk_create(
            LearnedPlace(name=name, kind=one.kind, street_id=one.street, cases=one.cases, agreed=one.agreed)
            for name, one in kept
        )
    return len(kept)


def gazetteer() -> Gazetteer:
    """The names of today's areas and the learned ones, kept until one changes. Areas are known with and without their level's word."""
    return _KEPT.get(timezone.localdate())


def _read(on: date) -> Gazetteer:
    areas: dict[str, tuple[str, int] | None] = {}
    for pk, name, level in valid_areas(on).filter(level__in=_NAMED_LEVELS).values_list("pk", "name", "level"):
        for form in {name, bare_name(name)}:
            if len(form) > 1:
                areas[form] = (level, pk) if form not in areas else _nearer(areas[form], (level, pk), form == name)
    rows = LearnedPlace.objects.values_list("name", "kind", "cases", "street_id", "agreed")
    learned = {name: Known(kind, cases, street, agreed) for name, kind, cases, street, agreed in rows}
    return Gazetteer(areas, learned)


def _nearer(one: tuple[str, int] | None, other: tuple[str, int], whole: bool) -> tuple[str, int] | None:
    """A name that two areas have means the one that is called exactly so; else nobody knows which."""
    return other if whole else one if one and one[0] == Area.Level.street else None


_KEPT = Kept(("places_area", "insight_understanding_learnedplace"), _read)
