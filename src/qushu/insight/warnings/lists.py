"""The list of warnings as a file."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from qushu.cases.exports import LISTS, ListExport
from qushu.kernel.tables import Column
from qushu.people.access import Actor

from . import queries
from .forms import WarningFilter
from .models import Warning


def offer_lists() -> None:
    """Put the list among those that can be written to a file; called when Django starts."""
    LISTS["warnings"] = ListExport("预警", _rows, _columns, lambda: WarningFilter({}))


def _rows(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[Warning]:
    found = queries.filter_warnings(queries.visible_warnings(actor), filters)
    return found.select_related("category", "area", "unit", "acknowledged_by").defer("chart").order_by(*queries.ORDER)


def _columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("编号", lambda one: one.pk, 8),
        Column("级别", lambda one: one.get_level_display(), 8),
        Column("种类", lambda one: one.get_kind_display(), 10),
        Column("标题", lambda one: one.title, 30),
        Column("依据", lambda one: one.ground, 80),
        Column("类别", lambda one: one.category.full_name if one.category else "", 24),
        Column("区域", lambda one: one.area.name if one.area else "", 14),
        Column("单位", lambda one: one.unit.name if one.unit else "", 20),
        Column("件数", lambda one: one.observed, 8),
        Column("预期", lambda one: round(one.expected, 1), 8),
        Column("起", lambda one: one.since, 19),
        Column("预警时间", lambda one: one.raised_at, 19),
        Column("回落时间", lambda one: one.ended_at, 19),
        Column("状态", lambda one: one.get_state_display(), 10),
        Column("确认人", lambda one: one.acknowledged_by.name if one.acknowledged_by else "", 10),
        Column("确认时间", lambda one: one.acknowledged_at, 19),
        Column("结论", lambda one: one.get_outcome_display(), 10),
    ]
