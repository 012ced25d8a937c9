"""The tables as an Excel workbook, a sheet for each number. A cell holds 万元 exact to the 分 and shows every decimal it has."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from .grid import Cell, Grid

WAN = Decimal(10_000)
AMOUNT_FORMAT = "#,##0.00####"
LINE_WIDTH = {False: 90, True: 135}
"""Characters in a line of a portrait or landscape sheet."""


def write_workbook(grids: Sequence[Grid], title: str) -> bytes:
    """All tables; forms of one number stand below each other on one sheet. Text is always text, never a formula."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = _Formats(book)
        for number, each in groupby(grids, lambda grid: grid.number):
            found = list(each)
            sheet = book.add_worksheet(f"表{number}")
            _set_page(sheet, found, title)
            line = 0
            for grid in found:
                line = _write(sheet, grid, line, formats) + 1
    return file.getvalue()


class _Formats:
    """Formats by what a cell is, made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book, self.made = book, dict[tuple[object, ...], Any]()

    def of(self, *, strong: bool = False, side: str = "left", amount: bool = False, **more: Any) -> Any:
        key = (strong, side, amount, *sorted(more.items()))
        if key not in self.made:
            facts = {"bold": strong, "align": side, "valign": "vcenter", "text_wrap": True, "border": 1} | more
            self.made[key] = self.book.add_format(facts | ({"num_format": AMOUNT_FORMAT} if amount else {}))
        return self.made[key]


def _set_page(sheet: Worksheet, grids: list[Grid], title: str) -> None:
    grid = grids[0]
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if grid.wide:
        sheet.set_landscape()
    sheet.set_footer(f"&C{title.replace('&', '&&')}　{grid.name}　第 &P 页，共 &N 页")
    whole = sum(grid.widths)
    for place, width in enumerate(grid.widths):
        sheet.set_column(place, place, max(9, LINE_WIDTH[grid.wide] * width / whole))
    if grid.head:
        sheet.freeze_panes(2 + len(grid.head), 0)
        sheet.repeat_rows(0, 1 + len(grid.head))


def _write(sheet: Worksheet, grid: Grid, line: int, formats: _Formats) -> int:
    """The table from this line on; returns the first line after it."""
    last = max(1, len(grid.widths) - 1)
    if line:
        sheet.set_h_pagebreaks([*sheet.hbreaks, line])
    sheet.merge_range(line, 0, line, last, grid.name, formats.of(strong=True, side="center", border=0, font_size=16))
    sheet.merge_range(line + 1, 0, line + 1, last, "单位：万元", formats.of(side="right", border=0))
    line += 2
    for part in (grid.head, grid.body):
        for row, column, cell in placed(part, len(grid.widths)):
            _write_cell(sheet, line + row, column, cell, formats)
        line += len(part)
    for words, colour in [*((note, "black") for note in grid.notes), *((f"缺：{gap}", "#b00020") for gap in grid.gaps)]:
        sheet.merge_range(line, 0, line, last, words, formats.of(border=0, font_color=colour))
        line += 1
    return line


def placed(rows: Sequence[Sequence[Cell]], width: int) -> list[tuple[int, int, Cell]]:
    """Every cell with its row and column. Raises ValueError when a row doesn't fill the columns."""
    taken: set[tuple[int, int]] = set()
    found = []
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            taken |= {(number + down, column + across) for down in range(cell.down) for across in range(cell.across)}
            found.append((number, column, cell))
        if any((number, column) not in taken for column in range(width)):
            raise ValueError(f"row {number + 1} leaves a hole in {width} columns")
    return found


def _write_cell(sheet: Worksheet, row: int, column: int, cell: Cell, formats: _Formats) -> None:
    amount = isinstance(cell.value, Decimal)
    shape = formats.of(strong=cell.strong, side=cell.side, amount=amount, indent=0 if amount else cell.level)
    if cell.across > 1 or cell.down > 1:
        sheet.merge_range(row, column, row + cell.down - 1, column + cell.across - 1, "", shape)
    if isinstance(cell.value, Decimal):
        sheet.write_number(row, column, float(cell.value / WAN), shape)
    else:
        sheet.write_string(row, column, cell.value or "", shape)
