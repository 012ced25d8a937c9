"""Numbers of a report: what each is, how it is made of others, how it is written. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

PLACES = Decimal("0.01")
NOTHING = "—"
NAMED = re.compile(r"\{(f\d+)(?::(abs))?\}")
"""A figure named in a text: {f12}, or {f12:abs} without its sign."""


@dataclass(frozen=True)
class Fact:
    """A number: `query` is the address of the cross-cut that was asked, `formula` an operation and the keys it works on."""

    key: str
    name: str
    value: Decimal | None
    unit: str
    query: str = ""
    formula: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        """As a text names it."""
        return f"{{{self.key}}}"

    @property
    def size(self) -> str:
        """As a text names it without its sign: 下降{f3:abs}."""
        return f"{{{self.key}:abs}}"

    @property
    def number(self) -> Decimal:
        """The value, 0 when there was nothing to measure."""
        return self.value or Decimal(0)


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return 100 * part / whole if whole else None


def _change(now: Decimal, before: Decimal) -> Decimal | None:
    return 100 * (now - before) / before if before else None


def _contribution(now: Decimal, before: Decimal, all_now: Decimal, all_before: Decimal) -> Decimal | None:
    return 100 * (now - before) / (all_now - all_before) if all_now != all_before else None


def _rest(now: Decimal, before: Decimal, all_now: Decimal, all_before: Decimal) -> Decimal:
    return all_now - all_before - (now - before)


OPERATIONS: dict[str, tuple[str, Callable[..., Decimal | None]]] = {
    "difference": ("", lambda now, before: now - before),
    "points": ("点", lambda now, before: now - before),
    "change": ("%", _change),
    "share": ("%", _share),
    "per": ("", lambda whole, days: whole / days if days else None),
    "contribution": ("%", _contribution),
    "rest": ("", _rest),
    "others": ("", lambda whole, *parts: whole - sum(parts)),
}
"""Unit ("": that of the first figure) and arithmetic. Contribution: Δ part ÷ Δ whole; rest: Δ whole − Δ part; others: whole − all parts."""

WORDS = {
    "difference": "之差",
    "points": "之差（百分点）",
    "change": "变化率",
    "share": "占比",
    "per": "日均",
    "contribution": "对变化的贡献",
    "rest": "其余之差",
    "others": "其余",
}


def worked_out(formula: tuple[str, ...], values: Mapping[str, Decimal | None]) -> Decimal | None:
    """The value of a formula over the values of figures, to two places; None when one is missing or can't divide."""
    operation, *keys = formula
    given = [Decimal(key) if key.isdigit() else values[key] for key in keys]
    if any(one is None for one in given):
        return None
    made = OPERATIONS[operation][1](*given)
    return None if made is None else made.quantize(PLACES, ROUND_HALF_UP)


def written(value: Decimal | None, unit: str, asked: bool) -> str:
    """A number as it stands in a text: 13,204 · 98.35% (what was asked) · 5.2% (what was worked out)."""
    if value is None:
        return NOTHING
    if unit == "%":
        return f"{_round(value, 2 if asked else 1)}%"
    if value == value.to_integral_value() and (asked or unit == "件"):
        return f"{int(value):,}"
    return f"{_round(value, 2 if unit == '点' else 1):,}"


def fill(text: str, said: Mapping[str, tuple[str, str]]) -> str:
    """A text with its figures; `said` by key: as written, and as written without sign."""
    return NAMED.sub(lambda found: said[found[1]][1 if found[2] else 0], text)


def saying(facts: Mapping[str, Fact]) -> dict[str, tuple[str, str]]:
    """Every figure as `fill` wants it."""
    return {key: _both(fact) for key, fact in facts.items()}


def keys_in(text: str) -> list[str]:
    """The keys of the figures that a text names."""
    return [found[1] for found in NAMED.finditer(text)]


def plain(name: str) -> str:
    """A name from a code table as it may stand in a text: without braces, which name figures."""
    return name.replace("{", "（").replace("}", "）")


def _both(fact: Fact) -> tuple[str, str]:
    asked = bool(fact.query)
    size = None if fact.value is None else abs(fact.value)
    return written(fact.value, fact.unit, asked), written(size, fact.unit, asked)


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
