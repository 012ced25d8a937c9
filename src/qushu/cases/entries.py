"""The search's entries of cases: written in the transaction that writes what they are made of."""

from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction

from .models import Case, SearchEntry, Statement
from .words import facets_of, search_words

_WORDS: Final = """
UPDATE cases_statement s SET words = new.words::tsvector FROM unnest(%s::bigint[], %s::text[]) AS new (id, words)
WHERE s.case_id = new.id AND s.words IS DISTINCT FROM new.words::tsvector
"""
_ENTRIES: Final = """
INSERT INTO cases_searchentry (case_id, accepted_at, lon, lat, words, facets)
SELECT c.id, c.accepted_at, s.lon, s.lat, new.words::tsvector, cases_facets(c.id)
FROM unnest(%s::bigint[], %s::text[]) AS new (id, words)
JOIN cases_case c ON c.id = new.id JOIN cases_statement s ON s.case_id = new.id
ON CONFLICT (case_id) DO UPDATE SET
  accepted_at = excluded.accepted_at, lon = excluded.lon, lat = excluded.lat, words = excluded.words,
  facets = excluded.facets
"""


def write_statement(statement: Statement) -> None:
    """Write a new case's statement with its words and its entry. The case has its title and is written already."""
    case = statement.case
    found = search_words(case.title, statement.text, statement.place)
    statement.words = found.words
    statement.save(force_insert=True)
    SearchEntry(
        case=case,
        accepted_at=case.accepted_at,
        lon=statement.lon,
        lat=statement.lat,
        words=found.entry,
        facets=facets_of([case.street_id, case.area_id], case.category_id, [case.lead_unit_id]),
    ).save(force_insert=True)


def write_title(case: Case) -> None:
    """The case has another title: its words and its entry say so."""
    statement = Statement.objects.only("text", "place").get(pk=case.pk)
    found = search_words(case.title, statement.text, statement.place)
    Statement.objects.filter(pk=case.pk).update(words=found.words)
    SearchEntry.objects.filter(pk=case.pk).update(words=found.entry)


def let_words_wait() -> None:
    """In the transaction that is open, let words wait in the index's list (13 MB for 8,000 cases) until `place_words`.

    A search reads what waits too: 4 ms more with 8,000 cases. Placed together, words cost a quarter: most of them lead to
    the same pages of the index.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL gin_pending_list_limit = '256MB'")


def place_words() -> None:
    """Put the words that wait into the index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('entry_words')")


def write_entries(case_ids: Sequence[int]) -> None:
    """Words and entries of these cases anew from what is written, in one transaction; missing entries are made.

    Whoever moves one of them meanwhile waits, so that its entry doesn't say what the case was before.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        held = Case.objects.filter(pk__in=case_ids).select_for_update(no_key=True).order_by("pk")
        said = Statement.objects.filter(pk__in=list(held.values_list("pk", flat=True))).values_list(
            "pk", "case__title", "text", "place"
        )
        found = {pk: search_words(title, text, place) for pk, title, text, place in said}
        ids = list(found)
        cursor.execute(_WORDS, [ids, [one.words for one in found.values()]])
        cursor.execute(_ENTRIES, [ids, [one.entry for one in found.values()]])
