"""Pages of a budget's versions: its rows, what is missing, changing a row, the spreadsheet, submitting and deciding."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.downloads import table_answer
from qushu.people.requests import Request

from ..disclosure.files import CONTENT_TYPES
from ..models import BudgetDocument, BudgetVersion
from ..subjects import usual
from ..uploads import SheetForm, received, say_refused
from .actions import approve, draft_from_document, save_draft, send_back, submit
from .forms import FillForm, RemarkForm, RowForm, StartForm, filled
from .queries import hands, rows_of, stage, stage_word, versions_of
from .rules import fill_in, imbalances, missing, put, total
from .sheet import HELP, columns, compared, read_rows

SHOWN_CHANGES = 200


@never_cache
@allowed("budget.write")
def start(request: Request) -> HttpResponse:
    """A first draft: from a kept disclosure, or empty for a department and year."""
    form = StartForm(request.POST or None)
    if request.method == "POST":
        try:
            if (chosen := number_in(request.POST.get("document", ""))) is not None:
                document = get_object_or_404(BudgetDocument, pk=chosen)
                return redirect("budget-version", draft_from_document(request.actor, document, timezone.now()).pk)
            if form.is_valid():
                said = form.cleaned_data
                made = save_draft(request.actor, said["year"], said["department"], None, [], "新建", timezone.now())
                return redirect("budget-version", made.pk)
        except Refused as refused:
            show_refusal(form, refused, "department")
    documents = BudgetDocument.objects.defer("text").order_by("-year", "-id")
    shown = {"form": form, "documents": [one for one in documents if not one.versions.exists()]}
    return render(request, "ledger/version_start.html", shown, status=422 if form.errors else 200)


@never_cache
@require_GET
@allowed("budget.read")
def version(request: Request, version_id: int) -> HttpResponse:
    """One version: its rows, what is missing, its steps, its tables."""
    return _page(request, _version(version_id))


def _page(
    request: Request, found: BudgetVersion, form: RemarkForm | None = None, fill: FillForm | None = None
) -> HttpResponse:
    rows, now = rows_of(found), stage(found)
    others = list(versions_of(found.year, found.department))
    newest = others[0].pk == found.pk
    may_decide = newest and now == "submitted" and may_at_all(request.actor, "budget.approve")
    shown: dict[str, Any] = {
        "version": found,
        "rows": list(enumerate(rows, start=1)),
        "stage": now,
        "word": stage_word(found),
        "income": total(row for row in rows if row.side == "income"),
        "spending": total(row for row in rows if row.side == "spending"),
        "missing": missing(rows),
        "imbalances": imbalances(rows),
        "others": [(one, stage_word(one)) for one in others],
        "steps": found.steps.select_related("by"),
        "may_edit": newest and now != "submitted" and may_at_all(request.actor, "budget.write"),
        "may_submit": newest and now == "draft" and may_at_all(request.actor, "budget.write"),
        "may_decide": may_decide,
        "may_approve": may_decide and request.actor.account_id not in hands(found),
        "form": form or RemarkForm(),
        "fill": fill or FillForm(),
        "functions": [(code, name) for code, name in usual("function").items() if len(code) == 7],
        "files": list(CONTENT_TYPES),
    }
    refused = any(one is not None and one.errors for one in (form, fill))
    return render(request, "ledger/version.html", shown, status=422 if refused else 200)


@require_POST
@allowed("budget.read")
def act(request: Request, version_id: int, verb: str) -> HttpResponse:
    """Submit, approve or return a version; the actions ask for the right."""
    found, form = _version(version_id), RemarkForm(request.POST)
    needs, done = {
        "submit": ("budget.write", "已提交，等待另一位同事批复。"),
        "approve": ("budget.approve", "已批复，并记入账。"),
        "return": ("budget.approve", "已退回。"),
    }.get(verb, ("", ""))
    if not needs:
        raise Http404
    refuse_without(request, needs)
    acts: dict[str, Callable[[], object]] = {
        "submit": lambda: submit(request.actor, version_id, timezone.now()),
        "return": lambda: send_back(request.actor, version_id, form.data.get("remark", ""), timezone.now()),
        "approve": lambda: approve(request.actor, version_id, form.cleaned_data["month"], form.cleaned_data["remark"], timezone.now()),
    }  # fmt: skip
    if verb == "approve" and not form.is_valid():
        return _page(request, found, form)
    try:
        acts[verb]()
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("budget-version", version_id)


@never_cache
@allowed("budget.write")
def edit_row(request: Request, version_id: int, place: int = 0) -> HttpResponse:
    """Change, add (place 0) or leave out a row: each save is another version."""
    found = _version(version_id)
    rows = rows_of(found)
    if place > len(rows):
        raise Http404("没有这一条。")
    known = rows[place - 1] if place else None
    form = RowForm(request.POST or None, initial=filled(known) if known else {"unit_name": found.department})
    dropping = request.method == "POST" and request.POST.get("do") == "drop" and known is not None
    if request.method == "POST" and (dropping or form.is_valid()):
        row = None if dropping else form.row()
        words = f"{'删去' if dropping else '修改' if known else '增加'}{(row or known).words}"  # type: ignore[union-attr]
        try:
            made = save_draft(
                request.actor,
                found.year,
                found.department,
                found.pk,
                put(rows, place or None, row),
                words,
                timezone.now(),
            )
            messages.success(request, f"已保存为第 {made.number} 稿。")
            return redirect("budget-version", made.pk)
        except Refused as refused:
            show_refusal(form, refused)
    shown = {"version": found, "form": form, "known": known}
    return render(request, "ledger/version_row.html", shown, status=422 if form.errors else 200)


@require_POST
@allowed("budget.write")
def fill_rows(request: Request, version_id: int) -> HttpResponse:
    """Give all picked rows the same classification or source: one more version."""
    found, form = _version(version_id), FillForm(request.POST)
    rows = rows_of(found)
    places = set(range(1, len(rows) + 1)) & {number_in(one) for one in request.POST.getlist("pick")}
    if not places:
        form.add_error(None, "请先勾选明细。没有保存。")
    if form.is_valid():
        said = form.cleaned_data
        words = f"{len(places)} 条写入{'、'.join(form.words)}"
        changed = fill_in(rows, places, said)
        try:
            made = save_draft(request.actor, found.year, found.department, found.pk, changed, words, timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"已写入 {len(places)} 条，保存为第 {made.number} 稿。")
            return redirect("budget-version", made.pk)
    return _page(request, found, fill=form)


@never_cache
@allowed("budget.write")
def bring_rows(request: Request, version_id: int) -> HttpResponse:
    """The draft as a spreadsheet that was filled in: first what would change, then another version."""
    found = _version(version_id)
    kept = bool(request.POST.get("kept"))
    form = SheetForm() if kept else SheetForm(request.POST or None, request.FILES or None)
    shown: dict[str, Any] = {"version": found, "form": form, "help": HELP}
    if request.method == "POST" and (kept or form.is_valid()):
        try:
            upload = received(request, form, f"rows:{version_id}")
            rows = read_rows(upload.name, BytesIO(upload.content))
            if not upload.token:
                made = save_draft(request.actor, found.year, found.department, found.pk, rows, f"导入 {upload.name}", timezone.now())  # fmt: skip
                messages.success(request, f"已导入 {len(rows)} 条，保存为第 {made.number} 稿。")
                return redirect("budget-version", made.pk)
            changes = compared(rows_of(found), rows)
            shown |= {"upload": upload, "count": len(rows), "changes": changes[:SHOWN_CHANGES], "all": len(changes)}
            shown |= {"missing": missing(rows), "imbalances": imbalances(rows)}
        except Refused as refused:
            say_refused(request, form, refused)
    return render(
        request, "ledger/version_bring.html", shown, status=422 if form.errors and "upload" not in shown else 200
    )


@require_GET
@allowed("budget.read")
def export_rows(request: Request, version_id: int, form: str) -> HttpResponseBase:
    """The rows as XLSX or CSV, to be filled in and brought back."""
    found = _version(version_id)
    return table_answer(request, f"budget-{found.year}-{found.number}", "预算明细", form, columns(), rows_of(found))


def _version(version_id: int) -> BudgetVersion:
    return get_object_or_404(BudgetVersion.objects.select_related("document"), pk=version_id)
