"""Cases by the terms of a search box, and the district's own names as words of it."""

from collections.abc import Sequence

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from qushu.kernel.search_terms import Term, tsquery_of
from qushu.kernel.text import add_words
from qushu.people.models import Unit
from qushu.places.models import Area

from .models import Case


def with_terms(cases: QuerySet[Case], terms: Sequence[Term]) -> QuerySet[Case]:
    """The cases in which all terms hold; none when nothing was asked that the index could answer (index: entry_words)."""
    query = tsquery_of(terms)
    if not query:
        return cases.none()
    found = cases.filter(entry__words=SearchQuery(query, config="simple", search_type="raw"))
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
