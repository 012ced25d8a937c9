"""A report's snapshot: the parts of its template are asked one by one; what comes out is content and the figures it names."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from qushu.insight.matters.models import Matter
from qushu.insight.overview.comparing import begins, first_day
from qushu.insight.overview.cutting import Question
from qushu.insight.overview.definitions import MEASURES
from qushu.insight.overview.sheet import filters_in_words
from qushu.kernel.asked import number_in
from qushu.kernel.personal import mask_free_text

from .book import Book, Filters
from .content import Block, figures_of, without_empty
from .facts import Fact, plain
from .models import Advice, FindingRule, ReportTemplate
from .parts import PARTS, Desk
from .periods import Periods, issue_of
from .templating import filled, read_body


@dataclass(frozen=True)
class Snapshot:
    """What a version keeps: title, issue, content, and the figures by key; only those that the content needs."""

    title: str
    issue: str
    content: list[Block]
    facts: dict[str, Fact]


def compose(template: ReportTemplate, periods: Periods, filters: Filters, subject: str, now: datetime) -> Snapshot:
    """Ask and write a report. The same data gives the same snapshot."""
    desk = _desk(periods, filters, subject, now)
    said = _words(desk, subject)
    blocks: list[Block] = []
    for line in read_body(template.body, PARTS):
        if line.part:
            blocks += PARTS[line.part][1](desk)
        elif line.block:
            blocks.append(_filled(line.block, said))
    content = without_empty(blocks)
    title = filled(template.title, said)
    return Snapshot(title[:120], issue_of(periods.kind, periods.present[0]), content, _needed(content, desk.book.facts))


def scope_words(filters: Filters) -> str:
    """What a report speaks of, in words: 全区, or 江堤街道、噪音扰民."""
    day = datetime.min.date()
    others = tuple(one for one in filters if one[0] != "matter")
    said = filters_in_words(Question(MEASURES["count"], day, day, (), others))
    words = [plain(one.partition("：")[2] or one) for one in said]
    return "、".join([*words, *(_matter_title(value) for name, value in filters if name == "matter")]) or "全区"


def _matter_title(value: str) -> str:
    """The title of a matter in quotes, without personal data; its number when there is no such matter."""
    title = Matter.objects.filter(pk=number_in(value) or 0).values_list("title", flat=True).first()
    return f"“{plain(mask_free_text(title))}”" if title else value


def _desk(periods: Periods, filters: Filters, subject: str, now: datetime) -> Desk:
    former, last_year = periods.former, periods.last_year
    return Desk(
        Book(filters, now),
        periods,
        former if begins(former[0]) else None,
        last_year if last_year and begins(last_year[0]) else None,
        list(FindingRule.objects.filter(active=True)),
        list(Advice.objects.filter(active=True)),
        scope_words(filters),
        first_day(),
    )


def _words(desk: Desk, subject: str) -> dict[str, str]:
    return {
        "区": settings.QUSHU_DISTRICT,
        "时段": desk.periods.words,
        "上期": desk.periods.former_words,
        "范围": desk.where,
        "主题": _as_quoted(subject or desk.where),
    }


def _as_quoted(words: str) -> str:
    """Words that a title sets in quotes: without quotes of their own around them, those within single."""
    bare = words.removeprefix("“").removesuffix("”")
    return (words if "“" in bare or "”" in bare else bare).translate(str.maketrans("“”", "‘’"))


def _filled(block: Block, said: dict[str, str]) -> Block:
    if block["kind"] == "heading":
        return block | {"text": filled(block["text"], said)}
    return block | {"sentences": [filled(one, said) for one in block["sentences"]]}


def _needed(content: list[Block], facts: dict[str, Fact]) -> dict[str, Fact]:
    """The figures that the content names, and those that these are worked out from."""
    wanted = {key for block in content for key in figures_of(block)}
    waiting = list(wanted)
    while waiting:
        for key in facts[waiting.pop()].formula[1:]:
            if key in facts and key not in wanted:
                wanted.add(key)
                waiting.append(key)
    return {key: fact for key, fact in facts.items() if key in wanted}
