"""What the values of dimensions are called on screen."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from qushu.cases.forms import MARKS, states
from qushu.cases.models import Case, Category, Channel
from qushu.cases.rules import SATISFACTION
from qushu.kernel.kept import Kept
from qushu.people.models import Unit
from qushu.places.models import Area

NOTHING = "未填"
OTHERS = "其他"
"""What is put together where not all is drawn."""
NOTHING_OF = {"unit": "未经派单"}
"""Cases without a unit were answered at once, declined or not dispatched yet."""
WEEKDAYS = ("", "周一", "周二", "周三", "周四", "周五", "周六", "周日")

_UNITS = Kept(("people_unit",), lambda: dict(Unit.objects.values_list("pk", "name")))
_AREAS = Kept(("places_area",), lambda: dict(Area.objects.values_list("pk", "name")))
_CATEGORIES = Kept(("cases_category",), lambda: dict(Category.objects.values_list("pk", "name")))
_CHANNELS = Kept(("cases_channel",), lambda: dict(Channel.objects.values_list("code", "name")))

_NAMES: dict[str, Callable[[], Mapping[Any, str]]] = {
    "unit": _UNITS.get,
    "street": _AREAS.get,
    "community": _AREAS.get,
    "category1": _CATEGORIES.get,
    "category2": _CATEGORIES.get,
    "category3": _CATEGORIES.get,
    "channel": _CHANNELS.get,
    "kind": lambda: dict(Case.Kind.choices),
    "urgency": lambda: dict(Case.Urgency.choices),
    "result": lambda: dict(Case.Result.choices),
    "state": lambda: dict(states()),
    "satisfaction": lambda: dict(SATISFACTION),
    "mark": lambda: dict(MARKS),
}
_WORDS: dict[str, Callable[[Any], str]] = {
    "weekday": lambda value: WEEKDAYS[value],
    "hour": lambda value: f"{value} 时",
    "week": lambda value: f"{value:%m-%d} 周",
    "month": lambda value: f"{value:%Y-%m}",
    "day": lambda value: value.isoformat(),
    "year": lambda value: f"{value} 年",
}


def namer(code: str) -> Callable[[Any], str]:
    """What calls the values of this dimension by their names; the names are read once."""
    nothing = NOTHING_OF.get(code, NOTHING)
    if code in _WORDS:
        return lambda value: nothing if value is None else _WORDS[code](value)
    known = _NAMES[code]() if code in _NAMES else {}
    return lambda value: nothing if value is None else str(known.get(value, value))


def last_day(code: str, first: date) -> date:
    """The last day of the day, week or month that begins on `first`."""
    if code == "week":
        return first + timedelta(days=6)
    if code == "month":
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first
