"""Folds the cases that moves have changed into the counts by day and by month."""

from collections.abc import Callable

from django.db import connection, transaction

from ..models import UncountedCase
from .facts import SLOTS, of_cases

AT_ONCE = 20_000
Progress = Callable[[int], None]

_CHANGES = """
  SELECT fresh.case_id, fresh.slot, fresh.day, fresh.unit_id, c.street_id, c.category_id, c.accepted_by_id, 1 AS sign
  FROM fresh JOIN cases_case c ON c.id = fresh.case_id
  UNION ALL
  SELECT old.case_id, f.slot, f.day, f.unit_id, old.street_id, old.category_id, old.accepted_by_id, -1
  FROM hotline_countedcase old, unnest(old.slots, old.days, old.units) AS f (slot, day, unit_id)
  WHERE old.case_id = ANY (%s)
"""
_SUM = "ARRAY[" + ", ".join(f"coalesce(sum(n) FILTER (WHERE slot = {slot}), 0)::int" for slot in range(SLOTS)) + "]"
# Everything in one statement: all parts see the same moment, so that what is stored per case is what was counted.
_FOLD = f"""
WITH fresh (case_id, slot, day, unit_id) AS MATERIALIZED ({{facts}}),
changes AS ({_CHANGES}),
by_day AS (
  SELECT s.subject, changes.day, s.subject_id, coalesce(changes.unit_id, 0) AS unit_id, changes.slot, sum(changes.sign) AS n
  FROM changes, LATERAL (VALUES
    ('unit', changes.unit_id), ('street', changes.street_id),
    ('category', changes.category_id), ('agent', changes.accepted_by_id)
  ) AS s (subject, subject_id)
  WHERE s.subject_id IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5 HAVING sum(changes.sign) <> 0
),
kept AS (
  INSERT INTO hotline_countedcase AS kept (case_id, street_id, category_id, accepted_by_id, slots, days, units)
  SELECT c.id, c.street_id, c.category_id, c.accepted_by_id,
    coalesce(array_agg(fresh.slot) FILTER (WHERE fresh.slot IS NOT NULL), '{{{{}}}}'),
    coalesce(array_agg(fresh.day) FILTER (WHERE fresh.slot IS NOT NULL), '{{{{}}}}'),
    coalesce(array_agg(fresh.unit_id) FILTER (WHERE fresh.slot IS NOT NULL), '{{{{}}}}')
  FROM cases_case c LEFT JOIN fresh ON fresh.case_id = c.id WHERE c.id = ANY (%s) GROUP BY c.id
  ON CONFLICT (case_id) DO UPDATE SET street_id = excluded.street_id, category_id = excluded.category_id,
    accepted_by_id = excluded.accepted_by_id, slots = excluded.slots, days = excluded.days, units = excluded.units
)
INSERT INTO hotline_assessmentcount AS kept (subject, grain, starts_on, subject_id, unit_id, counts)
SELECT subject, 'd', day, subject_id, unit_id, {_SUM} FROM by_day GROUP BY 1, 3, 4, 5
UNION ALL
SELECT subject, 'm', date_trunc('month', day)::date, subject_id, unit_id, {_SUM} FROM by_day GROUP BY 1, 3, 4, 5
ON CONFLICT (subject, grain, starts_on, subject_id, unit_id) DO UPDATE SET counts = (
  SELECT array_agg(coalesce(was, 0) + coalesce(more, 0) ORDER BY slot)
  FROM unnest(kept.counts, excluded.counts) WITH ORDINALITY AS both_of (was, more, slot)
)
"""

_FORGET_THE_GONE = """
DELETE FROM hotline_countedcase WHERE case_id = ANY (%s)
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
        ids = sorted({case_id for _, case_id in marks})
        # Marks first: a move that commits from here on marks its case again and is counted next time.
        cursor.execute("DELETE FROM hotline_uncountedcase WHERE id = ANY (%s)", [[mark for mark, _ in marks]])
        sql, params = of_cases(ids)
        cursor.execute(_FOLD.format(facts=sql), [*params, ids, ids])
        cursor.execute(_FORGET_THE_GONE, [ids])
    return len(ids)
