"""交接班日志 as a file: the rows and order of its page, by the common export of lists."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from qushu.cases.exports import LISTS, ListExport
from qushu.kernel.calendar import SHANGHAI
from qushu.kernel.free_text import as_shown
from qushu.kernel.tables import Column
from qushu.people.access import Actor, may_at_all

from ..models import Handover
from . import queries
from .forms import LogFilter

KIND = "handovers"


def offer_handovers() -> None:
    """Make the log known to the exports; called when Django starts."""
    LISTS[KIND] = ListExport("交接班日志", _handovers, _columns, lambda: LogFilter({}))


def _handovers(actor: Actor, filters: Mapping[str, str], now: datetime) -> QuerySet[Handover]:
    chosen = LogFilter(filters)
    chosen.is_valid()
    written = queries.handovers(chosen.cleaned_data.get("day")).order_by(*queries.LOG_ORDER)
    return written if may_at_all(actor, "duty.read") else written.none()


def _columns(clear: bool) -> list[Column]:
    """A handover in a file; what was written is masked unless `clear`."""
    return [
        Column("班次", lambda one: queries.words_of(one.shift), 26),
        Column("交班人", lambda one: one.written_by.name, 12),
        Column("交班时间", lambda one: one.written_at, 19),
        *(Column(words, _figure(name), 10) for name, words in queries.FIGURES.items()),
        Column("本班情况", lambda one: as_shown(one.summary, clear), 60),
        Column("移交事项", lambda one: as_shown(one.unfinished, clear), 60),
        Column("重点工单", lambda one: "、".join(one.notable), 36),
        Column("接班人", lambda one: one.taken_by.name if one.taken_by else "", 12),
        Column("接班时间", lambda one: one.taken_at, 19),
        Column("接班意见", lambda one: as_shown(one.remark, clear), 30),
        Column("补记", lambda one: as_shown("\n".join(map(_supplement, one.supplements.all())), clear), 60),
    ]


def _figure(name: str) -> Callable[[Handover], Any]:
    """A figure as it was counted; None of a handover that hasn't got it."""
    return lambda one: one.figures.get(name)


def _supplement(one: Handover) -> str:
    return f"{timezone.localtime(one.written_at, SHANGHAI):%Y-%m-%d %H:%M} {one.written_by.name}：{one.summary}"
