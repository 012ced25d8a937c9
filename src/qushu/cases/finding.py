"""Cases by the terms of a search box, and the district's own names as words of it."""

from collections.abc import Sequence
from typing import Final

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import F, Func, Q, QuerySet

from qushu.kernel.search_terms import Term, tsquery_of
from qushu.kernel.text import add_words
from qushu.people.models import Unit
from qushu.places.models import Area

from .models import Case, SearchEntry

MANY: Final = 10_000
"""Beyond so many cases it is quicker to go along the newest and look at each than to gather all that fit."""


def with_terms(cases: QuerySet[Case], terms: Sequence[Term]) -> QuerySet[Case]:
    """The cases in which all terms hold; none when nothing was asked that the index could answer (index: entry_words)."""
    query = tsquery_of(terms)
    if not query:
        return cases.none()
    return _verified(cases.filter(entry__words=_raw(query)), terms)


def with_terms_along(cases: QuerySet[Case], terms: Sequence[Term]) -> QuerySet[Case]:
    """As `with_terms`, for the first rows of an order that nothing narrows much: the planner knows single words."""
    several = sum(len(term.lexemes) for term in terms if not term.excluded) > 1
    return with_terms_gathered(cases, terms) if several else with_terms(cases, terms)


def with_terms_gathered(cases: QuerySet[Case], terms: Sequence[Term]) -> QuerySet[Case]:
    """As `with_terms`, for the first rows of an order, where the planner would guess wrongly.

    The planner takes words for independent of each other and of units: for the four pairs of a common phrase it expects
    one case, gathers 300,000 and sorts them; for a word that a unit never hears it walks all the unit's cases. So what
    fits is gathered first, up to MANY. Fewer: those are the cases to look among. More, and several pairs: the index is
    kept from use (the vector is joined with nothing) and the list's own order is walked until a page is full. More of a
    single word: the planner knows how frequent it is.
    """
    query = tsquery_of(terms)
    if not query:
        return cases.none()
    fitting = SearchEntry.objects.filter(words=_raw(query)).values("pk")[:MANY]
    if fitting.count() < MANY:
        return _verified(cases.filter(pk__in=fitting), terms)
    if sum(len(term.lexemes) for term in terms if not term.excluded) == 1:
        return _verified(cases.filter(entry__words=_raw(query)), terms)
    beside_index = Func(
        F("entry__words"), template="(%(expressions)s || ''::tsvector)", output_field=SearchVectorField()
    )
    return _verified(cases.alias(walked=beside_index).filter(walked=_raw(query)), terms)


def _raw(query: str) -> SearchQuery:
    return SearchQuery(query, config="simple", search_type="raw")


def _verified(found: QuerySet[Case], terms: Sequence[Term]) -> QuerySet[Case]:
    """Those in whose text each phrase stands as it was typed."""
    for term in terms:
        if term.to_verify:
            stands = _stands_in(term.text)
            found = found.exclude(stands) if term.excluded else found.filter(stands)
    return found


def district_names() -> tuple[str, ...]:
    """The names of areas and units, valid or not: what this district calls by a word of its own."""
    areas = Area.objects.values_list("name", flat=True)
    return (*areas, *Unit.objects.values_list("name", flat=True))


def teach_names() -> None:
    """Teach this process the district's names, so that they are words. Web server and worker do so when they start.

    Names that come later become words after a restart, in texts that were cut before after `qushu search reindex`. Every
    name is found all the same, by its pairs of characters.
    """
    add_words(district_names())


def _stands_in(phrase: str) -> Q:
    return Q(title__icontains=phrase) | Q(statement__text__icontains=phrase) | Q(statement__place__icontains=phrase)
