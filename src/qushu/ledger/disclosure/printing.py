"""The tables as a paper: Word and PDF come from `kernel/papers`."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from qushu.kernel.papers import Block, Column, Note, PageBreak, Paper, Paragraph, Table, Wide
from qushu.kernel.papers import Cell as PaperCell

from .grid import Cell, Grid

POINTS = {False: 9.5, True: 9.0}
"""Size of letters on upright and on wide pages; tables of many columns need smaller ones."""

MANY_COLUMNS, SMALL = 15, 6.0
MANY_LINES, SMALLER = 25, 8.5
"""表1 has a line for each class of spending and stands on one page."""


def paper_of(grids: Sequence[Grid], department: str, year: int) -> Paper:
    """All tables, each beginning a page; what is missing stands under its table."""
    return Paper(f"{department}{year}年部门预算表", department, blocks=tuple(_blocks(grids)))


def _blocks(grids: Sequence[Grid]) -> Iterator[Block]:
    told: set[int] = set()
    for wide, run in groupby(grids, lambda grid: grid.wide):
        blocks: list[Table | Note | PageBreak | Paragraph] = []
        for grid in run:
            blocks += [PageBreak()] if blocks else []
            if grid.number in told:
                blocks.append(Paragraph(grid.title, align="center"))
            blocks += _parts(grid, "" if grid.number in told else grid.title)
            told.add(grid.number)
        if wide:
            yield Wide(tuple(blocks))
        else:
            yield from blocks


def _parts(grid: Grid, caption: str) -> list[Table | Note | PageBreak]:
    """The writers count captions: the table's own number comes out, as every table of the twelve has one."""
    upright_list = bool(grid.head) and not grid.wide
    points = SMALLER if upright_list and len(grid.body) > MANY_LINES else POINTS[grid.wide]
    points = SMALL if len(grid.widths) > MANY_COLUMNS else points
    columns = [Column(width) for width in grid.widths]
    body = grid.body or [[Cell(note) for note in grid.notes[:1]]]
    table = Table(columns, _cells(body), _cells(grid.head), caption, "单位：万元", points)
    notes = grid.notes if grid.body else ()
    return [table, *map(Note, notes), *(Note(f"缺：{gap}。") for gap in grid.gaps)]


def _cells(rows: Sequence[Sequence[Cell]]) -> list[list[PaperCell]]:
    return [[PaperCell(cell.text, cell.across, cell.down, cell.strong, cell.side) for cell in row] for row in rows]
