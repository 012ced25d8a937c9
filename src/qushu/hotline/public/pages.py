"""市民页面: submit, receipt, track, evaluate; without login."""

import secrets

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.cases import actions
from qushu.cases.actions import Call, Intake
from qushu.cases.contact import Contact
from qushu.kernel.errors import Refused
from qushu.people.access import CITIZEN, SYSTEM
from qushu.people.addresses import address_of
from qushu.people.limits import allow
from qushu.people.requests import Visit

from .forms import EvaluateForm, SubmitForm, TrackForm
from .queries import progress_of, tracked_case

HOUR = 3600
SUBMISSIONS_AN_HOUR = 10
LOOKS_AN_HOUR = 30
LOOKS_AT_ONE_NUMBER_AN_HOUR = 20
CONTENT_FROM = 3
TOO_MANY = "这个网络一小时内提交得太多，暂时没有提交。填写的内容还在页面上，请稍后再试，或拨打 12345。"


@require_GET
def home(request: Visit) -> HttpResponse:
    """Where a citizen starts."""
    return render(request, "hotline/public/home.html")


@never_cache
def submit(request: Visit) -> HttpResponse:
    """Tell us something; the receipt follows. What was typed stays on the page when something is wrong."""
    now = timezone.now()
    form = SubmitForm(request.POST or None, now=now, initial={"request_key": secrets.token_urlsafe(16)})
    if form.is_valid():
        said = form.cleaned_data
        if not allow(f"submit:{address_of(request)}", SUBMISSIONS_AN_HOUR, HOUR, now):
            form.add_error(None, TOO_MANY)
            return render(request, "hotline/public/submit.html", {"form": form}, status=429)
        intake = Intake(
            channel="mailbox",
            text=said["text"],
            kind=said["kind"],
            place=said["place"],
            area_id=int(said["area"]) if said["area"] else None,
            contact=Contact(said["name"], said["phone"]),
        )
        try:
            case = actions.accept_case(Call(CITIZEN, now, f"citizen/{said['request_key']}"), intake)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            request.session["receipt"] = case.number
            return redirect("citizen-receipt")
    return render(request, "hotline/public/submit.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_GET
def receipt(request: Visit) -> HttpResponse:
    """The number of what this browser just submitted; no personal data, nothing in the address."""
    number = request.session.get("receipt")
    if not number:
        return redirect("citizen-submit")
    return render(request, "hotline/public/receipt.html", {"number": number})


@never_cache
def track(request: Visit) -> HttpResponse:
    """Where a case stands, for who knows its number and the phone it came from."""
    form, found = TrackForm(request.POST or None), None
    if form.is_valid():
        if not _may_look(request, form.cleaned_data["number"]):
            return render(request, "429.html", status=429)
        case = tracked_case(form.cleaned_data["number"], form.cleaned_data["phone"])
        if case is None:
            form.add_error(None, "编号和电话对不上。请核对受理编号和提交时留的电话。")
        else:
            request.session["tracked"] = case.pk
            found = progress_of(case)
    page = {"form": form, "found": found, "evaluate": EvaluateForm() if found and found.may_evaluate else None}
    return render(request, "hotline/public/track.html", page, status=422 if form.errors else 200)


@never_cache
@require_POST
def evaluate(request: Visit) -> HttpResponse:
    """The citizen's judgement of the case that this browser tracked. A content one closes the case."""
    case_id, form, now = request.session.get("tracked"), EvaluateForm(request.POST), timezone.now()
    if case_id is None:
        return redirect("citizen-track")
    if form.is_valid():
        said = form.cleaned_data
        solved, grade = said["solved"] == "yes", int(said["satisfaction"])
        try:
            with transaction.atomic():
                actions.follow_up_case(
                    Call(CITIZEN, now), case_id, reached=True, solved=solved, satisfaction=grade, words=said["words"]
                )
                if solved and grade >= CONTENT_FROM:
                    actions.close_case(Call(SYSTEM, now), case_id, "市民网上评价")
            del request.session["tracked"]
            return render(request, "hotline/public/thanks.html", {"content": solved and grade >= CONTENT_FROM})
        except Refused as refused:
            form.add_error(None, refused.message)
    return render(request, "hotline/public/evaluate.html", {"evaluate": form}, status=422)


def _may_look(request: Visit, number: str) -> bool:
    """Limited by address, and by number, so that a phone can't be guessed from many addresses."""
    now = timezone.now()
    by_address = allow(f"track:{address_of(request)}", LOOKS_AN_HOUR, HOUR, now)
    return allow(f"track-number:{number.strip().upper()}", LOOKS_AT_ONE_NUMBER_AN_HOUR, HOUR, now) and by_address
