"""派单, 单位收件箱, 审核, 督办, 回访: what waits, nearest deadline first, and what is done with it in one place."""

import secrets
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from qushu.cases import actions
from qushu.cases.actions import Call
from qushu.cases.models import Case
from qushu.cases.queries import visible_cases
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import queries
from .forms import BulkDispatchForm, DecisionForm

PER_PAGE = 30


@allowed("dispatch.use")
def dispatch(request: Request) -> HttpResponse:
    """The dispatch queue, each case with the unit that is suggested and why; picked ones are dispatched together."""
    form, now = BulkDispatchForm(request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        chosen = int(said["unit"]) if said["unit"] else None
        _for_each(request, "派出", lambda case: _dispatch_one(request, case, chosen, said["instruction"], now))
        return redirect("dispatch-queue")
    page = page_of(queries.dispatch_queue(request.actor), queries.ORDER, request.GET, PER_PAGE)
    rows = [(case, queries.suggestion_for(case, now)) for case in page]
    return render(
        request, "hotline/work/dispatch.html", {"page": page, "rows": rows, "form": form, "request_key": _fresh_key()}
    )


@allowed("inbox.use")
def inbox(request: Request) -> HttpResponse:
    """The unit's own cases; picked new ones are acknowledged together."""
    tab = request.GET.get("tab", "new")
    if tab != "assist" and tab not in queries.INBOX_TABS:
        raise Http404("没有这个标签页。")
    if request.method == "POST":
        _for_each(request, "签收", lambda case: actions.acknowledge_case(_call(request, case), case.pk))
        return redirect("inbox")
    counts = queries.inbox_counts(request.actor)
    tabs = [(code, name, counts[code]) for code, (name, _) in queries.INBOX_TABS.items()]
    tabs.insert(3, ("assist", "协办", counts["assist"]))
    page = page_of(queries.inbox(request.actor, tab), queries.ORDER, request.GET, PER_PAGE)
    return render(
        request, "hotline/work/inbox.html", {"page": page, "tabs": tabs, "tab": tab, "request_key": _fresh_key()}
    )


@require_GET
@allowed("review.use")
def reviews(request: Request) -> HttpResponse:
    """What waits for a decision."""
    waiting = page_of(queries.open_reviews(request.actor).order_by(), ("due_at", "id"), request.GET, PER_PAGE)
    rows = [(review, DecisionForm(auto_id=f"review-{review.pk}-%s"), _fresh_key()) for review in waiting]
    return render(request, "hotline/work/reviews.html", {"page": waiting, "rows": rows})


@require_POST
@allowed("review.use")
def decide(request: Request, review_id: int) -> HttpResponse:
    """Approve or refuse one request."""
    form = DecisionForm(request.POST)
    try:
        remark = form.cleaned_data["remark"] if form.is_valid() else ""
        call = Call(request.actor, timezone.now(), _key(request), _seen(request, "seen_seq"))
        case = actions.decide_review(call, review_id, request.POST.get("decision") == "approve", remark)
        messages.success(request, f"{case.number} 已审核。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("review-queue")


@require_GET
@allowed("supervision.use")
def supervision(request: Request) -> HttpResponse:
    """What is late, will be late, comes back again and again, or was pressed without an answer."""
    tab, now = request.GET.get("tab", "late"), timezone.now()
    if tab not in queries.BOARD_TABS:
        raise Http404("没有这个标签页。")
    page = page_of(queries.board(request.actor, tab, now), queries.ORDER, request.GET, PER_PAGE)
    tabs = list(queries.BOARD_TABS.items())
    return render(request, "hotline/work/supervision.html", {"page": page, "tabs": tabs, "tab": tab, "now": now})


@require_GET
@allowed("follow_up.use")
def follow_up(request: Request) -> HttpResponse:
    """Whom to call next."""
    page = page_of(queries.calls_to_make(request.actor, timezone.now()), queries.ORDER, request.GET, PER_PAGE)
    return render(request, "hotline/work/follow_up.html", {"page": page})


def _dispatch_one(request: Request, case: Case, chosen: int | None, instruction: str, now: datetime) -> None:
    suggested = queries.suggestion_for(case, now)
    unit_id = chosen or (suggested.unit_id if suggested else None)
    if unit_id is None:
        raise Refused("没有建议单位，请选择承办单位。")
    suggestion = actions.Suggestion(suggested.unit_id, suggested.model, suggested.score) if suggested else None
    actions.dispatch_case(_call(request, case), case.pk, unit_id, (), instruction, suggestion)


def _for_each(request: Request, verb: str, act: Callable[[Case], object]) -> None:
    """Do it to every picked case, each in its own transaction; say how many went and which didn't, and why."""
    ids = [int(value) for value in request.POST.getlist("pick") if value.isdecimal()][:200]
    done, refused = 0, list[str]()
    for case in visible_cases(request.actor).filter(pk__in=ids).order_by("due_at", "id"):
        try:
            act(case)
            done += 1
        except Refused as error:
            refused.append(f"{case.number}：{error.message}")
    if done:
        messages.success(request, f"已{verb} {done} 件。")
    for sentence in refused[:10]:
        messages.error(request, sentence)
    if not ids:
        messages.error(request, "没有选中任何件。什么也没有改变。")


def _call(request: Request, case: Case) -> Call:
    key = _key(request)
    return Call(request.actor, timezone.now(), f"{key}/{case.pk}" if key else None, _seen(request, f"seen-{case.pk}"))


def _seen(request: Request, name: str) -> int | None:
    """The number of the newest history row that the page showed."""
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def _key(request: Request) -> str | None:
    """The form's request key, bound to the account."""
    key = request.POST.get("request_key", "")[:40]
    return f"web/{request.account.pk}/{key}" if key else None


def _fresh_key() -> str:
    return secrets.token_urlsafe(16)
