"""市民页面: submit, receipt, track, evaluate; without login."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.cases.models import Case
from qushu.kernel.errors import Refused
from qushu.people.addresses import address_of
from qushu.people.limits import allow
from qushu.people.requests import Visit

from .forms import AskForm, EvaluateForm, SubmitForm, TrackForm
from .limiting import is_too_large, megabytes
from .queries import case_of_number, emergency_numbers, progress_of, promises_of, tracked_case
from .sending import FORM_USED, Judgement, judge, send

HOUR = 3600
SUBMISSIONS_AN_HOUR = 10
LOOKS_AN_HOUR = 30
LOOKS_AT_ONE_NUMBER_AN_HOUR = 20
RECEIPT_FOR = timedelta(hours=1)
"""A receipt stays open in the browser that submitted: computers are shared in libraries and service halls."""

TOO_MANY = "这个网络一小时内提交得太多，暂时没有提交。填写的内容还在页面上，请稍后再试，或拨打 12345。"
TOO_LARGE = "选的文件合计超过 {} MB，没有收下，也没有提交。填写的内容还在页面上；请少选几个文件再提交。"
KEPT_ON_ERROR = ("text", "kind", "topic", "category", "area", "place", "name", "phone", "request_key")


@require_GET
def home(request: Visit) -> HttpResponse:
    """Where a citizen starts."""
    return render(request, "hotline/public/home.html", {"ask": AskForm(), "emergency": emergency_numbers()})


@never_cache
def submit(request: Visit) -> HttpResponse:
    """Tell us something; the receipt follows. What was typed stays on the page when something is wrong."""
    now = timezone.now()
    if request.POST.get("do") == "topic":
        typed = {name: request.POST[name] for name in KEPT_ON_ERROR if name in request.POST}
        return _ask(request, SubmitForm(now=now, initial=typed))
    form = SubmitForm(request.POST or None, request.FILES or None, now=now, initial={"request_key": _key()})
    if is_too_large(request):
        form.add_error("attached", TOO_LARGE.format(megabytes()))
        return _ask(request, form, 413)
    if not form.is_valid():
        return _ask(request, form, 422 if form.errors else 200)
    if not allow(f"submit:{address_of(request)}", SUBMISSIONS_AN_HOUR, HOUR, now):
        form.add_error(None, TOO_MANY)
        return _ask(request, form, 429)
    try:
        case = send(form.cleaned_data, form.cleaned_data["attached"], now)
    except Refused as refused:
        if refused.code == FORM_USED:
            form.data = again = request.POST.copy()
            again["request_key"] = _key()
        form.add_error("attached" if refused.field == "file" else None, refused.message)
        return _ask(request, form, 422)
    request.session["receipt"] = [case.number, now.isoformat()]
    return redirect("citizen-receipt")


@never_cache
@require_GET
def receipt(request: Visit) -> HttpResponse:
    """What this browser just submitted: its number, and what happens next; no personal data, nothing in the address."""
    return _receipt(request, "hotline/public/receipt.html")


@never_cache
@require_GET
def print_receipt(request: Visit) -> HttpResponse:
    """The receipt on paper."""
    return _receipt(request, "hotline/public/receipt_print.html")


@never_cache
def track(request: Visit) -> HttpResponse:
    """Where a case stands, for who knows its number and the phone it came from."""
    form, found, now = TrackForm(request.POST or None), None, timezone.now()
    if form.is_valid():
        if not _may_look(request, form.cleaned_data["number"]):
            return render(request, "429.html", status=429)
        case = tracked_case(form.cleaned_data["number"], form.cleaned_data["phone"])
        if case is None:
            form.add_error(None, "编号和电话对不上。请核对受理编号和提交时留的电话。")
        else:
            request.session["tracked"] = case.pk
            found = progress_of(case, now)
    evaluating = EvaluateForm(initial={"request_key": _key()}) if found and found.may_evaluate else None
    page = {"form": form, "found": found, "evaluate": evaluating}
    return render(request, "hotline/public/track.html", page, status=422 if form.errors else 200)


@never_cache
@require_POST
def evaluate(request: Visit) -> HttpResponse:
    """The citizen's judgement of the case that this browser tracked. A content one closes the case."""
    case_id, form = request.session.get("tracked"), EvaluateForm(request.POST)
    if case_id is None:
        return redirect("citizen-thanks" if "judged" in request.session else "citizen-track")
    if form.is_valid():
        said = form.cleaned_data
        judgement = Judgement(said["solved"] == "yes", int(said["satisfaction"]), said["words"])
        try:
            judge(case_id, judgement, said["request_key"], timezone.now())
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            request.session["judged"] = judgement.content
            del request.session["tracked"]
            return redirect("citizen-thanks")
    return render(request, "hotline/public/evaluate.html", {"evaluate": form}, status=422)


@never_cache
@require_GET
def thanks(request: Visit) -> HttpResponse:
    """What follows from the judgement that this browser gave."""
    if "judged" not in request.session:
        return redirect("citizen-track")
    return render(request, "hotline/public/thanks.html", {"content": request.session["judged"]})


def _ask(request: Visit, form: SubmitForm, status: int = 200) -> HttpResponse:
    page = {"form": form, "ask": AskForm(), "emergency": emergency_numbers()}
    return render(request, "hotline/public/submit.html", page, status=status)


def _receipt(request: Visit, template: str) -> HttpResponse:
    case, now = _receipt_case(request), timezone.now()
    if case is None:
        return redirect("citizen-submit")
    page: dict[str, Any] = {
        "case": case,
        "files": list(case.attachments.order_by("pk").values_list("name", flat=True)),
        "promises": promises_of(case, now),
    }
    return render(request, template, page)


def _receipt_case(request: Visit) -> Case | None:
    match request.session.get("receipt"):
        case [number, given] if timezone.now() - datetime.fromisoformat(given) < RECEIPT_FOR:
            return case_of_number(number)
    return None


def _key() -> str:
    return secrets.token_urlsafe(16)


def _may_look(request: Visit, number: str) -> bool:
    """Limited by address, and by number, so that a phone can't be guessed from many addresses."""
    now = timezone.now()
    by_address = allow(f"track:{address_of(request)}", LOOKS_AN_HOUR, HOUR, now)
    return allow(f"track-number:{number.strip().upper()}", LOOKS_AT_ONE_NUMBER_AN_HOUR, HOUR, now) and by_address
