"""The narrative against the tables: totals, changes, projects, purchases."""

import re
from collections.abc import Iterator
from decimal import Decimal

from ..reading.parts import Document
from ..reading.values import AMOUNT, number_of
from .pairs import SPECIFIC, TOTAL, Pair, Said, basic, fund, sum_of

_CHANGE = re.compile(
    rf"(?P<now>{AMOUNT})万元，比(?P<year>\d{{4}})年预算(?P<sign>增加|减少)(?P<by>{AMOUNT})万元，(?:增长|下降)(?P<rate>{AMOUNT})%"
)
_CLASS = re.compile(rf"(?P<kind>货物|工程|服务)类(?P<amount>{AMOUNT})万元")
_BOUGHT = re.compile(rf"政府采购预算支出合计(?P<amount>{AMOUNT})万元")
_KINDS = {"A": "货物", "B": "工程", "C": "服务"}
RATE_WITHIN = Decimal("0.06")
_TOTALS = (
    (re.compile(rf"部门收入预算({AMOUNT})万元"), TOTAL),
    (re.compile(rf"部门支出预算({AMOUNT})万元"), TOTAL),
    (re.compile(rf"财政拨款收支总预算({AMOUNT})万元"), "财政拨款"),
    (re.compile(rf"一般公共预算财政拨款收入({AMOUNT})万元"), "财政拨款"),
    (re.compile(rf"人员经费({AMOUNT})万元"), "人员类项目支出"),
    (re.compile(rf"公用经费({AMOUNT})万元"), "运转类项目支出"),
)
"""What the narrative calls a line of the department's form."""

_FORMER = (("部门收入预算", TOTAL), ("部门支出预算", TOTAL), ("财政拨款收支总预算", "财政拨款"))


def totals(document: Document) -> Iterator[Pair]:
    for sentence, line in _sentences(document):
        for pattern, name in _TOTALS:
            known = fund(document, name)
            for found in pattern.finditer(sentence):
                if known:
                    yield Pair(
                        Said(f"说明中 {name}", number_of(found[1]), line), Said("表中", known.amount, known.line)
                    )
        spent = basic(document)
        for found in re.finditer(rf"(?<!类)基本支出({AMOUNT})万元", sentence):
            if spent:
                yield Pair(
                    Said("说明中基本支出", number_of(found[1]), line), Said("表中人员类与运转类之和", spent[0], line)
                )


def changes(document: Document) -> Iterator[Pair]:
    for sentence, line in _sentences(document):
        for found in _CHANGE.finditer(sentence):
            now, by = number_of(found["now"]), number_of(found["by"])
            last = now - by if found["sign"] == "增加" else now + by
            if last:
                rate = (by / last * 100).quantize(Decimal("0.01"))
                said = Said("说明中增减率 %", number_of(found["rate"]), line)
                yield Pair(said, Said("按所说金额应为 %", rate, line), within=RATE_WITHIN)
            known = _last_year(document, sentence[: found.start("now")])
            if known is not None:
                yield Pair(Said("按说明推出的上年金额", last, line), Said("表中上年金额", known[0], known[1]))


def projects(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        pattern = re.compile(rf"\d+[.．、]{re.escape(project.name)}({AMOUNT})万元")
        for sentence, line in _sentences(document):
            for found in pattern.finditer(sentence):
                said = Said("说明中", number_of(found[1]), line)
                yield Pair(said, Said("申报表", project.budget, project.line), f"{project.name} ")


def purchases(document: Document) -> Iterator[Pair]:
    bought = [one for project in document.projects for one in project.purchases]
    if not bought:
        return
    for sentence, line in _sentences(document):
        for found in _BOUGHT.finditer(sentence):
            added = Said("各项目采购之和", sum_of(one.amount for one in bought), bought[0].line)
            yield Pair(Said("说明中采购合计", number_of(found["amount"]), line), added)
        for found in _CLASS.finditer(sentence):
            mine = [one for one in bought if _KINDS.get(one.catalogue_code[0]) == found["kind"]]
            added = Said("该类采购之和", sum_of(one.amount for one in mine), bought[0].line)
            yield Pair(Said(f"说明中{found['kind']}类", number_of(found["amount"]), line), added)


def _last_year(document: Document, before: str) -> tuple[Decimal, int] | None:
    """Last year's amount of what stands before a number, from the department's form."""
    for words, name in _FORMER:
        if before.endswith(words) and (line := fund(document, name)):
            return line.former[0], line.line
    spent = basic(document)
    if before.endswith("基本支出") and spent and (line := fund(document, SPECIFIC)):
        return spent[1], line.line
    return None


def _sentences(document: Document) -> Iterator[tuple[str, int]]:
    """Each sentence of the narrative that has a figure, once, with its line."""
    seen = set()
    for figure in document.figures:
        if figure.sentence not in seen:
            seen.add(figure.sentence)
            yield figure.sentence, figure.line
