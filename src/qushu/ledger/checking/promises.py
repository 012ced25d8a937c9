"""Targets against each other, against money, against their own meaning; numbering."""

from collections import Counter
from collections.abc import Iterator

from ..reading.parts import Document, Reading, Target
from .pairs import Pair, Said

LESS_IS_BETTER = ("成本", "资金", "经费", "故障", "事故", "响应时间", "投诉率", "差错", "超期", "退单")
MORE_IS_BETTER = ("满意", "按时", "及时率", "办结率", "达标率", "覆盖", "访问", "发布信息", "篇数", "数量", "节约")
"""Words of a name that say which way a target points; the later ones win (故障满意度, 节约资金)."""

_SIGNS = {">=": "≥", "<=": "≤"}


def costs(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        for target in project.targets:
            if target.level1 != "成本指标" or target.promised.unit != document.unit:
                continue
            subject = f"{project.name} {target.name} "
            yield _equal(target.promised, project.budget, target, "当年预算", project.line, subject)
            for years_ago, former in ((2, target.former[0]), (1, target.former[1])):
                budget = project.former.get(document.year - years_ago)
                if former is not None and budget is not None and former.unit == document.unit:
                    yield _equal(former, budget, target, f"{document.year - years_ago} 年预算", project.line, subject)


def long_and_annual(document: Document) -> Iterator[Pair]:
    for owner in (document.department.targets, *(project.targets for project in document.projects)):
        annual = {target.name: target for target in owner if target.scope == "annual"}
        for target in owner:
            other = annual.get(target.name)
            if target.scope == "long" and other is not None:
                yield _same(target, other, "长期目标", "年度目标")


def department_and_project(document: Document) -> Iterator[Pair]:
    for mine in document.department.targets:
        for project in document.projects:
            for target in project.targets:
                if target.name == mine.name and target.scope == mine.scope:
                    yield _same(mine, target, "部门整体", project.name)


def directions(document: Document) -> Iterator[Pair]:
    for target in document.targets:
        sign = _SIGNS.get(target.promised.operator)
        wanted = _direction(target.name)
        if sign and wanted:
            yield Pair(Said("指标值", sign, target.line), Said("按含义应为", wanted, target.line), f"{target.name} ")


def numbering(document: Document) -> Iterator[Pair]:
    owners = [document.department.goals, *(project.goals for project in document.projects)]
    for goals in owners:
        for scope in ("long", "annual"):
            for place, goal in enumerate([one for one in goals if one.scope == scope], start=1):
                yield Pair(Said("目标编号", goal.number, goal.line), Said("应为", place, goal.line), f"{goal.owner} ")
    codes = Counter(project.code for project in document.projects)
    for project in document.projects:
        said = Said("项目编码出现次数", codes[project.code], project.line)
        yield Pair(said, Said("应为", 1, project.line), f"{project.code} ")


def _direction(name: str) -> str | None:
    if any(word in name for word in MORE_IS_BETTER):
        return "≥"
    return "≤" if any(word in name for word in LESS_IS_BETTER) else None


def _equal(reading: Reading, budget: object, target: Target, words: str, line: int, subject: str) -> Pair:
    return Pair(Said("指标值", reading.value, target.line), Said(words, budget, line), subject)  # type: ignore[arg-type]


def _same(one: Target, other: Target, of_one: str, of_other: str) -> Pair:
    left = Said(of_one, str(one.promised), one.line)
    return Pair(left, Said(of_other, str(other.promised), other.line), f"{one.name} ")
