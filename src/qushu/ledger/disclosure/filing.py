"""What the two forms (tables 11 and 12) say beside money: goals, targets, grounds, purchases, from the kept disclosure."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..models import BudgetDocument, Goal, LineItem, Project, Purchase, Target

_NEW_PARAGRAPH = re.compile(r"\d+[.．、]|目标\s?\d+[:：]")


@dataclass
class Filing:
    """The parts of a document by owner: a project's code, or "" for the department. Empty where there is no document."""

    year: int
    department: str
    funds: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """Former amounts in 元 of a line of the department's form: last year, the year before."""
    groups: list[tuple[str, str, Decimal, Decimal, str]] = field(default_factory=list)
    """Kinds of projects: name, category, total and this year's budget in 元, purpose."""
    duties: str = ""
    tasks: str = ""
    projects: dict[str, Project] = field(default_factory=dict)
    items: dict[tuple[str, str], LineItem] = field(default_factory=dict)
    purchases: dict[str, list[Purchase]] = field(default_factory=lambda: defaultdict(list))
    goals: dict[str, list[Goal]] = field(default_factory=lambda: defaultdict(list))
    targets: dict[str, list[Target]] = field(default_factory=lambda: defaultdict(list))


def filing_of(document: BudgetDocument | None, year: int, department: str, factor: Decimal) -> Filing:
    """The filing of a document; `factor`: 元 in its unit. Six reads, however many projects."""
    filing = Filing(year, department)
    if document is None:
        return filing
    filing.funds = _former(document.facts.get("funds", []), factor)
    filing.groups = [
        (name, category, Decimal(total) * factor, Decimal(budget) * factor, purpose)
        for name, category, total, budget, purpose in document.facts.get("groups", [])
    ]
    after_duties = "年度工作任务" if "年度工作任务" in document.text else "项目支出情况"
    filing.duties = _between(document.text, "部门职能概述", after_duties)
    filing.tasks = _between(document.text, "年度工作任务", "项目支出情况")
    filing.projects = {one.code: one for one in document.projects.order_by("place")}
    codes: dict[int | None, str] = {one.pk: code for code, one in filing.projects.items()} | {None: ""}
    for item in LineItem.objects.filter(document=document).order_by("-place"):
        filing.items[codes[item.project_id], item.economic_code] = item
    parts: tuple[tuple[Any, dict[str, list[Any]]], ...] = (
        (Purchase, filing.purchases),
        (Goal, filing.goals),
        (Target, filing.targets),
    )
    for model, kept in parts:
        for one in model.objects.filter(document=document).order_by("place"):
            kept[codes[one.project_id]].append(one)
    return filing


def _former(funds: list[list[str]], factor: Decimal) -> dict[str, tuple[Decimal, Decimal]]:
    """合计 stands there twice: of income, then of spending; the second is kept as 支出合计."""
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for name, _, _, last, before in funds:
        key = "支出合计" if name in found else name
        found[key] = (Decimal(last) * factor, Decimal(before) * factor)
    return found


def _between(text: str, start: str, end: str) -> str:
    """The words between two labels of the form, a paragraph a number; lines broken by the page's width are joined."""
    begin = text.find(start)
    until = text.find(end, begin + len(start))
    if begin < 0 or until < 0:
        return ""
    paragraphs: list[str] = []
    for line in text[begin + len(start) : until].splitlines():
        line = line.strip()
        if not line:
            continue
        if _NEW_PARAGRAPH.match(line) or not paragraphs:
            paragraphs.append(line)
        else:
            paragraphs[-1] += line
    return "\n".join(paragraphs)
