"""并单: find the open case that picked ones belong to, by number, words or phone, and merge them into it."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from qushu.kernel.asked import NINE_DIGITS, number_in
from qushu.kernel.errors import Refused
from qushu.people.access import Actor
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..actions import Call, hides_caller, merge_case
from ..actions.merging import NO_PARENT
from ..models import Case
from ..queries import SHORTEST_PHONE, callers_known, filter_cases, visible_cases

MOST_PICKED = 50
FOUND = 20
ALIKE_DAYS = 30


@never_cache
@require_POST
@allowed("case.merge")
def merge(request: Request) -> HttpResponse:
    """Shows the picked cases with open ones that may be the same matter; `parent` merges them into that one.

    All by POST: what is searched may be a phone number. Each case is merged in its own transaction.
    """
    picked = _picked(request)
    if not picked:
        messages.error(request, "没有选中任何件。什么也没有改变。")
        return redirect("case-list")
    if parent_id := number_in(request.POST.get("parent", "")):
        return _merge_all(request, picked, parent_id)
    said, now = request.POST.get("q", "").strip(), timezone.now()
    possible = visible_cases(request.actor, "case.merge").filter(closed_at__isnull=True)
    possible = possible.exclude(state__in=NO_PARENT).exclude(pk__in=[case.pk for case in picked])
    found = _search(possible, said, now, request.actor) if said else _alike(possible, picked, now, request.actor)
    values = {
        "picked": [(case, _seen(request, case)) for case in picked],
        "found": list(found.select_related("lead_unit", "area", "street", "category")[:FOUND]),
        "said": said,
        "request_key": secrets.token_urlsafe(16),
    }
    return render(request, "cases/merge.html", values)


def _merge_all(request: Request, picked: Sequence[Case], parent_id: int) -> HttpResponse:
    parent = visible_cases(request.actor, "case.merge").filter(pk=parent_id).first()
    if parent is None:
        messages.error(request, "没有这个主件，或您无权查看。什么也没有改变。")
        return redirect("case-list")
    key, now = request.POST.get("request_key", "")[:40], timezone.now()
    done = 0
    for case in picked:
        request_key = f"web/{request.account.pk}/{key}/{case.pk}" if key else None
        try:
            merge_case(Call(request.actor, now, request_key, int(_seen(request, case))), case.pk, parent.pk)
            done += 1
        except Refused as refused:
            messages.error(request, f"{case.number}：{refused.message}")
    if done:
        messages.success(request, f"已把 {done} 件并入 {parent.number}。")
    return redirect("case-page", parent.number)


def _search(possible: QuerySet[Case], said: str, now: datetime, actor: Actor) -> QuerySet[Case]:
    """By phone when it looks like one, else by number or words; the newest first."""
    bare = said.replace(" ", "").replace("-", "").removeprefix("+86")
    by_phone = bare.isdigit() and SHORTEST_PHONE <= len(bare) <= 12
    found = filter_cases(possible, {"phone": bare} if by_phone else {"q": said}, now, actor)
    return found.order_by("-accepted_at", "-id")


def _alike(possible: QuerySet[Case], picked: Sequence[Case], now: datetime, actor: Actor) -> QuerySet[Case]:
    """Open cases of the last days of the same caller, or of the same category in the same area (index case_due).

    By the caller only where the person may know who called, of those picked as of those found.
    """
    callers = [bytes(case.caller_index) for case in picked if case.caller_index and not hides_caller(actor, case)]
    known = callers_known(Case.objects.filter(caller_index__in=callers), actor)
    alike = Q(pk__in=known.values("pk"))
    for case in picked:
        if case.category_id and case.area_id:
            alike |= Q(category_id=case.category_id, area_id=case.area_id)
    return possible.filter(alike, accepted_at__gte=now - timedelta(days=ALIKE_DAYS)).order_by("-accepted_at", "-id")


def _picked(request: Request) -> list[Case]:
    ids = [one for value in request.POST.getlist("pick") if (one := number_in(value))][:MOST_PICKED]
    return list(visible_cases(request.actor, "case.merge").filter(pk__in=ids).order_by("id"))


def _seen(request: Request, case: Case) -> str:
    """The number of the newest history row that the page showed of this case."""
    seen = number_in(request.POST.get(f"seen-{case.pk}", ""), NINE_DIGITS)
    return str(case.seq if seen is None else seen)
