"""A paper as PDF: the data goes to `data/paper.typ`, which knows the measures of the standard."""

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

from .fonts import chosen_families, typeset
from .model import (
    LEAST_ROWS,
    Block,
    Column,
    Figure,
    Heading,
    Note,
    PageBreak,
    Paper,
    Paragraph,
    Row,
    Signature,
    Table,
    Wide,
    day_in_words,
    last_said,
    placed,
)
from .numbering import numbered, writable


def write_pdf(paper: Paper) -> bytes:
    """The paper as PDF, tagged for readers; the same paper gives the same bytes."""
    pictures: dict[str, bytes] = {}
    blocks = [_block(block, pictures) for block in numbered(paper.blocks)]
    for block in blocks[last_said(paper.blocks) : -1]:
        block["stays"] = True
    data = {
        **{name: writable(getattr(paper, name)) for name in ("title", "unit", "number", "masthead", "to")},
        "day": day_in_words(paper.day) if paper.day else "",
        "dated": [paper.day.year, paper.day.month, paper.day.day] if paper.day else [],
        "fonts": chosen_families(),
        "blocks": blocks,
    }
    template = files(__package__).joinpath("data/paper.typ").read_bytes()
    sources = {"main": template, "paper.json": json.dumps(data, ensure_ascii=False).encode(), **pictures}
    return typeset(sources, timestamp=0)


def _block(block: Block, pictures: dict[str, bytes]) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"kind": "heading", "text": writable(text), "level": level}
        case Paragraph(text, lead, align, indent):
            inset = indent and align == "left"
            return {
                "kind": "paragraph",
                "text": writable(text),
                "lead": writable(lead),
                "align": align,
                "indent": inset,
            }
        case Note(text):
            return {"kind": "note", "text": writable(text)}
        case Table():
            return _table(block)
        case Figure():
            return _figure(block, pictures)
        case PageBreak():
            return {"kind": "break"}
        case Signature():
            people = [[writable(role), writable(name)] for role, name in block.people]
            day = day_in_words(block.day) if block.day else ""
            return {"kind": "signature", "unit": writable(block.unit), "day": day, "seal": block.seal, "people": people}
        case Wide(inside):
            return {"kind": "wide", "blocks": [{**_block(one, pictures), "floats": False} for one in inside]}


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "shares": [column.share for column in table.columns],
        "head": _cells(table.head, [replace(column, align="center") for column in table.columns]),
        "rows": _cells(table.rows, table.columns),
        "height": len(table.rows),
        "least": LEAST_ROWS,
        "caption": writable(table.caption),
        "unit": writable(table.unit),
        "points": table.points,
        "together": table.together,
    }


def _cells(rows: Sequence[Row], columns: Sequence[Column]) -> list[dict[str, Any]]:
    return [
        {
            "x": one.column,
            "y": one.row,
            "across": one.cell.across,
            "down": one.cell.down,
            "bold": one.cell.bold,
            "align": one.cell.align or ("center" if one.cell.across > 1 else columns[one.column].align),
            "text": writable(one.cell.text),
        }
        for one in placed(rows, len(columns))
    ]


def _figure(figure: Figure, pictures: dict[str, bytes]) -> dict[str, Any]:
    drawn = isinstance(figure.picture, str)
    name = f"picture{len(pictures)}.{'svg' if drawn else 'png'}"
    pictures[name] = figure.picture.encode() if isinstance(figure.picture, str) else figure.picture
    words = writable(figure.words or figure.caption)
    caption = writable(figure.caption)
    return {
        "kind": "figure",
        "file": name,
        "caption": caption,
        "width": figure.width_mm,
        "words": words,
        "floats": True,
    }
