"""Pages of the budget: the document that was read, its projects, and its import."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.downloads import table_answer
from qushu.people.requests import Request

from .actions import check_again, drop_document, keep_document
from .forms import UploadForm
from .lists import SHEETS
from .models import BudgetDocument, Project
from .queries import chosen_document, documents, projects_of


@never_cache
@allowed("budget.read")
def budget(request: Request) -> HttpResponse:
    """The newest document (or the one named by ?document=): money, projects, what was not read, what doesn't agree."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        refuse_without(request, "budget.write")
        if form.is_valid():
            kept = _keep(request, form)
            if kept is not None:
                return redirect(f"{request.path}?document={kept.pk}")
    document = chosen_document(request.GET.dict())
    shown: dict[str, Any] = {
        "form": form,
        "document": document,
        "documents": documents(),
        "may_write": may_at_all(request.actor, "budget.write"),
    }
    if document is not None:
        shown |= {
            "projects": projects_of(document),
            "total": document.projects.aggregate(all=Sum("budget"))["all"],
            "own_targets": document.targets.filter(project__isnull=True).count(),
            "all_targets": document.targets.count(),
        }
    return render(request, "ledger/budget.html", shown, status=422 if form.errors else 200)


def _keep(request: Request, form: UploadForm) -> BudgetDocument | None:
    """Keep the uploaded file; a refusal is put on the form."""
    upload = form.cleaned_data["file"]
    with tempfile.NamedTemporaryFile(suffix=Path(upload.name).suffix.lower()) as file:
        for block in upload.chunks():
            file.write(block)
        file.flush()
        try:
            kept = keep_document(request.actor, Path(file.name), timezone.now(), upload.name)
        except Refused as refused:
            show_refusal(form, refused, "file")
            return None
    if kept.is_new:
        messages.success(request, f"已导入 {kept}。")
    else:
        messages.info(request, f"这份文件以前已经导入过（{kept}），什么也没有改变。")
    return kept


@never_cache
@require_GET
@allowed("budget.read")
def project(request: Request, document_id: int, code: str) -> HttpResponse:
    """One project's form, with its line items, purchases, sources, and targets."""
    found = Project.objects.filter(document_id=document_id, code=code).select_related("document").first()
    if found is None:
        raise Http404("没有这个项目。")
    shown = {
        "project": found,
        "document": found.document,
        "items": found.items.order_by("place"),
        "purchases": found.purchases.order_by("place"),
        "sources": found.sources.filter(amount__isnull=False).order_by("place"),
        "goals": found.goals.order_by("place"),
        "targets": found.targets.order_by("place"),
    }
    return render(request, "ledger/project.html", shown)


@require_GET
@allowed("budget.read")
def export(request: Request, kind: str, form: str) -> HttpResponseBase:
    """A list of the ledger as XLSX or CSV, for the address of its page."""
    if kind not in SHEETS:
        raise Http404("没有这个列表。")
    sheet = SHEETS[kind]
    rows = sheet.rows(request.GET.dict(), timezone.now())
    return table_answer(request, kind, sheet.title, form, sheet.columns, rows)


@require_POST
@allowed("budget.write")
def check(request: Request, document_id: int) -> HttpResponse:
    """Hold the document against itself once more, by today's rules."""
    try:
        before, now = check_again(request.actor, document_id, timezone.now())
        messages.success(request, f"已按现在的规则核对：{now} 处不一致（原来 {before} 处）。")
    except Missing:
        raise Http404("没有这份预算文件。") from None
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(f"{reverse('budget')}?document={document_id}")


@require_POST
@allowed("budget.write")
def drop(request: Request, document_id: int) -> HttpResponse:
    """Remove a document that was imported by mistake."""
    try:
        drop_document(request.actor, document_id, timezone.now())
        messages.success(request, "已删除这份文件和从中读出的内容。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("budget")
