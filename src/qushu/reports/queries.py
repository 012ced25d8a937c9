"""Reads of reports: the archive, a version with its figures, its paper."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.kernel.asked import number_in
from qushu.kernel.papers import Paper
from qushu.people.access import Actor, scope

from .book import Filters, scope_filters
from .facts import WORDS, Fact, saying
from .models import Report, ReportFigure, ReportFile, ReportTemplate, Version
from .papering import Issue, paper_of

NEWEST = ("-last", "-id")


def reads_all(actor: Actor) -> bool:
    """Whether drafts and what is addressed to the district's leaders may be read."""
    return scope(actor, "reports.read").everything


def visible_versions(actor: Actor) -> QuerySet[Version]:
    """All versions for those who may read the whole district; for units and streets what was signed on the whole
    district and is addressed to nobody but everybody (daily, weekly, monthly papers as they come)."""
    if reads_all(actor):
        return Version.objects.all()
    if scope(actor, "reports.read").nothing:
        return Version.objects.none()
    return Version.objects.filter(signed_at__isnull=False, report__scope="", template__addressed="")


def visible_reports(actor: Actor) -> QuerySet[Any]:
    """Reports with a version that the actor may read, and the newest of these that counts.

    Index: report_newest.
    """
    versions = visible_versions(actor).filter(report=OuterRef("pk"))
    newest = versions.exclude(state=Version.State.dropped).order_by("-number")
    reports = Report.objects.all() if reads_all(actor) else Report.objects.filter(Exists(newest))
    return reports.annotate(
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
    if year := number_in(chosen.get("year", ""), 9999):
        reports = reports.filter(last__year=year)
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


def filters_of(report: Report) -> Filters:
    """The filters of a report's scope."""
    return scope_filters(report.scope)


def fact_lines(facts: Mapping[str, Fact], address: Callable[[Fact], str]) -> list[dict[str, str]]:
    """The figures as a table shows them: key, name, as written, how it was made, the address of its rows."""
    said = saying(facts)
    return [
        {
            "key": fact.key,
            "name": fact.name,
            "said": said[fact.key][0],
            "unit": "" if fact.unit == "%" else {"点": "个百分点"}.get(fact.unit, fact.unit),
            "made": f"{WORDS[fact.formula[0]]}（{'，'.join(fact.formula[1:])}）" if fact.formula else "查询",
            "href": address(fact),
        }
        for fact in facts.values()
    ]


def visible_files(actor: Actor, version: Version) -> QuerySet[ReportFile]:
    """The files of a version; for units and streets those that were signed."""
    files = version.files.all()
    return files if reads_all(actor) else files.filter(origin=ReportFile.Origin.signed)


def hands_of(version: Version) -> set[int]:
    """The accounts that made the version's text: who drafted it, and who gave an edited file back."""
    edited = version.files.filter(origin=ReportFile.Origin.edited).values_list("put_by_id", flat=True)
    return {one for one in (version.made_by_id, *edited) if one is not None}


def file_of(version: Version, form: str) -> bytes | None:
    """The file as it was signed (None when only an edited Word file was), or of a draft written now."""
    if version.signed_at:
        kept = version.files.filter(form=form, origin=ReportFile.Origin.signed).first()
        return bytes(kept.data) if kept else None
    from qushu.kernel.papers import write_docx, write_pdf  # python-docx and typst are slow to import

    paper = paper_of_version(version, fact_rows(version))
    return write_pdf(paper) if form == "pdf" else write_docx(paper)


def strange_numbers(version: Version, docx: bytes) -> list[str]:
    """Numbers in an edited Word file that the paper of the snapshot doesn't have."""
    from qushu.kernel.papers import write_docx

    from .editing import new_numbers, text_of_docx, words_of_docx  # python-docx is slow to import

    ours = words_of_docx(write_docx(paper_of_version(version, fact_rows(version))))
    return new_numbers([ours], text_of_docx(docx))
