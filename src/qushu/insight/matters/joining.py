"""Whether a case belongs to a matter, and whether cases that stand alone make one. Pure.

A case joins the matter to whose members it is alike on average (average linkage; Sokal and Michener 1958), not the one
that has the nearest member: half-alike cases can't chain into one blob. The same place counts for it, another against it.

People tell one leaking roof in many words. So a vector also holds signs: the spot (an estate, a shop) together with the
category, and with the category's group. They count like words that two cases share, and their mean is held like that of words.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from qushu.insight.belonging.weighing import Vector, cosine, heaviest, shared_words

SOUGHT_BY: Final = 8
"""Words of a case by which it is sought, the heaviest."""
ELSEWHERE_WORDS: Final = 3
"""Of a case in another street only its very rarest words are looked for."""
CANDIDATES: Final = 40
"""Others with which a case is compared."""
LONGEST_LIST: Final = 300
"""Others that are looked at under one key, the newest."""
SAME_COMMUNITY: Final = 1.0
SAME_STREET: Final = 0.8
UNKNOWN_PLACE: Final = 0.6
ELSEWHERE: Final = 0.5
OTHER_CATEGORY: Final = 0.8
OTHER_SPOT: Final = 0.8
"""The same complaint at another estate, shop or number of the road is another matter, unless the words are nearly the same."""
ONLY_ASKS: Final = 0.6
"""A question that anybody may ask anywhere (how is a card renewed) is no shared matter; of one place it can be."""
SAME_SPOT: Final = 0.2
"""How alike one spot makes two cases of one category, and as much again of one group of categories."""
MOST_SPOTS: Final = 100
LONGEST_SPOT: Final = 60
_SIGN: Final = "@"
"""Begins no word (`weighing.telling_words`)."""
_HOUSE: Final = re.compile(r"\d+(?:栋|幢|座|号楼|单元)")
_NEARBY: Final = re.compile(r"(?:附近|旁边|对面|门口|路段)$")
MOST_WORDS: Final = 160
"""Words of a matter that are kept, the heaviest: what only single members say tells nothing of the others."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is compared of a case. `spot`: the estate, shop or number of a road that it names; "" when it names none.
    `vector`: its words and signs (`signed`).
    """

    case_id: int
    at: datetime
    person: bytes | None
    street_id: int | None
    area_id: int | None
    category_id: int | None
    vector: Vector
    asks: bool = False
    spot: str = ""

    @property
    def rare(self) -> list[str]:
        """The words it is sought by."""
        return [word for word in self.vector if not _is_sign(word)][:SOUGHT_BY]

    @property
    def signs(self) -> list[str]:
        """The spot with what is wrong there (`signed`)."""
        return [word for word in self.vector if _is_sign(word)]

    def without_words(self) -> "Told":
        """The same without what is said: for long lists of cases that have found their matter."""
        return replace(self, vector={})


@dataclass(slots=True)
class Body:
    """A matter as it is compared; `key` is its row's id, or a number of its own while it has none."""

    key: int
    count: int
    sums: dict[str, float]
    last: datetime
    streets: set[int] = field(default_factory=set)
    areas: set[int] = field(default_factory=set)
    categories: set[int] = field(default_factory=set)
    spots: set[str] = field(default_factory=set)

    def add(self, told: Told) -> None:
        """Take a case in."""
        self.count += 1
        self.last = max(self.last, told.at)
        for word, weight in told.vector.items():
            self.sums[word] = self.sums.get(word, 0.0) + weight
        if len(self.sums) > 2 * MOST_WORDS:
            self.sums = heaviest(self.sums, MOST_WORDS)
        for value, known in (
            (told.street_id, self.streets),
            (told.area_id, self.areas),
            (told.category_id, self.categories),
        ):
            if value is not None:
                known.add(value)
        if told.spot and len(self.spots) < MOST_SPOTS:
            self.spots.add(told.spot)

    @property
    def keywords(self) -> list[str]:
        """The words it is sought by."""
        return list(heaviest(_words_of(self.sums), 2 * SOUGHT_BY))


@dataclass(frozen=True, slots=True)
class Limits:
    """When the machine speaks of a matter."""

    people: int = 3
    join: float = 0.5
    days: int = 60

    @property
    def span(self) -> timedelta:
        """How long apart two cases of one matter may be when nothing lies between."""
        return timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Joined:
    """A case found its matter: how alike it is to the members on average, and why in words."""

    body: Body
    score: float
    reason: str


def keys_of(told: Told) -> list[int]:
    """Numbers under which a case is listed and sought: each rare word with its street, the very rarest without, its signs."""
    return _keys({told.street_id or 0}, told.rare, told.signs)


def keys_of_matter(body: Body) -> list[int]:
    """Numbers under which a matter is sought: its words in each of its streets, the heaviest anywhere."""
    return _keys(body.streets or {0}, body.keywords)


