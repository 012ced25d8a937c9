"""Where a target stands: units, pace of the year, forecast, light. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Light = Literal["good", "warn", "late", "unknown"]
FACTORS = {
    "件": (1, "件"), "万件": (10_000, "件"), "人": (1, "人"), "万人": (10_000, "人"), "万": (10_000, ""), "条": (1, "条"), "万条": (10_000, "条"),
    "亿条": (100_000_000, "条"), "次": (1, "次"), "万次": (10_000, "次"), "篇": (1, "篇"), "期": (1, "篇"), "个": (1, "个"), "台": (1, "台"), "%": (1, "%"),
    "分钟": (1, "分钟"), "小时": (60, "分钟"), "元": (1, "元"), "万元": (10_000, "元"),
}  # fmt: skip
"""How many of its base unit a unit is; a bare 万 fits any countable base."""

NEARLY = Decimal("0.9")
POINTS = Decimal(2)
"""A rate within two points of its target is nearly there."""


@dataclass(frozen=True)
class Pace:
    """Where the year stands: `share` of it has passed."""

    share: Decimal

    @classmethod
    def of(cls, year: int, today: date) -> "Pace":
        """Nought before the year, one after it."""
        first, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
        passed = min(max((today - first).days + 1, 0), days)
        return cls((Decimal(passed) / days).quantize(Decimal("0.0001")))


@dataclass(frozen=True)
class Standing:
    """A target's light, how much of it is reached (percent), and the year-end value to be expected with its band."""

    light: Light
    reached: Decimal | None
    forecast: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


UNKNOWN = Standing("unknown", None)


def convert(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """A value in another unit; None when they measure different things."""
    if unit == wanted:
        return value
    if unit not in FACTORS or wanted not in FACTORS:
        return None
    (factor, base), (other, other_base) = FACTORS[unit], FACTORS[wanted]
    if base != other_base and not (other_base == "" and base in ("件", "人", "次", "条")):
        return None
    return value * factor / other


def standing(
    operator: str,
    wanted: Decimal,
    value: Decimal,
    adds_up: bool,
    pace: Pace,
    recent_day: Decimal | None,
    days_left: int,
) -> Standing:
    """Where a target stands (`wanted` and `value` in one unit).

    What adds up over the year is held against the pace: 15 万 by the year's end are 7.5 万 at half-time. Its forecast
    goes on at the mean of the year so far and at that of the last four weeks (`recent_day`); the band lies between.
    """
    if not adds_up or pace.share in (0, 1):
        return Standing(_light(operator, wanted, value, POINTS if not adds_up else Decimal(0)), _reached(wanted, value))
    steady = value / pace.share
    fresh = value + recent_day * days_left if recent_day is not None else steady
    low, high = sorted((steady, fresh))
    middle = (low + high) / 2
    if operator == "<=":
        light: Light = "good" if high <= wanted else "warn" if low <= wanted else "late"
    else:
        light = "good" if low >= wanted else "warn" if high >= wanted or middle >= wanted * NEARLY else "late"
    return Standing(light, _reached(wanted, value), middle, low, high)


def _light(operator: str, wanted: Decimal, value: Decimal, near: Decimal) -> Light:
    if operator == "<=":
        return "good" if value <= wanted else "warn" if value <= wanted + near else "late"
    return "good" if value >= wanted else "warn" if value >= wanted - near else "late"


def _reached(wanted: Decimal, value: Decimal) -> Decimal | None:
    return (value * 100 / wanted).quantize(Decimal("0.1")) if wanted else None


def likeness(name: str, aliases: tuple[str, ...]) -> float:
    """How alike a target's name and a measure's names are: the best Dice coefficient of their pairs of characters."""
    return max((_dice(name, alias) for alias in aliases), default=0.0)


def _dice(one: str, other: str) -> float:
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other)]
    total = len(pairs[0]) + len(pairs[1])
    return 2 * len(pairs[0] & pairs[1]) / total if total else 0.0
