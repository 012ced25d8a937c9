"""The narrative against the tables and against itself: totals, parts, shares, changes, projects, purchases."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from ..reading.parts import Document, Project
from ..reading.projects import BUDGET
from ..reading.values import AMOUNT, money_of, number_of
from .money import OWN, PARTS, from_sources, general_income
from .pairs import SPECIFIC, TOTAL, Pair, Said, basic, fund, percent, printed, sum_of
from .sections import Named, Section, sections

ALL, PUBLIC, GENERAL = "收支预算总体安排", "财政拨款收支预算总体安排", "一般公共预算支出安排"
BASIC, BOUGHT = "一般公共预算基本支出安排", "政府采购预算安排"
OTHERS = ("政府性基金", "国有资本")
"""What the sections' headings begin with."""

WORD = "(?<![一-鿿])"
UNIT = "[万亿]?元"
_CHANGE = re.compile(
    rf"(?P<now>{AMOUNT})(?P<unit>{UNIT})，比(?P<year>\d{{4}})年预算(?P<sign>增加|减少)(?P<by>{AMOUNT})(?P<by_unit>{UNIT})，(?:增长|下降)(?P<rate>{AMOUNT})%"
)
_YEAR = re.compile(rf"(?P<year>\d{{4}})年(?:部门|财政拨款|一般公共预算)[^，。；\d]{{0,16}}(?={AMOUNT}{UNIT})")
_TITLE = re.compile(r"(?P<year>\d{4})\s?年(?:度)?部门预算")
_LISTED = rf"\d+[.．、][^，。；：\d][^，。；：]{{1,60}}?(?={AMOUNT}{UNIT})"
_KINDS = {"A": "货物", "B": "工程", "C": "服务"}

Known = tuple[Decimal, int] | None
_Table = Callable[[Document], Known]


def _line(*names: str) -> _Table:
    """Lines of the department's form, added as far as they are there."""

    def known(document: Document) -> Known:
        lines = [line for name in names if (line := fund(document, name))]
        return (sum_of(one.amount for one in lines), lines[-1].line) if lines else None

    return known


def _basic(document: Document) -> Known:
    spent, line = basic(document), fund(document, "人员类项目支出")
    return (spent[0], line.line) if spent and line else None


def _from(*kinds: str) -> _Table:
    """Money of these kinds in all projects' forms."""
    return lambda document: from_sources(document, kinds)


TOTALS: tuple[tuple[str, str, str, _Table], ...] = (
    ("", "部门收入预算", "表中合计", _line(TOTAL)),
    ("", "部门支出预算", "表中合计", _line(TOTAL)),
    ("", "财政拨款收支总预算", "表中财政拨款", _line("财政拨款")),
    ("", "一般公共预算支出预算", "表中一般公共预算财政拨款", general_income),
    ("", "一般公共预算财政拨款(?:本年)?收入", "表中一般公共预算财政拨款", general_income),
    (ALL, f"{WORD}其他收入", "表中财政专户管理资金和单位资金", _line(*OWN)),
    ("", "(?<!类)基本支出", "表中人员类与运转类之和", _basic),
    (ALL, f"{WORD}项目支出", f"表中{SPECIFIC}", _line(SPECIFIC)),
    (PUBLIC, f"{WORD}项目支出", "各项目财政拨款之和", _from(*PARTS[:3])),
    (GENERAL, f"{WORD}项目支出", "各项目一般公共预算拨款之和", _from(PARTS[0])),
    ("", f"{WORD}人员经费", "表中人员类项目支出", _line("人员类项目支出")),
    ("", f"{WORD}公用经费", "表中运转类项目支出", _line("运转类项目支出")),
)
"""Section (or any but those of other budgets), the narrative's words, and what of the tables they speak of."""

