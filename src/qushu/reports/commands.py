"""`qushu reports`: make a report, list what there is."""

import time
from pathlib import Path

import click

from qushu.kernel.commandline import answer, json_option, note, with_district

KINDS = ("daily", "weekly", "monthly", "annual", "thematic")
FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def reports() -> None:
    """Reports: drafts from a snapshot, as DOCX and PDF."""


@reports.command("make")
@click.option(
    "--kind", type=click.Choice(KINDS), required=True, help="What is made: daily, weekly, monthly, annual or thematic."
)
@click.option("--period", required=True, help="2026-10, 2026-W45, 2026-10-05, 2026, or 2026-10-01..2026-10-31.")
@click.option("--scope", default="", help="Filters as in the address of a cross-cut: street=12&category2=34, matter=5.")
@click.option("--subject", default="", help="What a thematic report is about.")
@click.option("--reason", default="", help="Why a signed report is made anew.")
@click.option("--pdf", "pdf_file", type=FILE, help="Write the PDF here.")
@click.option("--docx", "docx_file", type=FILE, help="Write the Word file here.")
@json_option
@with_district
def make(
    kind: str,
    period: str,
    scope: str,
    subject: str,
    reason: str,
    pdf_file: Path | None,
    docx_file: Path | None,
    as_json: bool,
) -> None:
    """Draft a report from a fresh copy of the cases."""
    from django.utils import timezone

    from qushu.kernel.errors import Refused
    from qushu.kernel.papers import write_docx, write_pdf
    from qushu.lake.copying import bring_up_to_date
    from qushu.people.access import SYSTEM
    from qushu.reports.actions import make_report
    from qushu.reports.periods import read_period
    from qushu.reports.queries import fact_rows, paper_of_version

    now = timezone.now()
    bring_up_to_date(now, wait=True)
    begun = time.perf_counter()
    try:
        version = make_report(
            SYSTEM, kind, *read_period(kind, period), now, scope=scope, subject=subject, reason=reason
        )
    except Refused as refused:
        raise click.ClickException(refused.message) from refused
    paper = paper_of_version(version, fact_rows(version))
    for file, write in ((pdf_file, write_pdf), (docx_file, write_docx)):
        if file:
            file.write_bytes(write(paper))
    seconds = time.perf_counter() - begun
    note(f"{seconds:.1f} s.")
    told = {
        "report": version.report_id,
        "version": version.number,
        "title": version.title,
        "seconds": round(seconds, 2),
    }
    answer(as_json, told, [f"{version.title}: report {version.report_id}, version {version.number}, a draft."])


@reports.command("list")
@json_option
@with_district
def list_reports(as_json: bool) -> None:
    """All reports with their newest state, the newest period first."""
    from qushu.reports.models import Version

    rows = (
        Version.objects.exclude(state=Version.State.dropped).select_related("report").order_by("-report__last", "-id")
    )
    told = [
        {
            "report": one.report_id,
            "kind": one.report.kind,
            "first": one.report.first,
            "last": one.report.last,
            "version": one.number,
            "state": one.state,
            "title": one.title,
        }
        for one in rows
    ]
    lines = ["{report}.{version}  {first} to {last}  {kind:8}  {state:8}  {title}".format(**one) for one in told]
    answer(as_json, told, lines or ["No reports."])


commands: list[click.Command] = [reports]
