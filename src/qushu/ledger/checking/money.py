"""Sums of projects, line items, purchases and sources; this year against former years; shares."""

from collections.abc import Iterator
from decimal import Decimal

from qushu.kernel.asked import number_in

from ..reading.parts import Document, FundLine
from .pairs import INCOME, SPECIFIC, SPENDING, TOTAL, Pair, Said, basic, fund, sum_of

PARTS = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款", "财政专户管理资金", "单位资金")
ROUNDED = Decimal("0.006")
"""A share in percent is printed with two places, sometimes with one."""

COARSE = Decimal("0.06")


def items_and_budget(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        if project.items:
            total = Said("明细合计", sum_of(one.amount for one in project.items), project.items[0].line)
            yield Pair(total, Said("当年预算", project.budget, project.line), f"{project.name} ")


def sources_and_budget(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        for source in project.sources:
            if source.name == TOTAL and source.amount is not None:
                said = Said("资金来源合计", source.amount, source.line)
                yield Pair(said, Said("当年预算", project.budget, project.line), f"{project.name} ")


def sources_and_their_sum(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        parts = [one for one in project.sources if one.name in PARTS and one.amount is not None]
        total = next((one for one in project.sources if one.name == TOTAL and one.amount is not None), None)
        if total is not None and parts:
            added = Said("各来源之和", sum_of(one.amount or Decimal(0) for one in parts), parts[0].line)
            yield Pair(added, Said("合计", total.amount or Decimal(0), total.line), f"{project.name} ")


def purchases_within_budget(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        if project.purchases:
            bought = Said("采购合计", sum_of(one.amount for one in project.purchases), project.purchases[0].line)
            yield Pair(bought, Said("当年预算", project.budget, project.line), f"{project.name} ", "at_most")


def change_and_budgets(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        last = project.former.get(document.year - 1)
        if last is not None and project.change.amount is not None:
            said = Said("所说增减", project.change.amount, project.line)
            yield Pair(said, Said("两年之差", project.budget - last, project.line), f"{project.name} ")


def total_and_years(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        start = number_in(project.facts.get("起始年度", ""), document.year)
        if start is None:
            continue
        years = range(start, document.year)
        if all(year in project.former for year in years):
            added = project.budget + sum_of(project.former[year] for year in years)
            yield Pair(
                Said("总预算", project.total, project.line), Said("各年之和", added, project.line), f"{project.name} "
            )


def year_within_span(document: Document) -> Iterator[Pair]:
    for project in document.projects:
        start, end = (number_in(project.facts.get(name, "")) for name in ("起始年度", "终止年度"))
        if start is not None and end is not None:
            year = Said("预算年度", document.year, project.line)
            yield Pair(Said("起始年度", start, project.line), year, f"{project.name} ", "at_most")
            yield Pair(year, Said("终止年度", end, project.line), f"{project.name} ", "at_most")


def projects_and_department(document: Document) -> Iterator[Pair]:
    if line := fund(document, SPECIFIC):
        added = sum_of(one.budget for one in document.projects)
        first = document.projects[0].line if document.projects else 0
        yield Pair(Said("各项目之和", added, first), Said(SPECIFIC, line.amount, line.line))


def groups_and_department(document: Document) -> Iterator[Pair]:
    line = fund(document, SPECIFIC)
    if line and document.department.groups:
        added = sum_of(one.budget for one in document.department.groups)
        yield Pair(Said("各类之和", added, document.department.groups[0].line), Said(SPECIFIC, line.amount, line.line))


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
        for line in parts:
            if total.amount:
                share = (line.amount / total.amount * 100).quantize(Decimal("0.01"))
                said = Said(f"{line.name}占比 %", line.share, line.line)
                yield Pair(said, Said("应为 %", share, total.line), within=ROUNDED if _fine(line.share) else COARSE)


def general_budget(document: Document) -> Iterator[Pair]:
    income, spent = fund(document, "财政拨款"), basic(document)
    found = [
        one.amount
        for project in document.projects
        for one in project.sources
        if one.name == PARTS[0] and one.amount is not None
    ]
    if income and spent and found:
        first = document.projects[0].sources[0].line
        rest = Said("财政拨款减基本支出", income.amount - spent[0], income.line)
        yield Pair(Said("各项目一般公共预算拨款之和", sum_of(found), first), rest)


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


def _fine(share: Decimal) -> bool:
    return -int(share.as_tuple().exponent) >= 2


def _now(line: FundLine) -> Decimal:
    return line.amount


def _last(line: FundLine) -> Decimal:
    return line.former[0]


def _before(line: FundLine) -> Decimal:
    return line.former[1]
