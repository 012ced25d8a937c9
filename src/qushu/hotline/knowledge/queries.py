"""Reads of the knowledge base: for the workplace, for the desk while somebody speaks, for citizens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

from qushu.cases.models import Category
from qushu.cases.rules import SHANGHAI
from qushu.kernel.text import query_of, segmented, words
from qushu.people.access import Actor, scope

from ..models import Knowledge
from ..suggestions import telling_words
from .rules import FIELDS, SOON, WORDS, Facts, changed_fields

LOOKED_AT = 60
SHARED_AT_LEAST = 2
MOST_COUNTED = 100
STANDINGS = {
    "current": "有效",
    "ending": "30 天内失效",
    "review": "待复核",
    "coming": "尚未生效",
    "ended": "已失效",
}
"""What a list may be narrowed to; the first when nothing is said."""

ORDER = ("-uses", "-id")
"""Of lists; index knowledge_most_used."""


@dataclass(frozen=True)
class Chosen:
    """What a list is narrowed to."""

    q: str = ""
    standing: str = "current"
    category_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Version:
    """A version and what it changed, in words."""

    entry: Knowledge
    changes: list[str]


def facts_of(entry: Knowledge) -> Facts:
    """An entry as what was written."""
    return Facts(**{name: getattr(entry, name) for name in FIELDS})


def search_words(title: str, keywords: str, answer: str) -> Combinable:
    """The value of the column `words`: title and keywords weigh more than the answer."""
    heading = SearchVector(Value(segmented(f"{title} {keywords}")), weight="A", config="simple")
    return heading + SearchVector(Value(segmented(answer)), weight="C", config="simple")


def in_force(on: date, entries: "QuerySet[Knowledge] | None" = None) -> QuerySet[Knowledge]:
    """The versions to be used on this day."""
    entries = Knowledge.objects.all() if entries is None else entries
    return entries.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on),
        Q(replaced_by__isnull=True) | Q(replaced_by__valid_from__gt=on),
        valid_from__lte=on,
    )


def readable(actor: Actor) -> QuerySet[Knowledge]:
    """Every version this person may read: public ones, and internal ones of the own units, or all."""
    reach = scope(actor, "knowledge.read")
    if reach.nothing:
        return Knowledge.objects.none()
    if "citizen" in actor.roles:
        return Knowledge.objects.filter(public=True)
    if reach.everything:
        return Knowledge.objects.all()
    return Knowledge.objects.filter(Q(public=True) | Q(unit__isnull=True) | Q(unit__in=reach.unit_ids))


def listed(actor: Actor, chosen: Chosen, today: date) -> QuerySet[Knowledge]:
    """The newest versions that fit, with category and unit; order by ORDER."""
    entries = readable(actor).filter(replaced_by__isnull=True).select_related("category", "unit")
    entries = entries.filter(_standing(chosen.standing, today))
    if chosen.unit_id:
        entries = entries.filter(unit=chosen.unit_id)
    if chosen.category_id:
        entries = entries.filter(_within(chosen.category_id))
    return containing(entries, chosen.q) if chosen.q.strip() else entries


def waiting(actor: Actor, today: date) -> dict[str, int]:
    """How many entries that this person may write are to be looked at again or end soon, counted up to MOST_COUNTED."""
    reach = scope(actor, "knowledge.write")
    own = Q() if reach.everything else Q(unit__in=reach.unit_ids)
    held = {name: listed(actor, Chosen(standing=name), today).filter(own) for name in ("review", "ending")}
    return {name: found[:MOST_COUNTED].count() for name, found in held.items()}


def containing(entries: QuerySet[Knowledge], text: str) -> QuerySet[Knowledge]:
    """Those that hold all words of a text; a text without words is looked for in titles. Index: knowledge_words."""
    spoken = words(text)
    if not spoken:
        return entries.filter(title__icontains=text.strip())
    return entries.filter(words=_query(spoken, "&"))


def best_for(entries: QuerySet[Knowledge], text: str, limit: int) -> tuple[list[Knowledge], bool]:
    """The best for a few words, and whether they hold all of them; when none does, those that hold any."""
    spoken = words(text)
    if not spoken:
        return list(containing(entries, text).order_by(*ORDER)[:limit]), True
    for joined in ("&", "|"):
        query = _query(spoken, joined)
        ranked = entries.filter(words=query).annotate(rank=SearchRank(F("words"), query))
        found: list[Knowledge] = list(ranked.order_by("-rank", *ORDER)[:limit])
        if found:
            return found, joined == "&"
    return [], True


def answers_for(
    text: str, now: datetime, limit: int = 3, among: "QuerySet[Knowledge] | None" = None
) -> list[Knowledge]:
    """Answers in force whose keywords or title fit what somebody says, the best first. Index: knowledge_words.

    `among`: where to look, e.g. `readable(actor)`; everywhere when it isn't given.
    """
    spoken = telling_words(text)
    if not spoken:
        return []
    query = _query(spoken, "|")
    today = timezone.localdate(now, SHANGHAI)
    ranked = in_force(today, among).filter(words=query).annotate(rank=SearchRank(F("words"), query))
    fitting = []
    for entry in ranked.order_by("-rank", "pk")[:LOOKED_AT]:
        keys = {key for key in entry.keywords.replace("、", " ").replace("，", " ").split() if key in text}
        score = 2 * len(keys) + len(set(spoken) & set(words(entry.title)))
        if keys or score >= SHARED_AT_LEAST:
            fitting.append((score, entry.uses, entry))
    fitting.sort(key=lambda one: (-one[0], -one[1], one[2].pk))
    return [entry for _, _, entry in fitting[:limit]]


def public_entries(today: date) -> QuerySet[Knowledge]:
    """What citizens may read today."""
    return in_force(today, Knowledge.objects.filter(public=True))


def topics(today: date) -> list[tuple[Category, int]]:
    """Top categories with how many public entries they have, in the order of their codes; empty ones are left out."""
    counted = dict(public_entries(today).order_by().values_list("category_id").annotate(Count("pk")))
    chains = Category.objects.filter(pk__in=[pk for pk in counted if pk is not None])
    held: dict[int, int] = {}
    for chain in chains.values_list("parent__parent_id", "parent_id", "pk"):
        top = next(pk for pk in chain if pk is not None)
        held[top] = held.get(top, 0) + counted[chain[-1]]
    tops = Category.objects.filter(pk__in=held).order_by("code")
    return [(category, held[category.pk]) for category in tops]


def in_topic(entries: QuerySet[Knowledge], category_id: int) -> QuerySet[Knowledge]:
    """Those of a category and what is below it."""
    return entries.filter(_within(category_id))


def same_entry(entry: Knowledge) -> QuerySet[Knowledge]:
    """All versions of what this is a version of."""
    root = entry.first_id or entry.pk
    return Knowledge.objects.filter(Q(pk=root) | Q(first=root))


def versions_of(entry: Knowledge) -> list[Version]:
    """All versions, the newest first, each with what it changed."""
    rows = list(same_entry(entry).select_related("written_by").order_by("-version"))
    older: Sequence[Knowledge | None] = [*rows[1:], None]
    return [Version(row, _changes(before, row)) for row, before in zip(rows, older, strict=True)]


def newest_of(entry: Knowledge) -> Knowledge:
    """The version that nothing replaced yet."""
    if entry.replaced_by_id is None:
        return entry
    return same_entry(entry).get(replaced_by__isnull=True)


def _changes(before: Knowledge | None, after: Knowledge) -> list[str]:
    if before is None:
        return []
    return [WORDS[name] for name in changed_fields(facts_of(before), facts_of(after))]


def _query(spoken: Sequence[str], joined: Any) -> SearchQuery:
    return SearchQuery(query_of(spoken, joined), config="simple", search_type="raw")


def _within(category_id: int) -> Q:
    return Q(category=category_id) | Q(category__parent=category_id) | Q(category__parent__parent=category_id)


def _standing(standing: str, today: date) -> Q:
    unended = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    if standing == "ended":
        return Q(valid_to__lte=today)
    if standing == "coming":
        return unended & Q(valid_from__gt=today)
    if standing == "ending":
        return Q(valid_to__gt=today, valid_to__lte=today + SOON)
    if standing == "review":
        return unended & Q(review_on__lte=today)
    if standing == "all":
        return Q()
    return unended & Q(valid_from__lte=today)
