"""表11 部门整体支出绩效目标申报表."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from ..versions.rules import PUBLIC, ZERO, Row, total
from .filing import Filing
from .grid import Cell, Grid
from .lists import kind_of
from .parts import Cells, heads, label, money, target_rows

WIDTHS = (1.1, 1.1, 2.3, 1.5, 1.3, 1.3, 1.7)
PERCENT = Decimal("0.01")


def overall_form(rows: Sequence[Row], filing: Filing) -> Grid:
    """Money of three years, kinds of projects, goals and targets of the whole department."""
    figures: dict[tuple[str, str], Decimal] = {}
    body: list[Cells] = [
        [label("部门（单位）名称", 2), Cell(filing.department, 5)],
        [label("填报人", 2), Cell(""), label("联系电话"), Cell("", 3)],
        *_funds(rows, filing, figures),
        [label("部门职能概述", 2), Cell(filing.duties, 5)],
        [label("年度工作任务", 2), Cell(filing.tasks, 5)],
        *_groups(filing, figures),
        *_goals(filing),
    ]
    gaps = [
        f"{words}：公开文件里没有，请补充"
        for words, there in (
            ("绩效目标和指标", filing.targets.get("")),
            ("部门职能概述", filing.duties),
            ("年度工作任务", filing.tasks),
            ("项目支出情况", filing.groups),
        )
        if not there
    ]
    return Grid(11, "部门整体支出绩效目标申报表", WIDTHS, [], body, figures, gaps=gaps)


def _funds(rows: Sequence[Row], filing: Filing, figures: dict[tuple[str, str], Decimal]) -> list[Cells]:
    income = [row for row in rows if row.side == "income"]
    spent = [row for row in rows if row.side == "spending" and row.category != "kept"]
    parts = {
        "财政拨款": total(row for row in income if row.fund in PUBLIC),
        "财政专户管理资金": total(row for row in income if row.fund == "special"),
        "单位资金": total(row for row in income if row.fund == "own"),
        "合计": total(income),
    }
    spending = {name: total(row for row in spent if _kind(row) == name) for name in SPENDING}
    spending = {name: amount for name, amount in spending.items() if amount or name != OTHER}
    spending["支出合计"] = total(spent)
    lines = [("收入构成", parts), ("支出构成", spending)]
    found: list[Cells] = []
    for side, amounts in lines:
        for place, (name, amount) in enumerate(amounts.items()):
            figures[side, name.removeprefix("支出")] = amount
            last, before = filing.funds.get(name, (None, None))
            share = _share(amount, [*amounts.values()][-1])
            first = [label(side, 1, len(amounts))] if place == 0 else []
            found.append([*first, Cell(name.removeprefix("支出") if "合计" in name else name), money(amount), Cell(share, side="right"), money(last), money(before)])  # fmt: skip
    head = [
        [label("部门总体资金情况", 1, len(found) + 2), label("总体资金情况", 2, 2), label("当年金额", 1, 2), label("占比", 1, 2), label("近两年收支金额", 2)],
        [label(f"{filing.year - 1}年"), label(f"{filing.year - 2}年")],
    ]  # fmt: skip
    return [*head, *found]


OTHER = "其他支出"
SPENDING = ("人员类项目支出", "运转类项目支出", "特定目标类项目支出", OTHER)


def _kind(row: Row) -> str:
    """The kind of a spending row as the form has it; a project without a letter in its code is 特定目标类."""
    kinds = {"personnel": "人员类", "operating": "运转类", "project": kind_of(row.project_code) or "特定目标类"}
    return f"{kinds[row.category]}项目支出" if row.category in kinds else OTHER


def _share(amount: Decimal, whole: Decimal) -> str:
    return f"{(amount * 100 / whole).quantize(PERCENT, ROUND_HALF_UP).normalize():f}%" if whole else ""


def _groups(filing: Filing, figures: dict[tuple[str, str], Decimal]) -> list[Cells]:
    if not filing.groups:
        return []
    figures["项目支出情况", "项目本年度预算"] = sum((one[3] for one in filing.groups), ZERO)
    head = [
        label("项目支出情况", 1, len(filing.groups) + 1),
        *heads(
            ("项目名称", 2), ("支出项目类别", 1), ("项目总预算", 1), ("项目本年度预算", 1), ("主要支出方向和用途", 1)
        ),
    ]
    return [
        head,
        *(
            [Cell(name, 2), Cell(category), money(whole), money(budget), Cell(purpose)]
            for name, category, whole, budget, purpose in filing.groups
        ),
    ]


def _goals(filing: Filing) -> list[Cells]:
    goals, targets = filing.goals.get("", []), filing.targets.get("", [])
    said = {
        scope: "\n".join(f"目标{one.number}：{one.words}" for one in goals if one.scope == scope)
        for scope in ("long", "annual")
    }
    found: list[Cells] = [
        [label("整体绩效总目标", 1, 2), label("长期目标", 3), label("年度目标", 3)],
        [Cell(said["long"], 3), Cell(said["annual"], 3)],
    ]
    numbers = {(one.scope, one.words): one.number for one in goals}
    for (scope, goal), each in groupby(targets, lambda one: (one.scope, one.goal)):
        annual = scope == "annual"
        words = "年度" if annual else "长期"
        found.append([label(f"{words}目标 {numbers.get((scope, goal), '')}：{goal}", 7)])
        found.append([label(f"{words}绩效指标", 7)])
        if annual:
            found.append(heads(("一级指标", 1), ("二级指标", 1), ("三级指标", 1), ("前年", 1), ("上年", 1), ("预期当年实现", 1), ("指标值确定依据", 1)))  # fmt: skip
            found += target_rows(list(each), (), True, (1, 1, 1, 1, 1, 1, 1))
        else:
            found.append(heads(("一级指标", 1), ("二级指标", 1), ("三级指标", 3), ("指标值", 1), ("指标值确定依据", 1)))
            found += target_rows(list(each), (), False, (1, 1, 3, 1, 1))
    return found
