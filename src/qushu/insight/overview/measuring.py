"""How fast cross-cuts are at any size: the product's own questions beside the bare SQL a person would write, on the same files."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from django.conf import settings

from qushu.lake.engine import ask_files, connect, quoted
from qushu.lake.files import Copy, folder, put
from qushu.lake.made_rows import write_months
from qushu.people.access import Scope

from .cutting import Answer, Question, answer
from .definitions import DIMENSIONS, MEASURES

EVERYTHING = Scope(everything=True)
ON_TIME = "j_on_time"
ASKED: tuple[tuple[str, str, tuple[str, ...], tuple[tuple[str, str], ...], str], ...] = (
    ("cases by street", "count", ("street",), (),
     "SELECT street, count(*) FROM {rows} WHERE round = 0 AND accepted_on BETWEEN ? AND ? GROUP BY ALL"),
    ("cases by hour and weekday", "count", ("hour", "weekday"), (),
     "SELECT hour, weekday, count(*) FROM {rows} WHERE round = 0 AND accepted_on BETWEEN ? AND ? GROUP BY ALL"),
    ("cases by channel and unit", "count", ("channel", "unit"), (),
     "SELECT channel, unit, count(*) FROM {rows} WHERE round = 0 AND accepted_on BETWEEN ? AND ? GROUP BY ALL"),
    ("cases by category", "count", ("category3",), (),
     "SELECT category3, count(*) FROM {rows} WHERE round = 0 AND accepted_on BETWEEN ? AND ? GROUP BY ALL"),
    ("cases of a street by month and type", "count", ("month", "kind"), (("street", "3"),),
     "SELECT date_trunc('month', accepted_on)::DATE, kind, count(*) FROM {rows} WHERE round = 0 AND street = 3"
     " AND accepted_on BETWEEN ? AND ? GROUP BY ALL"),
    ("on-time rate by unit", "on_time", ("unit",), (),
     f"SELECT {ON_TIME}_by, count(*), count(*) FILTER (WHERE {ON_TIME} = 1) FROM {{rows}} WHERE {ON_TIME} IN (0, 1) AND {ON_TIME}_on BETWEEN ? AND ? GROUP BY ALL"),
    ("satisfied rate by street and month", "satisfied", ("street", "month"), (),
     "SELECT street, date_trunc('month', j_satisfied_on)::DATE, count(*), count(*) FILTER (WHERE j_satisfied = 1) FROM {rows}"
     " WHERE j_satisfied IN (0, 1) AND j_satisfied_on BETWEEN ? AND ? GROUP BY ALL"),
    ("open cases by street, kind and urgency", "open", ("street", "kind", "urgency"), (),
     "SELECT street, kind, urgency, count(*) FROM {rows} WHERE round = 0 AND is_open AND accepted_on BETWEEN ? AND ? GROUP BY ALL"),
    ("median hours to resolve by category group", "resolve_p50", ("category2",), (),
     "SELECT category2, count(*), quantile_cont(resolve_minutes / 60, 0.5) FROM {rows} WHERE round = 0"
     " AND resolve_minutes IS NOT NULL AND resolved_on BETWEEN ? AND ? GROUP BY GROUPING SETS ((category2), ())"),
)  # fmt: skip
"""Name, measure, dimensions, filters, and the bare SQL for the same groups: the dimensions, then how many rows."""


@dataclass(frozen=True)
class Figure:
    """One question in milliseconds, ours and of the bare SQL: the first time, the 95th percentile after it, the quickest.

    The first time nothing of it is known; after it files that lie wholly in the period have answered. `same`: the same
    groups.
    """

    name: str
    first: float
    bare_first: float
    ours: float
    bare: float
    quickest: float
    bare_quickest: float
    same: bool

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


def measure(rows: int, times: int, now: datetime, told: Callable[[str], None]) -> list[Figure]:
    """Draw `rows` rows into files of their own, ask everything `times` times in turn, remove the files.

    Each time another period is asked for, so that no whole answer is one that was kept. Needs no database.
    """
    with _files() as place:
        told(f"Writing {rows:,} rows …")
        months = write_months(place, rows, now.date())
        copy = put(months, Copy(), "", now.timestamp())
        told(f"{sum(path.stat().st_size for path in place.glob('*.parquet')) / 1e6:,.0f} MB in {len(months)} files.")
        bare = connect()
        try:
            for file in copy.files:
                ask_files("SELECT count(*) FROM {cases}", (), [file])  # reads what the file says of itself
                bare.execute(f"SELECT count(*) FROM '{quoted(file)}'")
            return [_figure(one, copy, bare, times, now) for one in ASKED]
        finally:
            bare.close()


def _figure(asked: Any, copy: Copy, bare: Any, times: int, now: datetime) -> Figure:
    name, code, by, filters, sql = asked
    files = ", ".join(f"'{quoted(path)}'" for path in copy.files)
    text = sql.replace("{rows}", f"read_parquet([{files}])")
    seconds: tuple[list[float], list[float]] = ([], [])
    same = True
    for span in _spans(now.date(), times + 1):
        question = Question(MEASURES[code], *span, tuple(DIMENSIONS[one] for one in by), filters)
        ours, found = _timed(lambda question=question: answer(question, EVERYTHING, now))  # type: ignore[misc]
        theirs, expected = _timed(lambda span=span: bare.execute(text, list(span)).fetchall())  # type: ignore[misc]
        seconds[0].append(ours)
        seconds[1].append(theirs)
        same = same and _same(found, expected)
    (first, *kept), (bare_first, *bare_kept) = seconds
    firsts = 1000 * first, 1000 * bare_first
    return Figure(name, *firsts, _p95(kept), _p95(bare_kept), 1000 * min(kept), 1000 * min(bare_kept), same)


def _same(found: Answer, expected: Sequence[tuple[Any, ...]]) -> bool:
    """Whether both know the same groups with as many rows each; all rows together (a middle needs them) stand under None."""
    size = len(found.question.by)
    theirs = {row[:size]: row[size] for row in expected}
    if not found.question.measure.adds_up and theirs.pop((None,) * size) != found.total.whole:
        return False
    return {group.keys: group.whole for group in found.groups} == theirs


def _spans(today: date, times: int) -> Iterator[tuple[date, date]]:
    """A year until today, each begun a day later than the one before."""
    for later in range(times):
        yield today - timedelta(days=330 - later), today


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = act()
    return time.perf_counter() - begun, found


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20)[-1] * 1000 if len(seconds) > 1 else seconds[0] * 1000


@contextmanager
def _files() -> Iterator[Path]:
    """A folder that is the copy's while it stands, and is removed however this ends."""
    former = getattr(settings, "QUSHU_LAKE", "")
    settings.HOME.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="lake-measured-", dir=settings.HOME))
    settings.QUSHU_LAKE = str(place)
    try:
        yield folder()
    finally:
        settings.QUSHU_LAKE = former
        shutil.rmtree(place, ignore_errors=True)
