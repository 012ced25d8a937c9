"""Lists on their way out: CSV and XLSX, row by row in constant memory. What comes in is read by ``read_table``."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .calendar import SHANGHAI
from .table_reading import BadTable, read_table

__all__ = ["BadTable", "Column", "csv_lines", "read_table", "write_csv", "write_xlsx"]

Progress = Callable[[int], None]
_TELL_EVERY: Final = 1000
_BOM: Final = "\ufeff"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL: Final = 32_767  # Excel's own limit
_ROWS_A_SHEET: Final = 1_048_576  # Excel's own limit
_CUT: Final = "…（内容过长，已截断）"
_NOT_IN_A_SHEET_NAME: Final = str.maketrans("", "", "[]:*?/\\'")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: its heading, how its value is read from a row, its width in characters."""

    title: str
    read: Callable[[Any], object]
    width: int = 16


def csv_lines(
    rows: Iterable[Any], columns: Sequence[Column], progress: Progress | None = None, head: Sequence[str] = ()
) -> Iterator[str]:
    """The table as lines of CSV (RFC 4180), the first with the mark by which Excel knows UTF-8.

    ``head``: lines above the headings that say what the table is.

    Moments are shown in Asia/Shanghai, yes and no as 是 and 否. Text that a spreadsheet would take for a formula gets a
    ' in front. ``progress`` is told how many rows are written, every thousand and at the end.
    """
    yield _BOM + "".join(_csv_line([line]) for line in head) + _csv_line(column.title for column in columns)
    for row in _counted(rows, progress):
        yield _csv_line(column.read(row) for column in columns)


def write_csv(
    rows: Iterable[Any],
    columns: Sequence[Column],
    file: BinaryIO,
    progress: Progress | None = None,
    head: Sequence[str] = (),
) -> None:
    """``csv_lines`` into a file opened for bytes."""
    for line in csv_lines(rows, columns, progress, head):
        file.write(line.encode())


def write_xlsx(
    rows: Iterable[Any],
    columns: Sequence[Column],
    path: Path | BinaryIO,
    title: str,
    progress: Progress | None = None,
    head: Sequence[str] = (),
) -> None:
    """The table as an Excel workbook: bold headings that stay in view, a filter, real dates and numbers.

    More rows than a sheet holds go on in another sheet. Text is always text, never a formula or a link; what is longer
    than a cell may be is cut and says so. ``progress`` and ``head`` as in ``csv_lines``.
    """
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
    with xlsxwriter.Workbook(str(path) if isinstance(path, Path) else path, options) as book:
        heading, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet, number, line = None, 0, 0
        for row in _counted(rows, progress):
            if sheet is None or line == _ROWS_A_SHEET:
                number += 1
                sheet, line = _sheet(book, columns, _sheet_name(title, number), heading, head), len(head) + 1
            for place, column in enumerate(columns):
                _write_cell(sheet, line, place, column.read(row), day)
            line += 1
        if sheet is None:
            _sheet(book, columns, _sheet_name(title, 1), heading, head)


def _counted(rows: Iterable[Any], progress: Progress | None) -> Iterator[Any]:
    count = 0
    for count, row in enumerate(rows, start=1):
        yield row
        if progress and count % _TELL_EVERY == 0:
            progress(count)
    if progress and (count % _TELL_EVERY or not count):
        progress(count)


def _csv_line(values: Iterable[object]) -> str:
    return ",".join(map(_csv_cell, values)) + "\r\n"


def _csv_cell(value: object) -> str:
    text = _shown(value)
    if isinstance(value, str) and text.startswith(_FORMULA):
        text = f"'{text}"
    if '"' in text or "," in text or "\n" in text or "\r" in text:
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return _local(value).strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def _local(moment: datetime) -> datetime:
    """The moment as the clock on the wall shows it, to the second."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)


def _sheet(
    book: xlsxwriter.Workbook, columns: Sequence[Column], name: str, heading: Format, head: Sequence[str]
) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(len(head) + 1, 0)
    for line, words in enumerate(head):
        sheet.write_string(line, 0, words)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(len(head), place, column.title, heading)
    if columns:
        sheet.autofilter(len(head), 0, _ROWS_A_SHEET - 1, len(columns) - 1)
    return sheet


def _sheet_name(title: str, number: int) -> str:
    suffix = f" {number}" if number > 1 else ""
    name = title.translate(_NOT_IN_A_SHEET_NAME).strip() or "表"
    return name[: 31 - len(suffix)] + suffix


def _write_cell(sheet: Worksheet, line: int, place: int, value: object, day: Format) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(line, place, "是" if value else "否")
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(line, place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, _local(value))
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, day)
    else:
        text = str(value)
        if len(text) > _LONGEST_CELL:
            text = text[: _LONGEST_CELL - len(_CUT)] + _CUT
        sheet.write_string(line, place, text)
