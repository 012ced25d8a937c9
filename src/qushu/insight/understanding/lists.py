"""建议与结果、模型版本、安全词 as files."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qushu.cases.exports import LISTS, ListExport
from qushu.cases.models import Assignment
from qushu.cases.queries import visible_cases
from qushu.kernel.personal import mask_free_text
from qushu.kernel.tables import Column
from qushu.people.access import Actor, may_at_all

from . import accuracy
from .forms import RowsFilter, WordFilter
from .models import ModelVersion, SafetyWord

ROWS, MODELS, WORDS = "suggestion-rows", "models", "safety-words"
MODELS_ORDER, WORDS_ORDER = ("-learned_at", "-id"), ("kind", "word")
Filters = Mapping[str, str]


def offer_lists() -> None:
    """Make the lists known to the exports; called when Django starts."""
    LISTS[ROWS] = ListExport("建议与结果", _rows, _row_columns, lambda: RowsFilter({}))
    LISTS[MODELS] = ListExport("模型版本", _models, _model_columns, action="understanding.read", personal=False)
    LISTS[WORDS] = ListExport("安全词", _words, _word_columns, lambda: WordFilter({}), "codes.write", personal=False)


def filter_words(form: WordFilter) -> QuerySet[SafetyWord]:
    """The words that a filter asks for."""
    form.is_valid()
    found = SafetyWord.objects.all()
    if text := form.cleaned_data.get("q"):
        found = found.filter(word__icontains=text)
    if kind := form.cleaned_data.get("kind"):
        found = found.filter(kind=kind)
    return found


def _rows(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Assignment]:
    chosen = RowsFilter(filters).chosen()
    if chosen is None or not may_at_all(actor, "understanding.read"):
        return Assignment.objects.none()
    found = accuracy.rows_behind(actor, *chosen).order_by(*accuracy.ORDER)
    return found.filter(case__in=visible_cases(actor, "case.export"))


def _row_columns(in_the_clear: bool) -> list[Column]:
    def title(one: Any) -> str:
        return one.case.title if in_the_clear else mask_free_text(one.case.title)

    def outcome(one: Any) -> str:
        if one.suggested_unit_id == one.case.lead_unit_id:
            return "首位对"
        return "首位不对"

    return [
        Column("受理编号", lambda one: one.case.number, 20),
        Column("标题", title, 36),
        Column("派出", lambda one: one.assigned_at, 19),
        Column("建议单位", lambda one: one.suggested_unit.name, 20),
        Column("建议来自", lambda one: one.suggestion_model, 16),
        Column("把握", lambda one: one.suggestion_score, 8),
        Column("派往单位", lambda one: one.unit.name, 20),
        Column("最终承办", lambda one: one.case.lead_unit.name, 20),
        Column("结果", outcome, 10),
    ]


def _models(actor: Actor, filters: Filters, now: datetime) -> QuerySet[ModelVersion]:
    return ModelVersion.objects.order_by(*MODELS_ORDER)


def _model_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("版本", lambda one: one.name, 20),
        Column("用途", lambda one: one.get_what_display(), 10),
        Column("状态", lambda one: one.get_state_display(), 10),
        Column("训练时间", lambda one: one.learned_at, 19),
        Column("学习件数", lambda one: one.cases, 10),
        Column("检验件数", lambda one: one.tested_cases, 10),
        Column("首位准确率", lambda one: one.top1, 10),
        Column("前三准确率", lambda one: one.top3, 10),
        Column("对照", lambda one: one.compared_with, 20),
        Column("对照首位准确率", lambda one: one.former_top1, 10),
        Column("对照前三准确率", lambda one: one.former_top3, 10),
        Column("结论", lambda one: one.reason, 60),
    ]


def _words(actor: Actor, filters: Filters, now: datetime) -> QuerySet[SafetyWord]:
    return filter_words(WordFilter(filters)).order_by(*WORDS_ORDER)


def _word_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("类别", lambda one: one.get_kind_display(), 14),
        Column("词", lambda one: one.word, 20),
        Column("重大", lambda one: one.major, 8),
        Column("启用", lambda one: one.active, 8),
    ]
