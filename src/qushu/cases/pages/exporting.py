"""我的导出: ask for a file, watch it grow, fetch it."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qushu.kernel.errors import Refused
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.models import Export
from qushu.people.requests import Request

from ..exports import KEPT_DAYS, KIND, LISTS, ask_export, folder
from ..forms import ExportForm, filter_words
from ..jobs import export_cases
from ..rules import SHANGHAI

SHOWN = 30
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("exports.use")
def exports(request: Request) -> HttpResponse:
    """One's own exports of the last days; a POST asks for a new one."""
    if request.method == "POST":
        form = ExportForm(request.POST, may_unmask=may_at_all(request.actor, "case.export_unmasked"))
        if form.is_valid():
            said = form.cleaned_data
            try:
                export = ask_export(
                    request.actor,
                    said["format"],
                    request.POST.get("filters", ""),
                    said.get("unmasked_reason", ""),
                    timezone.now(),
                    request.POST.get("list") or KIND,
                )
                export_cases.defer(export_id=export.pk)
            except Refused as refused:
                messages.error(request, refused.message)
        else:
            messages.error(request, "请选择导出格式。没有导出任何内容。")
        return redirect("exports")
    mine = list(Export.objects.filter(account=request.account, kind__in=LISTS).order_by("-pk")[:SHOWN])
    blank = {kind: LISTS[kind].form() for kind in {export.kind for export in mine}}
    shown = [(export, LISTS[export.kind], filter_words(export.filters, blank[export.kind])) for export in mine]
    return render(request, "cases/exports.html", {"exports": shown, "kept_days": KEPT_DAYS})


@never_cache
@require_GET
@allowed("exports.use")
def export_state(request: Request, export_id: int) -> HttpResponse:
    """How far one export is; asks again by itself until it is done."""
    export = get_object_or_404(Export, pk=export_id, account=request.account, kind__in=LISTS)
    wanted = LISTS[export.kind]
    words = filter_words(export.filters, wanted.form())
    return render(request, "cases/export_row.html", {"export": export, "list": wanted, "words": words})


@never_cache
@require_GET
@allowed("exports.use")
def export_file(request: Request, export_id: int) -> HttpResponseBase:
    """The file, for its owner only, and only while the rights last with which it was asked for."""
    export = get_object_or_404(Export, pk=export_id, account=request.account, kind__in=LISTS, finished_at__isnull=False)
    refuse_without(request, LISTS[export.kind].action)
    if export.unmasked_reason:
        refuse_without(request, "case.export_unmasked")
    path = folder() / export.stored_as
    if not export.stored_as or not path.is_file():
        raise Http404("文件已过期删除，请重新导出。")
    name = f"{LISTS[export.kind].name} {timezone.localtime(export.created_at, SHANGHAI):%Y%m%d-%H%M}.{export.format}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=TYPES[export.format])
