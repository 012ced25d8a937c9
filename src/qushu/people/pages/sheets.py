"""Import (look first, then apply) and export of units, areas and accounts; export of what is only listed."""

from itertools import islice

from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.errors import Refused
from qushu.people import audit
from qushu.people.access_web import refuse_without, signed_in
from qushu.people.addresses import address_of
from qushu.people.forms.sheets import UploadForm
from qushu.people.pages.listed import LISTED
from qushu.people.requests import Request
from qushu.people.sheets import SHEETS, Outcome, Sheet, apply_rows, rehearse_rows
from qushu.people.sheets.files import csv_lines, read_rows, xlsx_file
from qushu.people.sheets.imports import Row

SALT = "qushu.people.import"
GOOD_FOR = 3600
"""Seconds between the look and the import; the district may have changed after longer."""

SHOWN = 300
CSV = "text/csv; charset=utf-8"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@signed_in
def import_sheet(request: Request, kind: str) -> HttpResponse:
    """Upload a table and see, line by line, what importing it would do. Nothing is changed yet."""
    sheet = _sheet(request, kind)
    form = UploadForm(request.POST or None, request.FILES or None)
    page: dict[str, object] = {"sheet": sheet, "form": form}
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            rows = read_rows(file.name, file)
            outcome = rehearse_rows(sheet, request.actor, rows, timezone.now())
        except Refused as refused:
            form.add_error("file", refused.message)
        else:
            kept = signing.dumps([kind, request.account.pk, rows], salt=SALT, compress=True)
            page |= {"outcome": outcome, "rows": _shown(outcome), "kept": kept, "name": file.name}
    return render(request, "people/import.html", page, status=422 if form.errors else 200)


@never_cache
@require_POST
@signed_in
def apply_sheet(request: Request, kind: str) -> HttpResponse:
    """Import the table that was just looked at; generated passwords are on the answer and nowhere else."""
    sheet = _sheet(request, kind)
    page: dict[str, object] = {"sheet": sheet, "form": UploadForm()}
    try:
        rows = _kept(request, kind)
        outcome = apply_rows(sheet, request.actor, rows, timezone.now())
    except Refused as refused:
        return render(request, "people/import.html", page | {"refused": refused.message}, status=422)
    secrets = [(done.key, done.words[0], done.secret) for _, done in outcome.lines if done.secret]
    return render(
        request, "people/import.html", page | {"applied": outcome, "rows": _shown(outcome), "secrets": secrets}
    )


@require_GET
@signed_in
def export_sheet(request: Request, kind: str, format: str) -> HttpResponseBase:
    """A table as CSV or XLSX."""
    if format not in ("csv", "xlsx"):
        raise Http404
    if kind in LISTED:
        listed = LISTED[kind]
        if listed.action:
            refuse_without(request, listed.action)
        title, columns, rows = listed.title, listed.columns, listed.rows(request)
    else:
        sheet = _sheet(request, kind)
        title, columns, rows = sheet.title, sheet.columns, sheet.rows()
    said = {"format": format, "filters": request.GET.urlencode()}
    audit.record(
        request.actor, "export.made", f"sheet:{kind}", data=said, address=address_of(request), now=timezone.now()
    )
    name = f"{kind}-{timezone.localdate():%Y%m%d}.{format}"
    if format == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(csv_lines(columns, rows), content_type=CSV)
    else:
        answer = HttpResponse(xlsx_file(title, columns, rows), content_type=SPREADSHEET)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _sheet(request: Request, kind: str) -> Sheet:
    if kind not in SHEETS:
        raise Http404
    refuse_without(request, SHEETS[kind].action)
    return SHEETS[kind]


def _kept(request: Request, kind: str) -> list[tuple[int, Row]]:
    try:
        told, account, rows = signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        told, account, rows = "", 0, []
    if (told, account) != (kind, request.account.pk):
        raise Refused("预览已过期或不属于您，请重新上传文件。没有导入任何内容。", code="import_stale")
    return [(line, row) for line, row in rows]


def _shown(outcome: Outcome) -> list[tuple[int, object]]:
    """Broken lines first, then changes, then new ones; what stays the same is only counted."""
    lines = [*outcome.of("broken"), *outcome.of("change"), *outcome.of("new")]
    return list(islice(lines, SHOWN))
