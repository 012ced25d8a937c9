"""Numbers that only count: goals, headings, codes."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from ..reading.parts import Document, LineItem, Style
from .pairs import Pair, Said

STYLES = get_args(Style)


def goals(document: Document) -> Iterator[Pair]:
    for goals in (document.department.goals, *(project.goals for project in document.projects)):
        for scope in ("long", "annual"):
            for place, goal in enumerate([one for one in goals if one.scope == scope], start=1):
                yield Pair(Said("目标编号", goal.number, goal.line), Said("应为", place, goal.line), f"{goal.owner} ")


def project_codes(document: Document) -> Iterator[Pair]:
    codes = Counter(project.code for project in document.projects)
    for project in document.projects:
        said = Said("项目编码出现次数", codes[project.code], project.line)
        yield Pair(said, Said("应为", 1, project.line), f"{project.code} ")


def activity_codes(document: Document) -> Iterator[Pair]:
    """Where a page is lacking, the end of another form follows."""
    for project in document.projects:
        for item in project.items:
            said = Said("项目活动编码", item.activity_code, item.line)
            yield Pair(said, Said("项目编码", project.code, project.at("项目编码")), f"{project.name} ")


def headings(document: Document) -> Iterator[Pair]:
    """A heading begins at one, or counts on from the last of its style; a higher one lets the lower begin anew."""
    last = dict.fromkeys(STYLES, (0, 0))
    for one in document.headings:
        number, line = last[one.style]
        if one.number != 1:
            yield Pair(Said("标题编号", one.number, one.line), Said("前一个之后应为", number + 1, line or one.line), f"{one.words} ")  # fmt: skip
        last[one.style] = one.number, one.line
        last |= dict.fromkeys(STYLES[STYLES.index(one.style) + 1 :], (0, 0))


def economic_codes(document: Document) -> Iterator[Pair]:
    first: dict[str, LineItem] = {}
    for project in document.projects:
        for item in project.items:
            known = first.setdefault(item.economic_code, item)
            said = Said(item.economic_code, item.economic_name, item.line)
            yield Pair(said, Said(known.economic_code, known.economic_name, known.line))
