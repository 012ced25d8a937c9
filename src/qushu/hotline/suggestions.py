"""Which unit should have a case, and what it is about: an interface, and a plain method that gives its reasons.

The method `words-1` counts: words of the category's list, the dispatch catalogue, duty texts, units of similar resolved
cases. It decides nothing; a person takes its first line or doesn't, and the case's history says which.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.db.models import OuterRef, QuerySet

from qushu.cases.models import Case, Category
from qushu.kernel.kept import Kept
from qushu.kernel.text import query_of, words
from qushu.people.models import Unit
from qushu.places.options import known_areas

from .models import CatalogueEntry

MODEL = "words-1"
MOST_WORDS = 40
SIMILAR = 40
CATALOGUE_WEIGHT = 0.6
SIMILAR_WEIGHT = 0.3
DUTY_WEIGHT = 0.1
DUTY_WORDS_AT_LEAST = 2
COMMON = frozenset([
    "社区", "街道", "小区", "门口", "路面", "希望", "尽快", "及时", "维修", "处理", "解决", "反映", "问题", "情况",
    "部门", "要求", "市民", "来电", "居民", "人员", "附近", "旁边", "晚上", "昨天", "今天", "早上", "上午", "下午",
    "最近", "一直", "长期", "影响", "生活", "出行", "工作", "管理", "服务", "核实", "回复", "联系", "电话", "开始",
    "担心", "严重", "多次", "投诉", "建议", "咨询", "求助", "有人", "大家", "安全", "想问",
])  # fmt: skip
"""Words of nearly every call: they say nothing about what it is, nor whose it is."""


@dataclass(frozen=True)
class Matter:
    """What is known of a case when a unit is sought for it."""

    text: str
    category_id: int | None = None
    area_id: int | None = None


@dataclass(frozen=True)
class Suggestion:
    """A unit, why, and how sure (0 to 1). Shapes as `cases.actions.Suggestion` wants them: unit_id, model, score.

    `assisting`: (id, name) of the units that the dispatch catalogue lets assist this one; `similar`: numbers of like cases
    that this unit had.
    """

    unit_id: int
    name: str
    reason: str
    score: float
    model: str = MODEL
    assisting: Sequence[tuple[int, str]] = ()
    similar: Sequence[str] = ()

    @property
    def measured(self) -> bool:
        """Whether the score was made honest on cases (把握); that of the plain method only says how well words fit (匹配度)."""
        return self.model != MODEL


@dataclass(frozen=True)
class CategorySuggestion:
    """A category with the words that speak for it."""

    category_id: int
    name: str
    reason: str
    score: float


class Suggester(Protocol):
    """What a better method must offer to take this one's place."""

    def units(self, text: str, category_id: int | None, area_id: int | None, on: date) -> list[Suggestion]:
        """Units for these words, the likeliest first."""

    def units_for(self, matters: Sequence[Matter], on: date) -> list[list[Suggestion]]:
        """As `units` for each of many matters, in a number of reads that doesn't grow with them."""

    def categories(self, text: str) -> list[CategorySuggestion]:
        """Leaf categories for these words, the likeliest first."""

    def categories_for(self, texts: Sequence[str]) -> list[list[CategorySuggestion]]:
        """As `categories` for each of many texts, in a number of reads that doesn't grow with them."""


@lru_cache(maxsize=4096)  # a queue shows the same texts again and again; cutting one into words costs 0.3 ms
def telling_words(text: str) -> tuple[str, ...]:
    """The words of a call that say what it is about, in order, each once."""
    return tuple([word for word in dict.fromkeys(words(text)) if word not in COMMON][:MOST_WORDS])


@dataclass
class _Weighed:
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)
    assisting: list[int] = field(default_factory=list)


