"""A budget's rows as a spreadsheet: exported, filled in, imported again. What was exported comes back the same."""

from collections.abc import Sequence
from typing import BinaryIO

from qushu.kernel.errors import Refused
from qushu.kernel.tables import Column

from ..sheets import NOTHING, Cells, amount_of, code_of, read_cells
from ..subjects import usual
from .rules import CATEGORIES, SIDES, SOURCES, Row, named

COLUMNS: tuple[tuple[str, str], ...] = (
    ("收支", "side"),
    ("单位代码", "unit_code"),
    ("预算单位", "unit_name"),
    ("资金来源", "source"),
    ("上年结转结余", "carried"),
    ("支出类别", "category"),
    ("功能科目编码", "function_code"),
    ("功能科目名称", "function_name"),
    ("经济科目编码", "economic_code"),
    ("经济科目名称", "economic_name"),
    ("项目编码", "project_code"),
    ("项目名称", "project_name"),
    ("金额（元）", "amount"),
)
"""Headings with the fields of a row."""

HEADINGS = tuple(heading for heading, _ in COLUMNS)
LISTS = {"side": SIDES, "source": SOURCES, "category": CATEGORIES}
HELP = (
    f"资金来源：{'、'.join(SOURCES.values())}。支出只分到“单位资金”，收入要写是哪一种。",
    f"支出类别：{'、'.join(CATEGORIES.values())}。",
    "功能科目写到项（7 位），经济科目写到款（5 位）；常用科目的名称可以不写。其他科目可以写全：类/款/项。",
    "金额以元为单位，最多两位小数。上年结转结余写“是”或“否”。",
)
LONGEST = {"unit_code": 20, "unit_name": 60, "function_name": 120, "economic_name": 60, "project_code": 30, "project_name": 200}  # fmt: skip
MOST_SAID = 8


def columns() -> list[Column]:
    """The columns of the spreadsheet, each with its heading and how a row fills it."""
    wide = {"project_name": 40, "function_name": 36}
    return [Column(heading, _reader(name), wide.get(name, 16)) for heading, name in COLUMNS]


def _reader(name: str):  # type: ignore[no-untyped-def]
    words = LISTS.get(name)
    return (lambda row: words.get(getattr(row, name), "")) if words else (lambda row: getattr(row, name))


def read_rows(name: str, file: BinaryIO) -> list[Row]:
    """The rows of a filled-in spreadsheet. Raises Refused with the lines that are wrong; nothing is used then."""
    found, wrong = [], []
    for line, cells in read_cells(name, file, HEADINGS):
        try:
            found.append(row_of(cells))
        except Refused as refused:
            wrong.append(f"第 {line} 行：{refused.message}")
    if wrong:
        more = f"等 {len(wrong)} 行有问题。" if len(wrong) > MOST_SAID else ""
        raise Refused("".join(wrong[:MOST_SAID]) + more + NOTHING, code="bad_rows", field="file")
    return found


def row_of(cells: Cells) -> Row:
    """A row from its cells, with the usual names of its codes. Raises Refused."""
    said = {name: cells.get(heading, "") for heading, name in COLUMNS}
    for name, most in LONGEST.items():
        if len(said[name]) > most:
            raise Refused(f"“{said[name][:20]}…”超过 {most} 个字。")
    labels = {name: heading for heading, name in COLUMNS}
    codes = {name: code_of(words, said[name], labels[name]) for name, words in LISTS.items()}
    if not codes["side"]:
        raise Refused("收支没有填。")
    if said["carried"] not in ("", "是", "否"):
        raise Refused("上年结转结余要写“是”或“否”。")
    texts = {name: said[name] for name in LONGEST} | {name: said[name] for name in ("function_code", "economic_code")}
    row = Row(amount=amount_of(said["amount"], labels["amount"]), carried=said["carried"] == "是", **codes, **texts)
    return named(row, usual("function") | usual("economic"))


def compared(before: Sequence[Row], after: Sequence[Row]) -> list[tuple[str, Row | None, Row | None]]:
    """What an import would change: (new, changed or gone; the row before; the row after)."""
    old, new = {row.key: row for row in before}, {row.key: row for row in after}
    found: list[tuple[str, Row | None, Row | None]] = []
    for key, row in new.items():
        if key not in old:
            found.append(("new", None, row))
        elif old[key] != row:
            found.append(("changed", old[key], row))
    return found + [("gone", row, None) for key, row in old.items() if key not in new]
