"""What must hold between the twelve tables, as data. Every rule is also tested with a planted error."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qushu.kernel.papers.numbering import in_chinese

from ..versions.rules import FUNDS, OWN_INCOME, ZERO, in_wan
from .grid import Grid
from .lists import NO_CODE, TOTAL
from .two_sided import AMOUNT, INCOME_LINES

Place = tuple[int, str, str]
"""Table, row, column."""

Figures = Mapping[Place, Decimal]


@dataclass(frozen=True)
class Rule:
    """The sum of these figures equals (or is at most) the sum of those."""

    words: str
    left: tuple[Place, ...]
    right: tuple[Place, ...]
    relation: Literal["=", "≤"] = "="


@dataclass(frozen=True)
class Broken:
    """A rule that doesn't hold, with both amounts in 元."""

    rule: Rule
    left: Decimal
    right: Decimal

    @property
    def words(self) -> str:
        """For people: which, and by how much."""
        return f"{self.rule.words}：{in_wan(self.left)} {'≠' if self.rule.relation == '=' else '>'} {in_wan(self.right)} 万元"


def _one(row: str, column: str = AMOUNT) -> tuple[Place, ...]:
    return ((1, row, column),)


def _sum(table: int, *columns: str, row: str = TOTAL) -> tuple[Place, ...]:
    return tuple((table, row, column) for column in columns)


BASIC6 = "本年一般公共预算基本支出"
RULES: tuple[Rule, ...] = (
    Rule("表1 收入总计等于支出总计", _one("收入总计"), _one("支出总计")),
    Rule("表1 本年收入合计加上年结转结余等于收入总计", _one("本年收入合计") + _one("上年结转结余"), _one("收入总计")),
    Rule("表1 本年支出合计加年终结转结余等于支出总计", _one("本年支出合计") + _one("年终结转结余"), _one("支出总计")),
    Rule("表2 合计等于表1 收入总计", _sum(2, "合计"), _one("收入总计")),
    Rule("表2 本年收入等于表1 本年收入合计", _sum(2, "本年收入/小计"), _one("本年收入合计")),
    Rule("表2 上年结转结余等于表1 上年结转结余", _sum(2, "上年结转结余/小计"), _one("上年结转结余")),
    *(
        Rule(f"表2 {words}等于表1 {words}", _sum(2, f"本年收入/{words}"), _one(f"{in_chinese(list(INCOME_LINES).index(code) + 1)}、{INCOME_LINES[code]}"))
        for code, words in (FUNDS | OWN_INCOME).items()
        if code != "own"
    ),
    Rule("表2 上年结转结余等于各来源之和", _sum(2, "上年结转结余/小计"), _sum(2, *(f"上年结转结余/{words}" for words in FUNDS.values()))),
    Rule("表3 合计等于表1 本年支出合计", _sum(3, "合计"), _one("本年支出合计")),
    Rule(
        "表3 合计等于各类支出之和",
        _sum(3, "合计"),
        _sum(3, "基本支出", "项目支出", "事业单位经营支出", "上缴上级支出", "对附属单位补助支出"),
    ),
    Rule("表4 收入总计等于支出总计", ((4, "收入总计", AMOUNT),), ((4, "支出总计", "合计"),)),
    Rule("表4 支出总计等于各预算之和", ((4, "支出总计", "合计"),), tuple((4, "支出总计", FUNDS[fund]) for fund in ("general", "fund", "capital"))),
    *(
        Rule(
            f"表4 {FUNDS[fund]}收入等于支出",
            ((4, f"（{in_chinese(place)}）{FUNDS[fund]}拨款", AMOUNT), (4, f"（{in_chinese(place)}）{FUNDS[fund]}结转", AMOUNT)),
            ((4, "支出总计", FUNDS[fund]),),
        )
        for place, fund in enumerate(("general", "fund", "capital"), start=1)
    ),
    *(
        Rule(f"表4 {FUNDS[fund]}拨款等于表1", ((4, f"（{in_chinese(place)}）{FUNDS[fund]}拨款", AMOUNT),), _one(f"{in_chinese(place)}、{INCOME_LINES[fund]}"))
        for place, fund in enumerate(("general", "fund", "capital"), start=1)
    ),
    Rule("表5 合计等于表4 一般公共预算支出", _sum(5, "合计"), ((4, "一、本年支出", FUNDS["general"]),)),
    Rule("表5 合计等于基本支出加项目支出", _sum(5, "合计"), _sum(5, "基本支出/小计", "项目支出")),
    Rule("表6 合计等于表5 基本支出", _sum(6, f"{BASIC6}/合计"), _sum(5, "基本支出/小计")),
    Rule("表6 人员经费等于表5 人员经费", _sum(6, f"{BASIC6}/人员经费"), _sum(5, "基本支出/人员经费")),
    Rule("表6 公用经费等于表5 公用经费", _sum(6, f"{BASIC6}/公用经费"), _sum(5, "基本支出/公用经费")),
    Rule("表7 合计等于各项之和", _sum(7, "“三公”经费合计"), _sum(7, "因公出国（境）费", "公务用车购置及运行费/小计", "公务接待费")),
    Rule(
        "表7 公务用车等于购置加运行",
        _sum(7, "公务用车购置及运行费/小计"),
        _sum(7, "公务用车购置及运行费/公务用车购置费", "公务用车购置及运行费/公务用车运行费"),
    ),
    Rule("表7 “三公”经费不超过表5 一般公共预算支出", _sum(7, "“三公”经费合计"), _sum(5, "合计"), "≤"),
    *(
        Rule(f"表{table} 合计等于表4 {FUNDS[fund]}支出", _sum(table, f"本年{FUNDS[fund]}支出/合计"), ((4, "一、本年支出", FUNDS[fund]),))
        for table, fund in ((8, "fund"), (9, "capital"))
    ),
    *(
        Rule(f"表{table} 合计等于基本支出加项目支出", _sum(table, f"本年{FUNDS[fund]}支出/合计"), _sum(table, f"本年{FUNDS[fund]}支出/基本支出", f"本年{FUNDS[fund]}支出/项目支出"))
        for table, fund in ((8, "fund"), (9, "capital"))
    ),
    Rule("表10 合计等于表3 项目支出", _sum(10, "合计"), _sum(3, "项目支出")),
    *(
        Rule(f"表10 {FUNDS[fund]}等于表{table} 项目支出", _sum(10, f"本年拨款/{FUNDS[fund]}", f"财政拨款结转结余/{FUNDS[fund]}"), _sum(table, column))
        for fund, table, column in (
            ("general", 5, "项目支出"),
            ("fund", 8, f"本年{FUNDS['fund']}支出/项目支出"),
            ("capital", 9, f"本年{FUNDS['capital']}支出/项目支出"),
        )
    ),
    Rule(
        "表10 合计等于各来源之和",
        _sum(10, "合计"),
        _sum(10, *(f"{words}/{FUNDS[fund]}" for words in ("本年拨款", "财政拨款结转结余") for fund in ("general", "fund", "capital")), "财政专户管理资金", "单位资金"),
    ),
    Rule("表11 收入合计等于表1 收入总计", ((11, "收入构成", "合计"),), _one("收入总计")),
    Rule("表11 支出合计等于表3 合计", ((11, "支出构成", "合计"),), _sum(3, "合计")),
    Rule("表11 项目支出情况等于表10 合计", ((11, "项目支出情况", "项目本年度预算"),), _sum(10, "合计")),
)  # fmt: skip


