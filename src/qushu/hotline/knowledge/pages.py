"""知识库: the list, one entry with its versions, writing, retiring, looking at it again."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.paging import page_of
from qushu.kernel.refusals import show_refusal
from qushu.people import audit
from qushu.people.access import may, may_at_all
from qushu.people.access_web import allowed
from qushu.people.addresses import address_of
from qushu.people.queries import entries_about
from qushu.people.requests import Request
from qushu.people.sheets.files import csv_lines, xlsx_file

from ..models import Knowledge
from . import actions, queries
from .forms import ChangeForm, ConfirmForm, KnowledgeFilter, NewForm, RetireForm
from .rules import marks_of
from .sheet import COLUMNS, rows_of

CSV = "text/csv; charset=utf-8"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = 30


@never_cache
@require_GET
@allowed("knowledge.read")
def knowledge(request: Request) -> HttpResponse:
    """The entries, the most used first; filters live in the address."""
    form, today = KnowledgeFilter(request.GET), timezone.localdate()
    found = queries.listed(request.actor, form.chosen(), today)
    page = page_of(found, queries.ORDER, request.GET.dict(), ROWS)
    may_write = may_at_all(request.actor, actions.WRITE)
    return render(
        request,
        "hotline/knowledge/list.html",
        {
            "filter": form,
            "page": page,
            "rows": [(entry, _marks(entry)) for entry in page],
            "may_write": may_write,
            "waiting": queries.waiting(request.actor, today) if may_write else {},
            "may_import": may_at_all(request.actor, "knowledge.import"),
            "query": request.GET.urlencode(),
        },
    )


@require_GET
@allowed("knowledge.read")
def export_knowledge(request: Request, format: str) -> HttpResponseBase:
    """The filtered list as CSV or XLSX, in the columns that an import takes."""
    if format not in ("csv", "xlsx"):
        raise Http404
    now = timezone.now()
    found = queries.listed(request.actor, KnowledgeFilter(request.GET).chosen(), timezone.localdate(now))
    rows = rows_of(found.order_by(*queries.ORDER).iterator(chunk_size=500))
    said = {"format": format, "filters": request.GET.urlencode()}
    audit.record(request.actor, "export.made", "sheet:knowledge", data=said, address=address_of(request), now=now)
    if format == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(csv_lines(COLUMNS, rows), content_type=CSV)
    else:
        answer = HttpResponse(xlsx_file("知识库", COLUMNS, rows), content_type=SPREADSHEET)
    answer["Content-Disposition"] = f'attachment; filename="knowledge-{timezone.localdate():%Y%m%d}.{format}"'
    return answer


@never_cache
@require_GET
@allowed("knowledge.read")
def entry_page(request: Request, entry_id: int) -> HttpResponse:
    """One version of an entry, what came before and after it, and who did what to it."""
    return _show(request, _entry(request, entry_id), RetireForm(auto_id="retire-%s"), ConfirmForm(auto_id="confirm-%s"))


@never_cache
@allowed("knowledge.write")
def new_entry(request: Request) -> HttpResponse:
    """Write an entry."""
    form = NewForm(request.POST or None, actor=request.actor)
    if form.is_valid():
        try:
            entry = actions.write_entry(request.actor, form.facts(), timezone.now())
        except Refused as refused:
            _say(form, refused)
        else:
            messages.success(request, "已保存。")
            return redirect("knowledge-entry", entry.pk)
    return render(request, "hotline/knowledge/edit.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@allowed("knowledge.write")
def change_entry(request: Request, entry_id: int) -> HttpResponse:
    """Write a new version; what is there stays as it was."""
    entry = _entry(request, entry_id)
    form = ChangeForm(request.POST or None, actor=request.actor, entry=entry)
    if form.is_valid():
        try:
            saved = actions.change_entry(
                request.actor, entry_id, form.facts(), form.cleaned_data["reason"], timezone.now()
            )
        except Refused as refused:
            _say(form, refused)
        else:
            same = saved.pk == entry.pk
            messages.success(request, "没有改动，没有生成新版本。" if same else f"已保存为第 {saved.version} 版。")
            return redirect("knowledge-entry", saved.pk)
    page = {"form": form, "entry": entry, "newest": queries.newest_of(entry)}
    return render(request, "hotline/knowledge/edit.html", page, status=422 if form.errors else 200)


@require_POST
@allowed("knowledge.write")
def retire_entry(request: Request, entry_id: int) -> HttpResponse:
    """Use it no more."""
    entry, form = _entry(request, entry_id), RetireForm(request.POST, auto_id="retire-%s")
    if form.is_valid():
        try:
            actions.retire_entry(request.actor, entry_id, form.cleaned_data["reason"], timezone.now())
        except Refused as refused:
            _say(form, refused)
        else:
            messages.success(request, "已停用，从今天起不再提示；内容和版本都保留。")
            return redirect("knowledge-entry", entry_id)
    return _show(request, entry, form, ConfirmForm(auto_id="confirm-%s"), 422)


@require_POST
@allowed("knowledge.write")
def confirm_entry(request: Request, entry_id: int) -> HttpResponse:
    """It was looked at again and holds."""
    entry, form = _entry(request, entry_id), ConfirmForm(request.POST, auto_id="confirm-%s")
    if form.is_valid():
        try:
            actions.confirm_entry(request.actor, entry_id, form.cleaned_data["review_on"], timezone.now())
        except Refused as refused:
            _say(form, refused)
        else:
            messages.success(request, "已复核。")
            return redirect("knowledge-entry", entry_id)
    return _show(request, entry, RetireForm(auto_id="retire-%s"), form, 422)


def _show(
    request: Request, entry: Knowledge, retire: RetireForm, confirm: ConfirmForm, status: int = 200
) -> HttpResponse:
    newest = queries.newest_of(entry)
    may_write = newest.pk == entry.pk and may(request.actor, actions.WRITE, unit_ids=(entry.unit_id,))
    page: dict[str, Any] = {
        "entry": entry,
        "marks": _marks(entry),
        "newest": newest,
        "may_write": may_write,
        "ended": entry.valid_to is not None and entry.valid_to <= timezone.localdate(),
        "retire_form": retire,
        "confirm_form": confirm,
        "versions": queries.versions_of(entry),
        "entries": entries_about(actions.subject_of(entry)) if may_write else [],
    }
    return render(request, "hotline/knowledge/entry.html", page, status=status)


def _entry(request: Request, entry_id: int) -> Knowledge:
    readable = queries.readable(request.actor).select_related("category", "unit", "written_by")
    entry = readable.filter(pk=entry_id).first()
    if entry is None:
        raise Missing("没有这一条知识，或它是别的单位的内部口径。请回到知识库列表。")
    return entry


def _marks(entry: Knowledge) -> list[Any]:
    return marks_of(queries.facts_of(entry), entry.replaced_by_id is not None, timezone.localdate())


def _say(form: Form, refused: Refused) -> None:
    show_refusal(form, refused, refused.field.removesuffix("_id"))
