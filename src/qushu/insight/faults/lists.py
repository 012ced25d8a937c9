"""系统故障 as a file."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from qushu.cases.exports import LISTS, ListExport
from qushu.kernel.tables import Column
from qushu.people.access import Actor

from .forms import FaultFilter
from .models import Fault

LIST_KIND = "faults"
ORDER = ("-started_at", "-id")
ASKED = {"part": "part", "from": "started_at__date__gte", "to": "started_at__date__lte"}


def offer_list() -> None:
    """Make the list known to the exports; called when Django starts."""
    LISTS[LIST_KIND] = ListExport(
        "系统故障", _rows, _columns, lambda: FaultFilter({}), action="faults.read", personal=False
    )


def filter_faults(chosen: FaultFilter) -> QuerySet[Fault]:
    """The faults that a filter asks for; none when it can't be read."""
    rows = Fault.objects.select_related("recorded_by")
    if not chosen.is_valid():
        return rows.none()
    said = chosen.cleaned_data
    return rows.filter(**{way: said[name] for name, way in ASKED.items() if said[name]})


def _rows(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[Fault]:
    return filter_faults(FaultFilter(filters)).order_by(*ORDER)


def _columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("部分", lambda one: one.get_part_display(), 14),
        Column("情况", lambda one: one.words, 60),
        Column("开始", lambda one: one.started_at, 19),
        Column("恢复", lambda one: one.ended_at, 19),
        Column("登记", lambda one: one.recorded_by.name if one.recorded_by else "系统自记", 10),
    ]
