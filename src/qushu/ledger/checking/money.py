"""Sums of projects, line items, purchases and sources; this year against former years; shares."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from qushu.kernel.asked import number_in

from ..reading.parts import Document, FundLine, Source
from ..reading.projects import BUDGET, CHANGE, SOURCES
from ..reading.projects import TOTAL as TOTAL_BUDGET
from .pairs import INCOME, SPECIFIC, SPENDING, TOTAL, Pair, Said, basic, fund, percent, printed, sum_of
from .sections import sections

PARTS = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款", "财政专户管理资金", "单位资金")
OWN = ("财政专户管理资金", "单位资金")


def units(document: Document) -> Iterator[Pair]:
    for unit, line in document.units:
        yield Pair(Said("金额单位", unit, line), Said("文件前面的", document.unit, document.units[0][1]))


def items_and_budget(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        if project.items:
            total = Said("明细合计", sum_of(one.amount for one in project.items), project.items[0].line)
            yield Pair(total, Said("当年预算", project.budget, project.at(BUDGET)), f"{project.name} ")


def sources_and_budget(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        for source in project.sources:
            if source.name == TOTAL and source.amount is not None:
                said = Said("资金来源合计", source.amount, source.line)
                yield Pair(said, Said("当年预算", project.budget, project.at(BUDGET)), f"{project.name} ")


def sources_and_their_sum(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        parts = [one for one in project.sources if one.name in PARTS and one.amount is not None]
        total = next((one for one in project.sources if one.name == TOTAL and one.amount is not None), None)
        if total is not None and parts:
            added = Said("各来源之和", sum_of(one.amount or Decimal(0) for one in parts), parts[0].line)
            yield Pair(added, Said("合计", total.amount or Decimal(0), total.line), f"{project.name} ")


def asked_of_sources(document: Document) -> Iterator[Pair]:
    """其中：申请当年预算拨款 is all of 一般公共预算财政拨款 where nothing is left from the year before."""
    for project in document.projects:
        named = {one.name: one for one in project.sources if one.amount is not None}
        asked, public = named.get(SOURCES[2]), named.get(PARTS[0])
        if asked and public and SOURCES[-1] not in named and not any(one in named for one in PARTS[1:3]):
            yield Pair(_said("申请当年预算拨款", asked), _said(PARTS[0], public), f"{project.name} ")


def _said(words: str, source: Source) -> Said:
    return Said(words, source.amount or Decimal(0), source.line)


def purchases_within_budget(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        if project.purchases:
            bought = Said("采购合计", sum_of(one.amount for one in project.purchases), project.purchases[0].line)
            yield Pair(bought, Said("当年预算", project.budget, project.at(BUDGET)), f"{project.name} ", "at_most")


def change_and_budgets(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        last = project.former.get(document.year - 1)
        if last is not None and project.change.amount is not None:
            said = Said("所说增减", project.change.amount, project.at(CHANGE))
            yield Pair(said, Said("两年之差", project.budget - last, project.at(BUDGET)), f"{project.name} ")


def total_and_years(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        start = number_in(project.facts.get("起始年度", ""), document.year)
        if start is None:
            continue
        years = range(start, document.year)
        if all(year in project.former for year in years):
            added = project.budget + sum_of(project.former[year] for year in years)
            yield Pair(
                Said("总预算", project.total, project.at(TOTAL_BUDGET)),
                Said("各年之和", added, project.at(CHANGE)),
                f"{project.name} ",
            )


def year_within_span(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        start, end = (number_in(project.facts.get(name, "")) for name in ("起始年度", "终止年度"))
        if start is not None and end is not None:
            year = Said("预算年度", document.year, document.department.line)
            yield Pair(Said("起始年度", start, project.at("起始年度")), year, f"{project.name} ", "at_most")
            yield Pair(year, Said("终止年度", end, project.at("终止年度")), f"{project.name} ", "at_most")


def former_years_named(document: Document) -> Iterator[Pair]:
    wanted = (document.year - 2, document.year - 1)
    for project in document.projects:
        said = tuple(sorted(project.former_years))
        right = wanted if len(said) != 1 or said[0] not in wanted else said
        if said:
            left = Said("前两年预算的年度", "、".join(map(str, said)), project.at(CHANGE))
            expected = Said("应为", "、".join(map(str, right)), document.department.line)
            yield Pair(left, expected, f"{project.name} ")


def projects_and_department(document: Document) -> Iterator[Pair]:
    if line := fund(document, SPECIFIC):
        added = sum_of(one.budget for one in document.projects)
        first = document.projects[0].at(BUDGET) if document.projects else 0
        yield Pair(Said("各项目当年预算之和", added, first), Said(SPECIFIC, line.amount, line.line))


def groups_and_department(document: Document) -> Iterator[Pair]:
    line = fund(document, SPECIFIC)
    if line and document.department.groups:
        added = sum_of(one.budget for one in document.department.groups)
        yield Pair(
            Said("各类项目本年度预算之和", added, document.department.groups[0].line),
            Said(SPECIFIC, line.amount, line.line),
        )


def funds_and_their_sum(document: Document) -> Iterator[Pair]:
    for total, parts in _halves(document):
        for words, of in (("当年", _now), ("上年", _last), ("前年", _before)):
            added = Said(f"{words}各构成之和", sum_of(of(one) for one in parts), parts[0].line)
            yield Pair(added, Said(f"{words}合计", of(total), total.line))


def income_and_spending(document: Document) -> Iterator[Pair]:
    halves = _halves(document)
    if len(halves) == 2:
        (income, _), (spending, _) = halves
        for words, of in (("当年", _now), ("上年", _last), ("前年", _before)):
            yield Pair(
                Said(f"{words}收入合计", of(income), income.line), Said(f"{words}支出合计", of(spending), spending.line)
            )


def shares(document: Document) -> Iterator[Pair]:
    for total, parts in _halves(document):
        if total.amount:
            yield Pair(Said("合计占比 %", total.share, total.line), Said("应为 %", Decimal(100), parts[0].line))
        for line in parts:
            if total.amount:
                share = percent(line.amount, total.amount)
                said = Said(f"{line.name}占比 %", line.share, line.line)
                yield Pair(said, Said("应为 %", share, total.line), within=printed(line.share))


def general_budget(document: Document) -> Iterator[Pair]:
    income, spent, found = general_income(document), basic(document), from_sources(document, PARTS[:1])
    if income and spent and found and _basic_is_public(document):
        rest = Said("一般公共预算财政拨款减基本支出", income[0] - spent[0], income[1])
        yield Pair(Said("各项目一般公共预算拨款之和", *found), rest)


def own_money(document: Document) -> Iterator[Pair]:
    """Basic spending is public money (基本支出 of 一般公共预算), so all other money belongs to projects."""
    found = from_sources(document, OWN)
    lines = [line for name in OWN if (line := fund(document, name))]
    if found and lines and _basic_is_public(document):
        most = max(lines, key=lambda line: line.amount)
        of_department = Said("部门的财政专户管理资金和单位资金", sum_of(line.amount for line in lines), most.line)
        yield Pair(of_department, Said("各项目的之和", *found))


def general_income(document: Document) -> tuple[Decimal, int] | None:
    """一般公共预算财政拨款: the department's public money without what projects have from other public budgets."""
    income = fund(document, "财政拨款")
    other = from_sources(document, PARTS[1:3])
    return (income.amount - (other[0] if other else 0), income.line) if income else None


