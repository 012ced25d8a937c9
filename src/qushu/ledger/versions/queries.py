"""Reads of versions."""

from decimal import Decimal

from django.db.models import QuerySet

from ..models import BudgetDocument, BudgetVersion, LineItem, Source, VersionRow, VersionStep
from ..reading.values import YUAN
from .drafting import Figure, Item, draft_rows
from .rules import NAMES, Row


def rows_of(version: BudgetVersion) -> list[Row]:
    """The rows of a version in their order (index: version_place_once)."""
    kept = VersionRow.objects.filter(version=version).order_by("place").values(*NAMES)
    return [Row(**row) for row in kept]


def stage(version: BudgetVersion) -> str:
    """draft, submitted, returned or approved."""
    newest = version.steps.order_by("-id").first()
    return newest.step if newest else "draft"


STAGE_WORDS = {"draft": "草稿", "submitted": "已提交", "returned": "已退回", "approved": "已批复", "adjusted": "已调整"}


def stage_word(version: BudgetVersion) -> str:
    """The stage in words; an approved adjustment is 已调整."""
    now = stage(version)
    return STAGE_WORDS["adjusted" if now == "approved" and version.kind == "adjustment" else now]


def versions_of(year: int, department: str) -> QuerySet[BudgetVersion]:
    """A department's versions of a year, the newest first (index: version_once)."""
    return BudgetVersion.objects.filter(year=year, department=department).order_by("-number").prefetch_related("steps")


def approved(year: int, department: str) -> BudgetVersion | None:
    """The version in force: the last one that was approved."""
    return versions_of(year, department).filter(steps__step="approved").first()


def hands(version: BudgetVersion) -> set[int | None]:
    """The accounts that wrote this version, or one before it since the last approval, or submitted it: they don't approve it."""
    before = approved(version.year, version.department)
    drafts = versions_of(version.year, version.department).filter(number__lte=version.number)
    if before:
        drafts = drafts.filter(number__gt=before.number)
    wrote = drafts.order_by().values_list("made_by", flat=True)
    submitted = version.steps.filter(step="submitted").values_list("by", flat=True)
    return {*wrote, *submitted}


def undecided() -> QuerySet[VersionStep]:
    """Submissions that nobody has decided yet, each with its version, the oldest first."""
    asked = VersionStep.objects.filter(step="submitted").select_related("version").order_by("at")
    return asked.exclude(version__steps__step__in=["returned", "approved"])


def rows_from_document(document: BudgetDocument) -> list[Row]:
    """The rows of a first draft: what the disclosure's projects, its own form and its narrative say."""
    sources: dict[int, dict[str, Decimal]] = {}
    for project_id, name, amount in Source.objects.filter(document=document).values_list(
        "project_id", "name", "amount"
    ):
        sources.setdefault(project_id, {})[name] = amount or Decimal(0)
    items = [
        Item(
            one.project.code,
            " ".join(one.project.name.split()),
            one.economic_code,
            one.economic_name,
            one.amount,
            sources.get(one.project_id, {}),
        )
        for one in LineItem.objects.filter(document=document).select_related("project").order_by("place")
    ]
    factor = YUAN[document.unit]
    funds = {name: Decimal(amount) * factor for name, amount, *_ in document.facts.get("funds", [])}
    figures = [
        Figure(one.heading, one.sentence, one.value * YUAN[one.unit])
        for one in document.documentfigures.order_by("place")
        if one.unit in YUAN
    ]
    return draft_rows(items, funds, figures, document.department)
