"""数据说明: as of when, compared with what, and how the figures are defined."""

from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.insight.overview.definitions import MEASURES
from qushu.kernel.papers import day_in_words

from ..content import Block, note
from ..periods import days_in_words
from .desk import Desk

DEFINED = ("count", "on_time", "solved", "satisfied")


def basis(desk: Desk) -> list[Block]:
    """The remarks at the end."""
    read = timezone.localtime(desk.book.now, SHANGHAI)
    said = [f"数据时段为{days_in_words(*desk.now)}，取数时间为{day_in_words(read)}{read.hour}时{read.minute}分。"]
    if desk.former:
        said.append(f"{desk.periods.former_words}指{days_in_words(*desk.former)}。")
    if desk.last_year:
        said.append(f"去年同期指{days_in_words(*desk.last_year)}。")
    said += desk.words_once
    measured = [code for code in DEFINED if desk.book.asked(code, desk.now).value is not None]
    said += [f"{MEASURES[code].name}：{MEASURES[code].formula}。" for code in measured]
    if desk.former:
        said.append("“主要变化”只列统计上超出偶然波动的变化；贡献为该项增减件数与全部增减件数之比。")
    return [note("注：" + "".join(said))]
