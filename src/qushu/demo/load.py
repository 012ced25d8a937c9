"""Loads the generated district: seeds, then COPY by two processes, chunk by chunk, each chunk one transaction.

A load that is broken off leaves whole chunks and its own row in `Load`; the next one with the same parameters goes on
where it stopped, one with others removes it first.
"""

import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from qushu.cases.contact import caller_index
from qushu.cases.models import Case, SearchEntry

from .clear import clear_load
from .copying import Work, begin_work, copy_chunk
from .draw import District
from .models import Load
from .plan import SHANGHAI_OFFSET
from .report import repeat_callers, write_planted
from .rows import COLUMNS, STRIDE
from .seed import seed_district
from .survey import survey

CHUNK = 2_000
PROCESSES = 2
DAYS = 365
IN_FLIGHT = 2
WORDS = next(index for index in SearchEntry._meta.indexes if index.name == "entry_words")
Progress = Callable[[int, int], None]
TIE_PARENTS = """
UPDATE cases_case SET parent_id = parent.id
FROM cases_history history JOIN cases_case parent ON parent.number = history.record ->> 'parent'
WHERE history.case_id = cases_case.id AND history.move = 'merge' AND cases_case.id > %s AND cases_case.id <= %s
"""
# Repeat caller: at least three cases within 30 days (RULES §4).
MARK_REPEAT_CALLERS = """
UPDATE cases_case SET marks = array_append(marks, 'repeat')
FROM (
  SELECT id, count(*) OVER (
    PARTITION BY caller_index ORDER BY accepted_at RANGE BETWEEN interval '30 days' PRECEDING AND CURRENT ROW
  ) AS recent
  FROM cases_case WHERE id > %s AND id <= %s
) calls
WHERE calls.id = cases_case.id AND calls.recent >= 3
"""


class AlreadyLoaded(RuntimeError):
    """There are generated cases already; nothing was changed."""


@dataclass(frozen=True)
class Loaded:
    """How many rows each table received and how long it took."""

    counts: dict[str, int]
    seconds: float


def load_district(
    cases: int = 163_000,
    seed: int = 2024,
    until: date | None = None,
    progress: Progress | None = None,
    add: bool = False,
    processes: int | None = None,
) -> Loaded:
    """Seed the district and load a year of generated cases that ends on `until` (default: yesterday in Shanghai).

    `progress` is called with (cases done, cases in all). Raises AlreadyLoaded when generated cases are there, unless
    `add`.
    """
    begun = time.monotonic()
    now = datetime.now(UTC)
    until = until or (now + timedelta(seconds=SHANGHAI_OFFSET)).date() - timedelta(days=1)
    seed_district(until)
    load = _begin(seed, cases, until, now, add)
    if not Case.objects.exists():
        set_words_aside()
    counts = _copy_all(load, progress or (lambda done, total: None), processes or min(PROCESSES, os.cpu_count() or 1))
    _finish(load)
    return Loaded(counts, time.monotonic() - begun)


def _begin(seed: int, cases: int, until: date, now: datetime, add: bool) -> Load:
    start = until - timedelta(days=DAYS - 1)
    for unfinished in Load.objects.filter(finished_at=None):
        if (unfinished.seed, unfinished.cases, unfinished.ends_on) == (seed, cases, until):
            return unfinished
        clear_load(unfinished)
    if not add and Case.objects.filter(generated=True).exists():
        raise AlreadyLoaded(
            "The district has generated cases already; nothing was changed. "
            "Use --add for more, or `qushu demo clear` first."
        )
    with transaction.atomic(), connection.cursor() as cursor:
        bases = {
            table: _reserve(cursor, table, cases * stride) for table, stride in ({"cases_case": 1} | STRIDE).items()
        }
        return Load.objects.create(seed=seed, cases=cases, starts_on=start, ends_on=until, bases=bases, begun_at=now)


def set_words_aside() -> None:
    """Load into an empty centre without the index over the words: making it at the end costs a fifth."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {WORDS.name}")


def index_words() -> None:
    """Make the index over the words, when this load, or one that was broken off, went without it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [WORDS.name])
        if cursor.fetchone() == (None,):
            cursor.execute("SELECT set_config('maintenance_work_mem', '256MB', false)")
            with connection.schema_editor() as editor:
                editor.add_index(SearchEntry, WORDS)
            cursor.execute("RESET maintenance_work_mem")


def _reserve(cursor: Any, table: str, count: int) -> int:
    """Take `count` ids from the table's sequence at once, so that cases made meanwhile lie beyond them."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    (sequence,) = cursor.fetchone()
    cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}")
    (base,) = cursor.fetchone()
    cursor.execute("SELECT setval(%s, %s)", [sequence, base + count])
    return int(base)


def _copy_all(load: Load, progress: Progress, processes: int) -> dict[str, int]:
    district = district_of(load, survey())
    done = set(load.chunks.values_list("index", flat=True))
    chunks = [number for number in range(-(-load.cases // CHUNK)) if number not in done]
    finished = load.cases - sum(len(_indices(load, number)) for number in chunks)
    counts: dict[str, int] = {}
    work = Work(load.pk, dict(load.bases), connection_parameters(), district)
    with ProcessPoolExecutor(processes, get_context("spawn"), begin_work, (work,)) as pool:
        waiting: dict[Future[dict[str, int]], int] = {}
        queue = iter(chunks)
        while True:
            # Only a few chunks are handed out at a time: ten million cases are 5,000 chunks.
            for number in islice(queue, processes * IN_FLIGHT - len(waiting)):
                waiting[pool.submit(copy_chunk, number, _indices(load, number))] = number
            if not waiting:
                return counts
            ready, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ready:
                finished += len(_indices(load, waiting.pop(future)))
                for table, count in future.result().items():
                    counts[table] = counts.get(table, 0) + count
                progress(finished, load.cases)


def _finish(load: Load) -> None:
    """Tie merged cases to their parents (which may lie in another chunk), tell the planner, mark as done."""
    ids = [load.bases["cases_case"], load.bases["cases_case"] + load.cases]
    index_words()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TIE_PARENTS, ids)
        cursor.execute(MARK_REPEAT_CALLERS, ids)
        Load.objects.filter(pk=load.pk).update(finished_at=datetime.now(UTC))
    district = district_of(load, survey())
    write_planted(district, settings.HOME, _calls_of_repeat_callers(load, district))
    with connection.cursor() as cursor:
        # Lists and counts read indexes alone only where pages are known to be visible to all.
        vacuum = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
        cursor.execute(f"{vacuum} {', '.join(COLUMNS)}")


def _calls_of_repeat_callers(load: Load, district: District) -> dict[str, list[str]]:
    calls: dict[str, list[str]] = {}
    for caller in repeat_callers(district):
        theirs = Case.objects.filter(caller_index=caller_index(caller.phone), pk__gt=load.bases["cases_case"])
        calls[caller.phone] = list(theirs.order_by("id").values_list("number", flat=True))
    return calls


def connection_parameters() -> dict[str, Any]:
    """How another process reaches this database (in tests that is another one than the settings name)."""
    known = connection.get_connection_params()
    return {name: known[name] for name in ("dbname", "user", "password", "host", "port") if known.get(name)}


def district_of(load: Load, world: Any) -> District:
    """The generator's plan for this load."""
    return District(load.seed, load.cases, load.starts_on, load.ends_on, world, load.bases["cases_case"] + 1)


def _indices(load: Load, number: int) -> range:
    return range(number * CHUNK, min(load.cases, (number + 1) * CHUNK))
