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


def _read_streets() -> dict[int, int]:
    areas = Area.objects.select_related("parent__parent")
    return {area.pk: street.pk for area in areas if (street := street_of(area)) is not None}


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
_STREETS = Kept(("places_area",), _read_streets)
