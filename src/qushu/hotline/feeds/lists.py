"""接入来源、批次、拒收行 as files. The words of a refused row stay sealed: a file holds its line, reference and reason."""

from collections.abc import Mapping
from datetime import datetime

from django import forms
from django.db.models import QuerySet

from qushu.cases.exports import LISTS, ListExport
from qushu.kernel.asked import number_in
from qushu.kernel.tables import Column
from qushu.people.access import Actor

from ..models import FeedBatch, FeedRow, FeedSource
from .queries import NEWEST_BATCHES, NEWEST_ROWS, batches, refused_rows, sources_with_newest

SOURCES, BATCHES, REFUSED, REFUSED_OF_BATCH = "feeds", "feed-batches", "refused-rows", "refused-rows-of-batch"
IN_ORDER = ("line", "id")
ACTION = "feeds.read"
Filters = Mapping[str, str]


class BatchFilter(forms.Form):
    """The words for a batch's number and a source's code, which the address of a page says."""

    batch_id = forms.CharField(label="批次")
    code = forms.CharField(label="来源")


def offer_lists() -> None:
    """Make the lists known to the exports; called when Django starts."""
    LISTS.update(
        {
            SOURCES: ListExport("接入来源", _sources, _source_columns, action=ACTION, personal=False),
            BATCHES: ListExport("来件批次", _batches, _batch_columns, BatchFilter, ACTION, personal=False),
            REFUSED: ListExport("待处理的拒收行", _refused, _row_columns, action=ACTION, personal=False),
            REFUSED_OF_BATCH: ListExport("一批的拒收行", _of_batch, _row_columns, BatchFilter, ACTION, personal=False),
        }
    )


def _sources(actor: Actor, filters: Filters, now: datetime) -> QuerySet[FeedSource]:
    return sources_with_newest()


def _source_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("代码", lambda one: one.code, 14),
        Column("名称", lambda one: one.name, 24),
        Column("映射", lambda one: one.mapping, 16),
        Column("文件夹或地址", lambda one: one.location, 40),
        Column("可推送", lambda one: bool(one.secret_sealed), 8),
        Column("最近一批", lambda one: one.newest_at, 19),
        Column("最近拉取", lambda one: one.pulled_at, 19),
        Column("启用", lambda one: one.active, 8),
        Column("最近出错", lambda one: one.last_error, 40),
    ]


def _batches(actor: Actor, filters: Filters, now: datetime) -> QuerySet[FeedBatch]:
    return batches(filters.get("code", "")).order_by(*NEWEST_BATCHES)


def _batch_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("来源", lambda one: one.source.name, 20),
        Column("批次", lambda one: one.name, 40),
        Column("方式", lambda one: one.get_way_display(), 10),
        Column("开始", lambda one: one.started_at, 19),
        Column("读完", lambda one: one.finished_at, 19),
        Column("受理", lambda one: one.accepted, 8),
        Column("已有", lambda one: one.unchanged, 8),
        Column("拒收", lambda one: one.refused, 8),
        Column("出错", lambda one: one.error, 40),
    ]


def _refused(actor: Actor, filters: Filters, now: datetime) -> QuerySet[FeedRow]:
    return refused_rows().order_by(*NEWEST_ROWS)


def _of_batch(actor: Actor, filters: Filters, now: datetime) -> QuerySet[FeedRow]:
    batch_id = number_in(filters.get("batch_id", ""))
    found = refused_rows(batch_id, settled=True).order_by(*IN_ORDER)
    return found if batch_id is not None else found.none()


def _row_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("来源", lambda row: row.batch.source.name, 20),
        Column("批次", lambda row: row.batch.name, 40),
        Column("行", lambda row: row.line, 8),
        Column("对方编号", lambda row: row.ref, 20),
        Column("原因", lambda row: row.reason, 60),
        Column("受理编号", lambda row: row.case.number if row.case else "", 20),
        Column("处理于", lambda row: row.settled_at, 19),
        Column("处理人", lambda row: row.settled_by.name if row.settled_by else "", 10),
        Column("不再处理的理由", lambda row: row.settled_why, 40),
    ]
