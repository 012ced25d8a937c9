"""Folds the cases that moves have changed into the counts by day and by month."""

from collections.abc import Callable

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from ..models import AssessmentCount, UncountedCase
from .facts import COUNTING, SLOTS, of_listed_cases
from .measures import NOBODY

AT_ONCE = 200_000
"""Cases of a portion. The larger, the fewer counts of one day are mended again by the next portion."""

WORKING_MEMORY = "256MB"
"""For grouping a large portion; a small one takes what it needs."""

Progress = Callable[[int], None]

_CHANGES = f"""
  SELECT fresh.slot, fresh.day, coalesce(fresh.unit_id, 0) AS unit_id, coalesce(c.street_id, 0) AS street_id,
    coalesce(c.area_id, 0) AS area_id, c.category_id, c.accepted_by_id, 1 AS sign
  FROM fresh JOIN cases_case c ON c.id = fresh.case_id
  UNION ALL
  SELECT f.slot, f.day, coalesce(f.unit_id, 0), coalesce(old.street_id, 0),
    coalesce(old.area_id, 0), old.category_id, old.accepted_by_id, -1
  FROM hotline_countedcase old, unnest(old.slots, old.days, old.units) AS f (slot, day, unit_id)
  WHERE old.case_id IN (SELECT case_id FROM {COUNTING})
"""


def _array(figure: str) -> str:
    """An array with a figure for each slot; `{slot}` and `{place}` (from 1) stand in the figure."""
    return "ARRAY[" + ", ".join(figure.format(slot=slot, place=slot + 1) for slot in range(SLOTS)) + "]"


_COUNT = _array("coalesce(sum(sign) FILTER (WHERE slot = {slot}), 0)::int")
_SUM = _array("sum(counts[{place}])::int")
_MORE = _array("coalesce(kept.counts[{place}], 0) + excluded.counts[{place}]")
_NOTHING = _array("0")
# Everything in one statement: all parts see the same moment, so that what is stored per case is what was counted.
_FOLD = f"""
WITH fresh (case_id, slot, day, unit_id) AS MATERIALIZED ({{facts}}),
changes AS ({_CHANGES}),
judged AS (
  SELECT s.subject, s.subject_id, changes.* FROM changes, LATERAL (VALUES
    ('unit', coalesce(nullif(changes.unit_id, 0), {NOBODY})), ('street', coalesce(nullif(changes.street_id, 0), {NOBODY})),
    ('category', coalesce(changes.category_id, {NOBODY})), ('agent', coalesce(changes.accepted_by_id, {NOBODY}))
  ) AS s (subject, subject_id)
),
by_day AS MATERIALIZED (
  SELECT subject, day, subject_id, unit_id, {_COUNT} AS counts FROM judged GROUP BY 1, 2, 3, 4
),
kept_cases AS (
  INSERT INTO hotline_countedcase AS kept (case_id, street_id, area_id, category_id, accepted_by_id, slots, days, units)
  SELECT c.id, c.street_id, c.area_id, c.category_id, c.accepted_by_id,
    coalesce(array_agg(fresh.slot) FILTER (WHERE fresh.slot IS NOT NULL), '{{{{}}}}'),
    coalesce(array_agg(fresh.day) FILTER (WHERE fresh.slot IS NOT NULL), '{{{{}}}}'),
    coalesce(array_agg(fresh.unit_id) FILTER (WHERE fresh.slot IS NOT NULL), '{{{{}}}}')
  FROM {COUNTING} JOIN cases_case c ON c.id = {COUNTING}.case_id LEFT JOIN fresh ON fresh.case_id = c.id GROUP BY c.id
  ON CONFLICT (case_id) DO UPDATE SET street_id = excluded.street_id, area_id = excluded.area_id,
    category_id = excluded.category_id, accepted_by_id = excluded.accepted_by_id,
    slots = excluded.slots, days = excluded.days, units = excluded.units
),
kept_areas AS (
  INSERT INTO hotline_areacount AS kept (subject, starts_on, street_id, area_id, subject_id, counts)
  SELECT * FROM (
    SELECT subject, date_trunc('month', day)::date, street_id, area_id, subject_id, {_COUNT} AS counts
    FROM judged GROUP BY 1, 2, 3, 4, 5
  ) AS by_area WHERE counts <> {_NOTHING}
  ON CONFLICT (street_id, subject, starts_on, area_id, subject_id) DO UPDATE SET counts = {_MORE}
)
INSERT INTO hotline_assessmentcount AS kept (subject, grain, starts_on, subject_id, unit_id, counts)
SELECT * FROM (
  SELECT subject, 'd', day, subject_id, unit_id, counts FROM by_day
  UNION ALL
  SELECT subject, 'm', date_trunc('month', day)::date AS month, subject_id,
    coalesce(unit_id, {AssessmentCount.ALL_UNITS}), {_SUM} FROM by_day
  GROUP BY GROUPING SETS ((subject, month, subject_id, unit_id), (subject, month, subject_id))
) AS by_unit (subject, grain, starts_on, subject_id, unit_id, counts) WHERE counts <> {_NOTHING}
ON CONFLICT (subject, grain, starts_on, subject_id, unit_id) DO UPDATE SET counts = {_MORE}
"""

_FORGET_THE_GONE = f"""
DELETE FROM hotline_countedcase WHERE case_id IN (SELECT case_id FROM {COUNTING})
AND NOT EXISTS (SELECT FROM cases_case WHERE cases_case.id = hotline_countedcase.case_id)
"""


def count_cases(progress: Progress | None = None) -> int:
    """Count what was changed since the last time, in portions of AT_ONCE cases, until nothing is left: how many.

    Each portion is one transaction. Whoever counts waits for another who does; moves and pages wait for nobody.
    """
    done = 0
    while counted := _count_some():
        done += counted
        if progress:
            progress(done)
    return done


@transaction.atomic
def _count_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE hotline_countedcase IN SHARE ROW EXCLUSIVE MODE")
        marks = list(UncountedCase.objects.order_by("id").values_list("id", "case_id")[:AT_ONCE])
        if not marks:
            return 0
        # Marks first: a move that commits from here on marks its case again and is counted next time.
        cursor.execute("DELETE FROM hotline_uncountedcase WHERE id = ANY (%s)", [[mark for mark, _ in marks]])
        ids = {case_id for _, case_id in marks}
        _list(cursor, sorted(ids))
        sql, params = of_listed_cases()
        cursor.execute(_FOLD.format(facts=sql), params)
        cursor.execute(_FORGET_THE_GONE)
    return len(ids)


def _list(cursor: CursorWrapper, ids: list[int]) -> None:
    """Put the cases of this portion where the statement finds them, and let the planner know how many there are."""
    cursor.execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {COUNTING} (case_id bigint PRIMARY KEY) ON COMMIT DELETE ROWS"
    )
    cursor.execute(f"TRUNCATE {COUNTING}")
    cursor.execute(f"INSERT INTO {COUNTING} SELECT unnest(%s::bigint[])", [ids])
    cursor.execute(f"ANALYZE {COUNTING}")
    cursor.execute("SELECT set_config('work_mem', %s, true)", [WORKING_MEMORY])
