"""The schemes of self-evaluation as they stand in data/schemes.toml."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Scheme:
    """Points of 100 by first level, and for the execution of the budget; `needs` are levels that call for it."""

    code: str
    name: str
    source: str
    needs: tuple[str, ...]
    execution: Decimal
    weights: dict[str, Decimal]


@dataclass(frozen=True)
class ScoringRule:
    """A rule in words, and where it stands."""

    words: str
    source: str


@dataclass(frozen=True)
class Book:
    """All that the file says: schemes, rules by name, and grades with the least score of each, the best first."""

    schemes: tuple[Scheme, ...]
    rules: dict[str, ScoringRule]
    grades: tuple[tuple[Decimal, str], ...]


@cache
def book() -> Book:
    """The file. Raises ValueError when the points of a scheme don't add up to 100."""
    said = tomllib.loads(files(__package__).joinpath("data/schemes.toml").read_text(encoding="utf-8"))
    schemes = tuple(
        Scheme(
            one["code"],
            one["name"],
            one["source"],
            tuple(one["needs"]),
            Decimal(one["execution"]),
            {level: Decimal(points) for level, points in one["weights"].items()},
        )
        for one in said["scheme"]
    )
    for one in schemes:
        if one.execution + sum(one.weights.values()) != HUNDRED:
            raise ValueError(f"the points of scheme {one.code} don't add up to 100")
    rules = {name: ScoringRule(**rule) for name, rule in said["rules"].items()}
    return Book(schemes, rules, tuple((Decimal(one["least"]), one["name"]) for one in said["grade"]))


def scheme_for(levels: Collection[str]) -> Scheme:
    """The first scheme whose needs are among these first levels."""
    return next(one for one in book().schemes if set(one.needs) <= set(levels))


def scheme_named(code: str) -> Scheme:
    """The scheme of this code. Raises StopIteration when there is none."""
    return next(one for one in book().schemes if one.code == code)


def grade_of(score: Decimal) -> str:
    """优, 良, 中 or 差."""
    return next(name for least, name in book().grades if score >= least)
