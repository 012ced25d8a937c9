"""Reads of reports: the archive, a version with its figures, its paper."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.kernel.papers import Paper
from qushu.people.access import Actor, scope

from .facts import Fact
from .models import Report, ReportFigure, ReportTemplate, Version
from .papering import Issue, paper_of

NEWEST = ("-last", "-id")


def visible_reports(actor: Actor) -> QuerySet[Any]:
    """All reports for those who may read the whole district, none for others; with the newest version that counts.

    Index: report_newest.
    """
    if not scope(actor, "reports.read").everything:
        return Report.objects.none()
    newest = Version.objects.filter(report=OuterRef("pk")).exclude(state=Version.State.dropped).order_by("-number")
    return Report.objects.annotate(
        newest_id=Subquery(newest.values("pk")[:1]),
        newest_state=Subquery(newest.values("state")[:1]),
        newest_title=Subquery(newest.values("title")[:1]),
        newest_number=Subquery(newest.values("number")[:1]),
    )


def filter_reports(reports: QuerySet[Any], chosen: Mapping[str, str]) -> QuerySet[Any]:
    """Narrow the archive by kind, state, year, and words of the title."""
    if kind := chosen.get("kind"):
        reports = reports.filter(kind=kind)
    if state := chosen.get("state"):
        reports = reports.filter(newest_state=state)
    if (year := chosen.get("year", "")).isdecimal() and len(year) == 4:
        reports = reports.filter(last__year=int(year))
    if words := chosen.get("q"):
        reports = reports.filter(Q(newest_title__icontains=words) | Q(subject__icontains=words))
    return reports


def newest_template(kind: str) -> ReportTemplate:
    """The template in use for a kind."""
    return ReportTemplate.objects.filter(kind=kind).order_by("-version")[0]


def fact_rows(version: Version) -> dict[str, Fact]:
    """The figures of a version by their keys, in the order in which they were asked."""
    rows = sorted(version.figures.all(), key=lambda row: int(row.key[1:]))
    return {row.key: fact_of(row) for row in rows}


def fact_of(row: ReportFigure) -> Fact:
    """A stored figure as a fact."""
    return Fact(row.key, row.name, row.value, row.unit, row.query, tuple(row.formula))


def paper_of_version(version: Version, facts: Mapping[str, Fact]) -> Paper:
    """The version as an official paper; the day is that of the signature, or of the draft."""
    at = timezone.localdate(version.signed_at or version.made_at, SHANGHAI)
    people = [("审核", version.reviewed_by), ("签发", version.signed_by)]
    issue = Issue(
        version.title,
        version.template.masthead,
        version.issue if version.template.masthead else "",
        f"{settings.QUSHU_DISTRICT}大数据中心",
        at,
        version.template.addressed,
        tuple((role, one.name) for role, one in people if one),
    )
    return paper_of(issue, version.content, facts)
