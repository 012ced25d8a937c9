"""待立案: what citizens, other systems and split cases brought in waits for somebody who says what it is about."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qushu.cases import actions
from qushu.cases.exports import export_of
from qushu.cases.models import Case
from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..suggestions import SUGGESTER
from . import queries
from .bulk import call_on, counted, for_each, fresh_key, page_of_cases, picked
from .forms import WorkFilter, narrow

PER_PAGE = 30


@dataclass(frozen=True)
class Line:
    """A case that waits, and the category it gets with one step: its own, or the one that its words suggest, and why."""

    case: Case
    category_id: int | None
    category: str
    reason: str


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("case.register")
def register(request: Request) -> HttpResponse:
    """The list, nearest deadline first. A POST registers the picked cases, or the `one`, each under its shown category."""
    tab, now = request.GET.get("tab", ""), timezone.now()
    if tab not in queries.REGISTER_TABS:
        raise Http404("没有这个标签页。")
    if request.method == "POST":
        _register_picked(request)
        return redirect(request.get_full_path())
    waiting = narrow(queries.register_queue(request.actor, tab, now), request.GET.dict(), now)
    page = page_of_cases(
        waiting, queries.ORDER, request.GET, PER_PAGE, ("category", "street", "area", "channel", "statement")
    )
    values = {
        "page": page,
        "rows": _lines(page.rows),
        "filter": WorkFilter(request.GET, queries.REGISTER_TABS, without=("unit", "level")),
        "tab": tab,
        "tabs": _tabs(request, now),
        "request_key": fresh_key(),
        **export_of(request.actor, "register"),
        "may_decline": may_at_all(request.actor, "case.decline"),
        "may_answer": may_at_all(request.actor, "case.answer"),
    }
    return render(request, "hotline/work/register.html", values)


def _tabs(request: Request, now: datetime) -> list[tuple[str, str, str]]:
    return [
        (code, name, counted(queries.register_queue(request.actor, code, now)))
        for code, name in queries.REGISTER_TABS.items()
    ]


def _lines(cases: list[Case]) -> list[Line]:
    bare = [case for case in cases if case.category_id is None]
    found = SUGGESTER.categories_for([case.statement.text for case in bare])
    likeliest = {case.pk: options[0] for case, options in zip(bare, found, strict=True) if options}
    return [
        Line(case, case.category_id, case.category.full_name, "受理时已选")
        if case.category
        else Line(case, one.category_id, one.name, one.reason)
        if (one := likeliest.get(case.pk))
        else Line(case, None, "", "")
        for case in cases
    ]


def _register_picked(request: Request) -> None:
    for_each(
        request,
        "立案",
        picked(request, "one" if "one" in request.POST else "pick"),
        lambda case: _register_one(request, case),
    )


def _register_one(request: Request, case: Case) -> None:
    """Under the category that the page showed; what the citizen said of kind, urgency and place stays."""
    category = number_in(request.POST.get(f"category-{case.pk}", ""))
    if category is None:
        raise Refused("没有建议类别，没有立案。请打开“改后立案”选择类别。", code="no_category")
    actions.register_case(call_on(request, case), case.pk, category, case.area_id, case.kind, case.urgency)
