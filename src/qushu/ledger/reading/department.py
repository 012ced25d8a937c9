"""部门整体支出绩效目标申报表: money of three years, kinds of projects, goals, and the department's own targets."""

import re

from .flow import Flow
from .parts import DEPARTMENT, Department, FundLine, Goal, ProjectGroup, Scope, Target, Unread
from .targets import Table, read_targets
from .values import AMOUNT, number_of

FUNDS = (
    "财政拨款", "财政专户管理资金", "单位资金", "人员类项目支出", "运转类项目支出", "特定目标类项目支出", "合计",
)  # fmt: skip
SHORTEST_NAME = 5
_FUND = re.compile(rf"(?P<name>{'|'.join(FUNDS)})\s?(?P<amount>{AMOUNT}) (?P<share>{AMOUNT})%? ?(?P<last>{AMOUNT}) (?P<before>{AMOUNT})(?=\D|$)")  # fmt: skip
_GROUP = re.compile(
    rf"(?P<name>[一-鿿]{{2,12}}?类项目)(?P<category>[一-鿿]{{2,8}}?支出项目)(?P<total>{AMOUNT}) (?P<budget>{AMOUNT})(?=\D|$)"
)
_HEADING = re.compile(
    r"(?P<scope>长期|年度)目标\s?(?P<number>\d+)[：:](?P<words>[^：:]{2,200}?)(?=(?:长期|年度)绩效指标)"
)
_LISTED = re.compile(r"(?<!长期)(?<!年度)目标\s?(?P<number>\d+)[：:](?P<words>.+?)(?=(?:年度)?目标\s?\d+[：:]|$)")
_NAME = re.compile(r"部门[（(]单位[)）]名称(?P<name>.{2,40}?)填报人")
_SCOPES: dict[str, Scope] = {"长期": "long", "年度": "annual"}


def read_department(flow: Flow, name: str) -> tuple[Department, list[Unread]]:
    """The department's form; `name` is used where the form doesn't say it."""
    unread: list[Unread] = []
    headings = list(_HEADING.finditer(flow.text))
    goals: list[Goal] = []
    targets: list[Target] = []
    for place, heading in enumerate(headings):
        scope, number, words = _SCOPES[heading["scope"]], int(heading["number"]), heading["words"].strip()
        goals.append(Goal(DEPARTMENT, scope, number, words, flow.line(heading.start())))
        until = headings[place + 1].start() if place + 1 < len(headings) else len(flow.text)
        where = f"部门整体 {heading['scope']}目标 {number}"
        table = Table(DEPARTMENT, scope, {number: words}, where, goal=number)
        rows, left = read_targets(flow.part(heading.end(), until), table)
        targets += rows
        unread += left
    if not headings:
        unread.append(Unread(flow.line(0), "部门整体支出绩效目标申报表", "长期目标、年度目标", "没有认出任何目标"))
    told = _NAME.search(flow.text)
    funds, groups = _funds(flow), _groups(flow)
    unread += [
        Unread(flow.line(0), "部门整体支出绩效目标申报表", words, "没有认出任何一行")
        for words, found in (("部门总体资金情况", funds), ("项目支出情况", groups))
        if not found
    ]
    named = told["name"] if told else name
    listed = _listed(flow, headings[0].start()) if headings else ()
    return Department(named, funds, groups, tuple(goals), tuple(targets), flow.line(0), listed), unread


def _listed(flow: Flow, until: int) -> tuple[Goal, ...]:
    """The goals of 整体绩效总目标: two columns, the long-term ones first; where the numbers begin anew the annual ones do."""
    begin = flow.text.rfind("总目标", 0, until)
    if begin < 0:
        return ()
    part = flow.part(begin + len("总目标"), until)
    listed: list[Goal] = []
    scope: Scope = "long"
    for one in _LISTED.finditer(part.text):
        number = int(one["number"])
        if listed and number <= listed[-1].number:
            scope = "annual"
        listed.append(Goal(DEPARTMENT, scope, number, one["words"].strip(), part.line(one.start())))
    return tuple(listed)


def _funds(flow: Flow) -> tuple[FundLine, ...]:
    end = flow.text.find("部门职能概述")
    part = flow.part(0, end) if end > 0 else flow
    return tuple(
        FundLine(
            one["name"],
            number_of(one["amount"]),
            number_of(one["share"]),
            (number_of(one["last"]), number_of(one["before"])),
            part.line(one.start()),
        )
        for one in _FUND.finditer(part.text)
    )


def _groups(flow: Flow) -> tuple[ProjectGroup, ...]:
    begin = flow.text.find("项目支出情况")
    end = flow.text.find("整体绩效", begin)
    if begin < 0:
        return ()
    part = flow.part(begin, end if end > 0 else len(flow.text))
    after = part.text.find("用途") + len("用途") if "用途" in part.text else 0
    part = part.part(after, len(part.text))
    found = list(_GROUP.finditer(part.text))
    if not found:
        return ()
    begins = [_name_begins(part, one.start("name"), one.end("name")) for one in found]
    return tuple(
        ProjectGroup(
            part.text[begin : one.end("name")],
            one["category"],
            number_of(one["total"]),
            number_of(one["budget"]),
            part.text[one.end("budget") : until].strip(),
            part.line(begin),
        )
        for one, begin, until in zip(found, begins, [*begins[1:], len(part.text)], strict=True)
    )


def _name_begins(part: Flow, start: int, end: int) -> int:
    """Behind the last words of the purpose above, which its narrow column left before this name."""
    return max((gap for gap in part.gaps if start < gap <= end - SHORTEST_NAME), default=start)
