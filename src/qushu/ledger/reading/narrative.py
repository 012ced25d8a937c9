"""部门预算情况说明: every figure of the narrative with the sentence that says it and the heading it stands under."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from .flow import Flow
from .parts import Figure
from .values import AMOUNT, number_of

_FIGURE = re.compile(
    rf"(?<![\d.〔])(?P<value>{AMOUNT})\s?(?P<unit>万元|亿元|万件|万人次|万人|元|%|家|件|人|个|辆|次|期|篇)"
)
_HEADING = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])\s*(?P<words>.+?)\s*$")
_SUBHEADING = re.compile(r"^\s*\d+[.．、]\s*[^。，：；\d]{2,30}(?:情况|安排|说明|变化)\s*$")
_SENTENCE = re.compile(r"[。，：；\d]|.{31}")
_END = re.compile(r"[。；]")


def read_figures(flow: Flow, lines: Sequence[str]) -> Iterator[Figure]:
    """The figures in their order; `lines` are the document's."""
    headings = _headings(lines)
    titles = {number for number, line in enumerate(lines, start=1) if _is_title(line)}
    behind_titles = {
        place for place, line in enumerate(flow.lines) if place and flow.lines[place - 1] in titles - {line}
    }
    begin = 0
    for end in sorted({one.end() for one in _END.finditer(flow.text)} | behind_titles | {len(flow.text)}):
        sentence = flow.text[begin:end]
        for one in _FIGURE.finditer(sentence):
            line = flow.line(begin + one.start())
            value = number_of(one["value"])
            yield Figure(value, one["unit"], sentence.strip(), headings[min(line, len(headings)) - 1], line)
        begin = end


def places_in(sentence: str) -> list[tuple[int, int]]:
    """Where the figures of a sentence stand in it, value and unit, in their order."""
    return [one.span() for one in _FIGURE.finditer(sentence)]


def marked(sentence: str, value: Decimal, unit: str) -> list[tuple[str, bool]]:
    """The sentence in pieces, each with whether it is this figure."""
    pieces, after = [], 0
    for one in _FIGURE.finditer(sentence):
        if (number_of(one["value"]), one["unit"]) == (value, unit):
            pieces += [(sentence[after : one.start()], False), (one[0], True)]
            after = one.end()
    return [*pieces, (sentence[after:], False)]


def _is_title(line: str) -> bool:
    return bool(_heading(line) or _SUBHEADING.match(line))


def _heading(line: str) -> "re.Match[str] | None":
    found = _HEADING.match(line)
    return found if found and not _SENTENCE.search(found["words"]) else None


def _headings(lines: Sequence[str]) -> list[str]:
    present, headings = "", []
    for line in lines:
        if found := _heading(line):
            present = found["words"]
        headings.append(present)
    return headings
