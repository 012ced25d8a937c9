"""考核: from counts to rates, from rates to points, from points to score, rank and tier. Exact decimals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
RATE_PLACES = Decimal("0.01")
SCORE_PLACES = Decimal("0.001")


@dataclass(frozen=True)
class Count:
    """How many of how many: the two figures behind a rate. `excluded` are in neither and stand beside it."""

    part: int = 0
    whole: int = 0
    excluded: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.part + other.part, self.whole + other.whole, self.excluded + other.excluded)

    @property
    def volume(self) -> int:
        """How many there were, excluded or not."""
        return self.whole + self.excluded

    @property
    def rate(self) -> Decimal | None:
        """Percent with two places, half up; None when there is nothing to judge, which is neither 0 nor 100."""
        if self.whole == 0:
            return None
        return (HUNDRED * self.part / self.whole).quantize(RATE_PLACES, ROUND_HALF_UP)


@dataclass(frozen=True)
class PointRule:
    """points = max(floor, cap − slope · gap); gap is how far the rate is from the target on the wrong side, in points."""

    measure: str
    target: Decimal
    slope: Decimal
    floor: Decimal
    cap: Decimal
    weight: Decimal = Decimal(1)
    less_is_better: bool = False

    def points(self, rate: Decimal) -> Decimal:
        """The points of this rate (percent), exact and unrounded."""
        gap = rate - self.target if self.less_is_better else self.target - rate
        return max(self.floor, self.cap - self.slope * max(Decimal(0), gap))


def score(rules: Sequence[PointRule], rates: Mapping[str, Decimal | None]) -> Decimal | None:
    """The weighted sum of points, to three places.

    A rule without a rate (nothing to judge) is left out and its share goes to the others in proportion to their highest
    points, so that nobody gains or loses by having had no such case. None when no rule has a rate.
    """
    judged = [(rule, rate) for rule in rules if (rate := rates.get(rule.measure)) is not None]
    if not judged:
        return None
    reached = sum((rule.weight * rule.points(rate) for rule, rate in judged), Decimal(0))
    possible = sum((rule.weight * rule.cap for rule, _ in judged), Decimal(0))
    whole = sum((rule.weight * rule.cap for rule in rules), Decimal(0))
    scaled = reached if possible == whole or not possible else reached * whole / possible
    return scaled.quantize(SCORE_PLACES, ROUND_HALF_UP)


def points_of(rules: Sequence[PointRule], rates: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    """The weighted points of each rule, to three places, by measure; None when there is nothing to judge."""
    return {
        rule.measure: None
        if (rate := rates.get(rule.measure)) is None
        else (rule.weight * rule.points(rate)).quantize(SCORE_PLACES, ROUND_HALF_UP)
        for rule in rules
    }


def ranks(scores: Iterable[Decimal | None]) -> list[int | None]:
    """Place of each score, the highest first; equal scores share a place and the next is skipped. None has no place."""
    listed = list(scores)
    ordered = sorted((one for one in listed if one is not None), reverse=True)
    return [None if one is None else ordered.index(one) + 1 for one in listed]


def tier(rate: Decimal | None, bounds: Sequence[tuple[Decimal, str]]) -> str:
    """The name of the first bound (lowest rate of the tier, name; highest first) that the rate reaches; "" without one."""
    if rate is None:
        return ""
    return next((name for lowest, name in bounds if rate >= lowest), "")


def rule_in_words(rule: PointRule, name: str) -> str:
    """The rule as people read it: 满意率达到 95% 得满分 25 分，每低 1 个百分点扣 0.5 分，最低 12.5 分。"""
    reached, missed = ("不高于", "每高") if rule.less_is_better else ("达到", "每低")
    words = f"{name}{reached} {plain(rule.target)}% 得满分 {plain(rule.cap)} 分"
    if rule.slope:
        words += f"，{missed} 1 个百分点扣 {plain(rule.slope)} 分，最低 {plain(rule.floor)} 分"
    return words + (f"；再乘以权重 {plain(rule.weight)}" if rule.weight != 1 else "")


def rule_as_formula(rule: PointRule) -> str:
    """The rule as arithmetic: max(12.5, 25 − 0.5 × max(0, 95 − 率))."""
    gap = f"率 − {plain(rule.target)}" if rule.less_is_better else f"{plain(rule.target)} − 率"
    formula = f"max({plain(rule.floor)}, {plain(rule.cap)} − {plain(rule.slope)} × max(0, {gap}))"
    return formula if rule.weight == 1 else f"{formula} × {plain(rule.weight)}"


def plain(number: Decimal) -> str:
    """A decimal without superfluous zeros."""
    return f"{number.normalize():f}"
