"""审计: who looked at or changed what."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed
from qushu.people.audit import addresses_of, shown
from qushu.people.forms.audit import AuditForm
from qushu.people.queries import audit_entries
from qushu.people.requests import Request

PER_PAGE = 100


@require_GET
@allowed("audit.read")
def audit(request: Request) -> HttpResponse:
    """The trail, newest first; the filter lives in the address."""
    form = AuditForm(request.GET)
    entries = audit_entries(form.chosen(), timezone.get_current_timezone())
    page = page_of(entries, ("-id",), request.GET, PER_PAGE)
    rows = [shown(one) for one in page]
    addresses = addresses_of((row.subject for row in rows), request.actor)
    found = {"filter": form, "page": page, "rows": rows, "lines": [(row, addresses.get(row.subject)) for row in rows]}
    return render(request, "people/audit.html", found)
