"""Between the tables of kernel.tables and ours, in which every cell is text."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO
from operator import itemgetter
from typing import Any, BinaryIO

from qushu.kernel import tables

from .imports import Row

WIDE = {"职责", "内容", "角色"}
ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Before these an export puts an apostrophe, so that a spreadsheet takes no cell for a formula."""


def read_rows(name: str, file: BinaryIO) -> list[tuple[int, Row]]:
    """The rows of a CSV or XLSX file as (line, {heading: text}). Raises BadTable (a Refused) when it is neither."""
    read = tables.read_table(file, name)
    return [(line, {str(heading): _text(cell) for heading, cell in row.items()}) for line, row in read]


def csv_lines(columns: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """The rows as lines of CSV."""
    return tables.csv_lines(rows, _columns(columns))


def xlsx_file(title: str, columns: Iterable[str], rows: Iterable[Row]) -> bytes:
    """The rows as a workbook; every cell is text, so that codes keep their zeros and nothing is calculated."""
    file = BytesIO()
    tables.write_xlsx(rows, _columns(columns), file, title)
    return file.getvalue()


def _columns(names: Iterable[str]) -> list[tables.Column]:
    return [tables.Column(name, itemgetter(name), 40 if name in WIDE else 18) for name in names]


def _text(cell: Any) -> str:
    """A cell as people wrote it: days without a time, 是 and 否, and without the apostrophe of an export."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    return text[1:] if text.startswith("'") and text[1:].startswith(ACTIVE) else text
