"""What is hidden in the year so that analysis can be checked: surges (many cases in hours), matters (many people).

Everything follows from the seed. Sizes grow with the number of cases; small districts get fewer and smaller ones.
"""

import random
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from .people import names, population
from .plan import HOUR, Timeline, epoch, hour_of
from .world import World

FULL_YEAR = 163_000
MATTERS = 160
# Eves of the Spring Festival (lunar calendar).
NEW_YEARS_EVE = {
    2020: (1, 24),
    2021: (2, 11),
    2022: (1, 31),
    2023: (1, 21),
    2024: (2, 9),
    2025: (1, 28),
    2026: (2, 16),
    2027: (2, 5),
    2028: (1, 25),
    2029: (2, 12),
    2030: (2, 2),
    2031: (1, 22),
    2032: (2, 10),
    2033: (1, 30),
    2034: (2, 18),
    2035: (2, 7),
}


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted thing: who called about it is `callers`, when is `times` (epoch seconds, in order), same length.

    `places` are the communities it touches (indices in the world); `fixed` fills the words that name the thing.
    """

    key: str
    sort: str
    title: str
    leaf: int
    places: tuple[int, ...]
    words: tuple[str, ...]
    fixed: dict[str, str]
    times: tuple[int, ...]
    callers: tuple[int, ...]


@cache
def described() -> dict[str, list[dict[str, Any]]]:
    """Surges and matters as data/planted.toml tells them."""
    return tomllib.loads(files("qushu.demo").joinpath("data", "planted.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class _Ground:
    """What everything planted has in common."""

    world: World
    scale: float
    start: date
    end: date
    people: int

    def leaf(self, code: str) -> int:
        return next(number for number, leaf in enumerate(self.world.leaves) if leaf.code == code)

    @property
    def last(self) -> int:
        return epoch(self.end + timedelta(days=1)) - 1


def plant(seed: int, cases: int, start: date, end: date, world: World) -> tuple[Planted, ...]:
    """All surges and matters of the period, with their moments and callers."""
    rng = random.Random(seed * 31 + 7)
    ground = _Ground(world, cases / FULL_YEAR, start, end, population(cases))
    surges = [_surge(random.Random(rng.random()), entry, ground) for entry in described()["surge"]]
    entries = described()["matter"]
    matters = [
        _matter(random.Random(rng.random()), number, entries[number % len(entries)], ground)
        for number in range(max(3, min(MATTERS, round(MATTERS * ground.scale))))
    ]
    return tuple(surges + matters)


def _surge(rng: random.Random, entry: dict[str, Any], ground: _Ground) -> Planted:
    size = max(6, round(entry["size"] * ground.scale))
    first = epoch(_surge_day(rng, entry, ground)) + entry["hour"] * HOUR
    length = entry["hours"] * HOUR
    # A burst rises fast and fades: most calls in the first third.
    times = sorted(
        min(ground.last, _awake(rng, first + int(length * rng.random() ** 1.8), length)) for _ in range(size)
    )
    count = len(ground.world.communities)
    return _named(rng, entry, entry["key"], times, rng.sample(range(count), min(entry["spread"], count)), ground)


def _surge_day(rng: random.Random, entry: dict[str, Any], ground: _Ground) -> date:
    start, end = ground.start, ground.end
    if entry["key"] == "fireworks":
        eves = [date(year, *NEW_YEARS_EVE[year]) for year in range(start.year, end.year + 1) if year in NEW_YEARS_EVE]
        for eve in eves:
            if start <= eve <= end:
                return eve
    days = [start + timedelta(days=number) for number in range(max(1, (end - start).days - 4))]
    fitting = [day for day in days if day.month == entry["month"] and day.weekday() < 5]
    return rng.choice(fitting or days)


def _awake(rng: random.Random, moment: int, length: int) -> int:
    """Surges that last for days pause at night: a moment before seven comes later the same day."""
    if length > 24 * HOUR and hour_of(moment) < 7:
        return moment + int((8 - hour_of(moment) + 10 * rng.random()) * HOUR)
    return moment


def _matter(rng: random.Random, number: int, entry: dict[str, Any], ground: _Ground) -> Planted:
    size = max(5, min(120, round(5 * (1 - rng.random()) ** -0.75 * min(1.0, 0.4 + ground.scale))))
    span = (ground.end - ground.start).days
    days = min(span, rng.choice((4, 10, 20, 30, 45, 60, 90, 120)))
    first = epoch(ground.start) + int(max(1, span - days) * rng.random()) * 24 * HOUR
    times: list[int] = []
    while len(times) < size:
        moment = min(ground.last, first + int(days * 24 * HOUR * rng.random()))
        if hour_of(moment) >= 7 or rng.random() < 0.08:
            times.append(moment)
    home = rng.randrange(len(ground.world.communities))
    return _named(rng, entry, f"matter-{number + 1:03d}", sorted(times), [home], ground)


def _named(
    rng: random.Random, entry: dict[str, Any], key: str, times: list[int], places: list[int], ground: _Ground
) -> Planted:
    """Give the thing its names (one estate, one shop, one bus line) and its callers."""
    home = ground.world.communities[places[0]]
    roads = ground.world.streets[home.street].roads
    fixed = {
        "shop": rng.choice(names()["shop_first"]) + entry.get("shop", rng.choice(names()["shop_last"])),
        "school": rng.choice(home.schools),
        "firm": rng.choice(home.firms),
        "park": rng.choice(home.parks),
        "site": f"{rng.choice(roads)}{rng.choice(home.sites)}",
        "line": str(rng.randint(501, 899)),
    }
    if len(places) == 1:
        fixed |= {"estate": rng.choice(home.estates), "road": rng.choice(roads)}
    return Planted(
        key=key,
        sort="matter" if key.startswith("matter-") else "surge",
        title=entry["title"].format(**({"estate": "", "road": ""} | fixed)),
        leaf=ground.leaf(entry["category"]),
        places=tuple(places),
        words=tuple(entry["words"]),
        fixed=fixed,
        times=tuple(times),
        callers=tuple(rng.sample(range(ground.people), min(len(times), ground.people))),
    )


def by_hour(planted: tuple[Planted, ...], start: date) -> dict[int, int]:
    """How many planted cases fall into each hour, counted from `start`."""
    hours: dict[int, int] = {}
    first = epoch(start)
    for thing in planted:
        for moment in thing.times:
            hour = (moment - first) // HOUR
            hours[hour] = hours.get(hour, 0) + 1
    return hours


def places_in_order(planted: tuple[Planted, ...], cases: int, line: Timeline) -> dict[int, tuple[int, int]]:
    """Which case (0-based index) is which planted call: index → (planted, its nth call). Each call has its case."""
    wanted = sorted(
        (int(line.share(moment) * cases), which, nth)
        for which, thing in enumerate(planted)
        for nth, moment in enumerate(thing.times[: len(thing.callers)])
    )
    taken: dict[int, tuple[int, int]] = {}
    free = 0
    for index, which, nth in wanted:
        free = max(free, index)
        if free >= cases:
            break
        taken[free] = (which, nth)
        free += 1
    return taken
