"""Reads of areas: pickers, the tree, and finding an area by what somebody wrote."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from .models import Area
from .rules import bare_name


def valid_areas(on: date | None = None) -> QuerySet[Area]:
    """Areas that exist on that day (today in Shanghai when not given), by code (index: unique code)."""
    on = on or timezone.localdate()
    return Area.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on).order_by("code")


def streets(on: date | None = None) -> list[Area]:
    """街道 that exist on that day."""
    return list(valid_areas(on).filter(level=Area.Level.street))


def communities(street: Area | int, on: date | None = None) -> list[Area]:
    """社区 of a street that exist on that day."""
    return list(valid_areas(on).filter(level=Area.Level.community, parent=street))


def area_at(code: str) -> Area | None:
    """The area with this official code, whether it is still valid or not."""
    return Area.objects.filter(code=code).select_related("parent").first()


def street_of(area: Area | None) -> Area | None:
    """The street in which an area lies (itself when it is one); None for the district and for no area."""
    while area is not None and area.level != Area.Level.street:
        area = area.parent
    return area


def areas_below(ids: set[int]) -> set[int]:
    """These areas and all areas in them, in one query per level (at most three)."""
    found, edge = set(ids), set(ids)
    while edge:
        edge = set(Area.objects.filter(parent_id__in=edge).values_list("pk", flat=True)) - found
        found |= edge
    return found


@dataclass
class Node:
    """An area with the areas in it."""

    area: Area
    children: list["Node"] = field(default_factory=list)


def area_tree(on: date | None = None, with_closed: bool = False) -> list[Node]:
    """The district's areas as a tree, in one query; `with_closed` keeps those that are no longer or not yet valid."""
    chosen = Area.objects.order_by("code") if with_closed else valid_areas(on)
    nodes = {area.pk: Node(area) for area in chosen}
    roots: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.area.parent_id) if node.area.parent_id else None
        (above.children if above else roots).append(node)
    return roots


def resolve_area(text: str, on: date | None = None, within: Area | None = None) -> Area | None:
    """The one area that `text` names: a code, or a name with or without 街道 / 社区 / 居委会.

    `within` narrows it to the areas directly in another. None when nothing or more than one fits: a guess would send a
    case to the wrong street.
    """
    text = text.strip()
    if not text:
        return None
    known = valid_areas(on).select_related("parent")
    if within is not None:
        known = known.filter(parent=within)
    by_code = known.filter(code=text).first()
    if by_code is not None:
        return by_code
    bare = bare_name(text)
    fitting = [area for area in known.filter(name__startswith=bare) if bare_name(area.name) == bare]
    exact = [area for area in fitting if area.name == text]
    chosen = exact or fitting
    return chosen[0] if len(chosen) == 1 else None


def area_choices(on: date | None = None) -> list[tuple[int, str]]:
    """(id, name) for a picker, each street followed by its communities; all areas when no day is given."""
    choices: list[tuple[int, str]] = []

    def walk(nodes: list[Node], depth: int) -> None:
        for node in nodes:
            choices.append((node.area.pk, "　" * depth + node.area.name))
            walk(node.children, depth + 1)

    walk(area_tree(on, with_closed=on is None), 0)
    return choices
