"""Attachments of a case, and the sheet that is printed for the unit."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.errors import Refused
from qushu.kernel.personal import mask_free_text
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..actions import Call, add_attachment
from ..forms import AttachForm
from ..models import Case
from ..sheet import sheet_docx, sheet_of, sheet_pdf
from .case import find_case

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_POST
@allowed("case.attach")
def attach(request: Request, number: str) -> HttpResponse:
    """Keep a file with the case; the stage is the case's state."""
    case = find_case(request, number)
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "请先选择文件。没有保存任何内容。")
        return redirect("case-page", number)
    file = form.cleaned_data["file"]
    try:
        add_attachment(Call(request.actor, timezone.now()), case, file.name, file.read(), case.state)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"已上传“{file.name}”。")
    return redirect("case-page", number)


@never_cache
@require_GET
@allowed("case.read")
def attachment(request: Request, number: str, attachment_id: int) -> HttpResponseBase:
    """A file of a case that this person may read; always a download, never shown as a page of this site."""
    return file_answer(find_case(request, number), attachment_id)


def file_answer(case: Case, attachment_id: int) -> HttpResponseBase:
    """The content of a file of this case, as a download. Raises Http404."""
    kept = get_object_or_404(case.attachments, pk=attachment_id)
    path = Path(settings.MEDIA_ROOT) / kept.stored_as
    if not path.is_file():
        raise Http404("文件不在存储中，请告诉管理员。")
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=mask_free_text(kept.name), content_type=kept.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@never_cache
@require_GET
@allowed("case.read")
def sheet(request: Request, number: str, form: str) -> HttpResponse:
    """交办单 as PDF or Word; the caller's data stays masked on paper."""
    if form not in ("pdf", "docx"):
        raise Http404("交办单只有 PDF 和 DOCX 两种。")
    case = find_case(request, number)
    content = sheet_of(case, request.actor, timezone.now())
    data, content_type = (sheet_pdf(content), "application/pdf") if form == "pdf" else (sheet_docx(content), DOCX)
    answer = HttpResponse(data, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(form == "docx", f"交办单 {number}.{form}") or ""
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
