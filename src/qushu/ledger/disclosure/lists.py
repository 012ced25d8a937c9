"""Tables with a line for each class, unit or project, built from their definitions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from ..subjects import names_of
from ..versions.rules import Row, in_wan, total
from .definitions import AmountColumn, ListTable, Where
from .grid import Cell, Grid, head_over

TOTAL = "合计"
LEVELS = {"function": (3, 5, 7), "economic": (3, 5)}
NO_CODE = "（未填科目）"
KINDS = {"R": "人员类", "Y": "运转类", "T": "特定目标类"}
"""The letter in a project's code says what kind it is (预算管理一体化规范)."""

Line = tuple[tuple[str, ...], int, list[Row]]
"""Labels, level, rows of a line."""


def fits(row: Row, where: Where) -> bool:
    """Whether the row meets every condition."""
    return all(getattr(row, name) in wanted for name, wanted in where.items())


def list_grid(table: ListTable, rows: Sequence[Row], department: str) -> Grid:
    """The table of these rows (all of the budget's; it picks its own)."""
    own = [row for row in rows if fits(row, table.where)]
    lines: list[Line] = [(_total_labels(table), 0, own), *_LINES[table.by](table, own, department)]
    body, figures = [], dict[tuple[str, str], Decimal]()
    for labels, level, found in lines:
        key = labels[-1] if table.by == "project" and found is not own else labels[0] or labels[1]
        key = TOTAL if found is own else key
        amounts = [total(row for row in found if fits(row, column.where)) for column in table.columns]
        figures |= {(key, "/".join(c.path)): a for c, a in zip(table.columns, amounts, strict=True)}
        body.append(_cells(table, labels, level, amounts, strong=found is own))
    return Grid(
        table.number,
        table.title,
        (*_label_widths(table), *(_amount_width(column) for column in table.columns)),
        head_over([*table.labels, *(column.path for column in table.columns)]),
        body,
        figures,
        notes=[table.none] if table.none and not own else [],
        gaps=_gaps(table, rows, own),
        wide=table.wide,
    )


def _cells(table: ListTable, labels: tuple[str, ...], level: int, amounts: list[Decimal], strong: bool) -> list[Cell]:
    words = [
        Cell(label, strong=strong, level=level if place == len(labels) - 1 and table.by in LEVELS else 0)
        for place, label in enumerate(labels[: len(table.labels)])
    ]
    return [*words, *(Cell(amount or None, strong=strong, side="right") for amount in amounts)]


def _amount_width(column: AmountColumn) -> float:
    """Totals are the longest numbers."""
    return 1.35 if column.path[-1] in ("合计", "小计", "“三公”经费合计", "一般公共预算") else 1.0


def _label_widths(table: ListTable) -> tuple[float, ...]:
    return {"function": (0.9, 3.0), "economic": (0.9, 2.4), "unit": (1.0, 2.0), "project": (1.0, 3.0, 1.8)}[table.by]


def _total_labels(table: ListTable) -> tuple[str, ...]:
    return (TOTAL, "", "") if table.by == "project" else ("", TOTAL)


def _by_code(table: ListTable, rows: list[Row], _: str) -> Iterable[Line]:
    field = f"{table.by}_code"
    names = names_of(table.by, rows)
    nodes: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        code = getattr(row, field)
        for length in LEVELS[table.by] if code else (0,):
            nodes[code[:length]].append(row)
    for code in sorted(code for code in nodes if code):
        yield (code, names.get(code, "")), LEVELS[table.by].index(len(code)), nodes[code]
    if nodes.get(""):
        yield ("", NO_CODE), 0, nodes[""]


def _by_unit(_: ListTable, rows: list[Row], department: str) -> Iterable[Line]:
    nodes: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        nodes[row.unit_code, row.unit_name or department].append(row)
    for (code, name), found in sorted(nodes.items()):
        yield (code, name), 0, found


def _by_project(_: ListTable, rows: list[Row], department: str) -> Iterable[Line]:
    nodes: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        nodes[row.project_code, row.project_name].append(row)
    for (code, name), found in nodes.items():
        yield (kind_of(code), name, found[0].unit_name or department, code or name), 0, found


def kind_of(project_code: str) -> str:
    """人员类, 运转类 or 特定目标类 by the code's letter; empty when it has none."""
    letter = next((sign for sign in project_code if sign.isalpha()), "")
    return KINDS.get(letter, "")


_LINES = {"function": _by_code, "economic": _by_code, "unit": _by_unit, "project": _by_project}


def _gaps(table: ListTable, rows: Sequence[Row], own: Sequence[Row]) -> list[str]:
    """What the table can't show because the budget's rows don't say it."""
    conditions: list[Mapping[str, object]] = [table.where, *(column.where for column in table.columns)]
    asks_fund = any("fund" in where or "source" in where for where in conditions)
    without_fund = {name: wanted for name, wanted in table.where.items() if name != "fund"}
    near = [row for row in rows if fits(row, without_fund)]
    checks = [("资金来源", [row for row in near if asks_fund and not row.source])]
    checks += [
        (label, [row for row in near if kind in (table.by, *table.where) and not getattr(row, f"{name}_code")])
        for kind, name, label in (("function", "function", "功能科目"), ("economic", "economic", "经济科目"))
    ]
    if "economic_code" in table.where:
        broad = [row for row in rows if fits(row, {k: v for k, v in table.where.items() if k != "economic_code"})]
        checks.append(("经济科目", [row for row in broad if not row.economic_code]))
    said = [
        f"有 {len(found)} 条共 {in_wan(total(found))} 万元没有写{label}，本表不完整" for label, found in checks if found
    ]
    side = table.where["side"]
    if not any(row.side in side for row in rows):
        said.append("预算稿里还没有" + ("收入" if "income" in side else "支出"))
    return said
