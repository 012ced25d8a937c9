"""The rows of a budget and what they must satisfy before they are submitted. Amounts are 元 to the 分. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

ZERO = Decimal("0.00")
CENT = Decimal("0.01")

SIDES = {"income": "收入", "spending": "支出"}

FUNDS = {
    "general": "一般公共预算",
    "fund": "政府性基金预算",
    "capital": "国有资本经营预算",
    "special": "财政专户管理资金",
    "own": "单位资金",
}
"""Where money that is spent comes from."""

OWN_INCOME = {
    "career": "事业收入",
    "business": "事业单位经营收入",
    "superior": "上级补助收入",
    "subordinate": "附属单位上缴收入",
    "other": "其他收入",
}
"""The kinds of income that make up 单位资金."""

SOURCES = FUNDS | OWN_INCOME
PUBLIC = ("general", "fund", "capital")
"""财政拨款."""

CATEGORIES = {
    "personnel": "人员经费",
    "operating": "公用经费",
    "project": "项目支出",
    "business": "事业单位经营支出",
    "upward": "上缴上级支出",
    "downward": "对附属单位补助支出",
    "kept": "年终结转结余",
}
BASIC = ("personnel", "operating")
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'")
"""What a spreadsheet would take for the beginning of a formula."""


@dataclass(frozen=True, slots=True)
class Row:
    """An income or an amount to spend. Codes are those of 政府收支分类; an empty one isn't known yet."""

    side: str
    amount: Decimal
    source: str = ""
    carried: bool = False
    unit_code: str = ""
    unit_name: str = ""
    category: str = ""
    function_code: str = ""
    function_name: str = ""
    economic_code: str = ""
    economic_name: str = ""
    project_code: str = ""
    project_name: str = ""

    @property
    def fund(self) -> str:
        """The fund an income belongs to, or that is spent."""
        return "own" if self.source in OWN_INCOME else self.source

    @property
    def source_words(self) -> str:
        """The source's name; empty when it isn't known."""
        return SOURCES.get(self.source, "")

    @property
    def category_words(self) -> str:
        """The category's name; empty for income."""
        return CATEGORIES.get(self.category, "")

    @property
    def key(self) -> tuple[object, ...]:
        """What makes it one row: everything but names and amount."""
        return tuple(getattr(self, name) for name in KEY)

    @property
    def words(self) -> str:
        """What people call it."""
        if self.side == "income":
            return f"{'上年结转' if self.carried else ''}{SOURCES.get(self.source, '未写来源的收入')}"
        name = self.project_name or CATEGORIES.get(self.category, "支出")
        return " ".join(filter(None, (name, self.function_code, self.economic_name or self.economic_code)))


KEY = ("side", "unit_code", "category", "project_code", "function_code", "economic_code", "source", "carried")
NAMES = tuple(one.name for one in fields(Row))


def total(rows: Iterable[Row]) -> Decimal:
    """The sum of their amounts."""
    return sum((row.amount for row in rows), ZERO)


def flaws(rows: Sequence[Row]) -> list[str]:
    """What can't be kept even in a draft, in words; empty when all is well."""
    said = []
    seen: dict[tuple[object, ...], int] = {}
    for place, row in enumerate(rows, start=1):
        said += [f"第 {place} 条（{row.words}）：{why}" for why in _flaws_of(row)]
        if row.key in seen:
            said.append(f"第 {place} 条和第 {seen[row.key]} 条是同一条明细（{row.words}），请合并。")
        seen.setdefault(row.key, place)
    names: dict[str, str] = {}
    for row in rows:
        if row.project_code and names.setdefault(row.project_code, row.project_name) != row.project_name:
            said.append(f"项目 {row.project_code} 有两个名称：{names[row.project_code]}、{row.project_name}。")
    return said


