"""Files of labelled texts, read for learning and for measuring."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from qushu.kernel.errors import Refused
from qushu.kernel.tables import read_table

_MOMENT: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2})?.*)?|\d{4}/\d{1,2}/\d{1,2}.*")


class BadRows(Refused):
    """A file can't be learned from or measured on."""

    code = "bad_rows"


@dataclass(frozen=True)
class Labelled:
    """Texts and labels in the file's order; ``when`` their moments (ISO), or None; ``skipped`` rows without either."""

    texts: list[str]
    labels: list[str]
    when: list[str] | None
    skipped: int


def read_labelled(path: Path, text: str, label: str, time: str | None = None) -> Labelled:
    """Rows of a table file (CSV, XLSX, JSON, also .gz) with the columns ``text`` and ``label``.

    ``time`` names the column of moments; without it the first column whose every value is a date is taken, if there is
    one. Raises BadRows for a column that isn't there and for a file without usable rows, BadTable for a broken file.
    """
    texts: list[str] = []
    labels: list[str] = []
    moments: dict[str, list[str]] = {}
    skipped = 0
    for _, row in read_table(path):
        if not texts and not skipped:
            check_columns(path, row, [text, label, *([time] if time else [])])
            moments = {name: [] for name in ([time] if time else set(row) - {text, label})}
        words, name = shown(row.get(text)), shown(row.get(label))
        if not words or not name:
            skipped += 1
            continue
        texts.append(words)
        labels.append(name)
        _note_moments(moments, row, time)
    if not texts:
        raise BadRows(f"{path.name} 中没有同时写有“{text}”和“{label}”的行，无法使用。")
    return Labelled(texts, labels, moments[min(moments)] if moments else None, skipped)


def check_columns(path: Path, row: Mapping[str, Any], wanted: Sequence[str]) -> None:
    """Raises BadRows when a table lacks one of the columns; `row` is its first."""
    missing = [name for name in wanted if name not in row]
    if missing:
        raise BadRows(f"{path.name} 没有名为“{'”“'.join(missing)}”的列；已有的列：{'、'.join(row)}。")


def _note_moments(moments: dict[str, list[str]], row: dict[str, Any], time: str | None) -> None:
    """Write down the row's moments; a column with anything else in it is no longer asked."""
    for column in list(moments):
        value = shown(row.get(column))
        if is_moment(value):
            moments[column].append(sortable(value))
        elif time:
            raise BadRows(f"列“{time}”中的“{value[:40]}”不是日期，请用 2024-03-01 或 2024-03-01 09:30 的写法。")
        else:
            del moments[column]


def is_moment(value: str) -> bool:
    """Whether this is a day, or a day and a time."""
    return _MOMENT.fullmatch(value) is not None


def sortable(value: str) -> str:
    """2018/3/1 9:05 → 2018-03-01 09:05."""
    return re.sub(r"(?<!\d)\d(?!\d)", lambda one: "0" + one.group(), value.replace("/", "-").replace("T", " "))


def shown(value: object) -> str:
    """A cell as text; moments as ISO."""
    if value is None:
        return ""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value).strip()
