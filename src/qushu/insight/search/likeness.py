"""Cases that mean the same: the nearest vectors among those a person may see and an address asks for."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F, FloatField, Func, QuerySet, Value

from qushu.cases.models import Case

from .meaning import as_halfvec
from .models import Meaning
from .placing import SPACES, space_in_use

MOST: Final = 50
_SETTINGS: Final = "SET LOCAL hnsw.iterative_scan = strict_order; SET LOCAL hnsw.ef_search = 100"


class Distance(Func):
    """1 − cosine; answered in order by the index meaning_near."""

    template = "%(expressions)s::halfvec"
    arg_joiner = " <=> "
    output_field = FloatField()


@dataclass(frozen=True)
class Like:
    """A case id and how alike it is: 1 the same words, 0 nothing in common."""

    case_id: int
    likeness: float


def vector_of_text(text: str) -> str | None:
    """A text's vector as pgvector reads it; None when no space is learned or the text says nothing."""
    kept = space_in_use()
    vector = SPACES.get(kept.pk).vector(text) if kept else None
    return None if vector is None else as_halfvec(vector)


def vector_of_case(case: Case) -> str | None:
    """The kept vector of a case, or one made now."""
    kept = space_in_use()
    if kept is None:
        return None
    known: Any = Meaning.objects.filter(case=case, space=kept).values_list("vector", flat=True).first()
    return known or vector_of_text(f"{case.title} {case.statement.text}")


def nearest(cases: QuerySet[Case], vector: str, most: int = MOST) -> list[Like]:
    """The cases of this query that are most alike, the likest first (index: meaning_near, scanned on while filters refuse)."""
    kept = space_in_use()
    if kept is None:
        return []
    far = Distance(F("meaning__vector"), Value(vector))
    rows = cases.filter(meaning__space=kept).order_by(far).annotate(far=far).values_list("pk", "far")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SETTINGS)
        return [Like(pk, round(1 - value, 3)) for pk, value in rows[:most]]
