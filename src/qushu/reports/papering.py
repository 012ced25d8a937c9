"""A version as an official paper: content and figures, nothing asked anew."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qushu.kernel.papers import Block as PaperBlock
from qushu.kernel.papers import Column, Figure, Heading, Note, Paper, Paragraph, Signature, Table

from .charts import bar_chart, line_chart
from .content import Block
from .facts import Fact, fill, saying


@dataclass(frozen=True)
class Issue:
    """What stands around the text."""

    title: str
    masthead: str
    number: str
    unit: str
    day: date
    addressed: str = ""
    people: tuple[tuple[str, str], ...] = ()


def paper_of(issue: Issue, content: list[Block], facts: Mapping[str, Fact]) -> Paper:
    """The paper: numbers are those of the figures, so the same snapshot gives the same text."""
    said = saying(facts)
    blocks = [made for block in content for made in _made(block, facts, said)]
    blocks.append(
        Signature("" if issue.masthead else issue.unit, None if issue.masthead else issue.day, people=issue.people)
    )
    return Paper(issue.title, issue.unit, issue.day, issue.number, issue.masthead, issue.addressed, tuple(blocks))


def sentences_of(block: Block, said: Mapping[str, tuple[str, str]]) -> str:
    """A paragraph as it is read: polished where that was accepted, else ours."""
    polished = block.get("polished") or {}
    return "".join(
        polished.get(str(number)) or fill(sentence, said) for number, sentence in enumerate(block["sentences"])
    )


def chart_of(block: Block, facts: Mapping[str, Fact]) -> str:
    """The SVG of a chart."""

    def values(keys: list[str | None]) -> list[Any]:
        return [facts[key].value if key else None for key in keys]

    if block["kind"] == "lines":
        return line_chart(block["labels"], [(name, values(keys)) for name, keys in block["series"]])
    return bar_chart(block["names"], [(label, values(keys)) for label, keys in block["rows"]])


def _made(block: Block, facts: Mapping[str, Fact], said: Mapping[str, tuple[str, str]]) -> Iterator[PaperBlock]:
    match block["kind"]:
        case "heading":
            yield Heading(fill(block["text"], said), block["level"])
        case "text":
            yield Paragraph(sentences_of(block, said), block["lead"])
        case "quote":
            yield Paragraph(block["text"], block["lead"])
        case "note":
            yield Note(fill(block["text"], said))
        case "table":
            rows = [[fill(cell, said) for cell in row] for row in block["rows"]]
            columns = [Column(share, align) for share, align in block["columns"]]
            yield Table(columns, rows, [block["head"]], block["caption"], points=10.5 if len(columns) > 5 else 12)
        case "lines" | "bars":
            yield Figure(chart_of(block, facts), block["caption"], words=block["caption"])
