"""The rows of the copy, read from the database: what the assessment has judged (hotline_countedcase) beside each case.

Nothing is judged here: verdicts, days and units are those that the assessment counts by, so that its rates and the
copy's are the same figures.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import F, Q

from qushu.cases.rules import SHANGHAI
from qushu.hotline.assessment.definitions import InForce, in_force
from qushu.hotline.assessment.facts import everything, reached, slot_of
from qushu.hotline.assessment.periods import Period

from .columns import CASE_COLUMNS, COLUMNS, EXCLUDED, JUDGED, PENDING, PENDING_EXCLUDED, RUNNING, code_column

HERE = "AT TIME ZONE 'Asia/Shanghai'"
AGES = datetime(1900, 1, 1, tzinfo=UTC), datetime(2900, 1, 1, tzinfo=UTC)
NO_MONTH = date(1900, 1, 1)


def _minutes(until: str) -> str:
    return f"(extract(epoch FROM c.{until} - c.accepted_at) / 60)::int"


_FROM_CASE = {
    "case_id": "c.id",
    "round": "r.round",
    "accepted_on": f"(c.accepted_at {HERE})::date",
    "hour": f"extract(hour FROM c.accepted_at {HERE})::int",
    "weekday": f"extract(isodow FROM c.accepted_at {HERE})::int",
    "channel": "c.channel_id",
    "kind": "c.kind",
    "urgency": "c.urgency",
    "category1": "CASE g.level WHEN 1 THEN g.id WHEN 2 THEN g.parent_id ELSE above.parent_id END",
    "category2": "CASE g.level WHEN 2 THEN g.id WHEN 3 THEN g.parent_id END",
    "category3": "CASE g.level WHEN 3 THEN g.id END",
    "street": "c.street_id",
    "community": "CASE a.level WHEN 'community' THEN a.id WHEN 'grid' THEN a.parent_id END",
    "area": "c.area_id",
    "unit": "c.lead_unit_id",
    "assisting": """(SELECT string_agg(unit_id::text, '|') FROM cases_assignment
                     WHERE case_id = c.id AND part = 'assist' AND ended_at IS NULL)""",
    "state": "c.state",
    "is_open": "c.closed_at IS NULL AND c.state <> 'merged'",
    "result": "nullif(c.result, '')",
    "solved": "c.solved",
    "satisfaction": "c.satisfaction",
    "marks": "nullif(array_to_string(c.marks, '|'), '')",
    "returns": "c.return_count",
    "reopenings": "c.reopen_count",
    "extensions": "c.extension_count",
    "supervision": "c.supervision_level",
    "resolved_on": f"(c.resolved_at {HERE})::date",
    "closed_on": f"(c.closed_at {HERE})::date",
    "dispatch_minutes": _minutes("dispatched_at"),
    "contact_minutes": _minutes("contacted_at"),
    "resolve_minutes": _minutes("resolved_at"),
    "close_minutes": _minutes("closed_at"),
}


def months_of(case_ids: Sequence[int]) -> list[date]:
    """The months (first days, in Shanghai) in which these cases were accepted; those that are gone have none."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT date_trunc('month', accepted_at {HERE})::date FROM cases_case WHERE id = ANY (%s) ORDER BY 1",
            [list(case_ids)],
        )
        return [month for (month,) in cursor.fetchall()]