def figures_of(grids: Iterable[Grid]) -> dict[Place, Decimal]:
    """Every figure of the tables by its place."""
    return {(grid.number, row, column): amount for grid in grids for (row, column), amount in grid.figures.items()}


def broken(grids: Sequence[Grid]) -> list[Broken]:
    """Every rule that doesn't hold. Figures that a table hasn't are nought."""
    figures = figures_of(grids)
    found = []
    for rule in (*RULES, *_trees(figures), *_projects(figures)):
        if rule.left[0][:2] == (11, "项目支出情况") and rule.left[0] not in figures:
            continue  # the form says nothing of kinds of projects
        left, right = (sum((figures.get(place, ZERO) for place in side), ZERO) for side in (rule.left, rule.right))
        if left > right if rule.relation == "≤" else left != right:
            found.append(Broken(rule, left, right))
    return found


def _trees(figures: Figures) -> list[Rule]:
    """Classes are the sums of what stands below them, and totals those of all."""
    rules = []
    tables: dict[tuple[int, str], list[str]] = {}
    for table, row, column in figures:
        if table in (2, 3, 5, 6, 7, 8, 9, 10):
            tables.setdefault((table, column), []).append(row)
    for (table, column), rows in tables.items():
        coded = [row for row in rows if row.isdigit()] if table in (3, 5, 6, 8, 9) else []
        tops = [row for row in coded if len(row) == 3] if coded else [row for row in rows if row != TOTAL]
        tops += [NO_CODE] if coded and NO_CODE in rows else []
        rules.append(_parent(table, column, TOTAL, tops))
        for code in coded:
            below = [row for row in coded if len(row) == len(code) + 2 and row.startswith(code)]
            if below:
                rules.append(_parent(table, column, code, below))
    return rules


def _parent(table: int, column: str, row: str, below: list[str]) -> Rule:
    return Rule(
        f"表{table} {row} {column}等于下级之和", ((table, row, column),), tuple((table, one, column) for one in below)
    )


def _projects(figures: Figures) -> list[Rule]:
    """Each project's form agrees with itself and with table 10."""
    rules = []
    for table, code, column in figures:
        if table == 12 and column == "项目当年预算":
            own: tuple[Place, ...] = ((12, code, column),)
            rules.append(Rule(f"表12 项目 {code} 的资金来源等于当年预算", ((12, code, "资金来源合计"),), own))
            rules.append(Rule(f"表12 项目 {code} 的支出明细等于当年预算", ((12, code, "支出明细合计"),), own))
            if code:
                rules.append(Rule(f"表12 项目 {code} 的当年预算等于表10", own, ((10, code, "合计"),)))
    return rules
