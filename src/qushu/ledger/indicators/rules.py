"""Where a target stands: units, pace of the year, forecast, light. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Literal

Light = Literal["good", "warn", "late", "unknown"]
LIGHTS: dict[Light, str] = {"good": "正常", "warn": "偏慢", "late": "可能完不成", "unknown": "无法判断"}
"""What a light is called."""

FACTORS = {
    "件": (1, "件"), "万件": (10_000, "件"), "人": (1, "人"), "万人": (10_000, "人"), "万": (10_000, ""), "条": (1, "条"), "万条": (10_000, "条"),
    "亿条": (100_000_000, "条"), "次": (1, "次"), "万次": (10_000, "次"), "篇": (1, "篇"), "期": (1, "篇"), "份": (1, "篇"), "个": (1, "个"), "台": (1, "台"), "%": (1, "%"),
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
    """A target's light, how much of it is reached (percent), and the year-end value to be expected with its band.

    `misses`: the promise is missed at both ends of the band (at the year's end: by the value).
    """

    light: Light
    reached: Decimal | None
    forecast: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    misses: bool = False


UNKNOWN = Standing("unknown", None)

Trend = Literal["up", "down", "flat", ""]
STEADY_SHARE, STEADY_POINTS = Decimal("0.02"), Decimal("0.2")
"""A day's mean within 2 % of the year's, or a rate within 0.2 points of it, is as steady as before."""


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
    recent: Decimal | None,
    days_left: int,
) -> Standing:
    """Where a target stands (`wanted` and `value` in one unit).

    What adds up over the year is held against the pace: 15 万 by the year's end are 7.5 万 at half-time. Its forecast
    goes on at the mean of the year so far and at that of the last four weeks (`recent`, a day's); the band lies between. A
    rate goes on as in the year so far and as in the last four weeks (`recent` is the rate there).
    """
    near = Decimal(0) if adds_up else POINTS
    if pace.share in (0, 1):
        missed = not _kept(operator, wanted, value)
        return Standing(_light(operator, wanted, value, near), _reached(wanted, value), misses=missed)
    if adds_up:
        steady = value / pace.share
        fresh = value + recent * days_left if recent is not None else steady
    else:
        steady = value
        fresh = value * pace.share + recent * (1 - pace.share) if recent is not None else value
    low, high = sorted((steady, fresh))
    middle = (low + high) / 2
    missed = not (_kept(operator, wanted, low) or _kept(operator, wanted, high))
    light = _outlook(operator, wanted, low, high, adds_up)
    return Standing(light, _reached(wanted, value), middle, low, high, missed)


def _kept(operator: str, wanted: Decimal, value: Decimal) -> bool:
    return value <= wanted if operator == "<=" else value >= wanted


def _outlook(operator: str, wanted: Decimal, low: Decimal, high: Decimal, adds_up: bool) -> Light:
    """Good when the promise is kept at both ends of the band; warn when at one, or nearly; else late."""
    middle = (low + high) / 2
    if operator == "<=":
        near = middle <= wanted + (0 if adds_up else POINTS)
        return "good" if high <= wanted else "warn" if low <= wanted or near else "late"
    near = middle >= (wanted * NEARLY if adds_up else wanted - POINTS)
    return "good" if low >= wanted else "warn" if high >= wanted or near else "late"


def trend(year: Decimal | None, lately: Decimal | None, steady: Decimal) -> Trend:
    """Whether the last four weeks lie above or below the year so far; empty when one of them isn't known."""
    if year is None or lately is None:
        return ""
    if abs(lately - year) <= steady:
        return "flat"
    return "up" if lately > year else "down"


def _light(operator: str, wanted: Decimal, value: Decimal, near: Decimal) -> Light:
    if operator == "<=":
        return "good" if value <= wanted else "warn" if value <= wanted + near else "late"
    return "good" if value >= wanted else "warn" if value >= wanted - near else "late"


def _reached(wanted: Decimal, value: Decimal) -> Decimal | None:
    return (value * 100 / wanted).quantize(Decimal("0.1")) if wanted else None


def likeness(name: str, aliases: tuple[str, ...]) -> float:
    """How alike a target's name and a measure's names are: the best Dice coefficient of their pairs of characters."""
    own = _pairs(name)
    shares = [(own & pairs, len(own) + len(pairs)) for pairs in map(_pairs, aliases)]
    return max((2 * len(both) / total for both, total in shares if total), default=0.0)


def _pairs(text: str) -> set[str]:
    return {one + other for one, other in pairwise(text)}
