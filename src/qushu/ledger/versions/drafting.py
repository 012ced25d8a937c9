"""A first draft from what a disclosure says. What it doesn't say stays empty: tables that are pictures can't be read."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .rules import ZERO, Row, total

FUND_OF = {
    "一般公共预算财政拨款": "general",
    "政府性基金预算财政拨款": "fund",
    "国有资本经营预算财政拨款": "capital",
    "财政专户管理资金": "special",
    "单位资金": "own",
}
"""A project's source, as the form calls it."""

INCOME = {
    "一般公共预算财政拨款收入": "general",
    "政府性基金预算财政拨款收入": "fund",
    "国有资本经营预算财政拨款收入": "capital",
    "财政专户管理资金收入": "special",
    "事业单位经营收入": "business",
    "事业收入": "career",
    "上级补助收入": "superior",
    "附属单位上缴收入": "subordinate",
    "其他收入": "other",
}
"""An income, as the narrative calls it."""

BASIC = {"人员类项目支出": "personnel", "运转类项目支出": "operating"}
GENERAL_BASIC = "一般公共预算基本支出"
OVERALL = "收支预算总体安排"


@dataclass(frozen=True)
class Figure:
    """An amount of the narrative in 元, its heading and sentence."""

    heading: str
    sentence: str
    amount: Decimal


@dataclass(frozen=True)
class Item:
    """A line of a project's form; amount in 元. `sources` are the project's, by name."""

    project_code: str
    project_name: str
    economic_code: str
    economic_name: str
    amount: Decimal
    sources: Mapping[str, Decimal]


def draft_rows(
    items: Iterable[Item], funds: Mapping[str, Decimal], figures: Iterable[Figure], department: str
) -> list[Row]:
    """The rows that a document knows of. `funds`: the department's own form, 元 by the name of its line."""
    figures = list(figures)
    projects = _projects(items, department)
    basic = _basic(funds, figures, department)
    return [*_income(figures, department), *basic, *projects]


def _projects(items: Iterable[Item], department: str) -> list[Row]:
    sums: dict[tuple[str, str, str, str, str], Decimal] = defaultdict(lambda: ZERO)
    for item in items:
        source = _only_source(item.sources)
        sums[item.project_code, item.project_name, item.economic_code, item.economic_name, source] += item.amount
    return [
        Row(
            "spending", amount, source, unit_name=department, category="project", economic_code=economic,
            economic_name=economic_name, project_code=code, project_name=name,
        )
        for (code, name, economic, economic_name, source), amount in sums.items()
        if amount
    ]  # fmt: skip


def _only_source(sources: Mapping[str, Decimal]) -> str:
    """The fund that pays for all of a project; empty when several do: which line is whose isn't said."""
    paying = [FUND_OF[name] for name, amount in sources.items() if name in FUND_OF and amount]
    return paying[0] if len(paying) == 1 else ""


def _basic(funds: Mapping[str, Decimal], figures: list[Figure], department: str) -> list[Row]:
    rows = [
        Row("spending", funds[name], unit_name=department, category=category)
        for name, category in BASIC.items()
        if funds.get(name)
    ]
    said = [one.amount for one in figures if GENERAL_BASIC in one.heading and GENERAL_BASIC in one.sentence]
    from_general = bool(said) and said[0] == total(rows)
    return [Row("spending", row.amount, "general" if from_general else "", unit_name=department, category=row.category) for row in rows]  # fmt: skip


def _income(figures: list[Figure], department: str) -> list[Row]:
    found: dict[str, Decimal] = {}
    for figure in (one for one in figures if OVERALL in one.heading):
        said = re.search("(" + "|".join(INCOME) + r")[:：]?(?=[\d.])", figure.sentence)
        if said and figure.amount and INCOME[said[1]] not in found:
            found[INCOME[said[1]]] = figure.amount
    return [Row("income", amount, source, unit_name=department) for source, amount in found.items()]
