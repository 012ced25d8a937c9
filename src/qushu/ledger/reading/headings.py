"""Numbered headings outside the forms: 第三部分, 二、, (三)."""

import re
from collections.abc import Iterable, Iterator

from .parts import Heading, Style

_DIGITS = "一二三四五六七八九"
_NUMERAL = rf"[{_DIGITS}十]{{1,3}}"
_STYLES: tuple[tuple[Style, "re.Pattern[str]"], ...] = (
    ("第部分", re.compile(rf"^\s*第(?P<number>{_NUMERAL})部分\s*(?P<words>.*)")),
    ("、", re.compile(rf"^\s*(?P<number>{_NUMERAL})、\s*(?P<words>.*)")),
    ("()", re.compile(rf"^\s*[（(](?P<number>{_NUMERAL})[)）]\s*(?P<words>.*)")),
)


def read_headings(lines: Iterable[tuple[int, str]]) -> Iterator[Heading]:
    """The headings among these (number, line), in order."""
    for place, line in lines:
        for style, pattern in _STYLES:
            if found := pattern.match(line):
                yield Heading(style, numeral(found["number"]), found["words"].strip()[:60], place)


def numeral(words: str) -> int:
    """一 to 九十九 as a number; 0 for what is none."""
    tens, ten, ones = words.rpartition("十")
    if (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return 0
    return (10 * (_DIGITS.index(tens) + 1 if tens else 1) if ten else 0) + (_DIGITS.index(ones) + 1 if ones else 0)
