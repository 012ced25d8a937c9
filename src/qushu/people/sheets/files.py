"""Tables as files: CSV and XLSX, read with the line of each row, written so that no cell can act as a formula."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import python_calamine
import xlsxwriter

from qushu.kernel.errors import Refused

from .imports import Row

ACTIVE = ("=", "+", "-", "@", "\t", "\r")
"""First characters with which a spreadsheet takes a CSV cell for a formula (OWASP, CSV injection)."""


def read_table(name: str, content: bytes) -> list[tuple[int, Row]]:
    """The rows of a CSV (UTF-8 or GB 18030) or XLSX file as (line, {heading: text}); empty lines are left out.

    Raises Refused when it is neither.
    """
    if content[:2] == b"PK":
        cells = _xlsx_cells(content)
    elif name.lower().endswith((".csv", ".txt")):
        cells = _csv_cells(content)
    else:
        raise Refused("只能导入 CSV 或 XLSX 文件。没有导入任何内容。", code="import_format")
    lines = iter(cells)
    headings = [heading.strip() for heading in next(lines, [])]
    rows = []
    for line, row in enumerate(lines, start=2):
        if any(cell.strip() for cell in row):
            padded = [*row, *[""] * (len(headings) - len(row))]
            named = zip(headings, padded, strict=False)
            rows.append((line, {heading: _bare(cell) for heading, cell in named if heading}))
    return rows


def csv_lines(columns: Iterable[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """CSV line by line, with the mark by which Excel knows UTF-8."""
    columns = list(columns)
    yield b"\xef\xbb\xbf" + _csv_line(columns)
    for row in rows:
        yield _csv_line([inert(row[column]) for column in columns])


def xlsx_file(title: str, columns: Iterable[str], rows: Iterable[Row]) -> bytes:
    """One sheet; every cell is text, so that codes keep their zeros and nothing is calculated."""
    columns = list(columns)
    file = BytesIO()
    # Strings are never turned into formulas or links; rows go to disk as they come.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, bold)
            sheet.set_column(place, place, 40 if column in ("职责", "内容") else 18)
        for line, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                sheet.write_string(line, place, row[column][:32_000])
    return file.getvalue()


def inert(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(ACTIVE) else text


def _bare(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(ACTIVE) else text


def _csv_line(cells: list[str]) -> bytes:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _csv_cells(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(StringIO(content.decode(encoding), newline="")))
        except UnicodeDecodeError:
            continue
        except csv.Error:
            break
    raise Refused("文件读不出来：不是 UTF-8 或 GB 18030 编码的 CSV。没有导入任何内容。", code="import_encoding")


def _xlsx_cells(content: bytes) -> list[list[str]]:
    try:
        sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    except (python_calamine.CalamineError, OSError):
        raise Refused("文件读不出来：不是完整的 XLSX。没有导入任何内容。", code="import_format") from None
    return [[_text(cell) for cell in row] for row in sheet.to_python()]


def _text(cell: Any) -> str:
    """A cell as it looks: whole numbers without .0, days without a time."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
