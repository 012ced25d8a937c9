"""The workplaces' lists as files: the same rows, filters and order as their pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from qushu.cases.exports import LISTS, ListExport, case_columns, with_everything
from qushu.cases.models import Case, Review, Supervision
from qushu.cases.queries import visible_cases, within_reach
from qushu.kernel.free_text import as_shown
from qushu.kernel.tables import Column
from qushu.people.access import Actor

from . import queries
from .forms import WorkFilter, narrow

EXPORT = "case.export"
Filters = Mapping[str, str]


def offer_lists() -> None:
    """Make every workplace's list known to the exports; called when Django starts."""
    LISTS.update(
        {
            "register": ListExport("待立案", _register, case_columns, lambda: _form(queries.REGISTER_TABS)),
            "dispatch": ListExport("待派单", _dispatch, case_columns, lambda: _form(queries.DISPATCH_TABS)),
            "inbox": ListExport("单位收件箱", _inbox, case_columns, lambda: _form(queries.INBOX_TABS)),
            "supervision": ListExport("督办", _board, case_columns, lambda: _form(queries.BOARD_TABS)),
            "follow_up": ListExport("回访", _calls, case_columns, lambda: _form(queries.CALL_TABS)),
            "reviews": ListExport("待审核申请", _reviews, _review_columns, lambda: _form(dict(Review.KINDS))),
            "orders": ListExport("待回复督办单", _orders, _order_columns, lambda: _form(queries.INBOX_TABS)),
            "answered-orders": ListExport("待销号督办单", _answered, _order_columns, lambda: _form(queries.BOARD_TABS)),
        }
    )


def _form(tabs: Mapping[str, str]) -> forms.Form:
    return WorkFilter({}, tabs)


def _tab(filters: Filters, tabs: Mapping[str, Any]) -> str:
    """The tab that the filters name, else the first."""
    wanted = filters.get("tab", "")
    return wanted if wanted in tabs else next(iter(tabs))


def _cases(
    cases: QuerySet[Case], actor: Actor, filters: Filters, now: datetime, order: tuple[str, ...] = queries.ORDER
) -> QuerySet[Case]:
    return with_everything(within_reach(narrow(cases, filters, now), actor, EXPORT)).order_by(*order)


def _register(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Case]:
    return _cases(queries.register_queue(actor, _tab(filters, queries.REGISTER_TABS), now), actor, filters, now)


def _dispatch(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Case]:
    waiting = queries.dispatch_queue(actor, _tab(filters, queries.DISPATCH_TABS))
    return _cases(waiting, actor, filters, now, queries.DISPATCH_ORDER)


def _inbox(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Case]:
    tabs = {tab: name for tab, name in queries.INBOX_TABS.items() if tab != "orders"}
    return _cases(queries.inbox(actor, _tab(filters, tabs)), actor, filters, now)


def _board(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Case]:
    tabs = {tab: queries.BOARD_TABS[tab] for tab in queries.COUNTED_TABS}
    cases = queries.board(actor, _tab(filters, tabs), now, filters.get("level", ""))
    return _cases(cases, actor, filters, now)


def _calls(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Case]:
    return _cases(queries.calls(actor, _tab(filters, queries.CALL_TABS), now), actor, filters, now)


def _reviews(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Review]:
    kind = filters.get("tab", "")
    reviews = queries.open_reviews(actor, kind if kind in dict(Review.KINDS) else "")
    return reviews.filter(case__in=visible_cases(actor, EXPORT))


def _orders(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Supervision]:
    return _exportable(queries.unanswered_orders(actor), actor)


def _answered(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Supervision]:
    return _exportable(queries.answered_orders(actor), actor)


def _exportable(orders: QuerySet[Supervision], actor: Actor) -> QuerySet[Supervision]:
    return orders.filter(case__in=visible_cases(actor, EXPORT)).select_related(
        "case", "unit", "issued_by", "answered_by"
    )


def _review_columns(clear: bool) -> list[Column]:
    return [
        Column("受理编号", lambda review: review.case.number, 20),
        Column("标题", lambda review: as_shown(review.case.title, clear), 36),
        Column("申请", lambda review: review.get_kind_display(), 10),
        Column("单位", lambda review: review.unit.name if review.unit else "", 20),
        Column("申请人", lambda review: review.asked_by.name if review.asked_by else "系统", 10),
        Column("申请时间", lambda review: review.asked_at, 19),
        Column("理由", lambda review: review.reason.name if review.reason else "", 24),
        Column("说明", lambda review: as_shown(review.words, clear), 48),
        Column("建议改派", lambda review: review.suggested_unit.name if review.suggested_unit else "", 20),
        Column("拟延至", lambda review: review.new_due_at, 19),
        Column("复核日期", lambda review: review.review_on, 12),
        Column("审核期限", lambda review: review.due_at, 19),
    ]


def _order_columns(clear: bool) -> list[Column]:
    return [
        Column("督办编号", lambda order: order.number, 16),
        Column("级别", lambda order: order.get_level_display(), 8),
        Column("受理编号", lambda order: order.case.number, 20),
        Column("标题", lambda order: as_shown(order.case.title, clear), 36),
        Column("单位", lambda order: order.unit.name if order.unit else "", 20),
        Column("发出人", lambda order: order.issued_by.name if order.issued_by else "系统", 10),
        Column("发出时间", lambda order: order.issued_at, 19),
        Column("督办要求", lambda order: as_shown(order.words, clear), 48),
        Column("回复期限", lambda order: order.answer_due_at, 19),
        Column("回复", lambda order: as_shown(order.answer, clear), 48),
        Column("回复人", lambda order: order.answered_by.name if order.answered_by else "", 10),
        Column("回复时间", lambda order: order.answered_at, 19),
    ]
