"""What a cut would do: how much of it each line bears, what is out of reach, which targets stand behind. Changes nothing. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from .rules import CENT, ZERO, Balance


@dataclass(frozen=True)
class Share:
    """A line's part of a cut, in 元. `reach` is what isn't bound or paid and so can be cut; `beyond` what is asked above it."""

    line_id: int
    budget: Decimal
    cut: Decimal
    reach: Decimal

    @property
    def left(self) -> Decimal:
        """The budget after the cut."""
        return self.budget - self.cut

    @property
    def beyond(self) -> Decimal:
        """What contracts or payments already hold."""
        return max(ZERO, self.cut - self.reach)


def spread(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount over weights, to the 分; the largest remainders get the last 分, so that the parts add up exactly.

    Raises ValueError when there is nothing to spread it over.
    """
    whole = sum(weights, ZERO)
    if whole <= 0:
        raise ValueError("nothing to spread over")
    exact = [total * weight / whole for weight in weights]
    parts = [part.quantize(CENT, ROUND_FLOOR) for part in exact]
    missing = int((total - sum(parts, ZERO)) / CENT)
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[:missing]:
        parts[place] += CENT
    return parts


def cut_by_percent(balances: Sequence[tuple[int, Balance]], percent: Decimal) -> list[Share]:
    """So much of every line's budget. Raises ValueError when it isn't above 0 and at most 100."""
    if not 0 < percent <= 100:
        raise ValueError(percent)
    wanted = (sum((one.budget for _, one in balances), ZERO) * percent / 100).quantize(CENT)
    return cut_by_amount(balances, wanted)


def cut_by_amount(balances: Sequence[tuple[int, Balance]], amount: Decimal) -> list[Share]:
    """The amount over the lines in proportion to their budgets. Raises ValueError when it is more than all of them."""
    budgets = [one.budget for _, one in balances]
    if not 0 < amount <= sum(budgets, ZERO):
        raise ValueError(amount)
    parts = spread(amount, budgets)
    return [Share(line_id, one.budget, part, one.free) for (line_id, one), part in zip(balances, parts, strict=True)]
