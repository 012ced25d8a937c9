"""Targets against each other, against money, against their own meaning."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from ..reading.parts import Document, Reading, Target
from ..reading.projects import BUDGET, CHANGE
from ..reading.values import YUAN
from .pairs import Pair, Said

LESS_IS_BETTER = ("成本", "资金", "经费", "故障", "事故", "响应时间", "投诉率", "差错", "超期", "退单")
MORE_IS_BETTER = ("满意", "按时", "及时率", "办结率", "达标率", "覆盖", "访问", "发布信息", "篇数", "数量", "节约")
"""Words of a name that say which way a target points; the later ones win (故障满意度, 节约资金)."""

_YEARS_END = re.compile(r"(?P<year>\d{4})年[底末]")
_OF_YEAR = re.compile(r"完成(?P<year>\d{4})年")
_SIGNS = {">=": "≥", "<=": "≤"}


def costs(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        for target in project.targets:
            if target.level1 != "成本指标" or target.promised.unit not in YUAN:
                continue
            subject = f"{project.name} {target.name} "
            budgets = [(target.promised, project.budget, "当年预算", project.at(BUDGET))]
            for years_ago, former in ((2, target.former[0]), (1, target.former[1])):
                budget = project.former.get(document.year - years_ago)
                if former is not None and budget is not None and former.unit in YUAN:
                    budgets.append((former, budget, f"{document.year - years_ago} 年预算", project.at(CHANGE)))
            for reading, budget, words, line in budgets:
                factor = YUAN[reading.unit] / YUAN[document.unit]
                said = Said("指标值", Decimal(reading.value) * factor, target.line)
                yield Pair(said, Said(words, budget, line), subject)


def long_and_annual(document: Document) -> Iterator[Pair]:
    for owner in (document.department.targets, *(project.targets for project in document.projects)):
        annual = {target.name: target for target in owner if target.scope == "annual"}
        for target in owner:
            other = annual.get(target.name)
            if target.scope == "long" and other is not None:
                yield _same(target, other, "长期目标", "年度目标")


def department_and_project(document: Document) -> Iterator[Pair]:
    """A project that has at least half the indicators of a department's goal is what that goal speaks of."""
    for _, group in groupby(document.department.targets, lambda one: (one.scope, one.goal)):
        mine = list(group)
        for project in document.projects:
            same = [(one, other) for one in mine for other in project.targets if _alike(one, other)]
            if 2 * len({one.name for one, _ in same}) < len(mine):
                continue
            for one, other in same:
                yield _same(one, other, "部门整体", project.name)
                if one.scope == "annual":
                    for words, left, right in zip(("前年", "上年"), one.former, other.former, strict=True):
                        yield _same_value(left, right, one, other, f"部门整体{words}", f"{project.name}{words}")


def listed(document: Document) -> Iterator[Pair]:
    """整体绩效总目标 names the goals that head the tables below it."""
    heads = {(one.scope, one.number): one for one in document.department.goals}
    for one in document.department.listed:
        head = heads.get((one.scope, one.number))
        said = Said("整体绩效总目标", f"{one.number}：{one.words}", one.line)
        below = Said("指标表标题", f"{head.number}：{head.words}", head.line) if head else Said("指标表", "没有这一目标", one.line)  # fmt: skip
        yield Pair(said, below)
    named = {(one.scope, one.number) for one in document.department.listed}
    for head in document.department.goals if named else ():
        if (head.scope, head.number) not in named:
            first = document.department.listed[0].line
            yield Pair(Said("指标表标题", f"{head.number}：{head.words}", head.line), Said("整体绩效总目标", "没有这一目标", first))  # fmt: skip


def dates(document: Document) -> Iterator[Pair]:
    """A year's end of this year and the two before; the year that an annual goal names."""
    annual = [one for one in document.targets if one.scope == "annual"]
    for target in annual:
        for reading, year in zip(
            (*target.former, target.promised), range(document.year - 2, document.year + 1), strict=True
        ):
            if reading and (found := _YEARS_END.fullmatch(str(reading.value))):
                said = Said("指标值的年度", int(found["year"]), target.line)
                yield Pair(said, Said("应为", year, document.department.line), f"{target.name} ")
    for project in document.projects:
        for goal in project.goals:
            if goal.scope == "annual" and (found := _OF_YEAR.match(goal.words)):
                said = Said("年度目标的年度", int(found["year"]), goal.line)
                yield Pair(said, Said("应为", document.year, document.department.line), f"{project.name} ")


def directions(document: Document) -> Iterator[Pair]:
    for target in document.targets:
        sign = _SIGNS.get(target.promised.operator)
        wanted = _direction(target.name)
        if sign and wanted:
            yield Pair(Said("指标值", sign, target.line), Said("按含义应为", wanted, target.line), f"{target.name} ")


def _direction(name: str) -> str | None:
    if any(word in name for word in MORE_IS_BETTER):
        return "≥"
    return "≤" if any(word in name for word in LESS_IS_BETTER) else None


def _alike(one: Target, other: Target) -> bool:
    return (one.name, one.scope) == (other.name, other.scope)


def _same(one: Target, other: Target, of_one: str, of_other: str) -> Pair:
    return _same_value(one.promised, other.promised, one, other, of_one, of_other)


def _same_value(
    left: Reading | None, right: Reading | None, one: Target, other: Target, of_one: str, of_other: str
) -> Pair:
    said, told = (str(value) if value else "无" for value in (left, right))
    return Pair(Said(of_one, said, one.line), Said(of_other, told, other.line), f"{one.name} ")
