"""Cases that a model learns from: their words as they are put to a model, and the answer that held in the end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max, Q, QuerySet

from qushu.cases.models import Case, Category
from qushu.places.models import Area

from .models import ModelVersion

UNFINISHED: Final = ("return_asked", "merged", "void", "declined", "drafted")
"""States in which the unit of a case is in doubt, or nobody's."""
QUIET: Final = timedelta(weeks=4)
_ARCHIVED: Final = Q(state="closed", registered_at__isnull=True) & ~Q(source="")


@dataclass(frozen=True)
class Lesson:
    """A case to learn from: its number, when it was accepted, the words, the label (an id as text)."""

    number: str
    accepted_at: datetime
    text: str
    label: str
    case_id: int
    category_id: int | None
    area_id: int | None
    said: str


@dataclass(frozen=True)
class Names:
    """What categories and areas are called, for the words that a model reads beside the citizen's."""

    categories: Mapping[int, str]
    areas: Mapping[int, str]

    @classmethod
    def read(cls) -> "Names":
        """All of them: two small reads."""
        streets = {pk: (name, parent) for pk, name, parent in Area.objects.values_list("pk", "name", "parent_id")}
        areas = {pk: " ".join(_upwards(pk, streets)) for pk in streets}
        return cls(dict(Category.objects.values_list("pk", "full_name")), areas)

    def put(self, said: str, category_id: int | None, area_id: int | None) -> str:
        """The citizen's words first, then category and area by name when they are known."""
        known = (self.categories.get(category_id or 0, ""), self.areas.get(area_id or 0, ""))
        return "\n".join(part for part in (said, *known) if part)


def _upwards(area_id: int, known: Mapping[int, tuple[str, int | None]]) -> Iterator[str]:
    """The names of an area and of those it lies in, without the district, which all have in common."""
    name, parent = known[area_id]
    if parent is not None:
        yield name
        yield from _upwards(parent, known)


def learned_until(now: datetime) -> datetime:
    """Up to when a centre learns: now, or just after its newest case where none came in the last QUIET (a file of years ago)."""
    newest = Case.objects.filter(accepted_at__lt=now).aggregate(at=Max("accepted_at"))["at"]
    return now if newest is None or newest >= now - QUIET else newest + timedelta(seconds=1)


def read_lessons(what: str, since: datetime, until: datetime, most: int) -> list[Lesson]:
    """The newest `most` cases accepted in this time whose answer is known, the oldest first (index case_newest).

    For units: the lead unit that took the case on, after every return and redispatch. For categories: the leaf that
    stands after every correction. An archived import says neither, but who had it in the end. Nothing that a citizen's
    contact holds is read.
    """
    names = Names.read()
    cases = _answered(what).filter(accepted_at__gte=since, accepted_at__lt=until).order_by("-accepted_at", "-id")
    label = "lead_unit_id" if what == ModelVersion.What.unit else "category_id"
    fields = ("number", "accepted_at", label, "pk", "category_id", "area_id", "street_id", "statement__text")
    found = []
    for number, at, answer, pk, category, area, street, said in cases.values_list(*fields)[:most].iterator(2000):
        place = area or street
        text = names.put(said, category, place) if what == ModelVersion.What.unit else said
        found.append(Lesson(number, at, text, str(answer), pk, category, place, said))
    found.reverse()
    return found


def _answered(what: str) -> QuerySet[Case]:
    cases = Case.objects.exclude(state__in=UNFINISHED)
    if what == ModelVersion.What.unit:
        return cases.filter(_ARCHIVED | Q(acknowledged_at__isnull=False), lead_unit__active=True)
    return cases.filter(_ARCHIVED | Q(registered_at__isnull=False), category__active=True, category__level=3)
