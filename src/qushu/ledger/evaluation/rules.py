"""How points are shared out and earned. Pure; exact decimals, points with two places, half up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from .schemes import Scheme

CENT = Decimal("0.01")
NOUGHT = Decimal("0.00")
FAR_ABOVE = Decimal("1.3")
"""From 130 % of the promise on the promise was set too low: the form asks for the reason (财预〔2021〕101号)."""

BANDS = ((80, 100, "达成"), (60, 80, "部分达成"), (0, 60, "未达成"))
"""The three bands in which a person judges what is no number: percent from, percent to, name."""

_DAY = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})")
_YEAR_END = re.compile(r"(\d{4})\s*年\s*年?底")


def shared(points: Decimal, parts: int) -> list[Decimal]:
    """Points in equal parts of whole hundredths; the first ones take what remains, so that the sum is exact."""
    each = (points / parts).quantize(CENT, ROUND_DOWN)
    over = int((points - each * parts) / CENT)
    return [each + (CENT if place < over else NOUGHT) for place in range(parts)]


def weights_of(scheme: Scheme, levels: Sequence[str]) -> dict[str, Decimal]:
    """Points of the first levels that are there: those of absent ones go to the others in proportion. Sum: 100 − execution."""
    there = [level for level in scheme.weights if level in levels]
    whole = sum((scheme.weights[level] for level in there), NOUGHT)
    total = sum(scheme.weights.values(), NOUGHT)
    found = {level: (scheme.weights[level] * total / whole).quantize(CENT, ROUND_HALF_UP) for level in there}
    if there:
        found[there[0]] += total - sum(found.values(), NOUGHT)
    return found


def points_of(scheme: Scheme, levels: Sequence[str]) -> list[Decimal]:
    """The points of each target by its first level, in order; a level that the scheme doesn't know earns none."""
    weights = weights_of(scheme, levels)
    parts = {level: iter(shared(points, list(levels).count(level))) for level, points in weights.items()}
    return [next(parts[level]) if level in parts else NOUGHT for level in levels]


def unfit(scheme: Scheme, levels: Sequence[str], points: Sequence[Decimal]) -> list[str]:
    """Why targets of these levels can't have these points, in words; empty when they can.

    Those of a level add up to what the scheme gives the level, each above nought and in whole hundredths.
    """
    due, said = weights_of(scheme, levels), []
    for level in dict.fromkeys(levels):
        given = [one for other, one in zip(levels, points, strict=True) if other == level]
        if level in due and any(one <= 0 or one != one.quantize(CENT) for one in given):
            said.append(f"{level}每一项的分值要大于零，最多两位小数")
        elif sum(given) != due.get(level, NOUGHT):
            said.append(f"{level}的分值合计 {sum(given)}，应为 {due.get(level, NOUGHT)}")
    return said


@dataclass(frozen=True)
class Earned:
    """What a target earns. `rule` is its name in schemes.toml; None: a person has to judge first."""

    points: Decimal | None
    rule: str
    needs_reason: bool


def earned(
    operator: str, wanted: Decimal | None, value: Decimal | None, points: Decimal, percent: Decimal | None
) -> Earned:
    """The points of a number against a promise in the same unit; of words by the percent that a person judged.

    A number that nobody knows earns nothing. The reason is asked for what misses, and for what is far above.
    """
    if operator in ("text", "date") or wanted is None:
        rule = "by_date" if operator == "date" else "in_words"
        if percent is None:
            return Earned(None, rule, True)
        return Earned(_part(points, percent / 100), rule, percent < 100)
    rule = "at_most" if operator == "<=" else "at_least"
    if value is None:
        return Earned(NOUGHT, rule, True)
    if operator == "<=":
        kept = Decimal(1) if value <= wanted else 1 - (value - wanted) / wanted if wanted else Decimal(0)
        far = False
    else:
        kept = Decimal(1) if value >= wanted else value / wanted
        far = value >= wanted * FAR_ABOVE
    return Earned(_part(points, kept), rule, kept < 1 or far)


def execution_points(points: Decimal, budget: Decimal, paid: Decimal) -> Decimal:
    """Points of the execution rate; nothing was granted: none."""
    return _part(points, paid / budget) if budget > 0 else NOUGHT


def _part(points: Decimal, share: Decimal) -> Decimal:
    return (points * min(max(share, Decimal(0)), Decimal(1))).quantize(CENT, ROUND_HALF_UP)


def band_of(percent: Decimal) -> str:
    """The name of the band in which a percent lies."""
    return next(name for least, _, name in BANDS if percent >= least)


def on_time(promised: str, done: str) -> bool | None:
    """Whether a stated day lies on or before a promised one (2024 年底 is its last day); None when one can't be read."""
    end, day = _day_of(promised), _day_of(done)
    return None if end is None or day is None else day <= end


def _day_of(words: str) -> date | None:
    if found := _DAY.search(words):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            return None
    if found := _YEAR_END.search(words):
        return date(int(found[1]), 12, 31)
    return None
