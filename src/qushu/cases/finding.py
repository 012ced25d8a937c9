"""Cases by the terms of a search box, and the district's own names as words of it."""

import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Final

from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value, When
from django.db.models import Case as Choose

from qushu.kernel.search_terms import Term, tsquery_of
from qushu.kernel.text import add_words
from qushu.people.models import Unit
from qushu.places.models import Area

from .models import Case, SearchEntry

Finder = Callable[[QuerySet[Case], Sequence[Term]], QuerySet[Case]]

PAGE: Final = 25
"""Cases of a page; a word that so many of the newest cases say is said lately."""

MANY: Final = 50_000
"""Of a word within narrow conditions so many are gathered: walking all their cases, where none says it, costs more."""

DEAR: Final = 3
"""Gathering a case costs as much as walking past so many."""
CLUMPED: Final = 20
"""A word is looked for so many times as far as a page of it would reach, were it evenly spread."""
FEW: Final = 2_000
"""So many cases of a unit, an area or a category are read by their ids …"""
SOME: Final = 5_000
"""… and so many gathered, which is sooner than walking through what they are scattered in."""
NEWEST: Final = ("-accepted_at", "-id")
_NO_END: Final = 2**31 - 1
# a join, not IN: it stops as soon as there are enough
_LATELY: Final = """
    SELECT FROM ({newest}) newest JOIN cases_searchentry entry ON entry.case_id = newest.id
    WHERE ts_match_vq(entry.words, to_tsquery('simple', %s)) LIMIT %s
"""


def with_terms(cases: QuerySet[Case], terms: Sequence[Term]) -> QuerySet[Case]:
    """The cases in which all terms hold; none when nothing was asked that the index could answer (index: entry_words)."""
    query = tsquery_of(terms)
    if not query:
        return cases.none()
    return _verified(cases.filter(entry__words=_raw(query)), terms)


def with_terms_along(cases: QuerySet[Case], terms: Sequence[Term], first: int = PAGE) -> QuerySet[Case]:
    """As `with_terms`, for the `first` rows of an order that nothing narrows much."""
    query = tsquery_of(terms)
    return _gathered_or_walked(cases, query, terms, first) if query else cases.none()


def with_terms_gathered(cases: QuerySet[Case], terms: Sequence[Term], first: int = PAGE) -> QuerySet[Case]:
    """As `with_terms`, for the `first` rows of an order within narrow conditions.

    Conditions that the index doesn't know (a caller, a mark, satisfaction), or too many of its facets. The planner takes words for independent of them:
    for a word that is never said there it walks all their cases. It does know how frequent a single word is, so that is
    asked, and what fits is gathered first unless it is too much.
    """
    query = tsquery_of(terms)
    if not query:
        return cases.none()
    if _how_many(terms) > 1:
        return _gathered_or_walked(cases, query, terms, first)
    return _among(cases, _fitting(query), terms) if _expected(query) < MANY else with_terms(cases, terms)


def with_terms_within(
    cases: QuerySet[Case], terms: Sequence[Term], within: Sequence[Sequence[str]], first: int = PAGE
) -> QuerySet[Case]:
    """As `with_terms`, for the `first` rows of an order of cases that all have one facet of each group (`words.facets_of`).

    The index knows exactly which of them say it: few are read by their ids, many walked where they say it lately.
    """
    query = tsquery_of(terms)
    if not query:
        return cases.none()
    fitting = _fitting(query)
    for group in within:
        fitting = fitting.filter(facets__overlap=list(group))
    few, some = max(FEW, first), max(FEW, first, SOME)
    ids = _first_of(fitting, some + 1)
    if len(ids) <= few:
        return _verified(cases.filter(pk__in=ids) if ids else cases.none(), terms)
    if len(ids) > some and _said_lately(cases, query, DEAR * some):
        return _walked(cases, query, terms)
    return _among(cases, fitting, terms)


def _first_of(fitting: QuerySet[SearchEntry], most: int) -> list[int]:
    """At most so many, by the plan for all of them: for few the planner would go through the table, trusting its estimate."""
    sql, params = _all_of(fitting).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"WITH fitting AS MATERIALIZED ({sql}) SELECT * FROM fitting LIMIT %s", [*params, most])
        return [pk for (pk,) in cursor.fetchall()]


