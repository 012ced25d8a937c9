"""Charts of cross-cuts: heat map, Pareto, flows, tiles."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template import Library

from qushu.web import cut_charts

register = Library()


@register.inclusion_tag("components/heat.html")
def heat_map(
    down: Sequence[tuple[Any, str]],
    across: Sequence[tuple[Any, str]],
    cells: Mapping[tuple[Any, Any], tuple[Any, str]],
    title: str = "",
    unit: str = "",
    short: bool = False,
) -> dict[str, Any]:
    """A coloured table: (key, name) down and across, (value, href) by both keys; `short` leaves the figures to the titles."""
    rows = cut_charts.heat(down, across, cells)
    return {"rows": rows, "across": across, "title": title, "unit": unit, "short": short}


@register.inclusion_tag("components/pareto.html")
def pareto_chart(rows: Sequence[Sequence[object]], title: str = "", unit: str = "") -> dict[str, Any]:
    """The largest of rows of (name, value, href) as columns, with the line of what they make together."""
    columns, ticks, path = cut_charts.pareto(rows)
    shown = {"together": columns[-1].share if columns else 0, "more": len(rows) > len(columns)}
    return {"columns": columns, "ticks": ticks, "path": path, "title": title, "unit": unit, **shown}


@register.inclusion_tag("components/flows.html")
def flow_chart(
    rows: Sequence[tuple[Any, Any, Any, str]], title: str = "", unit: str = "", height: int = 520
) -> dict[str, Any]:
    """Bands from left to right, from rows of (left, right, value, href); every band is a link."""
    nodes, bands = cut_charts.flows(rows, height)
    return {"nodes": nodes, "bands": bands, "title": title, "unit": unit, "height": height}


@register.inclusion_tag("components/tiles.html")
def tile_map(rows: Sequence[Sequence[object]], title: str = "", unit: str = "") -> dict[str, Any]:
    """A field for each of the rows (name, value, href[, place]), shaded by value: a schematic map of those with a place (x, y)."""
    return {"map": cut_charts.schematic(rows), "title": title, "unit": unit}
