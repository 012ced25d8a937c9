"""The list of warnings, and the cases behind one, as files."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qushu.cases.exports import LISTS, ListExport, case_columns, with_everything
from qushu.cases.models import Case
from qushu.cases.queries import within_reach
from qushu.kernel.asked import number_in
from qushu.kernel.free_text import as_shown
from qushu.kernel.tables import Column
from qushu.people.access import Actor

from . import queries
from .forms import WarningFilter
from .models import Warning, WarningRule

CASES, RULES = "warning-cases", "warning-rules"


def offer_lists() -> None:
    """Put the list among those that can be written to a file; called when Django starts."""
    LISTS["warnings"] = ListExport("预警", _rows, _columns, lambda: WarningFilter({}))
    LISTS[CASES] = ListExport("预警所依据的工单", _cases, case_columns)
    LISTS[RULES] = ListExport("预警规则", _rules, _rule_columns, action="warnings.write", personal=False)


def _rows(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[Warning]:
    found = queries.filter_warnings(queries.visible_warnings(actor), filters)
    return found.select_related("category", "area", "unit", "acknowledged_by").defer("chart").order_by(*queries.ORDER)


def _cases(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[Case]:
    warning = queries.warning_by_id(actor, number_in(filters.get("warning_id", "")) or 0)
    if warning is None:
        return Case.objects.none()
    behind = within_reach(queries.cases_behind(actor, warning), actor, "case.export")
    return with_everything(behind).order_by("-accepted_at", "-id")


def _columns(clear: bool) -> list[Column]:
    return [
        Column("编号", lambda one: one.pk, 8),
        Column("级别", lambda one: one.get_level_display(), 8),
        Column("种类", lambda one: one.get_kind_display(), 10),
        Column("标题", lambda one: as_shown(one.title, clear), 30),
        Column("依据", lambda one: as_shown(one.ground, clear), 80),
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
        Column("事后补看", lambda one: "是" if one.hindsight else "", 10),
    ]


def _rules(actor: Actor, filters: Mapping[str, str], now: datetime) -> list[tuple[WarningRule, queries.Record | None]]:
    records = queries.records(now)
    return [(rule, records.get(rule.kind)) for rule in queries.rules()]


def _rule_columns(clear: bool) -> list[Column]:
    def record(name: str) -> Callable[[Any], Any]:
        return lambda row: getattr(row[1], name) if row[1] else 0

    return [
        Column("种类", lambda row: row[0].get_kind_display(), 10),
        Column("启用", lambda row: row[0].active, 8),
        Column("最少件数", lambda row: row[0].least, 10),
        Column("倍数", lambda row: row[0].ratio, 8),
        Column("时间窗（小时）", lambda row: row[0].hours, 12),
        Column("每周允许误报", lambda row: row[0].a_week, 12),
        Column("接收角色", lambda row: row[0].role_words, 30),
        Column("确认时限（分钟）", lambda row: row[0].answer_minutes, 12),
        Column("90 天预警", record("raised"), 10),
        Column("属实", record("true"), 8),
        Column("误报", record("false"), 8),
    ]
