"""Invents the places of a community: estates, shops, sites, schools, firms, parks, stops; always the same ones."""

import random

from .people import names
from .world import Community


def community(ident: int, code: str, name: str, street: int, centre: tuple[float, float]) -> Community:
    """A community whose places follow from its official code; `centre` is the longitude and latitude of its street."""
    rng = random.Random(int(code))
    words = names()
    short = name.removesuffix("社区")
    return Community(
        id=ident,
        name=name,
        street=street,
        lon=round(centre[0] + rng.uniform(-0.011, 0.011), 6),
        lat=round(centre[1] + rng.uniform(-0.009, 0.009), 6),
        estates=_estates(rng, short),
        sites=tuple(rng.sample(words["sites"], 3)),
        shops=tuple(rng.choice(words["shop_first"]) + rng.choice(words["shop_last"]) for _ in range(14)),
        schools=tuple(_with_name(short, kind) for kind in rng.sample(words["schools"], 2)),
        firms=tuple(rng.choice(words["firm_first"]) + rng.choice(words["firm_last"]) for _ in range(6)),
        parks=tuple(_with_name(short, kind) for kind in rng.sample(words["parks"], 2)),
        stops=tuple(_with_name(short, kind) for kind in rng.sample(words["stops"], 2)),
        hospitals=tuple(_with_name(short, kind) for kind in rng.sample(words["hospitals"], 2)),
    )


def _estates(rng: random.Random, short: str) -> tuple[str, ...]:
    words = names()
    invented = {
        rng.choice(words["estate_first"]) + rng.choice(words["estate_second"]) + rng.choice(words["estate_last"])
        for _ in range(7)
    }
    return (f"{short}小区", *sorted(invented))


def _with_name(short: str, kind: str) -> str:
    return f"{short}{kind}"