WHOLES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (ALL, "部门收入预算", tuple(WORD + one for one in (
        "一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "国有资本经营预算财政拨款收入", "财政专户管理资金(?:收入)?", "事业收入", "事业单位经营收入",
        "上级补助收入", "附属单位上缴收入", "其他收入", "上年结转(?:结余)?"))),
    (ALL, "部门支出预算", (f"{WORD}基本支出", f"{WORD}项目支出", f"{WORD}结转下年")),
    (PUBLIC, "财政拨款收支总预算", (f"{WORD}基本支出", f"{WORD}项目支出", f"{WORD}结转下年")),
    (GENERAL, "一般公共预算支出预算", (f"{WORD}基本支出", f"{WORD}项目支出")),
    (GENERAL, f"{WORD}项目支出", (rf"(?<=[。：；])[^，。；：\d]{{2,40}}支出(?={AMOUNT}{UNIT}，主要用于)",)),
    (BASIC, "一般公共预算基本支出", (f"{WORD}人员经费", f"{WORD}公用经费")),
    (BASIC, f"{WORD}人员经费", (f"{WORD}工资福利支出", f"{WORD}对个人和家庭的?补助(?:支出)?")),
    (BOUGHT, "政府采购预算支出合计", (f"{WORD}货物类", f"{WORD}工程类", f"{WORD}服务类")),
)  # fmt: skip
"""Section, a whole, and every part that it may be said to consist of."""

GENERAL_NOW = "本年预算"
FORMER = (
    ("部门收入预算", TOTAL),
    ("部门支出预算", TOTAL),
    ("财政拨款收支总预算", "财政拨款"),
    (GENERAL_NOW, "财政拨款"),
)
"""What stands before an amount that is compared with the year before, and the line that has that year."""


def totals(document: Document) -> Iterator[Pair]:
    for section in sections(document):
        for heading, words, of_table, table in TOTALS:
            mine = section.heading.startswith(heading) if heading else not section.heading.startswith(OTHERS)
            known = table(document) if mine else None
            for found in section.named(words) if known else ():
                yield Pair(Said(f"说明中{found.words}", found.amount, found.line), Said(of_table, *known))  # type: ignore[misc]


def parts(document: Document) -> Iterator[Pair]:
    for whole, found in _wholes(document):
        added = Said(f"其中 {'、'.join(f'{one.words} {one.amount}' for one in found)} 之和", sum_of(one.amount for one in found), found[-1].line)  # fmt: skip
        yield Pair(added, Said(f"说明中{whole.words}", whole.amount, whole.line))


def shares(document: Document) -> Iterator[Pair]:
    for whole, found in _wholes(document):
        for one in found:
            if one.share is not None and whole.amount:
                share = percent(one.amount, whole.amount)
                said = Said(f"说明中{one.words}占比 %", one.share, one.line)
                yield Pair(said, Said(f"占{whole.words}应为 %", share, whole.line), within=printed(one.share))


def listed(document: Document) -> Iterator[Pair]:
    """At most, for the list names what the money is mainly for."""
    for section in _under(document, GENERAL):
        for whole in list(section.named(f"{WORD}项目支出"))[:1]:
            if found := list(section.named(_LISTED, whole.end)):
                added = Said("所列项目之和", sum_of(one.amount for one in found), found[0].line)
                yield Pair(added, Said("说明中项目支出", whole.amount, whole.line), "", "at_most")


def changes(document: Document) -> Iterator[Pair]:
    for section in sections(document):
        for found in _CHANGE.finditer(section.words):
            now, by = money_of(found, document.unit, "now"), money_of(found, document.unit, "by", "by_unit")
            rate = number_of(found["rate"])
            line = section.line(found.start())
            year = Said("说明所比的年度", int(found["year"]), line)
            yield Pair(year, Said("上年应为", document.year - 1, document.department.line))
            last = now - by if found["sign"] == "增加" else now + by
            if last:
                exact = percent(by, last)
                said = Said("说明中增减率 %", rate, section.line(found.start("rate")))
                yield Pair(said, Said("按所说金额应为 %", exact, line), within=printed(rate))
            known = _last_year(document, section.words[: found.start("now")])
            if known is not None:
                yield Pair(Said("按说明推出的上年金额", last, line), Said("表中上年金额", known[0], known[1]))