def _basic_is_public(document: Document) -> bool:
    """Unless the narrative says that 一般公共预算 pays another amount of it."""
    spent = basic(document)
    said = [one.amount for section in sections(document) for one in section.named("一般公共预算基本支出")]
    return not said or spent is None or said[0] == spent[0]


def group_totals(document: Document) -> Iterator[Pair]:
    groups = document.department.groups
    if groups and document.projects:
        added = Said("各类项目总预算之和", sum_of(one.total for one in groups), groups[0].line)
        yield Pair(
            added,
            Said(
                "各项目总预算之和",
                sum_of(one.total for one in document.projects),
                document.projects[0].at(TOTAL_BUDGET),
            ),
        )


def former_years(document: Document) -> Iterator[Pair]:
    """At most, for a project of former years may have ended."""
    if line := fund(document, SPECIFIC):
        for year, amount in zip((document.year - 1, document.year - 2), line.former, strict=True):
            known = [one for one in document.projects if year in one.former]
            if known:
                added = Said(f"{year} 年各项目之和", sum_of(one.former[year] for one in known), known[0].at(CHANGE))
                yield Pair(added, Said(f"{SPECIFIC} {year} 年", amount, line.line), "", "at_most")


def from_sources(document: Document, kinds: Sequence[str]) -> tuple[Decimal, int] | None:
    """What the projects have of these kinds of money, and where the first says so; None where none has a list."""
    listed = [one for project in document.projects for one in project.sources]
    mine = [one for one in listed if one.name in kinds]
    given = [one for one in mine if one.amount is not None]
    if not mine:
        return None
    return sum_of(one.amount or Decimal(0) for one in given), (given or mine)[0].line


def _halves(document: Document) -> list[tuple[FundLine, list[FundLine]]]:
    """The two totals of the form, each with the lines above it."""
    halves: list[tuple[FundLine, list[FundLine]]] = []
    parts: list[FundLine] = []
    for line in document.department.funds:
        if line.name == TOTAL:
            if parts:
                halves.append((line, parts))
            parts = []
        elif line.name in (*INCOME, *SPENDING):
            parts.append(line)
    return halves


def _now(line: FundLine) -> Decimal:
    return line.amount


def _last(line: FundLine) -> Decimal:
    return line.former[0]


def _before(line: FundLine) -> Decimal:
    return line.former[1]
