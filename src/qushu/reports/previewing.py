"""A version as a page shows it: every number leads to the rows behind it."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from qushu.kernel.papers.numbering import numbered

from .content import Block
from .facts import NAMED, Fact, saying
from .models import Version
from .papering import chart_of
from .queries import paper_of_version


def shown_blocks(version: Version, facts: Mapping[str, Fact]) -> list[dict[str, Any]]:
    """The blocks with numbered headings and captions, numbers as links, charts as SVG."""
    paper = paper_of_version(version, facts)
    said = saying(facts)
    printed = list(numbered(paper.blocks))
    return [_shown(block, one, facts, said) for block, one in zip(version.content, printed, strict=False)]


def rows_address(fact: Fact) -> str:
    """The page of the rows behind a figure that was asked; "" for one that was worked out."""
    return f"{reverse('cut-rows')}?{fact.query}&half=all" if fact.query else ""


def linked(text: str, facts: Mapping[str, Fact], said: Mapping[str, tuple[str, str]]) -> SafeString:
    """A text with its figures, each a link to its rows or to the list of figures."""
    parts, done = [], 0
    for found in NAMED.finditer(text):
        fact = facts[found[1]]
        words = said[fact.key][1 if found[2] else 0]
        parts.append(conditional_escape(text[done : found.start()]))
        parts.append(format_html('<a href="{}" title="{}">{}</a>', _address(fact), fact.name, words))
        done = found.end()
    parts.append(conditional_escape(text[done:]))
    return mark_safe("".join(parts))  # every part is escaped above


def _address(fact: Fact) -> str:
    return rows_address(fact) or f"?tab=figures#{fact.key}"


def _shown(
    block: Block, printed: Any, facts: Mapping[str, Fact], said: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    kind = block["kind"]
    shown: dict[str, Any] = {"kind": kind}
    if kind == "heading":
        shown |= {"text": printed.text, "level": block["level"]}
    elif kind == "text":
        polished = block.get("polished") or {}
        sentences = [
            conditional_escape(polished[str(number)]) if str(number) in polished else linked(sentence, facts, said)
            for number, sentence in enumerate(block["sentences"])
        ]
        shown |= {"lead": block["lead"], "sentences": sentences}
    elif kind == "quote":
        shown |= {"lead": block["lead"], "text": block["text"]}
    elif kind == "table":
        rows = [[linked(cell, facts, said) for cell in row] for row in block["rows"]]
        ends = [align == "right" for _, align in block["columns"]]
        shown |= {"caption": printed.caption, "head": list(zip(block["head"], ends, strict=True))}
        shown["rows"] = [list(zip(row, ends, strict=True)) for row in rows]
    elif kind == "note":
        shown["text"] = linked(block["text"], facts, said)
    else:
        shown |= {"kind": "chart", "caption": printed.caption, "svg": mark_safe(chart_of(block, facts))}  # our own SVG
    return shown
