"""All texts cut again: after names became words, or the way texts are cut has changed."""

from collections.abc import Callable
from typing import Final

from django.db import connection, transaction

from qushu.cases.finding import teach_names
from qushu.cases.models import Statement
from qushu.cases.words import search_words

STEP: Final = 2_000
_UPDATE: Final = """
UPDATE cases_statement s SET words = new.words::tsvector FROM unnest(%s::bigint[], %s::text[]) AS new (id, words)
WHERE s.case_id = new.id AND s.words IS DISTINCT FROM new.words::tsvector
"""


def reindex_all(progress: Callable[[int, int], None]) -> int:
    """Cut every text again, the newest case first; STEP a transaction. The trigger brings each entry along."""
    teach_names()
    rows = Statement.objects.order_by("-pk").values_list("pk", "case__title", "text", "place")
    total, done, below = Statement.objects.count(), 0, None
    while found := list((rows if below is None else rows.filter(pk__lt=below))[:STEP]):
        with transaction.atomic(), connection.cursor() as cursor:
            cut = [search_words(title, text, place) for _, title, text, place in found]
            cursor.execute(_UPDATE, [[row[0] for row in found], cut])
        below, done = found[-1][0], done + len(found)
        progress(done, total)
    return done
