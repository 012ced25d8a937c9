"""Blocks of a report's text as they are kept: plain JSON whose texts name figures as {f12}. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .facts import Fact, keys_in

Block = dict[str, Any]
LEFT, RIGHT, MIDDLE = "left", "right", "center"


def heading(text: str, level: int = 1) -> Block:
    """A heading; a paper counts them."""
    return {"kind": "heading", "level": level, "text": text}


def text(*sentences: str, lead: str = "") -> Block:
    """A paragraph, its sentences one by one (each may be polished by itself)."""
    return {"kind": "text", "lead": lead, "sentences": [one for one in sentences if one]}


def table(
    caption: str, columns: Sequence[tuple[float, str]], head: Sequence[str], rows: Sequence[Sequence[str]]
) -> Block:
    """A table: columns are (share of the width, align)."""
    return {
        "kind": "table",
        "caption": caption,
        "columns": columns,
        "head": list(head),
        "rows": [list(row) for row in rows],
    }


def lines(caption: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[Fact | None]]]) -> Block:
    """A chart of lines over time."""
    return {
        "kind": "lines",
        "caption": caption,
        "labels": list(labels),
        "series": [[name, [fact.key if fact else None for fact in facts]] for name, facts in series],
    }


def bars(caption: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[Fact]]]) -> Block:
    """A chart of bars: for each row a label and a figure of each name (this period, the one before)."""
    kept = [[label, [fact.key for fact in facts]] for label, facts in rows]
    return {"kind": "bars", "caption": caption, "names": list(names), "rows": kept}


def quote(words: str, lead: str = "") -> Block:
    """What somebody said, masked: its numbers are not ours."""
    return {"kind": "quote", "lead": lead, "text": words}


def note(words: str) -> Block:
    """A remark in small letters."""
    return {"kind": "note", "text": words}


def without_empty(blocks: Iterable[Block]) -> list[Block]:
    """The blocks without texts that say nothing, tables without rows, and headings with nothing under them."""
    kept: list[Block] = []
    for block in reversed(list(blocks)):
        following = kept[-1] if kept else None
        if block["kind"] == "heading" and not _holds(following, block["level"]):
            continue
        if block["kind"] == "text" and not block["sentences"]:
            continue
        if block["kind"] in ("table", "bars") and not block["rows"]:
            continue
        kept.append(block)
    return kept[::-1]


def texts_of(block: Block) -> Iterator[str]:
    """Every text of a block that may name figures."""
    match block["kind"]:
        case "text":
            yield from block["sentences"]
        case "table":
            yield from (cell for row in block["rows"] for cell in row)
        case "note" | "heading":
            yield block["text"]


def figures_of(block: Block) -> list[str]:
    """The keys of all figures of a block."""
    found = [key for one in texts_of(block) for key in keys_in(one)]
    if block["kind"] == "lines":
        found += [key for _, keys in block["series"] for key in keys if key]
    if block["kind"] == "bars":
        found += [key for _, keys in block["rows"] for key in keys]
    return found


def _holds(following: Block | None, level: int) -> bool:
    """Whether what follows a heading stands under it; remarks at the end stand under none."""
    return (
        following is not None
        and following["kind"] != "note"
        and (following["kind"] != "heading" or following["level"] > level)
    )
