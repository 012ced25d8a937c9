"""受理台: one form for a call, and what stands beside it while somebody speaks."""

import re
import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from qushu.cases.actions import Call
from qushu.cases.rules import SHANGHAI
from qushu.kernel.asked import NINE_DIGITS, number_in
from qushu.kernel.errors import Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request
from qushu.places.models import Area
from qushu.places.queries import street_of

from ..knowledge.queries import answers_for
from ..suggestions import SUGGESTER
from . import drafts
from .forms import NEEDED, DeskForm
from .queries import EARLIER, cases_of_caller, is_repeat, repeat_limits, similar_open, warnings_in
from .saving import FORM_USED, save_call, saved_as

KEY = re.compile(r"desk-[0-9a-f]{16}")
DONE = {"register": "已受理并立案", "accept": "已受理", "answer": "已答复并结案", "decline": "已登记为不予受理"}
LONGEST_HINT = 3000


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("desk.use")
def desk(request: Request) -> HttpResponse:
    """The form. `?draft=` names a form that is open or was left; a POST saves the call."""
    if request.method == "POST":
        return _save(request)
    key = _key(request.GET.get("draft", ""))
    kept = drafts.read(request.account.pk, key)
    if not kept and (number := saved_as(_request_key(request, key))):
        messages.info(request, f"这份表单已保存为 {number}；下面是新的来电。", extra_tags=f"draft-done:{key}")
        key = _key("")
    initial = {name: values if name == "marks" else values[0] for name, values in kept.items() if values}
    return _show(request, DeskForm(initial=initial), key, resumed=bool(kept))


def _save(request: Request) -> HttpResponse:
    key, do = _key(request.POST.get("form_key", "")), request.POST.get("do", "register")
    form = DeskForm(request.POST)
    if do not in NEEDED:
        form.add_error(None, "不认识的保存方式。没有保存；请用页面上的按钮。")
    if form.is_valid():
        now = timezone.now()
        try:
            case = save_call(Call(request.actor, now, _request_key(request, key)), form.cleaned_data, do)
        except Refused as refused:
            show_refusal(form, refused)
            key = _key("") if refused.code == FORM_USED else key
        else:
            drafts.drop(request.account.pk, key)
            link = reverse("case-page", args=[case.number])
            words = format_html('{}：<a href="{}">{} {}</a>', DONE[do], link, case.number, case.title)
            messages.success(request, words, extra_tags=f"draft-done:{key}")
            return HttpResponseClientRedirect(reverse("desk")) if request.htmx else redirect("desk")
    return _show(request, form, key, status=422, resumed=True)


def _show(request: Request, form: DeskForm, key: str, status: int = 200, *, resumed: bool) -> HttpResponse:
    values = {
        "form": form,
        "key": key,
        "fresh": not form.errors,
        "drafts": drafts.mine(request.account.pk, key),
        "resumed": resumed,
        "may_answer": may_at_all(request.actor, "case.answer"),
        "may_decline": may_at_all(request.actor, "case.decline"),
    }
    return render(request, "hotline/desk/desk.html", values, status=status)


@never_cache
@require_POST
@allowed("desk.use")
def caller(request: Request) -> HttpResponse:
    """The earlier cases of the number that is being typed. By POST: a number in an address would stay in logs."""
    phone = request.POST.get("phone", "")
    found = list(cases_of_caller(request.actor, phone)[: EARLIER + 1])
    known = sum(sign.isdigit() for sign in phone) >= 7
    now = timezone.now()
    repeat = repeat_limits(now) if known and is_repeat(request.actor, phone, now) else None
    values = {"found": found[:EARLIER], "more": len(found) > EARLIER, "known": known, "repeat": repeat}
    return render(request, "hotline/desk/caller.html", values)


@never_cache
@require_POST
@allowed("desk.use")
def hints(request: Request) -> HttpResponse:
    """Warnings, category, unit, similar cases and knowledge for the words so far, each with its reason."""
    text = request.POST.get("text", "")[:LONGEST_HINT]
    now = timezone.now()
    today = timezone.localdate(now, SHANGHAI)
    area_id, category_id = _id(request.POST.get("area")), _id(request.POST.get("category"))
    values: dict[str, Any] = {"text": text.strip()}
    if text.strip():
        categories = SUGGESTER.categories(text)
        likeliest = category_id or (categories[0].category_id if categories else None)
        area = Area.objects.select_related("parent__parent").filter(pk=area_id).first() if area_id else None
        street = street_of(area)
        values |= {
            "warnings": warnings_in(text),
            "categories": categories,
            "chosen_category": category_id,
            "units": SUGGESTER.units(text, likeliest, area_id, today),
            "similar": similar_open(request.actor, text, street.pk if street else None, now),
            "knowledge": answers_for(text, now),
        }
    return render(request, "hotline/desk/hints.html", values)


@never_cache
@require_POST
@allowed("desk.use")
def keep_draft(request: Request) -> HttpResponse:
    """Autosave: 204 when it is kept, 422 with words when it isn't."""
    key = request.POST.get("draft_key", "")
    if not KEY.fullmatch(key):
        return HttpResponse("草稿没有编号，没有保存。", status=422, content_type="text/plain; charset=utf-8")
    try:
        drafts.keep(request.account.pk, key, dict(request.POST.lists()), timezone.now())
    except Refused as refused:
        return HttpResponse(refused.message, status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


@require_POST
@allowed("desk.use")
def drop_draft(request: Request) -> HttpResponse:
    """Throw a draft away."""
    key = request.POST.get("draft", "")
    drafts.drop(request.account.pk, key)
    messages.success(request, "草稿已丢弃。", extra_tags=f"draft-done:{key}" if KEY.fullmatch(key) else "")
    return redirect("desk")


def _key(wanted: str) -> str:
    return wanted if KEY.fullmatch(wanted) else f"desk-{secrets.token_hex(8)}"


def _request_key(request: Request, key: str) -> str:
    return f"{key}/{request.account.pk}"


def _id(value: str | None) -> int | None:
    return number_in(value or "", NINE_DIGITS)