def years(document: Document) -> Iterator[Pair]:
    for one in document.headings:
        if found := _TITLE.search(one.words):
            said = Said("标题中的年度", int(found["year"]), one.line)
            yield Pair(said, Said("应为", document.year, document.department.line))
    for section in sections(document):
        for found in _YEAR.finditer(section.words):
            said = Said("说明中的年度", int(found["year"]), section.line(found.start("year")))
            yield Pair(said, Said("应为", document.year, document.department.line))


def projects(document: Document) -> Iterator[Pair]:
    told = sections(document)
    for project in document.projects:
        for section in told:
            for found in section.named(rf"\d+[.．、]{re.escape(project.name)}"):
                yield Pair(Said("说明中", found.amount, found.line), Said("申报表", project.budget, project.at(BUDGET)), f"{project.name} ")  # fmt: skip


def paragraphs(document: Document) -> Iterator[tuple[Project, Section, int, int]]:
    """What the narrative says of a project that it lists: the section, from where, to where."""
    for section in _under(document, GENERAL):
        starts = [one.start() for one in re.finditer(_LISTED, section.words)]
        for begin, until in pairwise([*starts, len(section.words)]):
            for project in document.projects:
                if re.match(rf"\d+[.．、]{re.escape(project.name)}{AMOUNT}{UNIT}", section.words[begin:until]):
                    yield project, section, begin, until


def namesakes(document: Document) -> Iterator[Pair]:
    """乡村振兴专项经费 of the narrative and 乡村振兴专项资金 of a form are one matter."""
    told = sections(document)
    for project in document.projects:
        core = _MONEY.sub("", project.name)
        if core == project.name or len(core) < 4:
            continue
        for section in told:
            for found in section.named(rf"(?:(?<=年)|(?<![一-鿿.．、])){re.escape(core)}(?:经费|资金|支出|费用|费)"):
                said = Said(f"说明中{found.words}", found.amount, found.line)
                yield Pair(said, Said(f"申报表 {project.name}", project.budget, project.at(BUDGET)))


_MONEY = re.compile(r"(?:经费|资金|费用|费)$")


def purchases(document: Document) -> Iterator[Pair]:
    bought = [one for project in document.projects for one in project.purchases]
    for section in sections(document) if bought else ():
        for found in section.named("政府采购预算支出合计"):
            added = Said("各项目采购之和", sum_of(one.amount for one in bought), bought[0].line)
            yield Pair(Said("说明中采购合计", found.amount, found.line), added)
        for found in section.named("(?:货物|工程|服务)类"):
            mine = [one for one in bought if f"{_KINDS.get(one.catalogue_code[0])}类" == found.words]
            added = Said("该类采购之和", sum_of(one.amount for one in mine), (mine or bought)[0].line)
            yield Pair(Said(f"说明中{found.words}", found.amount, found.line), added)


def _under(document: Document, heading: str) -> Iterator[Section]:
    return (one for one in sections(document) if one.heading.startswith(heading))


def _wholes(document: Document) -> Iterator[tuple[Named, list[Named]]]:
    """Each whole that a section names, with the parts that follow it there."""
    for heading, words, of in WHOLES:
        for section in _under(document, heading):
            for whole in list(section.named(words))[:1]:
                found = [one for pattern in of for one in section.named(pattern, whole.end)]
                if found:
                    yield whole, sorted(found, key=lambda one: one.end)


def _last_year(document: Document, before: str) -> tuple[Decimal, int] | None:
    """Last year's amount of what stands before a number, from the department's form."""
    for words, name in FORMER:
        if before.endswith(words) and (line := fund(document, name)):
            other = from_sources(document, PARTS[1:3])
            return None if words == GENERAL_NOW and other and other[0] else (line.former[0], line.line)
    spent = basic(document)
    if before.endswith("基本支出") and spent and (line := fund(document, SPECIFIC)):
        return spent[1], line.line
    return None
