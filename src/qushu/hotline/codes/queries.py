"""Reads of the dispatch catalogue: what overlaps, what uses a category, the list."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from qushu.cases.codes.uses import Use
from qushu.cases.models import Category

from ..models import CatalogueEntry


def overlapping(
    category_id: int, area_id: int | None, since: date, until: date | None, own: int
) -> list[CatalogueEntry]:
    """Other lines of the same category and area that are in force on a day of these; the earliest first."""
    found = CatalogueEntry.objects.select_related("category", "area", "lead_unit").exclude(pk=own)
    where = Q(area__isnull=True) if area_id is None else Q(area=area_id)
    found = found.filter(where, category_id=category_id).exclude(effective_to__lte=F("effective_from"))
    found = found.exclude(effective_to__lte=since)
    if until is not None:
        found = found.filter(effective_from__lt=until)
    return list(found.order_by("effective_from", "pk"))


def uses_by_catalogue(category: Category, now: datetime) -> list[Use]:
    """The lines of the catalogue that name the category and are in force today or later."""
    found = category.catalogue.exclude(effective_to__lte=timezone.localdate(now)).order_by("pk")
    return [Use(f"派单目录 {entry.pk}", reverse("catalogue-entry", args=[entry.pk])) for entry in found]


@dataclass(frozen=True)
class CatalogueFilter:
    """What the list is narrowed to. `state`: present (today), coming, ended, overlapping or "" for all."""

    q: str = ""
    unit: int | None = None
    state: str = "present"


def catalogue_entries(chosen: CatalogueFilter, today: date) -> QuerySet[CatalogueEntry]:
    """Lines with their category, area and units."""
    entries = CatalogueEntry.objects.select_related("category", "area", "lead_unit").prefetch_related("assisting")
    if chosen.q:
        words = Q(category__full_name__icontains=chosen.q) | Q(category__code__istartswith=chosen.q)
        entries = entries.filter(words | Q(legal_basis__icontains=chosen.q))
    if chosen.unit:
        entries = entries.filter(Q(lead_unit=chosen.unit) | Q(assisting=chosen.unit)).distinct()
    if chosen.state == "present":
        entries = entries.filter(effective_from__lte=today).exclude(effective_to__lte=today)
    elif chosen.state == "coming":
        entries = entries.filter(effective_from__gt=today)
    elif chosen.state == "ended":
        entries = entries.filter(effective_to__lte=today)
    elif chosen.state == "overlapping":
        entries = entries.filter(pk__in=overlapping_ids())
    return entries


def overlapping_ids() -> set[int]:
    """Lines that overlap with another of the same category and area: seeds and imports of old may hold some."""
    found: set[int] = set()
    last: dict[tuple[int, int | None], tuple[int, date | None]] = {}
    rows = CatalogueEntry.objects.exclude(effective_to__lte=F("effective_from")).order_by("effective_from", "pk")
    for pk, category, area, since, until in rows.values_list(
        "pk", "category_id", "area_id", "effective_from", "effective_to"
    ):
        before = last.get((category, area))
        if before is not None and (before[1] is None or before[1] > since):
            found |= {before[0], pk}
        if before is None or (before[1] is not None and (until is None or until > before[1])):
            last[category, area] = (pk, until)
    return found
