"""The facets of a search in words, each value a link that narrows to it, or widens again when it is chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Model

from qushu.cases.forms import states
from qushu.cases.models import Case, Category, Channel
from qushu.people.models import Unit
from qushu.places.models import Area

from .queries import COUNTED, Facets

MOST: Final = 12
_LABELS: Final = {
    "state": ("state", "状态"),
    "month": ("month", "受理月份"),
    "top": ("category", "大类"),
    "street_id": ("street", "街道"),
    "lead_unit_id": ("unit", "承办单位"),
    "channel_id": ("channel", "渠道"),
    "kind": ("kind", "类型"),
}


@dataclass(frozen=True)
class Value:
    """One value of a facet."""

    words: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A field with its most frequent values; `more` others are not shown."""

    label: str
    values: list[Value]
    more: int


def shown_facets(found: Facets, chosen: Mapping[str, str]) -> list[Facet]:
    """Facets with two values or more, or with one that is chosen; names in five small reads."""
    shown = []
    for field, (name, label) in _LABELS.items():
        counted = found.fields[field]
        if len(counted) < 2 and not chosen.get(name):
            continue
        words = _words(field, [value for value, _ in counted[:MOST]])
        values = [
            Value(words.get(value, str(value)), count, _href(chosen, name, str(value)), chosen.get(name) == str(value))
            for value, count in counted[:MOST]
        ]
        shown.append(Facet(label, values, max(0, len(counted) - MOST)))
    return shown


def total_words(found: Facets) -> str:
    """How many were found, honestly: beyond COUNTED only that there are so many or more."""
    return f"{found.total:,} 件" if found.whole else f"{COUNTED:,} 件以上"


def _href(chosen: Mapping[str, str], name: str, value: str) -> str:
    kept = {key: said for key, said in chosen.items() if said and key not in ("after", "before", name)}
    return "?" + urlencode(kept if chosen.get(name) == value else kept | {name: value})


def _words(field: str, values: Iterable[Any]) -> dict[Any, str]:
    """The words for these values; a month is its own word."""
    if field == "state":
        return dict(states())
    if field == "kind":
        return {str(key): str(label) for key, label in Case.Kind.choices}
    table = _TABLES.get(field)
    return dict(table._default_manager.filter(pk__in=list(values)).values_list("pk", "name")) if table else {}


_TABLES: Final[dict[str, type[Model]]] = {
    "channel_id": Channel,
    "street_id": Area,
    "top": Category,
    "lead_unit_id": Unit,
}