def _flaws_of(row: Row) -> list[str]:
    said = []
    if row.amount <= 0 or row.amount != row.amount.quantize(CENT):
        said.append("金额要大于零，最多两位小数。")
    if row.source in OWN_INCOME and (row.side == "spending" or row.carried):
        said.append("支出和结转的来源只分到“单位资金”。")
    if row.side == "income" and not row.carried and row.source == "own":
        said.append("单位资金要写明是哪一种收入（事业收入、其他收入等）。")
    if row.side == "income" and (row.category or row.function_code or row.economic_code or row.project_code):
        said.append("收入不写支出类别、科目和项目。")
    if row.side == "spending" and not row.category:
        said.append("没有写支出类别。")
    if (row.category == "project") != bool(row.project_code or row.project_name):
        said.append("项目支出要写项目，其他支出不写。" if row.category != "project" else "项目支出没有写项目。")
    for text in (
        row.unit_code,
        row.unit_name,
        row.function_name,
        row.economic_name,
        row.project_code,
        row.project_name,
    ):
        if text.startswith(FORMULA) or text != " ".join(text.split()):
            said.append(f"“{text[:20]}”不能以 = + - @ ' 开头，首尾和中间不能有多余的空白。")
    for code, length, label in ((row.function_code, 7, "功能科目"), (row.economic_code, 5, "经济科目")):
        if code and not (code.isascii() and code.isdigit() and len(code) == length):
            said.append(f"{label}编码“{code}”要是 {length} 位数字。")
    return said


def missing(rows: Sequence[Row]) -> list[str]:
    """What must still be filled in before the budget can be submitted, with how much money it is about."""
    open_ends: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for label in _missing_of(row):
            open_ends[label].append(row)
    said = [f"{len(found)} 条没有写{label}，共 {in_wan(total(found))} 万元" for label, found in open_ends.items()]
    return said + [f"还没有{words}" for side, words in SIDES.items() if not any(row.side == side for row in rows)]


def _missing_of(row: Row) -> list[str]:
    wanted = {"资金来源": row.source}
    if row.side == "spending" and row.category != "kept":
        wanted |= {"功能科目": row.function_code, "经济科目": row.economic_code}
    if row.category == "project":
        wanted["项目编码"] = row.project_code
    return [label for label, value in wanted.items() if not value]


def imbalances(rows: Sequence[Row]) -> list[str]:
    """Where income and spending of a fund differ, in words."""
    said = []
    for fund, words in FUNDS.items():
        income = total(row for row in rows if row.side == "income" and row.fund == fund)
        spending = total(row for row in rows if row.side == "spending" and row.fund == fund)
        if income != spending:
            said.append(
                f"{words}：收入 {in_wan(income)} 万元，支出 {in_wan(spending)} 万元，差 {in_wan(income - spending)} 万元"
            )
    return said


def changes(before: Sequence[Row], after: Sequence[Row]) -> dict[tuple[object, ...], tuple[Row, Decimal]]:
    """What the later rows grant more or less: {key: (row, difference)}, without what stays."""
    old = {row.key: row for row in before}
    new = {row.key: row for row in after}
    found = {}
    for key in [*old, *(key for key in new if key not in old)]:
        moved = (new[key].amount if key in new else ZERO) - (old[key].amount if key in old else ZERO)
        if moved:
            found[key] = (new.get(key) or old[key], moved)
    return found


def put(rows: Sequence[Row], place: int | None, row: Row | None) -> list[Row]:
    """The rows with one added (place None), replaced, or left out (row None); place counts from 1. Raises IndexError."""
    changed = list(rows)
    if place is None:
        return [*changed, row] if row else changed
    if not 1 <= place <= len(changed):
        raise IndexError(place)
    changed[place - 1 : place] = [row] if row else []
    return changed


def fill_in(rows: Sequence[Row], places: Collection[int], said: Mapping[str, str]) -> list[Row]:
    """The rows with what is said (field: value; an empty one says nothing) in those of these places, counted from 1.

    A code that comes without its name takes the usual one (`named`) instead of what stood there.
    """
    given: dict[str, Any] = {name: value for name, value in said.items() if value}
    for code, name in (("function_code", "function_name"), ("economic_code", "economic_name")):
        if code in given:
            given.setdefault(name, "")
    return [replace(row, **given) if place in places else row for place, row in enumerate(rows, start=1)]


def named(row: Row, names: Mapping[str, str]) -> Row:
    """The row with the usual names of its codes where it has none of its own (`names` by code)."""
    return replace(
        row,
        function_name=row.function_name or names.get(row.function_code, ""),
        economic_name=row.economic_name or names.get(row.economic_code, ""),
    )


def in_wan(amount: Decimal) -> str:
    """元 as 万元 without rounding: two decimals, or as many more as it takes to the 分."""
    text = f"{amount / 10_000:,.6f}"
    whole, _, part = text.partition(".")
    return f"{whole}.{part[:2]}{part[2:].rstrip('0')}"
