"""What the generator knows of the district: plain data, no database, small enough to be handed to another process."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Staff:
    """An account that acts in histories."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Community:
    """A community with places that are invented for it; `street` is its street's index in the world."""

    id: int
    name: str
    street: int
    lon: float
    lat: float
    estates: tuple[str, ...]
    sites: tuple[str, ...]
    shops: tuple[str, ...]
    schools: tuple[str, ...]
    firms: tuple[str, ...]
    parks: tuple[str, ...]
    stops: tuple[str, ...]
    hospitals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Street:
    """A street area with its office's unit id and its roads."""

    id: int
    name: str
    office: int
    roads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A third-level category as callers use it: how often, when, where, in which words, and who is responsible."""

    id: int
    code: str
    name: str
    weight: float
    kind: str
    urgency: str
    place: str
    shops: tuple[str, ...]
    season: str
    phrases: tuple[str, ...]
    lead_unit: int | None
    assisting: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A clock rule: its id, amount and measure."""

    id: int
    amount: int
    measure: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason from the list of a move; `way` is what the citizen is told to do instead."""

    id: int
    code: str
    name: str
    basis: str
    way: str


@dataclass(frozen=True)
class World:
    """The whole district. `rules` maps (clock, urgency, kind) to a rule, `reasons` a move to its grounds,
    `marking` a word to the mark it sets."""

    prefix: str
    communities: tuple[Community, ...]
    streets: tuple[Street, ...]
    leaves: tuple[Leaf, ...]
    units: dict[str, int]
    unit_names: dict[int, str]
    handlers: dict[int, Staff]
    leaders: dict[int, Staff]
    agents: tuple[Staff, ...]
    dispatchers: tuple[Staff, ...]
    supervisors: tuple[Staff, ...]
    callers_back: tuple[Staff, ...]
    rules: dict[tuple[str, str, str], Rule]
    reasons: dict[str, tuple[Ground, ...]]
    marking: tuple[tuple[str, str], ...]
    ladder: tuple[tuple[int, int | None, int | None, str], ...]
    days: dict[date, bool] = field(default_factory=dict)
