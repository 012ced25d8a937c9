"""Tables of a paper in Word: merged cells, widths, heads that are repeated. Imported when one is written."""

from typing import Any

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt

from .model import Placed, Table, placed
from .numbering import writable


def add_table(document: Document, table: Table, width_mm: int) -> None:
    """Add the table, so wide in all."""
    heads, count = len(table.head), len(table.columns)
    made = document.add_table(heads + len(table.rows), count, "Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.share for column in table.columns)
    widths = [Mm(width_mm * column.share / whole) for column in table.columns]
    grid = [list(row.cells) for row in made.rows]  # asking a row for one cell builds all of them
    for row, cells in zip(made.rows, grid, strict=True):
        _property(row, "w:cantSplit")
        for cell, width in zip(cells, widths, strict=True):
            cell.width = width
    for row in list(made.rows)[:heads]:
        _property(row, "w:tblHeader")
    for one in placed(table.head, count):
        _fill(grid, one, 0, "center", table.points, bold=True)
    for one in placed(table.rows, count):
        align = one.cell.align or ("center" if one.cell.across > 1 else table.columns[one.column].align)
        _fill(grid, one, heads, align, table.points, bold=one.cell.bold)


def _fill(grid: list[list[Any]], one: Placed, above: int, align: str, points: float, bold: bool) -> None:
    cell: Any = grid[one.row + above][one.column]
    if one.cell.across > 1 or one.cell.down > 1:
        cell = cell.merge(grid[one.row + above + one.cell.down - 1][one.column + one.cell.across - 1])
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    line = cell.paragraphs[0]
    line._p.style = "公文表格"  # by its id: asking for a style by name searches all of them, 8 ms for every cell
    line.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
    run = line.add_run(writable(one.cell.text))
    run.font.size = Pt(points)
    if bold:
        run._r.style = "公文领起"


def _property(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
