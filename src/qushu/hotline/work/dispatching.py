"""派单: what waits for a unit, urgent first, each with the unit that is suggested and why."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qushu.cases import actions
from qushu.cases.exports import export_of
from qushu.cases.forms_center import returned_words
from qushu.cases.models import Case
from qushu.kernel.errors import Refused
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..suggestions import Suggestion
from . import queries
from .bulk import call_on, counted, for_each, fresh_key, page_of_cases, picked
from .forms import BulkDispatchForm, WorkFilter, narrow

PER_PAGE = 30


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("dispatch.use")
def dispatch(request: Request) -> HttpResponse:
    """The dispatch queue; picked cases are dispatched together. `?tab=returned` holds what units gave back."""
    tab, now = request.GET.get("tab", ""), timezone.now()
    if tab not in queries.DISPATCH_TABS:
        raise Http404("没有这个标签页。")
    form = BulkDispatchForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            _dispatch_picked(request, form, now)
        else:
            wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
            messages.error(request, f"{wrong} 没有派出任何件；请重新选择单位。")
        return redirect(request.get_full_path())
    waiting = narrow(queries.dispatch_queue(request.actor, tab), request.GET.dict(), now)
    page = page_of_cases(waiting, queries.DISPATCH_ORDER, request.GET, PER_PAGE, (*queries.SHOWN, "statement"))
    suggested = queries.suggestions_for(page.rows, now)
    returned = {pk: returned_words(one) for pk, one in queries.returns_of(page).items()}
    return render(
        request,
        "hotline/work/dispatch.html",
        {
            "page": page,
            "rows": [(case, suggested.get(case.pk), returned.get(case.pk, "")) for case in page],
            "form": form,
            "filter": WorkFilter(request.GET, queries.DISPATCH_TABS, without=("unit", "level")),
            "tab": tab,
            "tabs": _tabs(request),
            "to_register": counted(queries.register_queue(request.actor)),
            "request_key": fresh_key(),
            "may_merge": may_at_all(request.actor, "case.merge"),
            **export_of(request.actor, "dispatch"),
        },
    )


def _tabs(request: Request) -> list[tuple[str, str, str]]:
    return [
        (code, name, counted(queries.dispatch_queue(request.actor, code)))
        for code, name in queries.DISPATCH_TABS.items()
    ]


def _dispatch_picked(request: Request, form: BulkDispatchForm, now: datetime) -> None:
    cases = picked(request)
    suggested = queries.suggestions_for(cases, now)
    for_each(request, "派出", cases, lambda case: _dispatch_one(request, case, form, suggested.get(case.pk)))


def _dispatch_one(request: Request, case: Case, form: BulkDispatchForm, suggested: Suggestion | None) -> None:
    """To the chosen units; or to the suggested ones, if the page showed that very suggestion."""
    lead, assisting = form.lead, form.assisting
    if lead is None:
        if suggested is None:
            raise Refused("没有建议单位，没有派出。请选择主办单位。")
        if request.POST.get(f"suggested-{case.pk}", str(suggested.unit_id)) != str(suggested.unit_id):
            raise Refused(f"建议单位已变为{suggested.name}，没有派出。请核对后再派。", code="suggestion_changed")
        lead = suggested.unit_id
        assisting = assisting or [unit_id for unit_id, _ in suggested.assisting]
    hint = actions.Suggestion(suggested.unit_id, suggested.model, suggested.score) if suggested else None
    actions.dispatch_case(call_on(request, case), case.pk, lead, assisting, form.cleaned_data["instruction"], hint)
