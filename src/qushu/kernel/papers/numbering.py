"""Numbers of headings, tables and figures, and the signs that neither writer can take."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from .model import DEEPEST, Block, Figure, Heading, Table, Wide

_DIGITS = "〇一二三四五六七八九"
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold (2.2 Char): control signs and halves of surrogate pairs."""


def numbered(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with the numbers of their headings (一、 （一） 1. （1）) and captions (表1, 图1) in their texts."""
    return _numbered(blocks, [0] * DEEPEST, {"表": 0, "图": 0})


def _numbered(blocks: Iterable[Block], levels: list[int], captions: dict[str, int]) -> Iterator[Block]:
    for block in blocks:
        match block:
            case Heading(text, level):
                levels[level - 1] += 1
                levels[level:] = [0] * (DEEPEST - level)
                yield replace(block, text=heading_number(level, levels[level - 1]) + text)
            case Wide(inside):
                yield Wide(tuple(_numbered(inside, levels, captions)))  # type: ignore[arg-type]
            case Table(caption=caption) | Figure(caption=caption) if caption:
                sign = "表" if isinstance(block, Table) else "图"
                captions[sign] += 1
                yield replace(block, caption=f"{sign}{captions[sign]}　{caption}")
            case _:
                yield block


def heading_number(level: int, number: int) -> str:
    """一、 （一） 1. （1）, by level (GB/T 9704-2012, 7.3.3)."""
    words = in_chinese(number)
    return (f"{words}、", f"（{words}）", f"{number}. ", f"（{number}）")[level - 1]


def in_chinese(number: int) -> str:
    """1 to 99 in Chinese: 十, 十二, 二十一."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return (_DIGITS[tens] if tens > 1 else "") + "十" + (_DIGITS[ones] if ones else "")


def writable(text: str) -> str:
    """The text without signs that a document can't hold."""
    return _UNWRITABLE.sub("", text)
