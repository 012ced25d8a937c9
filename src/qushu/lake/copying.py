"""Writes the copy: all of it, or the months in which a case has changed."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from qushu.hotline.assessment.counting import count_cases
from qushu.kernel.kept import versions

from . import facts
from .columns import COLUMNS, LISTS, ORDER
from .engine import connect, quoted
from .files import Copy, folder, new_name, newest, put, sweep
from .models import CopyState, StaleCase

AT_ONCE = 200_000
Progress = Callable[[int], None]
_ONE_WRITER = 0x1A4E


def bring_up_to_date(now: datetime, *, wait: bool = False) -> int:
    """Take over every case that was changed since the last time: how many. Another writer at work: it is waited for, or
    nothing is done, 0.

    Marks are removed after the files are in place: a crash in between only means that the same cases are copied again.
    """
    with _only_writer(wait) as alone:
        if not alone:
            return 0
        copy = newest()
        if not _belongs_here(copy):
            return _write_everything(now)
        done = 0
        while marks := list(StaleCase.objects.order_by("id").values_list("id", "case_id")[:AT_ONCE]):
            count_cases()  # what a mark says has been judged when its row is read
            changed = sorted({case_id for _, case_id in marks})
            copy = _replace(copy, changed, now)
            _settle(copy, now, [mark for mark, _ in marks])
            done += len(changed)
        return done


def build(now: datetime, progress: Progress | None = None) -> int:
    """Write the whole copy anew, month by month, while the old one is read: how many rows. 0 when another writes."""
    with _only_writer() as alone:
        return _write_everything(now, progress) if alone else 0


def _write_everything(now: datetime, progress: Progress | None = None) -> int:
    last = StaleCase.objects.order_by("-id").values_list("id", flat=True).first() or 0
    count_cases()
    months: dict[str, str] = {}
    done = 0
    for month in facts.all_months():
        name = new_name(f"{month:%Y-%m}")
        rows = _write_month(name, month)
        if rows:
            months[f"{month:%Y-%m}"] = name
        done += rows
        if progress:
            progress(done)
    copy = put(months, newest(), _codes(), now.timestamp())
    _settle(copy, now, up_to=last)
    sweep(copy)
    return done


def _replace(copy: Copy, changed: Sequence[int], now: datetime) -> Copy:
    """The copy with these cases as they are now: the months they lie in are written under new names."""
    months = dict(copy.months or {})
    now_in = {f"{month:%Y-%m}": month for month in facts.months_of(changed)}
    gone_from = _months_holding(copy, changed)
    for name in sorted(now_in.keys() | gone_from):
        file = new_name(name)
        rows = _write_month(file, now_in.get(name), changed, months.get(name))
        if rows:
            months[name] = file
        else:
            months.pop(name, None)
    copy = put(months, copy, _codes(), now.timestamp())
    sweep(copy)
    return copy


def _months_holding(copy: Copy, case_ids: Sequence[int]) -> set[str]:
    """The months of the copy in which these cases stand."""
    if not copy.months:
        return set()
    by_name = {name: month for month, name in copy.months.items()}
    with _duck() as duck:
        duck.execute("CREATE TEMP TABLE changed AS SELECT unnest(?::BIGINT[]) AS case_id", [list(case_ids)])
        files = ", ".join(f"'{quoted(path)}'" for path in copy.files)
        found = duck.execute(
            f"SELECT DISTINCT filename FROM read_parquet([{files}], filename = true) WHERE case_id IN (FROM changed)"
        ).fetchall()
    return {by_name[Path(path).name] for (path,) in found}


def _write_month(name: str, month: date | None, changed: Sequence[int] | None = None, old: str | None = None) -> int:
    """Write a month's file: rows of the database (of `changed` cases only, if given) and the others of the old file."""
    folder().mkdir(parents=True, exist_ok=True)
    rows_file, fresh = folder() / f"{name}.csv", folder() / f"{name}.part"
    try:
        if month is None:
            rows_file.write_bytes(b"")
        else:
            facts.write_rows(rows_file, month, changed)
        with _duck() as duck:
            rows = _to_parquet(duck, rows_file, fresh, changed, old)
        with fresh.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(fresh, folder() / name)
    finally:
        rows_file.unlink(missing_ok=True)
        fresh.unlink(missing_ok=True)
    return rows


def _to_parquet(duck: Any, rows_file: Path, fresh: Path, changed: Sequence[int] | None, old: str | None) -> int:
    as_read = {name: "VARCHAR" if name in LISTS else kind for name, kind in COLUMNS.items()}
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in as_read.items())
    fields = ", ".join(
        f"string_split({name}, '|')::{kind} AS {name}" if name in LISTS else name for name, kind in COLUMNS.items()
    )
    csv = f"SELECT {fields} FROM read_csv('{quoted(str(rows_file))}', header = false, auto_detect = false, columns = {{{types}}})"
    if old:
        duck.execute("CREATE TEMP TABLE changed AS SELECT unnest(?::BIGINT[]) AS case_id", [list(changed or ())])
        kept = f"SELECT * FROM read_parquet('{quoted(str(folder() / old))}') WHERE case_id NOT IN (FROM changed)"
        csv = f"{kept} UNION ALL BY NAME {csv}"
    target = quoted(str(fresh))
    (rows,) = duck.execute(f"COPY ({csv} ORDER BY {ORDER}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)").fetchone()
    return int(rows)


@contextmanager
def _duck() -> Iterator[Any]:
    """A DuckDB for writing: what doesn't fit into memory goes to a folder beside the copy."""
    duck = connect()
    try:
        duck.execute(f"SET temp_directory = '{quoted(str(folder() / 'spill'))}'")
        yield duck
    finally:
        duck.close()


@transaction.atomic
def _settle(copy: Copy, now: datetime, marks: Sequence[int] = (), up_to: int = 0) -> None:
    """The copy stands: forget the marks it has taken over, remember that it is this database's."""
    if up_to:
        StaleCase.objects.filter(id__lte=up_to).delete()
    else:
        StaleCase.objects.filter(id__in=list(marks)).delete()
    CopyState.objects.update_or_create(pk=1, defaults={"token": copy.token, "written_at": now})


def _belongs_here(copy: Copy) -> bool:
    """Whether the files were written from this database, with these categories and areas, and are all there."""
    state = CopyState.objects.first()
    known = state is not None and copy.token != "" and state.token in (copy.token, copy.former)
    return known and copy.codes == _codes() and all(Path(path).exists() for path in copy.files)


def _codes() -> str:
    """The version of what levels of categories and areas are read from: a change of them touches every row."""
    return ",".join(str(one) for one in versions(("cases_category", "places_area")))


@contextmanager
def _only_writer(wait: bool = False) -> Iterator[bool]:
    """True for the one who may write; held by the session, so that it ends with its process, however that ends."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_WRITER])
            alone = True
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_WRITER])
            alone = cursor.fetchone()[0]
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_WRITER])


def seconds_behind() -> float:
    """How old the copy is, in seconds."""
    return time.time() - newest().written_at
