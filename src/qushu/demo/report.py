"""Lists what was planted, so that analysis can be checked: `<home>/demo/planted.json`."""

import json
from pathlib import Path
from typing import Any

from .draw import District
from .people import Person, person
from .words import number_at

REPEAT_CALLERS = 60


def repeat_callers(district: District) -> list[Person]:
    """The people who call most often: the first ones of the power law."""
    return [person(district.seed, number, len(district.world.communities)) for number in range(REPEAT_CALLERS)]


def write_planted(district: District, home: Path, calls_of: dict[str, list[str]]) -> Path:
    """Write the list and say where. `calls_of` maps a repeat caller's phone to the numbers of all cases of theirs."""
    path = home / "demo" / "planted.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(planted(district, calls_of), ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def planted(district: District, calls_of: dict[str, list[str]]) -> dict[str, Any]:
    """Surges, matters and repeat callers with the case numbers that belong to each."""
    numbers: dict[int, list[str]] = {}
    for index, (which, _nth) in sorted(district.planted_at.items()):
        numbers.setdefault(which, []).append(number_at(district, index))
    things = [
        {
            "key": thing.key,
            "sort": thing.sort,
            "title": thing.title,
            "category": district.world.leaves[thing.leaf].code,
            "communities": [district.world.communities[place].name for place in thing.places],
            "numbers": numbers.get(which, []),
        }
        for which, thing in enumerate(district.planted)
    ]
    return {
        "seed": district.seed,
        "cases": district.cases,
        "from": district.start.isoformat(),
        "until": district.end.isoformat(),
        "surges": [thing for thing in things if thing["sort"] == "surge"],
        "matters": [thing for thing in things if thing["sort"] == "matter"],
        "repeat_callers": [
            {"name": caller.name, "phone": caller.phone, "numbers": calls_of.get(caller.phone, [])}
            for caller in repeat_callers(district)
        ],
    }