def _gathered_or_walked(cases: QuerySet[Case], query: str, terms: Sequence[Term], first: int) -> QuerySet[Case]:
    """What is rare is gathered and sorted; of what is frequent the newest cases are walked until there are `first`.

    The planner can't tell: it takes several words for independent of each other, which pairs of one phrase are not (it
    expects one case, gathers 300,000), and each word for evenly spread, so that it walks all cases for one that nobody said, or nobody
    lately. The newest are asked first, no more of them than gathering would cost.
    """
    whole = _entries()
    rare = math.ceil(math.sqrt(whole * first / DEAR))  # whole × first ÷ often, the walk, is DEAR × often
    often = _expected(query) if _how_many(terms) == 1 else _counted(query, rare)
    newest = min(DEAR * often, CLUMPED * PAGE * whole // max(often, 1))
    if often < max(rare, 1) or not _said_lately(Case.objects.all(), query, newest):
        return _among(cases, _fitting(query), terms)
    return _walked(cases, query, terms)


def _walked(cases: QuerySet[Case], query: str, terms: Sequence[Term]) -> QuerySet[Case]:
    """Along the order that is asked for, from its begin until there are enough."""
    # of a function in the operator's place the planner knows no index, and expects that a third fits
    holds = Q(Func(F("entry__words"), _raw(query), function="ts_match_vq", output_field=BooleanField()))
    for term in terms:
        if term.to_verify and not term.excluded:
            holds &= _stands_in(term.text)
    # within a CASE the text is looked at only where the words hold; the planner would begin with the text
    said = Choose(When(holds, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())
    return _verified(cases.filter(said), [term for term in terms if term.excluded])


def _entries() -> int:
    """How many cases there are, as the planner takes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = 'cases_searchentry'::regclass")
        return int(cursor.fetchone()[0])


def _counted(query: str, most: int) -> int:
    return _fitting(query)[:most].count()


def _fitting(query: str) -> QuerySet[SearchEntry]:
    return SearchEntry.objects.filter(words=_raw(query))


def _among(cases: QuerySet[Case], fitting: QuerySet[SearchEntry], terms: Sequence[Term]) -> QuerySet[Case]:
    return _verified(cases.filter(pk__in=_all_of(fitting)), terms)


def _all_of(fitting: QuerySet[SearchEntry]) -> QuerySet[SearchEntry, int]:
    """The ids. The limit is more than there are: it has them gathered before anything else."""
    return fitting.values_list("pk", flat=True)[:_NO_END]


def _said_lately(cases: QuerySet[Case], query: str, newest: int) -> bool:
    """Whether a PAGE of so many of the newest of these cases holds it (index: case_newest, or that of what narrows them)."""
    try:
        sql, params = cases.order_by(*NEWEST).values("id")[:newest].query.sql_with_params()
    except EmptyResultSet:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_LATELY.format(newest=sql), [*params, query, PAGE])
        return len(cursor.fetchall()) == PAGE


def _how_many(terms: Sequence[Term]) -> int:
    return sum(len(term.lexemes) for term in terms if not term.excluded)


def _expected(query: str) -> int:
    """In how many cases the planner expects a word; right to some percent for the 4,000 most frequent."""
    plan = _fitting(query).explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"])


def _raw(query: str) -> SearchQuery:
    return SearchQuery(query, config="simple", search_type="raw")


def _verified(found: QuerySet[Case], terms: Sequence[Term]) -> QuerySet[Case]:
    """Those in whose text each phrase stands as it was typed, and none that is left out.

    What is left out must stand in the index too, which holds nothing that is masked.
    """
    for term in terms:
        if term.to_verify and not term.excluded:
            found = found.filter(_stands_in(term.text))
        elif term.to_verify and term.lexemes:
            found = found.exclude(Q(entry__words=_raw(" & ".join(term.lexemes))) & _stands_in(term.text))
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
    """Whether it stands in what is written. Its numbers whole: 栋5 would tell how a masked room behind 栋 begins."""
    before, after = (r"(?<![0-9])" if phrase[0].isdigit() else ""), (r"(?![0-9])" if phrase[-1].isdigit() else "")
    way, said = ("regex", before + re.escape(phrase) + after) if before or after else ("contains", phrase)
    if phrase.upper() != phrase.lower():  # making a text's letters alike costs ten times the look
        way = f"i{way}"
    return (
        Q(**{f"title__{way}": said}) | Q(**{f"statement__text__{way}": said}) | Q(**{f"statement__place__{way}": said})
    )
