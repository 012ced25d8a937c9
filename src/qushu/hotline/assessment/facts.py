"""Judgements as rows of four columns (case, slot, day, unit), put together in SQL from the definitions in `measures`.

A slot is a measure's place × 3 and how the judgement went: 0 not in the part, 1 in the part, 2 left out.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Case as Choose
from django.db.models import F, Q, QuerySet, SmallIntegerField, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncDate

from qushu.cases.rules import SHANGHAI

from .definitions import InForce, in_force
from .measures import MEASURES, Measure
from .periods import Period
from .rules import Count

OTHERS, PART, EXCLUDED = 0, 1, 2
COUNTING = "hotline_counting_now"
"""A temporary table of one column, case_id."""

KEPT = 4
SLOTS = 3 * (max(measure.place for measure in MEASURES.values()) + 1)
Sql = tuple[str, Sequence[Any]]
Reach = Callable[[Measure], Q]


def everything(measure: Measure) -> Q:
    """A reach without limits."""
    return Q()


def of_cases(ids: list[int]) -> Sql:
    """The settled judgements of these cases."""
    sql, params = _of_cases(in_force())
    return sql, [ids if param == _IDS else param for param in params]


def of_listed_cases() -> Sql:
    """The same for the cases that stand in the table COUNTING: for so many that the planner must know how many."""
    return _union_of_cases(RawSQL(f"SELECT case_id FROM {COUNTING}", []))


def pending_of(period: Period) -> Sql:
    """What counts in the period because time has passed."""
    sql, params = _pending(in_force(), period.judged_at == period.now)
    given = dict(zip(_PERIOD, (period.start, period.judged_at, period.now), strict=True))
    return sql, [given.get(param, param) if isinstance(param, datetime) else param for param in params]


def of_period(period: Period, reach: Reach) -> Sql:
    """The settled judgements in a period, of the rows that `reach` allows."""
    return _union(
        [
            _columns(one, reached(one, one.rows(), reach).filter(one.settled, period.of(one.at)), one.part)
            for one in MEASURES.values()
        ]
    )


def pending_within(period: Period, reach: Reach) -> Sql:
    """`pending_of` for the rows that `reach` allows."""
    return _union([_pending_of(one, period, reach) for one in MEASURES.values() if one.pending])


def reached(measure: Measure, rows: QuerySet[Any], reach: Reach) -> QuerySet[Any]:
    """Rows of a measure with the unit that answers for each, those that `reach` (on rows with `answers`) allows."""
    return rows.annotate(answers=measure.unit_expression).filter(reach(measure))


def counts_from(slots: Iterable[tuple[int, int]]) -> dict[str, Count]:
    """Counts by measure from (slot, how many)."""
    sums = [0] * SLOTS
    for slot, number in slots:
        sums[slot] += number
    return {code: _count(measure, sums[3 * measure.place :]) for code, measure in MEASURES.items()}


def _count(measure: Measure, sums: Sequence[int]) -> Count:
    """A judgement that is pending in the part stands among the others, too."""
    whole = sums[OTHERS] if measure.pending_in_part else sums[OTHERS] + sums[PART]
    return Count(sums[PART], whole, sums[EXCLUDED])


# Putting these queries together takes longer than answering them: it is done once for the definitions in force, with
# places to fill in.
_IDS = [-1]
_PERIOD = tuple(datetime(1900, 1, day, tzinfo=UTC) for day in (1, 2, 3))


@lru_cache(maxsize=KEPT)
def _of_cases(definitions: InForce) -> Sql:
    return _union_of_cases(RawSQL("SELECT unnest(%s::bigint[])", [_IDS]))


def _union_of_cases(ids: RawSQL) -> Sql:
    def of(measure: Measure) -> QuerySet[Any]:
        rows = measure.rows().filter(measure.settled, **{f"{measure.case_id}__in": ids})
        return _columns(measure, rows, measure.part)

    return _union([of(measure) for measure in MEASURES.values()])


@lru_cache(maxsize=KEPT)
def _pending(definitions: InForce, runs: bool) -> Sql:
    """`runs`: the period is judged as of now, so that its end and now stand in each other's places."""
    start, judged_at, now = _PERIOD
    return pending_within(Period(start, now, judged_at) if runs else Period(*_PERIOD), everything)


def _pending_of(measure: Measure, period: Period, reach: Reach) -> QuerySet[Any]:
    assert measure.pending is not None
    rows = reached(measure, measure.pending(period), reach)
    if measure.pending_in_part:
        return _columns(measure, rows.exclude(measure.is_excluded), Q(pk__isnull=False))
    return _columns(measure, rows, Q(pk__in=[]))


def slot_of(measure: Measure, part: Q) -> Choose:
    """The slot of a row of a measure whose part is `part`."""
    return Choose(
        When(measure.is_excluded, then=Value(3 * measure.place + EXCLUDED)),
        When(part, then=Value(3 * measure.place + PART)),
        default=Value(3 * measure.place + OTHERS),
        output_field=SmallIntegerField(),
    )


def _columns(measure: Measure, rows: QuerySet[Any], part: Q) -> QuerySet[Any]:
    slot = slot_of(measure, part)
    day = TruncDate(measure.at, tzinfo=SHANGHAI)
    return rows.order_by().values_list(F(measure.case_id), slot, day, measure.unit_expression)


def _union(queries: Sequence[QuerySet[Any]]) -> Sql:
    return queries[0].union(*queries[1:], all=True).query.sql_with_params()
