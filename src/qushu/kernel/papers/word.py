"""A paper as a Word file that people go on editing: Word's own styles, tables, pictures and page-number fields."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .fonts import svg_to_png
from .model import (
    Block,
    Figure,
    Heading,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Signature,
    Table,
    Wide,
    day_in_words,
    last_said,
)
from .numbering import numbered, writable

if TYPE_CHECKING:
    from docx.document import Document

LINE_MM = 156
WIDE_MM = 225
EMU_PER_MM = 36_000


def write_docx(paper: Paper) -> bytes:
    """The paper as a Word file."""
    from . import word_styles  # python-docx is slow to import, and few pages write papers

    document = word_styles.blank(paper)
    _opening(document, paper)
    last = last_said(paper.blocks)
    for place, block in enumerate(numbered(paper.blocks)):
        _add(document, block, LINE_MM)
        if last <= place < len(paper.blocks) - 1:
            _stay_with_next(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _stay_with_next(document: "Document") -> None:
    """What was added last, when it is a line of text, stands on the page of what comes next."""
    from docx.text.paragraph import Paragraph as Line

    *_, added = document.iter_inner_content()
    if isinstance(added, Line):
        added.paragraph_format.keep_with_next = True


def _opening(document: "Document", paper: Paper) -> None:
    if paper.masthead:
        _line(document, paper.masthead, "公文版头")
        if paper.number:
            _line(document, paper.number, "公文居中")
        day = day_in_words(paper.day) if paper.day else ""
        _line(document, f"{paper.unit}\t{day}", "公文版头信息")
    _line(document, paper.title, "Title")
    if paper.number and not paper.masthead:
        _line(document, paper.number, "公文居中")
    if paper.to:
        _line(document, f"{paper.to}：", "公文顶格")


def _line(document: "Document", text: str, style: str) -> Any:
    return document.add_paragraph(writable(text), style)


def _add(document: "Document", block: Block, width_mm: int) -> None:
    match block:
        case Heading(text, level):
            document.add_heading(writable(text), level)
        case Paragraph():
            _paragraph(document, block)
        case Note(text):
            _line(document, text, "公文注")
        case Table():
            _table(document, block, width_mm)
        case Figure():
            _figure(document, block)
        case PageBreak():
            document.add_page_break()
        case Signature():
            _signature(document, block)
        case Wide(inside):
            _across(document, inside)


def _paragraph(document: "Document", block: Paragraph) -> None:
    style = {"center": "公文居中", "right": "公文落款"}.get(block.align, "Normal" if block.indent else "公文顶格")
    added = _line(document, "", style)
    if block.lead:
        added.add_run(writable(block.lead), "公文领起")
    added.add_run(writable(block.text))


def _signature(document: "Document", block: Signature) -> None:
    if not block.unit and not block.day and not block.people:
        return
    for _ in range(2 if block.seal else 1):
        _line(document, "", "公文顶格").paragraph_format.keep_with_next = True
    _line(document, block.unit, "公文落款").paragraph_format.keep_with_next = True
    if block.day:
        _line(document, day_in_words(block.day), "公文落款")
    if block.people:
        _line(document, "　　".join(f"{role}：{name}" for role, name in block.people), "公文顶格")


def _across(document: "Document", inside: Sequence[Block]) -> None:
    from . import word_styles

    word_styles.turn(document, lying=True)
    for block in inside:
        _add(document, block, WIDE_MM)
    word_styles.turn(document, lying=False)


def _figure(document: "Document", figure: Figure) -> None:
    from docx.shared import Mm

    picture = figure.picture
    png = svg_to_png(picture, figure.width_mm) if isinstance(picture, str) else picture
    shown = document.add_paragraph(style="公文图")
    added = shown.add_run().add_picture(io.BytesIO(png), width=Mm(figure.width_mm))
    added._inline.docPr.set("descr", writable(figure.words or figure.caption))
    if figure.caption:
        shown.paragraph_format.keep_with_next = True
        _line(document, figure.caption, "Caption")


def _table(document: "Document", table: Table, width_mm: int) -> None:
    from . import word_tables

    if table.caption:
        _line(document, table.caption, "Caption").paragraph_format.keep_with_next = True
    if table.unit:
        _line(document, table.unit, "公文表注").paragraph_format.keep_with_next = True
    word_tables.add_table(document, replace(table, caption=""), width_mm)
    _line(document, "", "公文表后")
