"""全部工单: the list whose address holds its filters, and the search box of the shell."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.paging import BadCursor, page_of
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..forms import CaseFilter, ExportForm
from ..queries import case_by_number, filter_cases, visible_cases

PER_PAGE = 50
ORDERS = {
    "": ("-accepted_at", "-id"),
    "-accepted": ("-accepted_at", "-id"),
    "accepted": ("accepted_at", "id"),
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
}


@require_GET
@allowed("case.list")
def case_list(request: Request) -> HttpResponse:
    """The cases this person may see, newest first, narrowed by what the address holds."""
    form = CaseFilter(request.GET, states())
    now = timezone.now()
    cases = filter_cases(visible_cases(request.actor), request.GET.dict(), now)
    sort = request.GET.get("sort", "")
    if sort.endswith("due"):
        cases = cases.filter(due_at__isnull=False)
    cases = cases.select_related("lead_unit", "category", "street", "area").only(*_SHOWN)
    try:
        page = page_of(cases, ORDERS.get(sort, ORDERS[""]), request.GET, PER_PAGE)
    except BadCursor:
        kept = {key: value for key, value in request.GET.dict().items() if key not in ("after", "before")}
        return redirect(f"{request.path}?{urlencode(kept)}")
    may_export = may_at_all(request.actor, "case.export")
    return render(
        request,
        "cases/list.html",
        {
            "filter": form,
            "page": page,
            "export_form": may_export and ExportForm(may_unmask=may_at_all(request.actor, "case.export_unmasked")),
        },
    )


@require_GET
@allowed("case.list")
def case_search(request: Request) -> HttpResponse:
    """The search box: a case number leads to the case, anything else to the list of what holds these words."""
    text = request.GET.get("q", "").strip()
    found = case_by_number(request.actor, text) if text else None
    if found is not None:
        return redirect("case-page", found.number)
    bare = text.replace(" ", "").replace("-", "")
    if bare.isdigit() and 7 <= len(bare) <= 12:
        # Shown here rather than as a list: the list's address is kept and passed on, and would hold the number.
        return render(request, "cases/search_phone.html", {"page": _by_phone(request, bare)})
    return redirect(f"{_list_address()}?{urlencode({'q': text})}" if text else _list_address())


def states() -> list[tuple[str, str]]:
    """The states of the hotline, for pickers."""
    return [(state.code, state.name) for state in lifecycle("hotline").states.values()]


def _by_phone(request: Request, phone: str) -> list[object]:
    cases = filter_cases(visible_cases(request.actor), {"phone": phone}, timezone.now())
    return list(cases.select_related("lead_unit", "category", "street", "area").order_by("-accepted_at")[:PER_PAGE])


def _list_address() -> str:
    return redirect("case-list").url


_SHOWN = [
    "number",
    "title",
    "state",
    "kind",
    "urgency",
    "marks",
    "accepted_at",
    "due_at",
    "due_clock",
    "closed_at",
    "lead_unit__name",
    "category__name",
    "street__name",
    "area__name",
]
