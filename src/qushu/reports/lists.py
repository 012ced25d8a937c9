"""The archive of reports (what there is, not what is in it) and what reports are made from, as files."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qushu.cases.exports import LISTS, ListExport
from qushu.insight.overview.definitions import DIMENSIONS, MEASURES
from qushu.kernel.tables import Column
from qushu.people.access import Actor

from . import queries
from .forms import ReportFilter
from .models import Advice, FindingRule, Kind, ReportTemplate, Version

LIST_KIND, TEMPLATES, RULES, ADVICE = "reports", "report-templates", "finding-rules", "report-advice"
WRITE = "reports.write"
Filters = Mapping[str, str]


def offer_lists() -> None:
    """Make the lists known to the exports; called when Django starts."""
    LISTS.update(
        {
            LIST_KIND: ListExport(
                "报告目录", _rows, _columns, lambda: ReportFilter({}), action="reports.read", personal=False
            ),
            TEMPLATES: ListExport("报告模板", _templates, _template_columns, action=WRITE, personal=False),
            RULES: ListExport("发现规则", _rules, _rule_columns, action=WRITE, personal=False),
            ADVICE: ListExport("建议表", _advice, _advice_columns, action=WRITE, personal=False),
        }
    )


def _rows(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Any]:
    return queries.filter_reports(queries.visible_reports(actor), filters).order_by(*queries.NEWEST)


def _columns(in_the_clear: bool) -> list[Column]:
    states = dict(Version.State.choices)
    return [
        Column("种类", lambda one: one.get_kind_display(), 10),
        Column("标题", lambda one: one.newest_title, 48),
        Column("开始", lambda one: one.first, 12),
        Column("结束", lambda one: one.last, 12),
        Column("版本", lambda one: one.newest_number, 8),
        Column("状态", lambda one: states.get(one.newest_state, ""), 10),
        Column("起草", lambda one: one.made_at, 19),
    ]


def _templates(actor: Actor, filters: Filters, now: datetime) -> list[ReportTemplate]:
    return [queries.newest_template(kind) for kind in Kind.values]


def _template_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("种类", lambda one: one.get_kind_display(), 10),
        Column("标题", lambda one: one.title, 40),
        Column("版头", lambda one: one.masthead, 20),
        Column("主送", lambda one: one.addressed, 20),
        Column("自动起草", lambda one: one.automatic, 10),
        Column("版本", lambda one: one.version, 8),
        Column("内容", lambda one: one.body, 80),
    ]


def _rules(actor: Actor, filters: Filters, now: datetime) -> QuerySet[FindingRule]:
    return FindingRule.objects.all()


def _rule_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("指标", lambda one: MEASURES[one.measure].name, 16),
        Column("维度", lambda one: DIMENSIONS[one.dimension].name, 16),
        Column("门槛 z", lambda one: one.strength, 10),
        Column("最少件数", lambda one: one.least, 10),
        Column("最多条数", lambda one: one.most, 10),
        Column("启用", lambda one: one.active, 8),
    ]


def _advice(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Advice]:
    return Advice.objects.select_related("category")


def _advice_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("信号", lambda one: one.get_signal_display(), 16),
        Column("维度", lambda one: DIMENSIONS[one.dimension].name if one.dimension else "不限", 16),
        Column("类别", lambda one: one.category.full_name if one.category else "不限", 24),
        Column("建议", lambda one: one.words, 60),
        Column("顺序", lambda one: one.order, 8),
        Column("启用", lambda one: one.active, 8),
    ]
