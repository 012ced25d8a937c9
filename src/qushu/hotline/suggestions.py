"""Which unit should have a case, and what it is about: an interface, and a plain method that gives its reasons.

The method `words-1` counts: words of the category's list, the dispatch catalogue, duty texts, units of similar resolved
cases. It decides nothing; a person takes its first line or doesn't, and the case's history says which.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from qushu.cases.models import Case, Category
from qushu.kernel.text import query_of, words
from qushu.people.models import Unit
from qushu.places.models import Area
from qushu.places.queries import street_of

from .models import CatalogueEntry

MODEL = "words-1"
MOST_WORDS = 40
SIMILAR = 40
CATALOGUE_WEIGHT = 0.6
SIMILAR_WEIGHT = 0.3
DUTY_WEIGHT = 0.1
DUTY_WORDS_AT_LEAST = 2
COMMON = frozenset(
    [
        "社区",
        "街道",
        "小区",
        "门口",
        "路面",
        "希望",
        "尽快",
        "及时",
        "维修",
        "处理",
        "解决",
        "反映",
        "问题",
        "情况",
        "部门",
        "要求",
        "市民",
        "来电",
        "居民",
        "人员",
        "附近",
        "旁边",
        "晚上",
        "昨天",
        "今天",
        "早上",
        "上午",
        "下午",
        "最近",
        "一直",
        "长期",
        "影响",
        "生活",
        "出行",
        "工作",
        "管理",
        "服务",
        "核实",
        "回复",
        "联系",
        "电话",
        "开始",
        "担心",
        "严重",
        "多次",
        "投诉",
        "建议",
        "咨询",
        "求助",
        "有人",
        "大家",
        "安全",
        "想问",
    ]
)
"""Words of nearly every call: they say nothing about what it is, nor whose it is."""


@dataclass(frozen=True)
class Suggestion:
    """A unit, why, and how sure (0 to 1). Shapes as `cases.actions.Suggestion` wants them: unit_id, model, score."""

    unit_id: int
    name: str
    reason: str
    score: float
    model: str = MODEL


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

    def categories(self, text: str) -> list[CategorySuggestion]:
        """Leaf categories for these words, the likeliest first."""


def telling_words(text: str) -> list[str]:
    """The words of a call that say what it is about, in order, each once."""
    return [word for word in dict.fromkeys(words(text)) if word not in COMMON][:MOST_WORDS]


@dataclass
class _Weighed:
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)


class WordCounts:
    """The default method, `words-1`."""

    def categories(self, text: str, most: int = 3) -> list[CategorySuggestion]:
        """Leaves whose keywords or name occur in the text; longer words count for more."""
        found: list[tuple[float, Category, list[str]]] = []
        for category in Category.objects.filter(active=True, level=3):
            known = {*category.keywords.split(), category.name} - COMMON
            hits = [word for word in known if len(word) > 1 and word in text]
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
        weighed: dict[int, _Weighed] = defaultdict(_Weighed)
        spoken = telling_words(text)
        if category_id is not None:
            _weigh_catalogue(weighed, category_id, area_id, on)
        _weigh_similar(weighed, spoken, category_id)
        _weigh_duties(weighed, set(spoken))
        names = dict(Unit.objects.filter(pk__in=weighed, active=True).values_list("pk", "name"))
        best = sorted((pk for pk in weighed if pk in names), key=lambda pk: (-weighed[pk].score, pk))[:most]
        return [
            Suggestion(pk, names[pk], "；".join(weighed[pk].reasons), round(min(weighed[pk].score, 1.0), 2))
            for pk in best
        ]


def _weigh_catalogue(weighed: dict[int, _Weighed], category_id: int, area_id: int | None, on: date) -> None:
    area = Area.objects.select_related("parent").filter(pk=area_id).first() if area_id else None
    street = street_of(area)
    here = [one.pk for one in (area, street) if one is not None]
    in_force = CatalogueEntry.objects.filter(category_id=category_id, effective_from__lte=on).filter(
        Q(effective_to__isnull=True) | Q(effective_to__gt=on)
    )
    entries = in_force.filter(Q(area__isnull=True) | Q(area__in=here)).select_related("category")
    for entry in sorted(entries, key=lambda one: one.area_id is None)[:1]:
        basis = f"（{entry.legal_basis}）" if entry.legal_basis else ""
        if entry.to_street_office:
            office = Unit.objects.filter(kind=Unit.Kind.street, area=street, active=True).first() if street else None
            if office is not None:
                weighed[office.pk].score += CATALOGUE_WEIGHT
                weighed[office.pk].reasons.append(f"派单目录：{entry.category.name}派属地街道{basis}")
        elif entry.lead_unit_id is not None:
            weighed[entry.lead_unit_id].score += CATALOGUE_WEIGHT
            weighed[entry.lead_unit_id].reasons.append(f"派单目录：{entry.category.name}由其主办{basis}")


def _weigh_similar(weighed: dict[int, _Weighed], spoken: Sequence[str], category_id: int | None) -> None:
    cases = Case.objects.filter(resolved_at__isnull=False, lead_unit__isnull=False)
    if category_id is not None:
        cases = cases.filter(category_id=category_id)
    elif spoken:
        query = SearchQuery(query_of(spoken[:6], "|"), config="simple", search_type="raw")
        cases = cases.filter(statement__words=query)
    else:
        return
    recent = cases.order_by("-accepted_at", "-id").values_list("lead_unit_id", flat=True)[:SIMILAR]
    counts = Counter(recent)
    total = sum(counts.values())
    for unit_id, count in counts.most_common(3):
        weighed[unit_id].score += SIMILAR_WEIGHT * count / total
        weighed[unit_id].reasons.append(f"近期同类 {total} 件中 {count} 件由其办结")


def _weigh_duties(weighed: dict[int, _Weighed], spoken: set[str]) -> None:
    if not spoken:
        return
    for unit_id, duties in Unit.objects.filter(active=True).exclude(duties="").values_list("pk", "duties"):
        shared = [word for word in spoken if word in duties]
        if len(shared) >= DUTY_WORDS_AT_LEAST or (shared and unit_id in weighed):
            weighed[unit_id].score += DUTY_WEIGHT * min(len(shared), 4) / 4
            weighed[unit_id].reasons.append(f"职责提到“{'”“'.join(sorted(shared, key=len, reverse=True)[:3])}”")


SUGGESTER: Suggester = WordCounts()
"""The method in use."""
