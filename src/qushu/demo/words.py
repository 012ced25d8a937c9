"""Puts a case into words: a title up to 30 characters, a statement as an agent types it or a citizen, a place."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qushu.cases.rules import case_number, title_of

from .draw import Core, District
from .people import Person, names
from .plan import day_of, hour_of
from .world import Community, Leaf

DISPUTES = ("0301", "0305", "07", "08", "09", "0603")
ANSWERS_BY_MATTER = {
    "repair": ("04", "0104", "0105", "0303", "0304", "0503", "1204", "0905"),
    "enforce": ("0101", "0103", "02", "0501", "0502", "0506", "0702", "0705", "1103"),
    "mediate": ("0305", "0701", "0801", "0802", "0903"),
}
PLAIN_ANSWERS = {"consultation": "inform", "suggestion": "accepted", "praise": "thanks"}
MAX_TITLE = 30
SHORTEST = 40
RARE = 0.008
WEB = {"mailbox": "web", "wechat": "wechat", "open311": "wechat", "digital_city": "city", "city_platform": "city"}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a case; `place` is where it happens, in full."""

    title: str
    text: str
    place: str


@cache
def pieces() -> dict[str, Any]:
    """The pieces of data/words.toml."""
    return tomllib.loads(files("qushu.demo").joinpath("data", "words.toml").read_text(encoding="utf-8"))


def number_of(district: District, core: Core) -> str:
    """受理编号."""
    return _number(district, core.index, core.moment)


def number_at(district: District, index: int) -> str:
    """The number of the case with this index, without drawing the case."""
    return _number(district, index, district.moment(index))


def _number(district: District, index: int, moment: int) -> str:
    return case_number(district.world.prefix, day_of(moment), district.first_id + index)


def compose(district: District, core: Core) -> Words:
    """The words of this case; continues the core's random numbers, so it is called once per core."""
    if core.planted is not None:
        return _planted(district, core)
    if core.again is not None:
        return _again(district, core)
    rng, leaf = core.rng, district.world.leaves[core.leaf]
    community = district.world.communities[core.community]
    short, place = _place(district, core, leaf, community)
    phrase = rng.choice(leaf.phrases)
    return Words(_title(rng, leaf, core.kind, short, phrase), _text(core, leaf, place or short, phrase), place)


def _planted(district: District, core: Core) -> Words:
    assert core.planted is not None
    thing = district.planted[core.planted[0]]
    rng, community = core.rng, district.world.communities[core.community]
    roads = district.world.streets[community.street].roads
    filled = {"estate": rng.choice(community.estates), "road": rng.choice(roads)} | thing.fixed
    matter = rng.choice(thing.words).format(**filled)
    leaf = district.world.leaves[thing.leaf]
    short = thing.title if len(thing.title) > 6 else f"{filled['estate']}{thing.title}"
    where = f"{district.world.streets[community.street].name}{community.name}{filled['estate']}"
    text = _frame(core, leaf, matter)
    # many desks: one agent names the thing, one writes down what is said first, one leaves it to the desk
    titles = (f"{short}{rng.choice(('', '问题', '多人反映'))}", matter.split("，")[0], title_of(text))
    return Words(rng.choice(titles)[:MAX_TITLE], text, where)


