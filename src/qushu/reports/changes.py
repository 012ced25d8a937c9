"""What changed so much that it isn't chance, and what it contributes to the change of the whole. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any


@dataclass(frozen=True)
class Change:
    """The cases of a group now and before, and how far beyond chance the change is (z)."""

    key: Any
    now: int
    before: int
    strength: float

    @property
    def difference(self) -> int:
        return self.now - self.before


def count_strength(now: int, before: int, ratio: float) -> float:
    """z of two counts, the present span being `ratio` times as long as the one before; 0 when there was nothing.

    Two Poisson counts of one rate: now − ratio·before has the variance ratio·(now + before) (Przyborowski and Wilenski's
    comparison in its normal form).
    """
    total = now + before
    return (now - ratio * before) / sqrt(ratio * total) if total else 0.0


def rate_strength(part: int, whole: int, part_before: int, whole_before: int) -> float:
    """z of two shares by their pooled variance; 0 when one has no rows or nothing varies."""
    if not whole or not whole_before:
        return 0.0
    pooled = (part + part_before) / (whole + whole_before)
    variance = pooled * (1 - pooled) * (1 / whole + 1 / whole_before)
    return (part / whole - part_before / whole_before) / sqrt(variance) if variance > 0 else 0.0


def significant(
    now: Mapping[Any, int], before: Mapping[Any, int], ratio: float, strength: float, least: int, most: int
) -> list[Change]:
    """The groups whose counts changed beyond chance, those that moved the whole most first; unnamed ones stay out."""
    keys = [key for key in dict.fromkeys([*now, *before]) if key is not None]
    changes = [
        Change(key, now.get(key, 0), before.get(key, 0), count_strength(now.get(key, 0), before.get(key, 0), ratio))
        for key in keys
    ]
    told = [one for one in changes if abs(one.strength) >= strength and max(one.now, one.before) >= least]
    return sorted(told, key=lambda one: (-abs(one.now - ratio * one.before), str(one.key)))[:most]


def main_cause(now: Mapping[Any, int], before: Mapping[Any, int], difference: int, least: float = 0.2) -> Any:
    """The named group that moved a change most, in its direction, if that is at least a share of it; else None."""
    moved = _by_move(now, before, 1 if difference > 0 else -1)
    key, size = next(iter(moved), (None, 0))
    return key if size >= max(3, least * abs(difference)) else None


def _by_move(now: Mapping[Any, int], before: Mapping[Any, int], sign: int) -> Iterable[tuple[Any, int]]:
    keys = [key for key in dict.fromkeys([*now, *before]) if key is not None]
    moves = [(key, sign * (now.get(key, 0) - before.get(key, 0))) for key in keys]
    return sorted(moves, key=lambda one: (-one[1], str(one[0])))