class WordCounts:
    """The default method, `words-1`."""

    def categories(self, text: str, most: int = 3) -> list[CategorySuggestion]:
        """Leaves whose keywords or name occur in the text; longer words count for more."""
        return self.categories_for([text], most)[0]

    def categories_for(self, texts: Sequence[str], most: int = 3) -> list[list[CategorySuggestion]]:
        """As `categories` for each text; one read for all."""
        if not texts:
            return []
        leaves = [
            (leaf, [word for word in {*leaf.keywords.split(), leaf.name} - COMMON if len(word) > 1])
            for leaf in Category.objects.filter(active=True, level=3)
        ]
        return [self._categories(text, leaves, most) for text in texts]

    def _categories(
        self, text: str, leaves: Sequence[tuple[Category, list[str]]], most: int
    ) -> list[CategorySuggestion]:
        found: list[tuple[float, Category, list[str]]] = []
        for category, known in leaves:
            hits = [word for word in known if _says(text, word)]
            if hits:
                found.append((float(sum(len(word) for word in hits)), category, sorted(hits, key=len, reverse=True)))
        found.sort(key=lambda one: (-one[0], one[1].code))
        total = sum(score for score, _, _ in found) or 1.0
        return [
            CategorySuggestion(category.pk, category.full_name, f"提到“{'”“'.join(hits[:3])}”", round(score / total, 2))
            for score, category, hits in found[:most]
        ]

    def units(
        self, text: str, category_id: int | None, area_id: int | None, on: date, most: int = 3
    ) -> list[Suggestion]:
        """Units by catalogue, by similar resolved cases, by duty text; scores of the three are added."""
        return self.units_for([Matter(text, category_id, area_id)], on, most)[0]

    def units_for(self, matters: Sequence[Matter], on: date, most: int = 3) -> list[list[Suggestion]]:
        """As `units` for each matter: two reads for all that have a category, one more for each that has none."""
        if not matters:
            return []
        units, catalogue = _UNITS.get(), _Catalogue(on)
        similar = _units_of_resolved({one.category_id for one in matters if one.category_id is not None})
        found = []
        for matter in matters:
            spoken = telling_words(matter.text)
            weighed: dict[int, _Weighed] = defaultdict(_Weighed)
            catalogue.weigh(weighed, matter, units)
            recent = similar.get(matter.category_id) if matter.category_id else _units_of_words(spoken)
            _weigh_similar(weighed, recent or [])
            units.weigh_duties(weighed, set(spoken))
            found.append(units.best(weighed, most))
        return found


class _Units:
    """The active units: names, street offices by area, and duties, in which each word is looked up once."""

    def __init__(self) -> None:
        rows = list(Unit.objects.filter(active=True).values_list("pk", "name", "kind", "area_id", "duties"))
        self.names = {pk: name for pk, name, _, _, _ in rows}
        self.offices = {area_id: pk for pk, _, kind, area_id, _ in rows if kind == Unit.Kind.street}
        self._duties = [(pk, duties) for pk, _, _, _, duties in rows if duties]
        self._together = "\n".join(duties for _, duties in self._duties)
        self._having: dict[str, list[int]] = {}

    def having(self, word: str) -> list[int]:
        """The units whose duties hold the word."""
        # Most words are in no duty at all: one search through all of them together says so, and nothing is kept of them.
        if word not in self._together:
            return []
        if word not in self._having:
            self._having[word] = [pk for pk, duties in self._duties if word in duties]
        return self._having[word]

    def weigh_duties(self, weighed: dict[int, _Weighed], spoken: set[str]) -> None:
        shared: dict[int, list[str]] = defaultdict(list)
        for word in spoken:
            for unit_id in self.having(word):
                shared[unit_id].append(word)
        for unit_id, hits in shared.items():
            if len(hits) >= DUTY_WORDS_AT_LEAST or unit_id in weighed:
                weighed[unit_id].score += DUTY_WEIGHT * min(len(hits), 4) / 4
                weighed[unit_id].reasons.append(f"职责提到“{'”“'.join(sorted(hits, key=_longest_first)[:3])}”")

    def best(self, weighed: Mapping[int, _Weighed], most: int) -> list[Suggestion]:
        order = sorted((pk for pk in weighed if pk in self.names), key=lambda pk: (-weighed[pk].score, pk))
        return [self._suggestion(pk, weighed[pk]) for pk in order[:most]]

    def _suggestion(self, pk: int, one: _Weighed) -> Suggestion:
        assisting = [(other, self.names[other]) for other in one.assisting if other in self.names and other != pk]
        return Suggestion(
            pk, self.names[pk], "；".join(one.reasons), round(min(one.score, 1.0), 2), MODEL, tuple(assisting)
        )


def _entries() -> dict[int, list[CatalogueEntry]]:
    found: dict[int, list[CatalogueEntry]] = defaultdict(list)
    for entry in CatalogueEntry.objects.select_related("category").prefetch_related("assisting").order_by("pk"):
        found[entry.category_id].append(entry)
    return found


_UNITS = Kept(("people_unit",), _Units)
_ENTRIES = Kept(
    ("hotline_catalogueentry", "hotline_catalogueentry_assisting", "cases_category", "people_unit"), _entries
)


