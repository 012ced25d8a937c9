"""The board of matters, the members of one, and repeat callers as files."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qushu.cases.contact import masked_contact, open_contact
from qushu.cases.exports import LISTS, ListExport
from qushu.cases.models import Case
from qushu.cases.queries import visible_cases
from qushu.kernel.asked import number_in
from qushu.kernel.free_text import as_shown
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.tables import Column
from qushu.people.access import Actor

from . import queries, reading
from .forms import MatterFilter
from .models import Matter, Membership, RepeatCase

LIST_KIND = "matters"
MEMBERS, REPEATS = "matter-members", "repeats"
MEMBERS_ORDER = ("-accepted_at", "-id")
EXPORT = "case.export"


def offer_lists() -> None:
    """Put the lists among those that can be written to a file; called when Django starts."""
    LISTS[LIST_KIND] = ListExport("事项", _rows, _columns, lambda: MatterFilter({}))
    LISTS[MEMBERS] = ListExport("事项的工单", _members, _member_columns)
    LISTS[REPEATS] = ListExport("一人多次的工单", _repeats, _repeat_columns)


def caller_of(case: Case, clear: bool = False) -> str:
    """The caller as a list may show them: masked, and nothing of one who asked not to be named."""
    if "sensitive" in case.marks:
        return "保密"
    contact = (open_contact if clear else masked_contact)(case.number, case.statement.sealed)
    return " ".join(part for part in (contact.name, contact.phone) if part) or "未留"


def _rows(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[Matter]:
    found = queries.filter_matters(queries.visible_matters(actor), filters, actor)
    return found.defer("sums").order_by(*queries.order_of(actor, filters.get("sort", "")))


def _columns(clear: bool) -> list[Column]:
    return [
        Column("编号", lambda one: one.number, 10),
        Column("事项", lambda one: as_shown(one.seen_title, clear), 40),
        Column("状态", lambda one: one.get_state_display(), 10),
        Column("人数", lambda one: one.seen_people or 0, 8),
        Column("件数", lambda one: one.seen_cases or 0, 8),
        Column("周增长", lambda one: one.seen_growth or 0, 8),
        Column("最早", lambda one: one.seen_first, 19),
        Column("最近", lambda one: one.seen_last, 19),
        Column("街道", lambda one: one.seen_street or "", 14),
        Column("类别", lambda one: one.seen_category or "", 28),
        Column("承办单位", lambda one: one.seen_unit or "", 20),
        Column("关键词", lambda one: as_shown("、".join(one.seen_keywords[:8]), clear), 40),
        Column("过激言词", lambda one: "、".join(one.seen_threats), 16),
        Column("措辞雷同", lambda one: "是" if one.seen_organised else "", 10),
    ]


def _members(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[Membership]:
    matter = queries.matter_by_id(actor, number_in(filters.get("matter_id", "")) or 0)
    if matter is None:
        return Membership.objects.none()
    found = queries.members_page(actor, matter, filters).filter(case__in=visible_cases(actor, EXPORT))
    return found.order_by(*MEMBERS_ORDER)


def _member_columns(clear: bool) -> list[Column]:
    return [
        *_of_case(clear),
        Column("归入理由", lambda row: as_shown(row.reason, clear), 40),
        Column("相似度", lambda row: row.score, 8),
        Column("加入人", lambda row: row.added_by.name if row.added_by else "", 10),
    ]


def _repeats(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[RepeatCase]:
    """Every case of every repeat caller, one caller after the other."""
    repeats = queries.visible_repeats(actor, reading.rule().repeats)
    found = RepeatCase.objects.filter(repeat__in=repeats.values("pk"), case__in=visible_cases(actor, EXPORT))
    related = ("repeat", "case__statement", "case__street", "case__area")
    return found.select_related(*related).order_by("-repeat__cases", "-repeat_id", "-case__accepted_at", "-id")


def _repeat_columns(clear: bool) -> list[Column]:
    return [Column("组", lambda row: row.repeat_id, 8), *_of_case(clear)]


def _of_case(clear: bool) -> list[Column]:
    """What a file says of the case of a row."""

    def place(row: Any) -> str:
        area = row.case.area or row.case.street
        return area.name if area else ""

    states = {code: state.name for code, state in lifecycle("hotline").states.items()}
    return [
        Column("受理编号", lambda row: row.case.number, 20),
        Column("标题", lambda row: as_shown(row.case.title, clear), 40),
        Column("诉求人", lambda row: caller_of(row.case, clear), 20),
        Column("区域", place, 14),
        Column("受理时间", lambda row: row.case.accepted_at, 19),
        Column("状态", lambda row: states.get(row.case.state, row.case.state), 10),
    ]
