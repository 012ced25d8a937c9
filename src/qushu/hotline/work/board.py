"""督办: what is late, will be late, comes back again and again, or was pressed without an answer; by unit."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qushu.cases import actions
from qushu.cases.actions import Call
from qushu.cases.exports import export_of
from qushu.cases.overdue import WORDS
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, safe_next
from qushu.people.requests import Request

from . import queries
from .bulk import call_on, for_each, fresh_key, page_of_cases, picked, request_key
from .forms import NO_UNIT, OrderForm, WorkFilter, narrow

PER_PAGE = 30
ANSWERED_ORDER = ("answered_at", "id")


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("supervision.use")
def supervision(request: Request) -> HttpResponse:
    """The board. A POST issues one order for every picked case. The page fetches itself anew each minute."""
    tab = request.GET.get("tab") or "late"
    if tab not in queries.BOARD_TABS:
        raise Http404("没有这个标签页。")
    form = OrderForm(request.POST or None, auto_id="order-%s")
    if request.method == "POST" and form.is_valid():
        _order_all(request, form)
        return redirect(request.get_full_path())
    return render(
        request,
        "hotline/work/supervision.html",
        {"form": form, "tab": tab, "request_key": fresh_key(), "overdue_words": WORDS}
        | _figures(request)
        | _rows(request, tab),
        status=422 if form.errors else 200,
    )


def _order_all(request: Request, form: OrderForm) -> None:
    said = form.cleaned_data
    for_each(
        request,
        "发出督办单",
        picked(request),
        lambda case: actions.supervise_case(
            call_on(request, case), case.pk, said["level"], said["words"], said["answer_due_at"]
        ),
    )


def _figures(request: Request) -> dict[str, Any]:
    """Counts by unit and in all; each opens its list."""
    lines = queries.board_counts(request.actor, timezone.now())
    totals: dict[str, Any] = {tab: sum(line.counts[tab] for line in lines) for tab in queries.COUNTED_TABS}
    totals["answered"] = queries.answered_orders(request.actor).count()
    return {
        "tabs": [(code, name, totals[code]) for code, name in queries.BOARD_TABS.items()],
        "lines": [(line.name, _cells(line)) for line in lines],
        "columns": [queries.BOARD_TABS[tab] for tab in queries.COUNTED_TABS],
    }


def _cells(line: queries.UnitLine) -> SafeString:
    """A unit's figures, each opening its list. Drawn here: 60 units × 5 cells cost the template 10 ms more."""
    unit = line.unit_id or NO_UNIT
    # The id lets the link keep the focus when the board fetches itself anew.
    figures = [(tab, unit, tab, unit, line.counts[tab], queries.BOARD_TABS[tab]) for tab in queries.COUNTED_TABS]
    link = '<td class="end"><a id="at-{}-{}" href="?tab={}&amp;unit={}">{:,}<span class="for-readers"> 件{}</span></a></td>'
    none = SafeString('<td class="end faint">0</td>')
    # Numbers, and codes and names of our own: nothing to escape.
    return SafeString("".join(link.format(*cell) if cell[4] else none for cell in figures))


def _rows(request: Request, tab: str) -> dict[str, Any]:
    now = timezone.now()
    may_order = may_at_all(request.actor, "case.supervise")
    shown: dict[str, Any] = {
        "may_order": may_order,
        **export_of(request.actor, "answered-orders" if tab == "answered" else "supervision"),
    }
    if tab == "answered":
        orders = queries.answered_orders(request.actor).order_by()
        return shown | {"orders": page_of(orders, ANSWERED_ORDER, request.GET, PER_PAGE)}
    cases = narrow(queries.board(request.actor, tab, now, request.GET.get("level", "")), request.GET.dict(), now)
    page = page_of_cases(cases, queries.ORDER, request.GET, PER_PAGE, queries.SHOWN)
    by = queries.acknowledged_by(page)
    return shown | {
        "page": page,
        "rows": [(case, by.get(case.pk)) for case in page],
        "filter": WorkFilter(request.GET, queries.BOARD_TABS),
    }


@require_POST
@allowed("supervision.use")
def close_order(request: Request, order_id: int) -> HttpResponse:
    """销号 of one order whose answer is good."""
    try:
        call = Call(request.actor, timezone.now(), request_key(request))
        case = actions.close_supervision(call, order_id, request.POST.get("words", ""))
        messages.success(request, f"{case.number} 的督办单已销号。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(safe_next(request, request.POST.get("next", "")))
