"""What people do on the page of a matter: each form is one action, refused with the form as it was typed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from qushu.kernel.asked import NINE_DIGITS, number_in
from qushu.kernel.errors import Forbidden, Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import actions
from .actions import By
from .models import Matter
from .pages import ACTS, found_matter, show


@require_POST
@allowed("matters.write")
def change(request: Request, matter_id: int, what: str) -> HttpResponse:
    """Title, a further case, merging, a charge, a note: the last part of the address says which."""
    if what not in ACTS:
        raise Http404
    matter = found_matter(request, matter_id)
    form = ACTS[what](request.POST, auto_id=f"{what}-%s")
    if form.is_valid():
        try:
            messages.success(request, _change(_by(request), matter.pk, what, form))
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return redirect("matter", matter.pk)
    return show(request, matter, 422, **{what: form})


@require_POST
@allowed("matters.write")
def members(request: Request, matter_id: int) -> HttpResponse:
    """Take the picked cases out, or make a matter of its own of them."""
    picked = [one for value in request.POST.getlist("pick") if (one := number_in(value)) is not None]
    matter = found_matter(request, matter_id)
    if request.POST.get("do") == "split":
        return _done(
            request,
            matter.pk,
            lambda by: actions.split(by, matter.pk, picked, request.POST.get("title", "")),
            "已拆分为新事项。",
        )
    return _done(
        request, matter.pk, lambda by: actions.remove_cases(by, matter.pk, picked), "已移出；系统不会再自动归入。"
    )


@require_POST
@allowed("matters.write")
def state(request: Request, matter_id: int) -> HttpResponse:
    """重点监测, 平息 with its ground, 恢复."""
    matter = found_matter(request, matter_id)
    wanted, words = request.POST.get("state", ""), request.POST.get("words", "")
    return _done(request, matter.pk, lambda by: actions.set_state(by, matter.pk, wanted, words), "状态已改变。")


@require_POST
@allowed("matters.read")
def follow_matter(request: Request, matter_id: int) -> HttpResponse:
    """关注, or no longer."""
    matter, wanted = found_matter(request, matter_id), request.POST.get("wanted") == "1"
    actions.follow(request.actor, matter, wanted, timezone.now())
    messages.success(request, "已关注；有新工单归入时会通知您。" if wanted else "已取消关注。")
    return redirect("matter", matter.pk)


@require_POST
@allowed("matters.read")
def charge_done(request: Request, charge_id: int) -> HttpResponse:
    """A charge is done, with its result."""
    try:
        matter = actions.finish_charge(request.actor, charge_id, request.POST.get("answer", ""), timezone.now())
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(request.headers.get("Referer") or "matters")
    messages.success(request, "已记录办理结果。")
    return redirect("matter", matter.pk)


def _change(by: By, matter_id: int, what: str, form: object) -> str:
    said = form.cleaned_data  # type: ignore[attr-defined]
    if what == "title":
        actions.retitle(by, matter_id, said["title"])
        return "名称已保存；系统不再自动改名。"
    if what == "case":
        actions.add_case(by, matter_id, said["number"])
        return "已加入。"
    if what == "merge":
        actions.merge(by, matter_id, said["other"])
        return "已合并。"
    if what == "charge":
        actions.assign(by, matter_id, said["words"], **form.receiver())  # type: ignore[attr-defined]
        return "已交办并通知。"
    actions.note(by, matter_id, said["words"])
    return "备注已保存。"


def _by(request: Request) -> By:
    return By(request.actor, timezone.now(), number_in(request.POST.get("seen", ""), NINE_DIGITS) or 0)


def _done(request: Request, matter_id: int, do: Callable[[By], Matter], said: str) -> HttpResponse:
    try:
        matter = do(_by(request))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("matter", matter_id)
    messages.success(request, said)
    return redirect("matter", matter.pk)
