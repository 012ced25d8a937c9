"""Invented callers: a person follows from the seed and a number, so that nobody needs to be stored.

Phone numbers count up from 199 0027 0000, a block chosen so that they are recognised as invented; names are drawn from
lists of common characters. Any likeness is chance.
"""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PHONE_BASE = 19900270000
"""First of the invented numbers; person n has PHONE_BASE + n."""


@dataclass(frozen=True, slots=True)
class Person:
    """A caller. `home` is the index of a community; `topic` (0–1) says what a frequent caller comes back to."""

    number: int
    name: str
    phone: str
    male: bool
    home: int
    estate: int
    topic: float
    building: str


@cache
def names() -> dict[str, list[str]]:
    """The word lists of data/names.toml; strings there are lists of single characters."""
    text = files("qushu.demo").joinpath("data", "names.toml").read_text(encoding="utf-8")
    return {key: list(value) for key, value in tomllib.loads(text).items()}


def invented_name(rng: random.Random) -> str:
    """A name of two or three characters; frequent surnames come first in the list and are drawn more often."""
    words = names()
    surname = words["surnames"][int(len(words["surnames"]) * rng.random() ** 2)]
    kind = rng.random()
    if kind < 0.25:
        return surname + rng.choice(words["given_one"])
    if kind < 0.6:
        return surname + rng.choice(words["given_two"])
    return surname + rng.choice(words["given_one"]) + rng.choice(words["given_one"])


def person(seed: int, number: int, communities: int) -> Person:
    """The person with this number; the same in every chunk and process."""
    rng = random.Random((seed * 1_000_003 + number) * 8 + 1)
    return Person(
        number=number,
        name=invented_name(rng),
        phone=str(PHONE_BASE + number),
        male=rng.random() < 0.5,
        home=int(rng.random() * communities),
        estate=int(rng.random() * 1000),
        topic=rng.random(),
        building=f"{rng.randint(1, 18)}栋{rng.randint(1, 3)}单元",
    )


def population(cases: int) -> int:
    """How many people call in a year of so many cases: 85,000 for 163,000, of whom some 70,000 call."""
    return max(200, int(cases * 0.52))


def caller_number(rng: random.Random, people: int) -> int:
    """Who calls: a power law over the people, so that a few call often and most once or twice."""
    if rng.random() < 0.06:
        return min(people - 1, int(people * 0.02 * rng.random() ** 1.6))
    return int(people * rng.random() ** 1.5)
