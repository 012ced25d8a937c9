"""A table as a download, noted in the audit trail: the one way in which a page gives a list that is short enough to wait for."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from qushu.kernel.content_types import TABLES
from qushu.kernel.tables import Column, csv_lines, write_xlsx

from . import audit
from .addresses import address_of
from .requests import Request


def table_answer(
    request: Request, name: str, title: str, form: str, columns: Sequence[Column], rows: Iterable[Any]
) -> HttpResponseBase:
    """The rows as CSV or XLSX: `name` (ASCII) is the file's, `title` the sheet's. Raises Http404 for another form."""
    if form not in TABLES:
        raise Http404("只有 XLSX 和 CSV 两种。")
    now = timezone.now()
    said = {"format": form, "filters": request.GET.urlencode()}
    audit.record(request.actor, "export.made", f"sheet:{name}", data=said, address=address_of(request), now=now)
    answer: HttpResponseBase
    if form == "csv":
        answer = StreamingHttpResponse(csv_lines(rows, columns), content_type=TABLES[form])
    else:
        file = BytesIO()
        write_xlsx(rows, columns, file, title)
        answer = HttpResponse(file.getvalue(), content_type=TABLES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate(now):%Y%m%d}.{form}"'
    return answer
