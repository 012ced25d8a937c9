"""What a rule compares: two places of a document that speak of the same thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ..reading.parts import Document, FundLine

BASIC = ("人员类项目支出", "运转类项目支出")
"""基本支出 consists of these lines of the department's form."""

SPECIFIC = "特定目标类项目支出"
INCOME = ("财政拨款", "财政专户管理资金", "单位资金")
SPENDING = (*BASIC, SPECIFIC)
TOTAL = "合计"


@dataclass(frozen=True)
class Said:
    """A value, what it is called, and where it stands."""

    words: str
    value: Decimal | int | str
    line: int


@dataclass(frozen=True)
class Pair:
    """Two values that must be equal (to `within`), or the left at most the right."""

    left: Said
    right: Said
    subject: str = ""
    relation: Literal["equal", "at_most"] = "equal"
    within: Decimal = Decimal(0)

    @property
    def agrees(self) -> bool:
        """Whether they do."""
        left, right = self.left.value, self.right.value
        if isinstance(left, str) or isinstance(right, str):
            return left == right
        over = Decimal(left) - Decimal(right)
        return over <= self.within if self.relation == "at_most" else abs(over) <= self.within


def sum_of(amounts: Iterable[Decimal]) -> Decimal:
    """Their exact sum; nought of nothing."""
    return sum(amounts, Decimal(0))


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """A share to three places: one more than is printed, so that a half rounds up or to even and agrees with both."""
    return (part / whole * 100).quantize(Decimal("0.001"))


def printed(value: Decimal) -> Decimal:
    """How far a number may lie from the exact one that it was printed for: half its last place and a little."""
    return Decimal("0.6").scaleb(int(value.as_tuple().exponent))


def fund(document: Document, name: str) -> FundLine | None:
    """The department's line of this name."""
    return next((one for one in document.department.funds if one.name == name), None)


def basic(document: Document) -> tuple[Decimal, Decimal] | None:
    """基本支出 of this year and the last, from the department's form."""
    found = [line for name in BASIC if (line := fund(document, name))]
    if len(found) != len(BASIC):
        return None
    return sum_of(one.amount for one in found), sum_of(one.former[0] for one in found)
