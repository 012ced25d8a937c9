"""数据说明: as of when, compared with what, and how the figures are defined."""

from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.insight.overview.definitions import MEASURES

from ..content import Block, note
from .desk import Desk

DEFINED = ("count", "on_time", "solved", "satisfied")


def basis(desk: Desk) -> list[Block]:
    """The remarks at the end."""
    first, last = desk.now
    said = [f"数据时段为{first}至{last}，取数时间为{timezone.localtime(desk.book.now, SHANGHAI):%Y-%m-%d %H:%M}。"]
    if desk.former:
        said.append(f"{desk.periods.former_words}指{desk.former[0]}至{desk.former[1]}。")
    if desk.last_year:
        said.append(f"去年同期指{desk.last_year[0]}至{desk.last_year[1]}。")
    said += desk.words_once
    said += [f"{MEASURES[code].name}：{MEASURES[code].formula}。" for code in DEFINED]
    if desk.former:
        said.append("“主要变化”只列统计上超出偶然波动的变化；贡献为该项增减件数与全部增减件数之比。")
    return [note("注：" + "".join(said))]
