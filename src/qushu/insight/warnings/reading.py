"""Cases of a file as numbers, for `qushu evaluate surges` and `forecast`. No database."""

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from qushu.insight.evaluation.labelled_rows import BadRows, check_columns, is_moment, shown, sortable
from qushu.kernel.tables import read_table

from .profile import DAY, Ints
from .series import Cases


def read_cases(path: Path, time: str, kind: str | None, place: str | None) -> tuple[Cases, list[str], list[str]]:
    """Cases of a file in order of time (local time as written), with the names of their types and places.

    Raises BadRows for a column that isn't there or a file without moments.
    """
    found: list[tuple[int, str, str]] = []
    wanted = [name for name in (time, kind, place) if name]
    for number, (_, row) in enumerate(read_table(path)):
        if number == 0:
            check_columns(path, row, wanted)
        said = shown(row[time])
        if is_moment(said):
            at = datetime.fromisoformat(sortable(said)[:19])
            found.append((_epoch(at), shown(row.get(kind or "")), shown(row.get(place or ""))))
    if not found:
        raise BadRows(f"{path.name} 的“{time}”列中没有可读的时间。")
    found.sort()
    kinds, kind_names = _numbered([row[1] for row in found])
    places, place_names = _numbered([row[2] for row in found])
    nought = np.zeros(len(found), np.int64)
    cases = Cases(
        np.array([row[0] for row in found], np.int64),
        np.stack([nought, kinds] if kind else [nought], axis=1),
        np.stack([nought, places] if place else [nought], axis=1),
    )
    return cases, kind_names, place_names


def daily_counts(cases: Cases) -> tuple[date, list[int]]:
    """The first day, and how many cases each day from it on had."""
    days = cases.at // DAY
    counts = np.bincount(days - days[0])
    return date(1970, 1, 1) + timedelta(int(days[0])), [int(count) for count in counts]


def _numbered(values: list[str]) -> tuple[Ints, list[str]]:
    """Numbers for names; an empty name has none (−1)."""
    names = [name for name, _ in Counter(value for value in values if value).most_common()]
    number = {name: at for at, name in enumerate(names)}
    return np.array([number.get(value, -1) for value in values], np.int64), names


def _epoch(at: datetime) -> int:
    return round((at.replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds())
