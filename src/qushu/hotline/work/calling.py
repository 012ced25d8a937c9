"""回访: whom to call next, the call itself on one page, and what citizens said that waits for a decision."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from qushu.cases.actions import Call, hides_caller
from qushu.cases.contact import masked_contact
from qushu.cases.exports import export_of
from qushu.cases.forms_base import MoveForm
from qushu.cases.forms_center import FollowUpForm, TryCallForm
from qushu.cases.masked_words import masked_words
from qushu.cases.models import Case, History
from qushu.cases.queries import case_by_number
from qushu.cases.rulebook import rulebook
from qushu.cases.rules import SATISFACTION
from qushu.kernel.clocks import duration_words
from qushu.kernel.errors import Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access import Actor, may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import queries
from .bulk import counted, fresh_key, page_of_cases, request_key, seen
from .forms import WorkFilter, narrow

PER_PAGE = 30
SEALED = "保密"


@dataclass(frozen=True)
class CallRow:
    """A line of the follow-up desk: the masked number, when it was last tried, what the citizen said."""

    case: Case
    phone: str
    tried: datetime | None
    judged: History | None
    rest: timedelta

    @property
    def next_try(self) -> datetime | None:
        """When a citizen who wasn't reached may be called again."""
        return self.tried + self.rest if self.tried else None

    @property
    def grade(self) -> str:
        return SATISFACTION.get(self.case.satisfaction or 0, "未评价")

    @property
    def by_citizen(self) -> bool:
        """Whether the citizen judged on the web, without a call."""
        return self.judged is not None and self.judged.actor_id is None


@never_cache
@require_GET
@allowed("follow_up.use")
def follow_up(request: Request) -> HttpResponse:
    """Whom to call next (`?tab=`: whom later, and whose judgement waits for closing or reopening)."""
    tab, now = request.GET.get("tab", ""), timezone.now()
    if tab not in queries.CALL_TABS:
        raise Http404("没有这个标签页。")
    cases = narrow(queries.calls(request.actor, tab, now), request.GET.dict(), now)
    page = page_of_cases(cases, queries.ORDER, request.GET, PER_PAGE, ("lead_unit", "statement"))
    return render(
        request,
        "hotline/work/follow_up.html",
        {
            "page": page,
            "rows": _rows(request.actor, tab, page.rows, queries.rest(now)),
            "tab": tab,
            "note": _note(now),
            "tabs": [
                (code, name, counted(queries.calls(request.actor, code, now)))
                for code, name in queries.CALL_TABS.items()
            ],
            "filter": WorkFilter(request.GET, queries.CALL_TABS, without=("level",)),
            **export_of(request.actor, "follow_up"),
        },
    )


def _note(now: datetime) -> str:
    tries = rulebook().limits.at("call_tries", now)
    return f"期限最近的在前；未接通的 {duration_words(queries.rest(now))} 后再出现，{tries} 次未接通自动结案"


def _rows(actor: Actor, tab: str, cases: list[Case], rest: timedelta) -> list[CallRow]:
    tries = queries.last_tries(cases)
    judged = queries.judgements(cases) if tab == "judged" else {}
    return [
        CallRow(
            case,
            _phone(actor, case),
            tries.get(case.pk),
            judged.get(case.pk),
            rest,
        )
        for case in cases
    ]


def _phone(actor: Actor, case: Case) -> str:
    if hides_caller(actor, case):
        return SEALED
    return masked_contact(case.number, case.statement.sealed).phone


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("follow_up.use")
def call(request: Request, number: str) -> HttpResponse:
    """One call: what was asked and answered, the number behind a reveal, and one form for what the citizen says.

    A POST with `do=missed` records a call that reached nobody. Afterwards comes the next call of the list.
    """
    case = case_by_number(request.actor, number, "case.follow_up")
    if case is None or case.number != number.upper():
        raise Http404("没有这个诉求件，或您无权回访。请核对编号。")
    missed = request.POST.get("do") == "missed"
    form: MoveForm = (
        FollowUpForm(request.POST, case=case)
        if request.method == "POST" and not missed
        else FollowUpForm(case=case, initial={"then": "close"})
    )
    tried: MoveForm = TryCallForm(request.POST if missed else None, case=case, auto_id="missed-%s")
    used = tried if missed else form
    if request.method == "POST" and used.is_valid():
        try:
            used.perform(Call(request.actor, timezone.now(), request_key(request), seen(request, "seen_seq")))
        except Refused as refused:
            show_refusal(used, refused)
        else:
            messages.success(
                request,
                f"{case.number} 已记录{'未接通' if missed else '回访'}。",
                extra_tags=f"draft-done:call-{number}",
            )
            following = _next_call(request.actor)
            return HttpResponseClientRedirect(following) if request.htmx else redirect(following)
    return _show_call(request, case, form, tried, 422 if used.errors else 200)


def _show_call(request: Request, case: Case, form: MoveForm, tried: MoveForm, status: int) -> HttpResponse:
    values: dict[str, Any] = {
        "case": case,
        "form": form,
        "tried": tried,
        "phone": _phone(request.actor, case),
        "may_reveal": may_at_all(request.actor, "case.reveal") and not hides_caller(request.actor, case),
        "masked_words": masked_words(case),
        "tries": case.history.filter(move__in=("try_call", "follow_up")).order_by("-seq"),
        "satisfaction": SATISFACTION,
        "seen_seq": request.POST.get("seen_seq") or case.seq,
        "request_key": request.POST.get("request_key") or fresh_key(),
    }
    return render(request, "hotline/work/call.html", values, status=status)


def _next_call(actor: Actor) -> str:
    """The page of the next call; the list when nobody is to be called."""
    following = queries.calls(actor, "", timezone.now()).order_by(*queries.ORDER).first()
    return reverse("follow-up-call", args=[following.number]) if following else reverse("follow-up")