class _Catalogue:
    """The lines of the dispatch catalogue in force on a day."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._entries = _ENTRIES.get()
        self._streets = known_areas().streets

    def _in_force(self, entry: CatalogueEntry) -> bool:
        return entry.effective_from <= self._on and (entry.effective_to is None or entry.effective_to > self._on)

    def weigh(self, weighed: dict[int, _Weighed], matter: Matter, units: _Units) -> None:
        """Weigh the unit that the nearest line names: of the very area, of its street, of the whole district."""
        street_id = self._streets.get(matter.area_id) if matter.area_id else None
        near = {None: 2} | ({street_id: 1} if street_id else {}) | ({matter.area_id: 0} if matter.area_id else {})
        listed = self._entries.get(matter.category_id or 0, ())
        entries = [one for one in listed if one.area_id in near and self._in_force(one)]
        if not entries:
            return
        entry = min(entries, key=lambda one: near[one.area_id])
        basis = f"（{entry.legal_basis}）" if entry.legal_basis else ""
        if entry.to_street_office:
            unit_id = units.offices.get(street_id) if street_id else None
            reason = f"派单目录：{entry.category.name}派属地街道{basis}"
        else:
            unit_id, reason = entry.lead_unit_id, f"派单目录：{entry.category.name}由其主办{basis}"
        if unit_id is not None:
            weighed[unit_id].score += CATALOGUE_WEIGHT
            weighed[unit_id].reasons.append(reason)
            weighed[unit_id].assisting = [one.pk for one in entry.assisting.all()]


def _resolved() -> QuerySet[Case]:
    return Case.objects.filter(resolved_at__isnull=False, lead_unit__isnull=False)


def _units_of_resolved(category_ids: set[int]) -> dict[int, list[int]]:
    """The units of the newest SIMILAR resolved cases of each category (index case_category_newest), in one read."""
    newest = _resolved().filter(category=OuterRef("pk")).order_by("-accepted_at", "-id")
    recent = ArraySubquery(newest.values("lead_unit_id")[:SIMILAR])
    return dict(Category.objects.filter(pk__in=category_ids).annotate(recent=recent).values_list("pk", "recent"))


def _units_of_words(spoken: Sequence[str]) -> list[int]:
    """The units of the newest resolved cases that hold one of the first words (index entry_words)."""
    if not spoken:
        return []
    query = SearchQuery(query_of(spoken[:6], "|"), config="simple", search_type="raw")
    found = _resolved().filter(entry__words=query).order_by("-accepted_at", "-id")
    return [unit_id for unit_id in found.values_list("lead_unit_id", flat=True)[:SIMILAR] if unit_id is not None]


def _weigh_similar(weighed: dict[int, _Weighed], recent: Sequence[int]) -> None:
    for unit_id, count in Counter(recent).most_common(3):
        weighed[unit_id].score += SIMILAR_WEIGHT * count / len(recent)
        weighed[unit_id].reasons.append(f"近期同类 {len(recent)} 件中 {count} 件由其办结")


def _says(text: str, word: str) -> bool:
    """Whether a text holds a word; a number (120) only where it isn't a part of a longer one."""
    if word not in text:
        return False
    return not word.isdigit() or re.search(rf"(?<!\d){word}(?!\d)", text) is not None


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word


class Offered:
    """Asks the method that is in use: `words-1` until a room above offers another one."""

    def __init__(self) -> None:
        self.method: Suggester = WordCounts()

    def units(self, text: str, category_id: int | None, area_id: int | None, on: date) -> list[Suggestion]:
        """As the method in use."""
        return self.method.units(text, category_id, area_id, on)

    def units_for(self, matters: Sequence[Matter], on: date) -> list[list[Suggestion]]:
        """As the method in use."""
        return self.method.units_for(matters, on)

    def categories(self, text: str) -> list[CategorySuggestion]:
        """As the method in use."""
        return self.method.categories(text)

    def categories_for(self, texts: Sequence[str]) -> list[list[CategorySuggestion]]:
        """As the method in use."""
        return self.method.categories_for(texts)


SUGGESTER = Offered()
"""What pages and jobs ask."""


def offer_suggester(method: Suggester) -> None:
    """Let this method answer from now on; rooms above call it when Django starts."""
    SUGGESTER.method = method


def catalogued(matters: Sequence[Matter], on: date) -> list[Suggestion | None]:
    """What the dispatch catalogue alone says for each matter, with the units that assist."""
    units, catalogue = _UNITS.get(), _Catalogue(on)
    found: list[Suggestion | None] = []
    for matter in matters:
        weighed: dict[int, _Weighed] = defaultdict(_Weighed)
        catalogue.weigh(weighed, matter, units)
        found.append(next(iter(units.best(weighed, 1)), None))
    return found
