"""Draws a case's core from the seed and its index: when, who, about what, where, by which way.

No case depends on another one's making, so any chunk can be drawn anywhere; a call that asks about an earlier case
draws that one's core again.
"""

import random
from bisect import bisect
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate

from .people import Person, caller_number, person, population
from .plan import Timeline, day_of, hour_of, timeline
from .planted import NEW_YEARS_EVE, Planted, by_hour, places_in_order, plant
from .world import Leaf, World

CHANNELS = (
    ("12345", 0.78),
    ("wechat", 0.07),
    ("mailbox", 0.065),
    ("digital_city", 0.04),
    ("city_platform", 0.02),
    ("mayor_line", 0.02),
    ("open311", 0.005),
)
CHANNEL_CODES = tuple(code for code, _ in CHANNELS)
CHANNEL_SHARES = tuple(accumulate(share for _, share in CHANNELS))
AT_NIGHT = {"consultation": 0.25, "suggestion": 0.3}
NIGHT_LEAVES = ("0201", "0202", "0203")
ASKS_AGAIN = 0.03
FREQUENT = 0.02
MERGED_WITHIN = 20 * 3600


@dataclass(slots=True)
class Core:
    """What a case is about. `rng` is left where the words go on; `again` is the index of the case it asks about."""

    index: int
    moment: int
    rng: random.Random
    caller: Person
    leaf: int
    community: int
    kind: str
    channel: str
    planted: tuple[int, int] | None = None
    again: int | None = None


@dataclass(frozen=True)
class District:
    """A seed's whole period: the plan from which every case follows. `first_id` is the database id of case 0."""

    seed: int
    cases: int
    start: date
    end: date
    world: World
    first_id: int = 1

    @cached_property
    def planted(self) -> tuple[Planted, ...]:
        return plant(self.seed, self.cases, self.start, self.end, self.world)

    @cached_property
    def line(self) -> Timeline:
        return timeline(self.seed, self.cases, self.start, self.end, self.world, by_hour(self.planted, self.start))

    @cached_property
    def planted_at(self) -> dict[int, tuple[int, int]]:
        return places_in_order(self.planted, self.cases, self.line)

    @cached_property
    def people(self) -> int:
        return population(self.cases)

    @cached_property
    def neighbourhoods(self) -> tuple[float, ...]:
        """Cumulative weights of the communities: some have more people than others."""
        rng = random.Random(self.seed + 5)
        return tuple(accumulate(rng.lognormvariate(0, 0.5) for _ in self.world.communities))

    @cached_property
    def leaf_tables(self) -> dict[tuple[int, int, bool], tuple[float, ...]]:
        """Cumulative weights of the leaves by (month, part of day, around the Spring Festival), filled as needed."""
        return {}

    def moment(self, index: int) -> int:
        """When case `index` comes (epoch seconds)."""
        return self.line.moment((index + self._rng(index).random()) / self.cases)

    def _rng(self, index: int) -> random.Random:
        return random.Random((self.seed << 40) | index)

    def core(self, index: int) -> Core:
        """The core of case `index` (0 … cases − 1)."""
        rng = self._rng(index)
        moment = self.line.moment((index + rng.random()) / self.cases)
        hidden = self.planted_at.get(index)
        if hidden:
            return self._planted_core(index, moment, rng, hidden)
        earlier = self._earlier(index, rng)
        if earlier is not None:
            kind = "help" if earlier.kind == "praise" else earlier.kind
            return Core(
                index, moment, rng, earlier.caller, earlier.leaf, earlier.community, kind, "12345", again=earlier.index
            )
        number = caller_number(rng, self.people)
        caller = person(self.seed, number, len(self.world.communities))
        community = (
            caller.home if rng.random() < 0.7 else bisect(self.neighbourhoods, rng.random() * self.neighbourhoods[-1])
        )
        table = self._leaves(moment)
        draw = caller.topic if number < self.people * FREQUENT and rng.random() < 0.6 else rng.random()
        leaf = bisect(table, draw * table[-1])
        return Core(index, moment, rng, caller, leaf, community, self._kind(rng, leaf), self._channel(rng, leaf))

    @cached_property
    def first_calls(self) -> dict[int, int]:
        """The index of the first case of each planted thing."""
        first: dict[int, int] = {}
        for index, (which, _nth) in self.planted_at.items():
            first[which] = min(index, first.get(which, index))
        return first

    def first_call_of(self, core: Core) -> int | None:
        """The index of the first call about the same planted thing; None when this is it or it was long ago."""
        assert core.planted is not None
        first = self.first_calls[core.planted[0]]
        early = self.line.moment((first + 0.5) / self.cases)
        return first if first != core.index and core.moment - early < MERGED_WITHIN else None

    def _planted_core(self, index: int, moment: int, rng: random.Random, hidden: tuple[int, int]) -> Core:
        thing = self.planted[hidden[0]]
        caller = person(self.seed, thing.callers[hidden[1]], len(self.world.communities))
        channel = "12345" if rng.random() < 0.85 else "wechat"
        kind = self.world.leaves[thing.leaf].kind
        return Core(index, moment, rng, caller, thing.leaf, rng.choice(thing.places), kind, channel, planted=hidden)

    def _earlier(self, index: int, rng: random.Random) -> Core | None:
        if rng.random() > ASKS_AGAIN:
            return None
        days = max(1, (self.end - self.start).days)
        back = index - 1 - int(rng.uniform(2, 18) * self.cases / days)
        if back < 0 or back in self.planted_at:
            return None
        earlier = self.core(back)
        return earlier if earlier.again is None else None

    def _kind(self, rng: random.Random, leaf: int) -> str:
        usual = self.world.leaves[leaf].kind
        if rng.random() < 0.88 or usual in ("praise", "consultation"):
            return usual
        return rng.choice(("help", "complaint", "suggestion"))

    def _channel(self, rng: random.Random, leaf: int) -> str:
        channel = CHANNEL_CODES[bisect(CHANNEL_SHARES, rng.random() * CHANNEL_SHARES[-1])]
        if channel == "digital_city" and self.world.leaves[leaf].code[:2] not in ("01", "05", "12"):
            return "12345"
        return channel

    def _leaves(self, moment: int) -> tuple[float, ...]:
        day, hour = day_of(moment), hour_of(moment)
        night = 0 if 7 <= hour < 20 else 1
        eve = NEW_YEARS_EVE.get(day.year)
        festive = eve is not None and abs(date(day.year, *eve) - day) <= timedelta(days=7)
        key = (day.month, night, festive)
        if key not in self.leaf_tables:
            self.leaf_tables[key] = tuple(accumulate(weight(leaf, *key) for leaf in self.world.leaves))
        return self.leaf_tables[key]


def weight(leaf: Leaf, month: int, night: int, festive: bool) -> float:
    """How often a leaf comes in this month, by day or by night, and around the Spring Festival."""
    by_season = {
        "summer": 2.2 if 6 <= month <= 9 else 0.5,
        "winter": 3.0 if month in (11, 12, 1, 2, 3) else 0.03,
        "rain": 2.4 if 5 <= month <= 8 else 0.4,
        "school": 2.4 if 5 <= month <= 9 else 0.4,
        "spring_festival": 14.0 if festive else (1.2 if month in (1, 2) else 0.25),
    }
    shaped = leaf.weight * by_season.get(leaf.season, 1.0)
    if night:
        shaped *= AT_NIGHT.get(leaf.kind, 1.0) * (3.5 if leaf.code[:4] in NIGHT_LEAVES else 1.0)
    return shaped
