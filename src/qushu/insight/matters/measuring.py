"""What one new case costs beside very many lone ones: they are drawn into the tables and rolled back afterwards."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.db import connection, transaction

from qushu.cases.models import Case

from . import reading
from .arriving import join_one
from .models import Face

SHIFT: Final = 10**12
"""Added to a case's id for each of its copies."""
_FACE: Final = "person, street_id, area_id, category_id, words, weights, asks, spot"
_FILL: Final = """
    CREATE TEMPORARY TABLE lone ON COMMIT DROP AS
    SELECT DISTINCT case_id FROM insight_matters_facekey;
    CREATE TEMPORARY TABLE drawn ON COMMIT DROP AS
    SELECT case_id, g FROM lone, generate_series(1, %(most)s / (SELECT count(*) FROM lone) + 1) AS g LIMIT %(most)s;
    INSERT INTO insight_matters_face (case_id, accepted_at, {face})
    SELECT case_id + g * {shift}, accepted_at - g * interval '1 second', {face}
    FROM insight_matters_face JOIN drawn USING (case_id);
    INSERT INTO insight_matters_facekey (key, accepted_at, case_id)
    SELECT key, accepted_at - g * interval '1 second', case_id + g * {shift}
    FROM insight_matters_facekey JOIN drawn USING (case_id);
"""


@dataclass(frozen=True)
class Cost:
    """Of one new case, in ms: median and 95th percentile by the clock, of Python's processor time and the database's."""

    clock: tuple[float, float]
    python: tuple[float, float]
    database: tuple[float, float] | None


def measure(lone: int, times: int, now: datetime) -> dict[str, Any]:
    """Let the words of `times` lone cases in once more as new ones, beside `lone` copies of those that stand alone.

    Read, weighed, compared, written, each in a transaction within one that is rolled back. Raises ValueError where no case
    stands alone. The database's own time is known where it runs on this machine (Linux).
    """
    with transaction.atomic():
        beside = _fill(lone)
        costs = np.array(list(_costs(times, now)))
        transaction.set_rollback(True)
    middle, high = (np.percentile(costs, share, axis=0).round(1).tolist() for share in (50, 95))
    clock, python, database = zip(middle, high, strict=True)
    known = None if np.isnan(costs[:, 2]).any() else database
    return {"beside": beside, "cases": len(costs)} | vars(Cost(clock, python, known))


def _fill(lone: int) -> int:
    if not Face.objects.exists():
        raise ValueError("no case stands alone")
    with connection.cursor() as cursor:
        cursor.execute(_FILL.format(face=_FACE, shift=SHIFT), {"most": lone})
        cursor.execute("ANALYZE insight_matters_face, insight_matters_facekey")
        cursor.execute("SELECT count(*) FROM lone")
        return lone + int(cursor.fetchone()[0])


def _costs(times: int, now: datetime) -> Iterator[tuple[float, float, float]]:
    """Milliseconds of each new case; the first five aren't counted: what is read once is read then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, pg_backend_pid() FROM lone ORDER BY random() LIMIT %s", [times + 5])
        rows = cursor.fetchall()
    learned = reading.weights() or reading.learn_weights(now)
    limits = reading.limits_of(reading.rule())
    for number, (case_id, backend) in enumerate(rows):
        spent: list[float] = []
        with transaction.atomic(), _timed(backend, spent):
            said = next(reading.said_of(Case.objects.filter(pk=case_id), learned))
            join_one(replace(said.told, case_id=SHIFT * 10**5 + number, at=now), limits, now)
            transaction.set_rollback(True)
        if number >= 5:
            yield spent[0], spent[1], spent[2]


@contextmanager
def _timed(backend: int, spent: list[float]) -> Iterator[None]:
    clock, own, theirs = time.perf_counter(), time.process_time(), _processor_ms(backend)
    yield
    spent += [1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - own), _processor_ms(backend) - theirs]


def _processor_ms(pid: int) -> float:
    """Processor time of a process of this machine; nan when it is elsewhere."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    except (OSError, ValueError, IndexError):
        return float("nan")
