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


def streets_by_area() -> dict[int, int]:
    """The street's id of every area that is a street or lies in one, by the area's id."""
    return _STREETS.get()


def area_by_id(area_id: int) -> Area | None:
    """The area with those it lies in, valid or not; shared by all who ask, so nobody may change it."""
    return _AREAS.get().get(area_id)


def area_id_by_code(code: str) -> int | None:
    """The id of the area with this official code, valid or not."""
    return _CODES.get().get(code)


def _read_streets() -> dict[int, int]:
    return {pk: street.pk for pk, area in _AREAS.get().items() if (street := street_of(area)) is not None}


def _read_areas() -> dict[int, Area]:
    areas = Area.objects.in_bulk()
    for area in areas.values():
        if area.parent_id is not None:
            area.parent = areas[area.parent_id]
    return areas


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
_AREAS = Kept(("places_area",), _read_areas)
_CODES = Kept(("places_area",), lambda: {area.code: pk for pk, area in _AREAS.get().items()})
_STREETS = Kept(("places_area",), _read_streets)
