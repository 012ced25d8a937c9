"""Values of targets as documents write them: ≥ 15 万件, 100%, 2024 年底, 无, or words."""

import re
from decimal import Decimal

from .parts import Operator, Reading

UNITS = (
    "万人次", "万件次", "亿条", "万条", "万元", "亿元", "万件", "万人", "万户", "万次", "公里", "千米", "平方米", "平方公里", "分钟", "小时", "工作日",
    "个月", "人次", "件次", "GB", "TB", "MB", "Mbps", "G", "M", "%", "％", "‰", "亿", "万", "元", "件", "个", "篇", "条", "台", "次", "人", "户", "家", "项", "期", "份",
    "套", "处", "天", "日", "月", "年", "场", "批", "名", "只", "辆", "宗", "起", "分", "秒", "级", "位",
)  # fmt: skip
"""Units of measure that a value may carry, longest first where one begins with another."""

_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_SIGNS: dict[str, Operator] = {"≥": ">=", "≧": ">=", ">=": ">=", "≤": "<=", "≦": "<=", "<=": "<=", "=": "=", "＝": "="}
_SIGN = "|".join(map(re.escape, _SIGNS))
AMOUNT = r"\d+(?:,\d{3})*(?:\.\d+)?"
YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
"""What a unit of money is in 元."""

MONEY = rf"(?P<amount>{AMOUNT})(?P<unit>[万亿]元|元|[万亿](?![人件条次户亩平公吨个台名辆份]))"
"""An amount in words; 10 万 is 10 万元, 10 万人 is none."""

DATE = r"\d{4}年(?:底|末|初|\d{1,2}月(?:底|末|\d{1,2}日)?)"
NONE = "无"
CELL = re.compile(
    rf"(?P<none>{NONE})|(?P<date>{DATE})|(?P<sign>{_SIGN})?\s?(?P<number>{AMOUNT})(?:\s?(?P<unit>{_UNIT}))?"
)


def number_of(text: str) -> Decimal:
    """What AMOUNT matched as a number: 1,316.82."""
    return Decimal(text.replace(",", ""))


def money_of(found: "re.Match[str]", unit: str, amount: str = "amount", said: str = "unit") -> Decimal:
    """What MONEY matched, in the document's unit; its groups may have other names."""
    told = f"{found[said].removesuffix('元')}元"
    number = number_of(found[amount])
    return number if told == unit else number * YUAN[told] / YUAN[unit]


def reading_of(cell: "re.Match[str]") -> Reading | None:
    """The value of a matched cell; None for 无."""
    if cell["none"]:
        return None
    if cell["date"]:
        return Reading("date", cell["date"])
    unit = (cell["unit"] or "").replace("％", "%")
    return Reading(_SIGNS[cell["sign"]] if cell["sign"] else "=", number_of(cell["number"]), unit)
