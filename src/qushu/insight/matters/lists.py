"""The board of matters as a file."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from qushu.cases.exports import LISTS, ListExport
from qushu.kernel.personal import mask_free_text
from qushu.kernel.tables import Column
from qushu.people.access import Actor

from . import queries
from .forms import MatterFilter
from .models import Matter

LIST_KIND = "matters"


def offer_lists() -> None:
    """Put the list among those that can be written to a file; called when Django starts."""
    LISTS[LIST_KIND] = ListExport("事项", _rows, _columns, lambda: MatterFilter({}))


def _rows(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[Matter]:
    found = queries.filter_matters(queries.visible_matters(actor), filters, actor)
    return found.defer("sums").order_by(*queries.order_of(actor, filters.get("sort", "")))


def _columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("编号", lambda one: one.number, 10),
        Column("事项", lambda one: one.seen_title if in_the_clear else mask_free_text(one.seen_title), 40),
        Column("状态", lambda one: one.get_state_display(), 10),
        Column("人数", lambda one: one.seen_people or 0, 8),
        Column("件数", lambda one: one.seen_cases or 0, 8),
        Column("周增长", lambda one: one.seen_growth or 0, 8),
        Column("最早", lambda one: one.seen_first, 19),
        Column("最近", lambda one: one.seen_last, 19),
        Column("街道", lambda one: one.seen_street or "", 14),
        Column("类别", lambda one: one.seen_category or "", 28),
        Column("承办单位", lambda one: one.seen_unit or "", 20),
        Column("关键词", lambda one: "、".join(one.seen_keywords[:8]), 40),
        Column("过激言词", lambda one: "、".join(one.seen_threats), 16),
        Column("措辞雷同", lambda one: "是" if one.seen_organised else "", 10),
    ]
