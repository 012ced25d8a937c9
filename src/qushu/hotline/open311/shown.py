"""Services and requests as Open311 shows them: categories and cases, without anybody's data."""

from typing import Any

from qushu.cases.models import Case, Category
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.personal import mask_free_text
from qushu.places.models import Area

STAMPS = [
    "closed_at",
    "followed_up_at",
    "resolved_at",
    "contacted_at",
    "acknowledged_at",
    "dispatched_at",
    "registered_at",
    "accepted_at",
]
RELATED = ("statement", "category", "area__parent", "lead_unit")
COARSE = 2
"""Digits of a position that everybody may see: about a kilometre; a caller with a token sees it as it was given."""


def service(leaf: Category) -> dict[str, Any]:
    """A category as a service; its group is the first level."""
    return {
        "service_code": leaf.code,
        "service_name": leaf.name,
        "description": leaf.full_name,
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(leaf.keywords.split()),
        "group": leaf.full_name.split(" / ")[0],
    }


def definition(leaf: Category) -> dict[str, Any]:
    """The further question that every service asks: what kind of matter it is."""
    values = [{"key": key, "name": name} for key, name in Case.Kind.choices]
    attribute = {
        "variable": True,
        "code": "kind",
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "",
        "order": 1,
        "description": "诉求类型",
        "values": values,
    }
    return {"service_code": leaf.code, "attributes": [attribute]}


def request_of(case: Case, known: bool) -> dict[str, Any]:
    """A case as a request; RELATED have been read with it. `known`: the asker's token may read this case."""
    states, leaf = lifecycle(case.lifecycle).states, case.category
    updated = max(moment for name in STAMPS if (moment := getattr(case, name)) is not None)
    lat, lon = _position(case, known)
    return {
        "service_request_id": case.number,
        "status": "open" if case.closed_at is None and states[case.state].open else "closed",
        "status_notes": states[case.state].name,
        "service_name": leaf.name if leaf else "",
        "service_code": leaf.code if leaf else "",
        "description": mask_free_text(case.statement.text),
        "agency_responsible": case.lead_unit.name if case.lead_unit else "",
        "service_notice": "",
        "requested_datetime": case.accepted_at.isoformat(),
        "updated_datetime": updated.isoformat(),
        "expected_datetime": _answer_due(case),
        "address": mask_free_text(case.statement.place) if known else _area_words(case.area),
        "address_id": case.area.code if case.area else "",
        "zipcode": "",
        "lat": lat,
        "long": lon,
        "media_url": "",
    }


def _answer_due(case: Case) -> str:
    """When the answer is due: the end of 办结, not of the nearest clock; "" when none runs."""
    due = [clock.due_at for clock in case.clocks.all() if clock.name == "resolve" and clock.stopped_at is None]
    return due[0].isoformat() if due else ""


def _position(case: Case, known: bool) -> tuple[float | None, float | None]:
    lat, lon = case.statement.lat, case.statement.lon
    if known or lat is None or lon is None:
        return lat, lon
    return round(lat, COARSE), round(lon, COARSE)


def _area_words(area: Area | None) -> str:
    if area is None:
        return ""
    above = area.parent.name if area.parent and area.level == Area.Level.community else ""
    return f"{above}{area.name}"
