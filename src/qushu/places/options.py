"""Areas for pickers and the street of each, kept until an area changes or a day ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from qushu.kernel.kept import Kept
from qushu.kernel.options import Options

from .models import Area
from .queries import Node, area_tree, street_of

INDENT = "　"


@dataclass(frozen=True)
class AreaOptions:
    """The areas valid on a day, four ways."""

    indented: Options
    """Each street followed by its communities, set in by level."""
    paths: Options
    """The same with the street's name before each community's, so that typing it finds all in it."""
    streets: Options
    communities: Options


def area_options() -> AreaOptions:
    """The areas valid today."""
    return _KEPT.get(timezone.localdate())


@dataclass(frozen=True)
class KnownAreas:
    """All areas, valid or not, three ways. They are shared by all who ask, so nobody may change them."""

    by_id: dict[int, Area]
    """Each with those it lies in."""
    ids_by_code: dict[str, int]
    streets: dict[int, int]
    """The street's id of every area that is a street or lies in one, by the area's id."""


def known_areas() -> KnownAreas:
    """All areas, kept until one changes."""
    return _KNOWN.get()


def _read_known() -> KnownAreas:
    areas = Area.objects.in_bulk()
    for area in areas.values():
        if area.parent_id is not None:
            area.parent = areas[area.parent_id]
    streets = {pk: street.pk for pk, area in areas.items() if (street := street_of(area)) is not None}
    return KnownAreas(areas, {area.code: pk for pk, area in areas.items()}, streets)


def _read(on: date) -> AreaOptions:
    found = list(_walk(area_tree(on), ()))
    return AreaOptions(
        indented=Options((area.pk, INDENT * len(above) + area.name) for area, above in found),
        paths=Options((area.pk, " · ".join([*above[1:], area.name])) for area, above in found),
        streets=Options((area.pk, area.name) for area, _ in found if area.level == Area.Level.street),
        communities=Options((area.pk, area.name) for area, _ in found if area.level == Area.Level.community),
    )


def _walk(nodes: list[Node], above: tuple[str, ...]) -> Iterator[tuple[Area, tuple[str, ...]]]:
    for node in nodes:
        yield node.area, above
        yield from _walk(node.children, (*above, node.area.name))


_KEPT = Kept(("places_area",), _read)
_KNOWN = Kept(("places_area",), _read_known)
