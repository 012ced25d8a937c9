"""Which sides of a line an act moves, what a line can't bear, and where a year's payments are heading. Amounts are 元."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")

MOVES: dict[str, tuple[str, str]] = {
    "budget": ("granted", "free"),
    "adjustment": ("granted", "free"),
    "commitment": ("free", "committed"),
    "release": ("committed", "free"),
    "payment": ("committed", "paid"),
    "direct": ("free", "paid"),
}
"""Kind of act: the side it takes from, the side it gives to."""

SHORT = {"free": "可用余额", "committed": "已签约未支付的金额"}


@dataclass(frozen=True)
class Balance:
    """What stands on the sides of a line; `granted` is the mirror of the other three and so never positive."""

    granted: Decimal = ZERO
    free: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO

    @property
    def budget(self) -> Decimal:
        """What the line may spend in the year."""
        return -self.granted


def postings(kind: str, amount: Decimal) -> dict[str, Decimal]:
    """The signed amounts by side; their sum is nought. A negative adjustment takes money back."""
    source, goal = MOVES[kind]
    return {source: -amount, goal: amount}


def after(balance: Balance, moved: Mapping[str, Decimal]) -> Balance:
    """The balance once `moved` is entered."""
    return Balance(
        **{side: getattr(balance, side) + moved.get(side, ZERO) for side in ("granted", "free", "committed", "paid")}
    )


def refusal(balance: Balance, kind: str, amount: Decimal) -> str:
    """Why an act can't be entered, in words for the person; empty when it can."""
    if amount != amount.quantize(CENT):
        return "金额最多两位小数（到分）。"
    if amount == 0 or (amount < 0 and kind != "adjustment"):
        return "金额要大于零；只有调整可以为负。"
    then = after(balance, postings(kind, amount))
    for side, words in SHORT.items():
        if getattr(then, side) < 0:
            return f"{words}只有 {getattr(balance, side)} 元，不够 {abs(amount)} 元。没有入账。"
    return ""


def year_end(paid: Decimal, bound: Decimal, budget: Decimal, through: int) -> Decimal:
    """Payments forecast for the whole year, seen at the end of month `through` (1 to 12).

    The pace so far carried to December, at least what is paid or bound by contract, at most the budget. Raises ValueError.
    """
    if not 1 <= through <= 12:
        raise ValueError(through)
    pace = (paid * 12 / through).quantize(CENT, ROUND_HALF_UP)
    return min(budget, max(pace, paid + bound))