def body_of(key: int, members: Sequence[Told]) -> Body:
    """A matter of these cases, of which there is at least one."""
    made = Body(key, 0, {}, members[0].at)
    for told in members:
        made.add(told)
    return made


def likeness(told: Told, body: Body, least: float = 0.0) -> float:
    """Mean cosine to the members, less where place or category are others; 0 when it can't reach `least`."""
    ground = _ground(told, body)
    return cosine(told.vector, body.sums) / body.count * ground if ground >= least else 0.0


def likeness_of_one_person(told: Told, body: Body) -> float:
    """The same among the cases of one person: a question has no place, and a place that isn't known is no other one."""
    place = 1.0 if told.asks or told.street_id is None or not body.streets else _place(told, body)
    return cosine(told.vector, body.sums) / body.count * place * _others(told, body)


def best_matter(
    told: Told, bodies: Iterable[Body], limits: Limits, banned: frozenset[int] = frozenset()
) -> Joined | None:
    """The matter that this case joins; None when it is like none. `banned`: those that a person took it out of."""
    best, found = limits.join, None
    for body in bodies:
        if body.key in banned or abs(told.at - body.last) > limits.span:
            continue
        value = likeness(told, body, best)
        if value >= best:
            best, found = value, body
    return Joined(found, round(best, 3), reason_of(told, found)) if found else None


def gather(told: Told, others: Iterable[Told], limits: Limits) -> list[Told]:
    """The cases that with this one make a matter, this one first; empty when too few people speak of it.

    The likest is taken in first; each further one has to be like all taken so far, on average.
    """
    alone = body_of(0, [told])
    ranked = sorted(
        ((value, other.case_id, other) for other in others if (value := _near(other, alone, limits))),
        key=lambda one: (-one[0], one[1]),
    )
    members, body = [told], body_of(0, [told])
    for _, _, other in ranked:
        if likeness(other, body) >= limits.join:
            members.append(other)
            body.add(other)
    people = {one.person for one in members if one.person is not None}
    return members if len(people) >= limits.people else []


def signed(vector: Vector, spot: str, category_id: int | None, group_id: int | None) -> Vector:
    """The vector with the signs of a spot's trouble; as it is when spot or category aren't known. `group_id`: the category's parent."""
    if not spot or not category_id:
        return vector
    names = [f"{spot}/{kind}" for kind in (category_id, group_id) if kind]
    return {_SIGN + blake2b(name.encode(), digest_size=8).hexdigest(): math.sqrt(SAME_SPOT) for name in names} | vector


def spot_of(place: str, areas: Iterable[str] = ()) -> str:
    """What a place names within its areas (whose names may stand before it), without the house in an estate."""
    for area in areas:
        place = place.strip().removeprefix(area)
    return _NEARBY.sub("", _HOUSE.split(place.strip())[0])[:LONGEST_SPOT]


def reason_of(told: Told, body: Body) -> str:
    """Why a case belongs there, in words: what is said in both, and where."""
    words = "、".join(f"“{word}”" for word in shared_words(_words_of(told.vector), body.sums))
    spot = any(sign in body.sums for sign in told.signs)
    place = (
        "同一地点的同类问题"
        if spot
        else {SAME_COMMUNITY: "同一社区", SAME_STREET: "同一街道"}.get(_place(told, body), "")
    )
    return "，".join(filter(None, (words and f"都提到{words}", place)))[:200]


def _is_sign(word: str) -> bool:
    return word.startswith(_SIGN)


def _words_of(vector: Mapping[str, float]) -> Vector:
    return {word: weight for word, weight in vector.items() if not _is_sign(word)}


def _keys(streets: Iterable[int], words: Sequence[str], signs: Sequence[str] = ()) -> list[int]:
    names = [f"{street}:{word}" for street in streets for word in (*words, *signs)]
    names += [f"*:{word}" for word in words[:ELSEWHERE_WORDS]]
    return [int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True) for name in names]


def _near(other: Told, alone: Body, limits: Limits) -> float:
    """How alike two lone cases are; 0 when that isn't enough."""
    if abs(other.at - alone.last) > limits.span:
        return 0.0
    value = likeness(other, alone, limits.join)
    return value if value >= limits.join else 0.0


def _ground(told: Told, body: Body) -> float:
    return _place(told, body) * _others(told, body) * (ONLY_ASKS if told.asks else 1.0)


def _others(told: Told, body: Body) -> float:
    other = bool(told.category_id and body.categories and told.category_id not in body.categories)
    elsewhere = bool(told.spot and body.spots and told.spot not in body.spots)
    return (OTHER_CATEGORY if other else 1.0) * (OTHER_SPOT if elsewhere else 1.0)


def _place(told: Told, body: Body) -> float:
    if told.area_id is not None and told.area_id in body.areas:
        return SAME_COMMUNITY
    if told.street_id is None or not body.streets:
        return UNKNOWN_PLACE
    return SAME_STREET if told.street_id in body.streets else ELSEWHERE
