"""Tables 1 and 4: income on the left, spending on the right, equal at the bottom."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest

from qushu.kernel.papers.numbering import in_chinese

from ..subjects import names_of
from ..versions.rules import FUNDS, OWN_INCOME, PUBLIC, ZERO, Row, in_wan, total
from .grid import Cell, Grid, head_over
from .lists import fits

AMOUNT = "预算数"
INCOME_LINES = {
    "general": "一般公共预算拨款收入",
    "fund": "政府性基金预算拨款收入",
    "capital": "国有资本经营预算拨款收入",
    "special": "财政专户管理资金收入",
    **OWN_INCOME,
}
Line = tuple[str, list[Decimal], int]
"""Words, amounts, level of one side of a line."""


def overall(rows: Sequence[Row]) -> Grid:
    """表1 部门收支总表."""
    fresh = [row for row in rows if row.side == "income" and not row.carried]
    left = [
        (f"{in_chinese(place)}、{words}", [total(row for row in fresh if row.source == source)], 0)
        for place, (source, words) in enumerate(INCOME_LINES.items(), start=1)
    ]
    unknown = total(row for row in fresh if not row.source)
    left += [("（未写来源的收入）", [unknown], 0)] if unknown else []
    spent = [row for row in rows if fits(row, {"side": ("spending",)}) and row.category != "kept"]
    right = [
        (f"{in_chinese(place)}、{name}", amounts, 0)
        for place, (name, amounts) in enumerate(_classes(spent, [None]), start=1)
    ]
    right += _without_class(spent, [None])
    carried = total(row for row in rows if row.side == "income" and row.carried)
    kept = total(row for row in rows if row.category == "kept")
    this_year, this_spent = total(fresh), total(spent)
    bottom = [
        (("本年收入合计", [this_year], 0), ("本年支出合计", [this_spent], 0)),
        (("上年结转结余", [carried], 0), ("年终结转结余", [kept], 0)),
        (("收入总计", [this_year + carried], 0), ("支出总计", [this_spent + kept], 0)),
    ]
    head = head_over([("收入", "项目"), ("收入", AMOUNT), ("支出", "项目"), ("支出", AMOUNT)])
    return _grid(1, "部门收支总表", head, (2.7, 1.1, 2.9, 1.1), left, right, bottom, [AMOUNT], _gaps(rows, "function_code", "功能科目"))  # fmt: skip


def public(rows: Sequence[Row]) -> Grid:
    """表4 财政拨款收支总表."""
    granted = [row for row in rows if row.fund in PUBLIC]
    left: list[Line] = []
    for place, (words, carried) in enumerate((("本年收入", False), ("上年结转", True)), start=1):
        own = [row for row in granted if row.side == "income" and row.carried is carried]
        left.append((f"{in_chinese(place)}、{words}", [total(own)], 0))
        left += [
            (f"（{in_chinese(at)}）{FUNDS[fund]}{'结转' if carried else '拨款'}", [total(row for row in own if row.fund == fund)], 1)
            for at, fund in enumerate(PUBLIC, start=1)
        ]  # fmt: skip
    funds = [None, *PUBLIC]
    spent = [row for row in granted if row.side == "spending" and row.category != "kept"]
    kept = [row for row in granted if row.category == "kept"]
    right: list[Line] = [("一、本年支出", _each(spent, funds), 0)]
    right += [
        (f"（{in_chinese(place)}）{name}", amounts, 1)
        for place, (name, amounts) in enumerate(_classes(spent, funds), start=1)
    ]
    right += _without_class(spent, funds)
    right.append(("二、年终结转结余", _each(kept, funds), 0))
    income = total(row for row in granted if row.side == "income")
    bottom = [(("收入总计", [income], 0), ("支出总计", _each([*spent, *kept], funds), 0))]
    columns = ["合计", *(FUNDS[fund] for fund in PUBLIC)]
    head = head_over([("收入", "项目"), ("收入", AMOUNT), ("支出", "项目"), *(("支出", words) for words in columns)])
    gaps = [*_gaps(rows, "function_code", "功能科目"), *_gaps(rows, "source", "资金来源")]
    return _grid(4, "财政拨款收支总表", head, (2.4, 1.1, 2.8, 1.1, 1.1, 1.1, 1.1), left, right, bottom, columns, gaps, wide=True)  # fmt: skip


def _classes(rows: list[Row], funds: Sequence[str | None]) -> list[tuple[str, list[Decimal]]]:
    """Every class of spending in the order of its code, with its amounts by fund (None: all)."""
    names = names_of("function", rows)
    codes = sorted(
        {code for code in names if len(code) == 3} | {row.function_code[:3] for row in rows if row.function_code}
    )
    return [
        (names.get(code, code), _each([row for row in rows if row.function_code[:3] == code], funds)) for code in codes
    ]


def _without_class(rows: list[Row], funds: Sequence[str | None]) -> list[Line]:
    found = [row for row in rows if not row.function_code]
    return [("（未填功能科目的支出）", _each(found, funds), 1)] if found else []


def _each(rows: list[Row], funds: Sequence[str | None]) -> list[Decimal]:
    return [total(row for row in rows if fund is None or row.fund == fund) for fund in funds]


def _grid(
    number: int,
    title: str,
    head: list[list[Cell]],
    widths: tuple[float, ...],
    left: list[Line],
    right: list[Line],
    bottom: list[tuple[Line, Line]],
    columns: list[str],
    gaps: list[str],
    wide: bool = False,
) -> Grid:
    body, figures = [], dict[tuple[str, str], Decimal]()
    nothing: Line = ("", [], 0)
    pairs = [*zip_longest(left, right, fillvalue=nothing), *bottom]
    for place, (income, spending) in enumerate(pairs):
        strong = place >= len(pairs) - len(bottom)
        body.append([*_side(income, 1, strong), *_side(spending, len(columns), strong)])
        if income[0]:
            figures[income[0], AMOUNT] = income[1][0]
        figures |= {(spending[0], column): amount for column, amount in zip(columns, spending[1], strict=False)}
    return Grid(number, title, widths, head, body, figures, gaps=gaps, wide=wide)


def _side(line: Line, width: int, strong: bool) -> list[Cell]:
    words, amounts, level = line
    shown = [*amounts, *[ZERO] * (width - len(amounts))]
    return [
        Cell(words, strong=strong, level=level, side="center" if strong else "left"),
        *(Cell(amount or None, strong=strong, side="right") for amount in shown),
    ]


def _gaps(rows: Sequence[Row], field: str, label: str) -> list[str]:
    found = [
        row
        for row in rows
        if not getattr(row, field) and (field == "source" or (row.side == "spending" and row.category != "kept"))
    ]
    said = [f"有 {len(found)} 条共 {in_wan(total(found))} 万元没有写{label}，本表不完整"] if found else []
    lacking = [
        words for side, words in (("income", "收入"), ("spending", "支出")) if not any(r.side == side for r in rows)
    ]
    return said + [f"预算稿里还没有{words}" for words in lacking if field == "function_code"]
