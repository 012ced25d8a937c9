"""自动报告: the archive, a new report, one report with its preview, figures and files."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qushu.cases.exports import export_of
from qushu.cases.rules import SHANGHAI
from qushu.insight.overview.comparing import newest_day
from qushu.kernel.asked import number_in
from qushu.kernel.content_types import PAPERS
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.kernel.refusals import show_refusal
from qushu.people import audit
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import actions, queries
from .book import scope_text
from .composing import scope_words
from .forms import EditedForm, NewReport, OpinionForm, ReasonForm, ReportFilter
from .lists import LIST_KIND
from .models import Kind, Report, Version
from .previewing import rows_address, shown_blocks

PER_PAGE = 30
TONES = {"draft": "neutral", "reviewed": "info", "signed": "good", "archived": "teal", "dropped": "neutral"}
NO_REPORT = "没有这份报告。"
LAST_VERSION = 99_999


@require_GET
@allowed("reports.read")
def archive(request: Request) -> HttpResponse:
    """All reports, the newest period first."""
    found = queries.filter_reports(queries.visible_reports(request.actor), request.GET.dict())
    page = page_of(found, queries.NEWEST, request.GET, PER_PAGE)
    states = dict(Version.State.choices)
    rows = [(one, states.get(one.newest_state, ""), TONES.get(one.newest_state, "neutral")) for one in page]
    may_write = may_at_all(request.actor, "reports.write")
    shown = {"filter": ReportFilter(request.GET), "page": page, "rows": rows, "may_write": may_write}
    return render(request, "reports/list.html", shown | export_of(request.actor, LIST_KIND))


@require_http_methods(["GET", "POST"])
@allowed("reports.write")
def new_report(request: Request) -> HttpResponse:
    """Choose kind, period and scope; the draft is made at once."""
    kind = asked if (asked := request.GET.get("kind")) in Kind.values else Kind.monthly.value
    now = timezone.now()
    form = NewReport(kind, timezone.localdate(now, SHANGHAI), newest_day(), request.POST or None)
    if form.is_valid():
        try:
            version = actions.make_report(
                request.actor,
                kind,
                *form.span(),
                now,
                scope=scope_text(form.scope()),
                subject=form.cleaned_data.get("subject", ""),
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已起草。请核对后交由他人审核、签发。")
            return redirect("report", version.report_id)
    shown = {"form": form, "kind": kind, "kinds": Kind.choices}
    return render(request, "reports/new.html", shown, status=422 if form.errors else 200)


@never_cache
@require_GET
@allowed("reports.read")
def report_page(request: Request, report_id: int) -> HttpResponse:
    """One report: the text with every number leading to its rows, the figures, the files, and what may be done."""
    return _show(request, _found(request, report_id))


@require_POST
@allowed("reports.read")
def act(request: Request, report_id: int, verb: str) -> HttpResponse:
    """Review, send back, sign, archive: what the matrix and the state allow, the action itself says."""
    report = _found(request, report_id)
    version = _version(request, report, request.POST.get("version", ""))
    form = OpinionForm(request.POST)
    opinion = form.cleaned_data["opinion"] if form.is_valid() else ""
    now = timezone.now()
    verbs: dict[str, tuple[Callable[[], Any], str]] = {
        "review": (lambda: actions.review_version(request.actor, version.pk, opinion, now), "已审核，可以签发。"),
        "send-back": (lambda: actions.send_back(request.actor, version.pk, opinion, now), "已退回为草稿。"),
        "sign": (lambda: actions.sign_version(request.actor, version.pk, now), "已签发，文件已固定。"),
        "archive": (lambda: actions.archive_version(request.actor, version.pk, now), "已归档。"),
    }
    if verb not in verbs:
        raise Http404(NO_REPORT)
    do, done = verbs[verb]
    try:
        do()
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect("report", report.pk)


@require_POST
@allowed("reports.write")
def again(request: Request, report_id: int) -> HttpResponse:
    """Make the report anew from today's data: a new version."""
    report = _found(request, report_id)
    try:
        actions.make_report(
            request.actor, report.kind, report.first, report.last, timezone.now(),
            scope=report.scope, subject=report.subject, reason=request.POST.get("reason", ""),
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已按最新数据重新起草为新的一版。")
    return redirect("report", report.pk)


@require_POST
@allowed("reports.write")
def give_back(request: Request, report_id: int) -> HttpResponse:
    """Keep the Word file that people edited; numbers in it that the snapshot doesn't have are named."""
    report = _found(request, report_id)
    version = _version(request, report, request.POST.get("version", ""))
    form = EditedForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "请先选择修改后的 .docx 文件。没有保存。")
        return redirect("report", report.pk)
    try:
        put = actions.give_back(request.actor, version.pk, form.cleaned_data["file"].read(), timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("report", report.pk)
    messages.success(request, "已保存修改稿，签发时以它为准。")
    if strange := queries.strange_numbers(version, bytes(put.data)):
        messages.warning(request, f"修改稿里有快照中没有的数字，请逐个核对：{'、'.join(strange[:20])}")
    return redirect("report", report.pk)


@never_cache
@require_GET
@allowed("reports.read")
def download(request: Request, report_id: int, number: int, form: str) -> HttpResponse:
    """The file of a version: as it was signed, or written now for a draft. Audited."""
    report = _found(request, report_id)
    version = _version(request, report, str(number))
    if form not in PAPERS:
        raise Http404(NO_REPORT)
    data = queries.file_of(version, form)
    if data is None:
        raise Http404("这一版没有这种格式的文件：签发的是人工修改稿。")
    told = {"version": version.number, "format": form}
    audit.record(request.actor, "report.downloaded", f"report:{report.pk}", data=told, now=timezone.now())
    name = f"{version.title}{'' if version.signed_at else '（草稿）'}.{form}"
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(data, content_type=PAPERS[form], headers={"Content-Disposition": disposition})


def _show(request: Request, report: Report) -> HttpResponse:
    version = _version(request, report, request.GET.get("version", ""))
    facts = queries.fact_rows(version)
    tab = "figures" if request.GET.get("tab") == "figures" else "text"
    may = {verb: may_at_all(request.actor, f"reports.{verb}") for verb in ("write", "sign")}
    shown = {
        "report": report,
        "version": version,
        "versions": queries.visible_versions(request.actor).filter(report=report).order_by("-number"),
        "kind": Kind(report.kind).label,
        "tone": TONES[version.state],
        "scope": scope_words(queries.filters_of(report)),
        "tab": tab,
        "text_tab": tab == "text",
        "figures_tab": tab == "figures",
        "blocks": shown_blocks(version, facts) if tab == "text" else (),
        "facts": queries.fact_lines(facts, rows_address) if tab == "figures" else (),
        "count": len(facts),
        "files": queries.visible_files(request.actor, version).defer("data").select_related("put_by").order_by("id"),
        "may": may,
        "reads_all": queries.reads_all(request.actor),
        "steps": _steps(request, version, may),
        "opinion_form": OpinionForm(),
        "reason_form": ReasonForm(),
        "edited_form": EditedForm(),
    }
    return render(request, "reports/report.html", shown)


def _steps(request: Request, version: Version, may: dict[str, bool]) -> dict[str, bool]:
    """What this person may do with this version now."""
    me, hands = request.actor.account_id, queries.hands_of(version)
    return {
        "review": version.state == "draft" and any(may.values()) and me not in hands,
        "edit": version.state == "draft" and may["write"],
        "send_back": version.state == "reviewed" and may["sign"],
        "sign": version.state == "reviewed" and may["sign"] and me not in {*hands, version.reviewed_by_id},
        "archive": version.state == "signed" and may["write"],
        "again": version.state != "dropped" and may["write"],
    }


def _found(request: Request, report_id: int) -> Report:
    report = queries.visible_reports(request.actor).filter(pk=report_id).first()
    if report is None:
        raise Http404(NO_REPORT)
    return report


def _version(request: Request, report: Report, number: str) -> Version:
    """The version of that number, or the newest that counts."""
    versions = queries.visible_versions(request.actor).filter(report=report)
    versions = versions.select_related("report", "template", "made_by", "reviewed_by", "signed_by")
    asked = number_in(number, LAST_VERSION)
    version = (versions.order_by("-number") if asked is None else versions.filter(number=asked)).first()
    if version is None:
        raise Http404(NO_REPORT)
    return version
