"""Tables of a paper in Word: merged cells, widths, heads that are repeated. Imported when one is written.

The XML is built cell by cell: python-docx merges one cell in 7 ms, and a form of a budget has a hundred of them.
"""

from collections.abc import Iterable
from typing import Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table as WordTable

from .model import LEAST_ROWS, Placed, Table, placed
from .numbering import writable

AROUND = 45
"""Twentieths of a point above and below the words of a cell."""
_SIDES = {"left": "left", "center": "center", "right": "right"}


def add_table(document: Document, table: Table, width_mm: int) -> None:
    """Add the table, so wide in all."""
    whole = sum(column.share for column in table.columns)
    widths = [Mm(width_mm * column.share / whole).twips for column in table.columns]
    made: WordTable = document.add_table(0, 0, "Table Grid")
    body = made._tbl
    shape = body.tblPr
    look = shape.find(qn("w:tblLook"))
    shape.remove(look)  # the standard has it last
    _add(shape, "w:jc", val="center")
    _add(shape, "w:tblLayout", type="fixed")
    margins = _add(shape, "w:tblCellMar")
    for side in ("top", "bottom"):
        _add(margins, f"w:{side}", w=AROUND, type="dxa")
    shape.append(look)
    for width in widths:
        _add(body.tblGrid, "w:gridCol", w=width)
    head = [(one, "center", True) for one in placed(table.head, len(widths))]
    rows = [(one, _side(table, one), one.cell.bold) for one in placed(table.rows, len(widths))]
    _add_rows(body, head, len(table.head), widths, table.points, is_head=True)
    _add_rows(body, rows, len(table.rows), widths, table.points, is_head=False)
    _hold_together(body, table, len(table.head))


def _hold_together(body: Any, table: Table, heads: int) -> None:
    """Lines that stay on the page of the next: all of a table that isn't broken, else the first and the last but one."""
    rows = body.tr_lst
    kept = rows[:-1]
    if not table.together and len(rows) >= heads + 2 * LEAST_ROWS:
        kept = [*rows[: heads + LEAST_ROWS - 1], *rows[-LEAST_ROWS:-1]]
    for row in kept:
        for shape in row.iter(qn("w:pPr")):
            shape.insert(1, OxmlElement("w:keepNext"))


def _side(table: Table, one: Placed) -> str:
    return one.cell.align or ("center" if one.cell.across > 1 else table.columns[one.column].align)


def _add_rows(
    body: Any, cells: Iterable[tuple[Placed, str, bool]], count: int, widths: list[int], points: float, is_head: bool
) -> None:
    """Every row gets the cells that begin in it, and a continued one below each that reaches further down."""
    lines: list[list[tuple[int, Placed, str, bool]]] = [[] for _ in range(count)]
    for one, side, bold in cells:
        for down in range(one.cell.down):
            lines[one.row + down].append((down, one, side, bold))
    for line in lines:
        row = _add(body, "w:tr")
        facts = _add(row, "w:trPr")
        _add(facts, "w:cantSplit")
        if is_head:
            _add(facts, "w:tblHeader")
        for down, one, side, bold in sorted(line, key=lambda found: found[1].column):
            _add_cell(row, one, down, side, bold, widths, points)


def _add_cell(row: Any, one: Placed, down: int, side: str, bold: bool, widths: list[int], points: float) -> None:
    cell = _add(row, "w:tc")
    facts = _add(cell, "w:tcPr")
    _add(facts, "w:tcW", w=sum(widths[one.column : one.column + one.cell.across]), type="dxa")
    if one.cell.across > 1:
        _add(facts, "w:gridSpan", val=one.cell.across)
    if one.cell.down > 1:
        _add(facts, "w:vMerge", val="continue" if down else "restart")
    _add(facts, "w:vAlign", val="center")
    line = _add(cell, "w:p")
    shape = _add(line, "w:pPr")
    _add(shape, "w:pStyle", val="公文表格")
    _add(shape, "w:jc", val=_SIDES[side])
    if not down:
        _add_words(line, writable(one.cell.text), bold, points)


def _add_words(line: Any, text: str, bold: bool, points: float) -> None:
    run = _add(line, "w:r")
    shape = _add(run, "w:rPr")
    if bold:
        _add(shape, "w:rStyle", val="公文领起")
    _add(shape, "w:sz", val=round(points * 2))
    for place, part in enumerate(text.split("\n")):
        if place:
            _add(run, "w:br")
        words = _add(run, "w:t")
        words.text = part
        words.set(qn("xml:space"), "preserve")


def _add(parent: Any, name: str, **attributes: object) -> Any:
    child = OxmlElement(name)
    for key, value in attributes.items():
        child.set(qn(f"w:{key}"), str(value))
    parent.append(child)
    return child
