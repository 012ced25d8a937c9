"""Reads of the ledger."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet

from qushu.kernel.asked import number_in
from qushu.kernel.errors import Missing
from qushu.kernel.kept import once

from .models import BudgetDocument, Project, Target
from .reading import parts


def newest_document(year: int | None = None) -> BudgetDocument:
    """The newest document, of a year when one is named, its text read only when asked for (index: budget_newest).
    Raises Missing."""
    found = once(("newest document", year), (documents().filter(year=year) if year else documents()).first)
    if found is None:
        raise Missing("还没有导入部门预算公开文件。请先用“预算”页或 qushu ledger import 导入。")
    return found


def document_of(document_id: int, lock: bool = False) -> BudgetDocument:
    """The document, its row locked for the transaction if asked. Raises Missing."""
    rows = BudgetDocument.objects.select_for_update() if lock else BudgetDocument.objects
    found = rows.filter(pk=document_id).first()
    if found is None:
        raise Missing("没有这份预算文件。")
    return found


def asked_document(asked: Mapping[str, str]) -> BudgetDocument:
    """The document that an address or a form names (`document`), else the newest. Raises Missing."""
    return document_of(number_in(asked["document"]) or 0) if asked.get("document") else newest_document()


def chosen_document(asked: Mapping[str, str]) -> BudgetDocument | None:
    """As `asked_document`; None before the first was imported. Raises Missing for one that isn't there."""
    try:
        return asked_document(asked)
    except Missing:
        if asked.get("document"):
            raise
        return None


def documents() -> QuerySet[BudgetDocument]:
    """All of them, the newest first, their texts read only when asked for (index: budget_newest)."""
    return BudgetDocument.objects.defer("text").order_by("-year", "-id")


def asked_year(asked: Mapping[str, str], default: int) -> int:
    """The year that an address or a form names (`year`); `default` where it names none between 2000 and 2100."""
    year = number_in(asked.get("year", ""), 2100)
    return year if year is not None and year >= 2000 else default


def projects_of(document: BudgetDocument) -> QuerySet[Project]:
    """Its projects in its order, with how many annual and long-term targets each has (`annual`, `long`)."""
    annual, long = Count("targets", Q(targets__scope="annual")), Count("targets", Q(targets__scope="long"))
    return document.projects.annotate(annual=annual, long=long).order_by("place")


def promised(year: int | None = None) -> list[parts.Target]:
    """The targets of the newest document, in its order, as they were read. Raises Missing."""
    rows = Target.objects.filter(document=newest_document(year)).select_related("project").order_by("place")
    return [_as_read(row) for row in rows]


def _as_read(row: Target) -> parts.Target:
    value: Decimal | str = row.words if row.number is None else row.number
    before, last = (_former(one) for one in row.former)
    return parts.Target(
        owner=row.project.code if row.project else parts.DEPARTMENT,
        scope=row.scope,  # type: ignore[arg-type]
        goal=row.goal,
        level1=row.level1,
        level2=row.level2,
        name=row.name,
        promised=parts.Reading(row.operator, value, row.unit),  # type: ignore[arg-type]
        former=(before, last),
        line=row.line,
    )


def _former(said: list[Any] | None) -> parts.Reading | None:
    if said is None:
        return None
    operator, value, unit = said
    return parts.Reading(operator, value if operator in ("text", "date") else Decimal(value), unit)
