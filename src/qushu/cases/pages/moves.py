"""A move as a form: in a dialog on the case page, or on a page of its own where scripts don't run."""

import secrets

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from qushu.kernel.asked import NINE_DIGITS, number_in
from qushu.kernel.errors import Refused
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.refusals import show_refusal
from qushu.people.access import Actor
from qushu.people.access_web import allowed, safe_next
from qushu.people.requests import Request

from ..actions import Call
from ..actions.moving import require_move, require_on
from ..forms_moves import FORMS, MoveForm
from ..models import Case
from .case import find_case, offers_for


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("case.read")
def move(request: Request, number: str, code: str) -> HttpResponse:
    """Show the form of a move, and make it. Refused and stale answers come back with the form and what was typed."""
    if code not in FORMS:
        raise Http404("没有这个操作。")
    case = find_case(request, number)
    _refuse_others(request.actor, case, code)
    if request.method != "POST":
        return _show(request, case, code, FORMS[code](case=case))
    form = FORMS[code](request.POST, case=case)
    if form.is_valid():
        try:
            form.perform(_call(request))
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return _done(request, case, code)
    return _show(request, case, code, form)


def _refuse_others(actor: Actor, case: Case, code: str) -> None:
    """Raises Forbidden for a move that isn't this person's, in whatever state the case is."""
    if code in (table := lifecycle(case.lifecycle).moves):
        require_move(actor, table[code], case)
    else:  # `decide` stands for every move that decides a request
        require_on(actor, "case.review", case)


def _call(request: Request) -> Call:
    # The key is bound to the account, so that nobody can use up somebody else's.
    key = request.POST.get("request_key", "")[:40]
    return Call(
        request.actor,
        timezone.now(),
        f"web/{request.account.pk}/{key}" if key else None,
        number_in(request.POST.get("seen_seq", ""), NINE_DIGITS),
    )


def _show(request: Request, case: Case, code: str, form: MoveForm) -> HttpResponse:
    names = {offer.code: offer.name for offer in offers_for(request.actor, case)}
    values = {
        "case": case,
        "case_url": reverse("case-page", args=[case.number]),
        "code": code,
        "form": form,
        "title": f"{names.get(code, '操作')} {case.number}",
        "name": names.get(code, "提交"),
        "offered": code in names,
        "seen_seq": request.POST.get("seen_seq") or case.seq,
        "request_key": request.POST.get("request_key") or secrets.token_hex(12),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    template = "cases/move_dialog.html" if request.htmx else "cases/move_page.html"
    return render(request, template, values, status=422 if form.errors else 200)


def _done(request: Request, case: Case, code: str) -> HttpResponse:
    messages.success(request, f"{case.number} 已提交。", extra_tags=f"draft-done:{case.number}-{code}")
    wanted = request.POST.get("next", "")
    back = safe_next(request, wanted) if wanted else reverse("case-page", args=[case.number])
    return HttpResponseClientRedirect(back) if request.htmx else redirect(back)
