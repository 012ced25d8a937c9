"""单位收件箱: a unit's own cases by deadline, those it assists, the orders it must answer."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qushu.cases import actions
from qushu.cases.exports import export_of
from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import queries
from .bulk import call_on, for_each, fresh_key, page_of_cases, picked
from .forms import WorkFilter, narrow

PER_PAGE = 30
TO_ACKNOWLEDGE = ("new", "reopened")
ORDERS_ORDER = ("issued_at", "id")


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("inbox.use")
def inbox(request: Request) -> HttpResponse:
    """The unit's work, one tab for each thing it does next; picked new or reopened cases are acknowledged together."""
    tab, now = request.GET.get("tab") or "new", timezone.now()
    if tab not in queries.INBOX_TABS:
        raise Http404("没有这个标签页。")
    if request.method == "POST":
        for_each(
            request, "签收", picked(request), lambda case: actions.acknowledge_case(call_on(request, case), case.pk)
        )
        return redirect(request.get_full_path())
    counts = queries.inbox_counts(request.actor, now)
    values = {
        "tabs": [(code, name, counts.tabs[code]) for code, name in queries.INBOX_TABS.items()],
        "tab": tab,
        "counts": counts,
        "picking": tab in TO_ACKNOWLEDGE,
        "request_key": fresh_key(),
        **export_of(request.actor, "orders" if tab == "orders" else "inbox"),
    }
    return render(request, "hotline/work/inbox.html", values | _rows(request, tab, now))


def _rows(request: Request, tab: str, now: datetime) -> dict[str, Any]:
    if tab == "orders":
        orders = queries.unanswered_orders(request.actor).order_by()
        return {"orders": page_of(orders, ORDERS_ORDER, request.GET, PER_PAGE)}
    cases = narrow(queries.inbox(request.actor, tab), request.GET.dict(), now)
    page = page_of_cases(cases, queries.ORDER, request.GET, PER_PAGE, queries.SHOWN)
    assists = queries.assists_of(request.actor, page) if tab == "assist" else {}
    return {
        "page": page,
        "rows": [(case, assists.get(case.pk)) for case in page],
        "filter": WorkFilter(request.GET, queries.INBOX_TABS, without=("unit", "level")),
    }
