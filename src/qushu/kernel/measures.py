"""What running systems can say of themselves: each room offers its measures when Django starts, under the field's names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True)
class Span:
    """From `first` to `last`, both days included, as of `now` (aware)."""

    first: date
    last: date
    now: datetime


@dataclass(frozen=True)
class Measured:
    """A value (None: there was nothing to measure), how many rows were counted, and the SHA-256 over them.

    ``by``: the definitions that a centre sets itself and by which these rows were counted, in words, a line each with the
    moment from which it counts where that lies within the span.
    """

    value: Decimal | None
    rows: int
    digest: bytes
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cause:
    """What keeps a value from its promise, in words, with the page that shows it."""

    words: str
    address: str = ""


@dataclass(frozen=True)
class SystemMeasure:
    """A figure of a running system.

    `version` changes when the query does, what it rests on (`Measured.by`) beside it; `adds_up` says that a year's value is the sum of its days'; `rows_address`
    leads to the rows behind it; `aliases` are words under which documents promise it. `source` is system, or formula,
    survey, file for those that a centre defines itself. `causes`, where there is one, says what keeps the value of a span
    from a promised one (in the measure's unit).
    """

    code: str
    system: str
    name: str
    unit: str
    formula: str
    version: int
    better: Literal["more", "less"]
    adds_up: bool
    read: Callable[[Span], Measured]
    rows_address: Callable[[Span], str]
    aliases: tuple[str, ...] = ()
    source: Literal["system", "formula", "survey", "file"] = "system"
    causes: Callable[[Span, Decimal], list[Cause]] | None = None


MEASURES: dict[str, SystemMeasure] = {}


def offer(*measures: SystemMeasure) -> None:
    """Make measures known by their codes; offering the same again replaces it."""
    MEASURES.update({measure.code: measure for measure in measures})


def counted(rows: "QuerySet[Any, Any]") -> tuple[int, int, bytes]:
    """How many rows, how many of them with `part` true, and SHA-256 over `id:part` in the order of ids.

    `rows`: a queryset of pairs: `pk`, and whether the row counts in the part.
    """
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT count(*), count(*) FILTER (WHERE part::int = 1),
              sha256(convert_to(coalesce(string_agg(id || ':' || part::int, ',' ORDER BY id), ''), 'UTF8'))
            FROM ({sql}) AS counted (id, part)
            """,
            params,
        )
        whole, part, digest = cursor.fetchone()
    return whole, part, bytes(digest)
