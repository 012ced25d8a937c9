"""The twelve tables on the screen and as files."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qushu.people import audit
from qushu.people.access_web import allowed
from qushu.people.addresses import address_of
from qushu.people.requests import Request

from ..models import BudgetVersion
from ..versions.queries import stage_word
from .between import broken
from .files import CONTENT_TYPES, WRITERS
from .twelve import TITLES, tables_of

NUMBERS = sorted(TITLES)


@never_cache
@require_GET
@allowed("budget.read")
def table(request: Request, version_id: int, number: int) -> HttpResponse:
    """One of the tables, with what is missing from it and the rules between the tables that don't hold."""
    found = _version(version_id)
    if number not in TITLES:
        raise Http404("没有这张表。")
    grids = tables_of(found)
    shown = {
        "version": found,
        "word": stage_word(found),
        "number": number,
        "title": TITLES[number],
        "grids": [grid for grid in grids if grid.number == number],
        "titles": [(one, TITLES[one]) for one in NUMBERS],
        "broken": [one.words for one in broken(grids)],
        "files": list(CONTENT_TYPES),
    }
    return render(request, "ledger/table.html", shown)


@require_GET
@allowed("budget.read")
def download(request: Request, version_id: int, form: str) -> HttpResponse:
    """All tables as XLSX, DOCX or PDF."""
    found = _version(version_id)
    if form not in WRITERS:
        raise Http404
    said = {"format": form, "version": found.number}
    where = address_of(request)
    audit.record(
        request.actor, "export.made", f"budget_version:{found.pk}", data=said, address=where, now=timezone.now()
    )
    name = f"budget-tables-{found.year}-{found.number}.{form}"
    content = WRITERS[form](tables_of(found), found)
    return HttpResponse(content, CONTENT_TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _version(version_id: int) -> BudgetVersion:
    return get_object_or_404(BudgetVersion.objects.select_related("document"), pk=version_id)
