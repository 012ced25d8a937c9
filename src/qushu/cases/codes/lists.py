"""Deadline rules that no longer count, as a file; those that do are exported as a sheet."""

from collections.abc import Mapping
from datetime import datetime

from qushu.kernel.tables import Column
from qushu.people.access import Actor

from ..exports import LISTS, ListExport
from ..models import ClockRule
from .queries.clock_rules import about_words, allowance_words, past_rules

PAST_RULES = "past-clock-rules"


def offer_list() -> None:
    """Make the list known to the exports; called when Django starts."""
    LISTS[PAST_RULES] = ListExport("已停用的时限规则", _rows, _columns, action="codes.write", personal=False)


def _rows(actor: Actor, filters: Mapping[str, str], now: datetime) -> list[ClockRule]:
    return past_rules()


def _columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("规则", lambda row: row.pk, 8),
        Column("时限", lambda row: row.get_clock_display(), 12),
        Column("符合什么", about_words, 40),
        Column("时长", allowance_words, 16),
        Column("生效", lambda row: row.effective_from, 19),
        Column("停用", lambda row: row.effective_to, 19),
        Column("依据", lambda row: row.source, 30),
    ]