def all_months() -> Iterator[date]:
    """Every month from the first to the newest accepted case (index: case_newest)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT date_trunc('month', min(accepted_at) {HERE})::date, date_trunc('month', max(accepted_at) {HERE})::date"
            " FROM cases_case"
        )
        month, last = cursor.fetchone()
    while month and month <= last:
        yield month
        month = following(month)


def following(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def bounds_of(month: date) -> tuple[datetime, datetime]:
    """When a month begins and the next one, in Shanghai."""
    first, last = month, following(month)
    return (
        datetime(first.year, first.month, 1, tzinfo=SHANGHAI),
        datetime(last.year, last.month, 1, tzinfo=SHANGHAI),
    )


def write_rows(file: Path, month: date, case_ids: Sequence[int] | None = None) -> None:
    """Write the rows of a month (of these cases only, if given) to a CSV file, streaming."""
    start, end = bounds_of(month)
    sql, params = _select(in_force())
    where, more = ("", list[Any]()) if case_ids is None else (" AND c.id = ANY (%s)", [list(case_ids)])
    with connection.cursor() as cursor:
        text = cursor.cursor.mogrify(sql + where, [*params, start, end, *more])
        with cursor.copy(f"COPY ({text}) TO STDOUT (FORMAT csv)") as copy, file.open("wb") as out:
            for block in copy:
                out.write(block)


@lru_cache(maxsize=4)
def _select(definitions: InForce) -> tuple[str, list[Any]]:
    running, params = _running()
    rounds = ", ".join(_columns_of(place, code) for place, code in _places())
    fields = [_FROM_CASE[name] for name in CASE_COLUMNS] + [f"r.{name}" for name in COLUMNS if name not in CASE_COLUMNS]
    sql = f"""
    WITH clock (case_id, slot, due_at, unit_id) AS ({running}),
    running AS MATERIALIZED (
      SELECT case_id, array_agg(slot) AS slots, array_agg(due_at) AS dues, array_agg(unit_id) AS units FROM clock
      GROUP BY case_id
    )
    SELECT {", ".join(fields)}
    FROM cases_case c
    JOIN hotline_countedcase k ON k.case_id = c.id
    LEFT JOIN cases_category g ON g.id = c.category_id LEFT JOIN cases_category above ON above.id = g.parent_id
    LEFT JOIN places_area a ON a.id = c.area_id LEFT JOIN running ON running.case_id = c.id
    CROSS JOIN LATERAL (
      SELECT round, {rounds} FROM (
        SELECT *, row_number() OVER (PARTITION BY place ORDER BY day, due_at NULLS FIRST) - 1 AS round FROM (
          SELECT slot / 3 AS place, mod(slot, 3) AS verdict, day, NULL::timestamptz AS due_at, unit_id
          FROM unnest(k.slots, k.days, k.units) AS f (slot, day, unit_id)
          UNION ALL
          SELECT slot / 3, CASE mod(slot, 3) WHEN {EXCLUDED} THEN {PENDING_EXCLUDED} ELSE {PENDING} END,
            (due_at {HERE})::date, due_at, unit_id
          FROM unnest(running.slots, running.dues, running.units) AS f (slot, due_at, unit_id)
        ) AS judged
      ) AS numbered GROUP BY round
    ) AS r
    WHERE c.accepted_at >= %s AND c.accepted_at < %s"""
    return sql, params


def _places() -> list[tuple[int, str]]:
    return [(one.place, code) for code, one in JUDGED.items()]


def _columns_of(place: int, code: str) -> str:
    name, only = code_column(code), f"FILTER (WHERE place = {place})"
    found = f"max(verdict) {only} AS {name}, max(day) {only} AS {name}_on, max(unit_id) {only} AS {name}_by"
    return found + (f", max(due_at {HERE}) {only} AS {name}_due" if code in RUNNING else "")


def _running() -> tuple[str, list[Any]]:
    """Every clock that runs and counts as late once its deadline is past: case, slot, deadline, unit."""
    period = Period(*AGES, now=AGES[1])
    queries = []
    for measure in RUNNING.values():
        assert measure.pending is not None
        rows = reached(measure, measure.pending(period), everything).order_by()
        slot = slot_of(measure, Q(pk__in=[]))
        queries.append(rows.values_list(F(measure.case_id), slot, F("due_at"), measure.unit_expression))
    sql, params = queries[0].union(*queries[1:], all=True).query.sql_with_params()
    return sql, list(params)
