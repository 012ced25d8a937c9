"""Names that a line may mean: areas, units, categories and known places, by their characters or the initials of their pinyin.

`hydd` is 汉阳大道, `zjj` 住建局, as people call 住房和城市建设局. What is found is offered as a condition; nothing is narrowed by
itself.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from qushu.cases.models import Category
from qushu.insight.understanding.models import LearnedPlace
from qushu.kernel.kept import Kept
from qushu.kernel.text import tidy_line
from qushu.people.models import Unit
from qushu.places.models import Area
from qushu.places.rules import bare_name

MOST: Final = 8
_SHORTEST_FORM: Final = 3
_INITIALS: Final = re.compile(r"[a-z]{2,12}")
_PART: Final = re.compile(r"[\u3400-\u9fff]{2,12}")


@dataclass(frozen=True)
class Name:
    """A name with what it is called in the list, the condition it stands for, and how people abbreviate it."""

    kind: str
    name: str
    condition: str
    initials: frozenset[str]


def suggested(line: str) -> list[Name]:
    """The names that one word of a line means, the closest first; [] for anything longer."""
    word = tidy_line(line).lower()
    if _INITIALS.fullmatch(word):
        return _best((_rank_of_initials(one, word), one) for one in _NAMES.get())
    if _PART.fullmatch(word):
        return _best((_rank_of_part(one, word), one) for one in _NAMES.get())
    return []


def initials_of(name: str) -> str:
    """The first letters of each character's pinyin: 汉阳大道 → hydd. Letters and digits stay; other signs go."""
    from pypinyin import Style, lazy_pinyin  # its tables take a second to read

    return re.sub("[^a-z0-9]", "", "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default")).lower())


def _best(ranked: Iterable[tuple[int, Name]]) -> list[Name]:
    found = sorted(((rank, len(one.name), one.name, one) for rank, one in ranked if rank), key=lambda one: one[:3])
    return [one[3] for one in found[:MOST]]


def _rank_of_initials(one: Name, word: str) -> int:
    """1 when these are all its initials, 2 when they begin it, 3 when they abbreviate a unit's name, 0 when neither."""
    if word in one.initials:
        return 1
    if any(initials.startswith(word) for initials in one.initials):
        return 2
    return 3 if one.kind == "单位" and any(_abbreviates(word, initials) for initials in one.initials) else 0


def _abbreviates(word: str, initials: str) -> bool:
    """Whether a short form may be made of a name: its first and its last sign, and others between them in their order."""
    if len(word) < _SHORTEST_FORM or word[0] != initials[:1] or word[-1] != initials[-1:]:
        return False
    rest = iter(initials[1:-1])
    return all(sign in rest for sign in word[1:-1])


def _rank_of_part(one: Name, word: str) -> int:
    name = one.name.lower()
    return 1 if name == word else 2 if name.startswith(word) else 3 if word in name else 0


def _read() -> tuple[Name, ...]:
    """All names in four reads; kept until a unit, an area or a category changes, or places are learned anew."""
    return (*_areas(), *_units(), *_categories(), *_places())


def _areas() -> Iterable[Name]:
    for pk, name, level in Area.objects.filter(level__in=("street", "community")).values_list("pk", "name", "level"):
        street = level == Area.Level.street
        condition = urlencode({"street" if street else "area": pk})
        forms = {initials_of(name), initials_of(bare_name(name))}
        yield Name("街道" if street else "社区", name, condition, frozenset(forms))


def _units() -> Iterable[Name]:
    for pk, name in Unit.objects.values_list("pk", "name"):
        bare = re.sub(r"^区", "", name)
        yield Name("单位", name, urlencode({"unit": pk}), frozenset({initials_of(name), initials_of(bare)}))


def _categories() -> Iterable[Name]:
    for pk, name in Category.objects.filter(active=True).values_list("pk", "name"):
        yield Name("类别", name, urlencode({"category": pk}), frozenset({initials_of(name)}))


def _places() -> Iterable[Name]:
    for name in LearnedPlace.objects.order_by("-cases").values_list("name", flat=True):
        yield Name("地点", name, urlencode({"q": f'"{name}"'}), frozenset({initials_of(name)}))


_NAMES = Kept(("places_area", "people_unit", "cases_category", "insight_understanding_learnedplace"), _read)