def _again(district: District, core: Core) -> Words:
    assert core.again is not None
    earlier = district.core(core.again)
    said = compose(district, earlier)
    rng, words = core.rng, pieces()
    text = rng.choice(words["again"]["text"]).format(
        day=max(1, (core.moment - earlier.moment) // 86400),
        title=said.title,
        number=number_of(district, earlier),
        wish=rng.choice(words["wish"]["complaint"]),
    )
    return Words(rng.choice(words["again"]["title"]).format(title=said.title)[:MAX_TITLE], text, said.place)


def _place(district: District, core: Core, leaf: Leaf, community: Community) -> tuple[str, str]:
    """A short name for the title and the full place."""
    rng = core.rng
    street = district.world.streets[community.street]
    road = rng.choice(street.roads)
    estate = community.estates[core.caller.estate % len(community.estates)]
    match leaf.place:
        case "estate":
            return estate, f"{street.name}{community.name}{estate}{core.caller.building}"
        case "road":
            other = rng.choice(street.roads)
            tail = rng.choice(
                (f"{estate}门口", f"{rng.randint(3, 298)}号附近", f"与{other}交会处" if other != road else "路段")
            )
            return road, f"{street.name}{road}{tail}"
        case "shop":
            shop = rng.choice(names()["shop_first"]) + rng.choice(leaf.shops) if leaf.shops else "一家门店"
            return f"{road}{shop}" if leaf.shops else road, f"{street.name}{road}{rng.randint(3, 298)}号{shop}"
        case "firm":
            firm = rng.choice(community.firms)
            return firm, f"{street.name}{road}{firm}"
        case "none":
            return "", ""
    kept = {"site": community.sites, "school": community.schools, "hospital": community.hospitals}
    spots = kept.get(leaf.place) or (community.parks if leaf.place == "park" else community.stops)
    spot = rng.choice(spots)
    return (f"{road}{spot}" if leaf.place == "site" else spot), f"{street.name}{community.name}{road}{spot}"


def _title(rng: random.Random, leaf: Leaf, kind: str, short: str, phrase: str) -> str:
    first = phrase.split("，")[0]
    if short.endswith("工地"):
        first = first.removeprefix("工地")
    if kind == "consultation":
        title = first if first.startswith("咨询") else f"{short}{first}"
    else:
        forms = (f"{short}{first}", f"{short}{leaf.name}问题", f"反映{short}{leaf.name}", f"{short}{first}")
        title = rng.choice(forms)
    if len(title) < 10:
        title = f"{title.removesuffix('问题')}有关问题"
    return title[:MAX_TITLE]


def _text(core: Core, leaf: Leaf, place: str, phrase: str) -> str:
    rng = core.rng
    if phrase.startswith(("咨询", "想了解")):
        return _frame(core, leaf, phrase.removeprefix("咨询"))
    if place.endswith("工地"):
        phrase = phrase.removeprefix("工地")
    times = pieces()["time"]
    hour = hour_of(core.moment)
    pool = times["night"] if leaf.code.startswith("02") and (hour >= 20 or hour < 6) else times["any"]
    when = rng.choice(pool if rng.random() < 0.85 else times["day"])
    if len(leaf.phrases) > 1 and rng.random() < 0.22:
        other = rng.choice(leaf.phrases)
        phrase += f"；{rng.choice(('另外', '同时', '还有'))}{other}" if other != phrase else ""
    if not place:
        return _frame(core, leaf, f"{when}{phrase}")
    forms = (
        f"{place}{when}{phrase}",
        f"{when}{place}{phrase}",
        f"{place}，{when}{phrase}",
        f"家住{place}，{when}{phrase}",
    )
    return _frame(core, leaf, forms[3 if leaf.place == "estate" and rng.random() < 0.35 else int(rng.random() * 3)])


def _frame(core: Core, leaf: Leaf, matter: str) -> str:
    """Opener, matter, details and harm as they come, and the wish; at least 40 characters."""
    rng, words = core.rng, pieces()
    style = WEB.get(core.channel, "question" if core.kind == "consultation" else "phone")
    opener = rng.choice(words["opener"][style]).format(who=address_of(core.caller))
    wish = rng.choice(words["wish"][core.kind])
    parts = [matter, *_particulars(core, leaf, SHORTEST - len(opener) - len(matter) - len(wish))]
    if style == "web":
        thanks = rng.choice(("，谢谢！", "。"))
        return f"{opener}{'，'.join(parts)}。{wish}{thanks}"
    return f"{opener}{'，'.join([*parts, wish])}。"


def _particulars(core: Core, leaf: Leaf, missing: int) -> list[str]:
    """Details and the harm, more of them while characters are missing."""
    rng, words = core.rng, pieces()
    asked = core.kind == "consultation" or leaf.kind == "consultation"
    details = words["detail"]["question" if asked else "outside" if leaf.place in ("estate", "road", "park") else "any"]
    said: list[str] = []
    while rng.random() < 0.35 or missing > 0:
        detail = rng.choice(details)
        if detail not in said and len(said) < 4:
            said.append(detail)
        missing -= len(detail) + 1
    if not asked and rng.random() < RARE:
        said.append(rng.choice(words["detail"]["rare"]))
    if not asked and core.kind != "praise" and rng.random() < 0.75:
        said.append(rng.choice(words["harm"][leaf.code[:2]]))
    filled = (piece.format(n=rng.randint(18, 69), m=rng.randint(2, 5), b=core.caller.building) for piece in said)
    return [piece for piece in filled if piece]


def answer_to(rng: random.Random, leaf: Leaf, kind: str, result: str, unit: str) -> str:
    """The answer that the citizen gets, in words that fit the matter."""
    answers: dict[str, list[str]] = pieces()["answer"]
    pool = answers[result]
    if result == "explained" and kind in PLAIN_ANSWERS:
        pool = answers[PLAIN_ANSWERS[kind]]
    elif result == "explained" and leaf.code.startswith(DISPUTES):
        pool = pool + answers["dispute"]
    elif result == "solved":
        fitting = [name for name, codes in ANSWERS_BY_MATTER.items() if leaf.code.startswith(codes)]
        pool = [*pool[:2], *(answer for name in fitting for answer in answers[name])] if fitting else pool
    return rng.choice(pool).format(unit=unit)


def address_of(caller: Person) -> str:
    """How an agent names a caller: 王先生, 李女士."""
    return caller.name[0] + ("先生" if caller.male else "女士")
