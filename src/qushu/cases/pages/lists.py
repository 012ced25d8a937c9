"""全部工单: the list whose address holds its filters, and the search box of the shell."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from qushu.kernel.paging import BadCursor, page_of
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..exports import KIND, export_of
from ..forms import CaseFilter
from ..overdue import WORDS
from ..queries import SHORTEST_PHONE, caller_token, case_by_number, filter_cases, visible_cases

PER_PAGE = 50
LONGEST_PHONE = 12  # a case number without its prefix has 13 digits
ORDERS = {
    "": ("-accepted_at", "-id"),
    "-accepted": ("-accepted_at", "-id"),
    "accepted": ("accepted_at", "id"),
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
}


@require_http_methods(["GET", "POST"])
@allowed("case.list")
def case_list(request: Request) -> HttpResponse:
    """The cases this person may see, newest first, narrowed by what the address holds.

    A phone number is posted, never part of an address: what comes back is the list with its `caller_token`.
    """
    if request.method == "POST" or request.GET.get("phone") or _as_phone(request.GET.get("q", "")):
        return _to_caller(request)
    form = CaseFilter(request.GET)
    now = timezone.now()
    cases = filter_cases(visible_cases(request.actor), request.GET.dict(), now, request.actor)
    sort = request.GET.get("sort", "")
    if sort.endswith("due"):
        cases = cases.filter(due_at__isnull=False)
    cases = cases.select_related("lead_unit", "category", "street", "area").only(*_SHOWN)
    try:
        page = page_of(cases, ORDERS.get(sort, ORDERS[""]), request.GET, PER_PAGE)
    except BadCursor:
        kept = {key: value for key, value in request.GET.dict().items() if key not in ("after", "before")}
        return redirect(f"{request.path}?{urlencode(kept)}")
    return render(
        request,
        "cases/list.html",
        {
            "filter": form,
            "page": page,
            "overdue_words": WORDS,
            **export_of(request.actor, KIND),
        },
    )


@require_http_methods(["GET", "POST"])
@allowed("case.list")
def case_search(request: Request) -> HttpResponse:
    """The search box: a case number leads to the case, a phone number to its caller's list, else to these words' list."""
    text = (request.POST.get("q") or request.GET.get("q", "")).strip()
    found = case_by_number(request.actor, text) if text else None
    if found is not None:
        return redirect("case-page", found.number)
    if phone := _as_phone(text):
        return redirect(f"{_list_address()}?{urlencode({'caller': caller_token(phone)})}")
    return redirect(f"{_list_address()}?{urlencode({'q': text})}" if text else _list_address())


def _to_caller(request: Request) -> HttpResponse:
    """Back to the list that was shown, narrowed to the caller whose number was typed."""
    kept = {name: value for name, value in request.GET.dict().items() if name not in ("after", "before")}
    said = _as_phone(kept.get("q", ""))
    if said:
        del kept["q"]
    phone = request.POST.get("phone") or kept.pop("phone", "") or said
    token = caller_token(phone)
    if token:
        kept["caller"] = token
    else:
        messages.error(request, f"来电号码至少 {SHORTEST_PHONE} 位数字。没有按号码筛选。")
    return redirect(f"{request.path}?{urlencode(kept)}")


def _as_phone(text: str) -> str:
    """The digits of what looks like a phone number; "" for anything else."""
    bare = text.replace(" ", "").replace("-", "").removeprefix("+86")
    return bare if bare.isdigit() and SHORTEST_PHONE <= len(bare) <= LONGEST_PHONE else ""


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
