"""What is done with a target: propose a binding, decide about it, state a value, measure now."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..actions import decide_binding, propose_binding, state_value, take_readings, watch_targets
from ..forms import BindingForm, StatementForm
from ..offered import measure_of
from .targets import find_target, show_target, year_of


@require_POST
@allowed("targets.write")
def bind(request: Request, target_id: int) -> HttpResponse:
    """Propose a binding."""
    found, form = find_target(target_id), BindingForm(request.POST)
    if form.is_valid():
        try:
            propose_binding(request.actor, found.pk, form.cleaned_data["measure"], timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已提出绑定，等待另一位同事审核。")
            return _back(request, target_id)
    return show_target(request, found, bind=form)


@require_POST
@allowed("targets.state")
def state(request: Request, target_id: int) -> HttpResponse:
    """State a value with its evidence."""
    found, form = find_target(target_id), StatementForm(request.POST, request.FILES)
    if form.is_valid():
        said, year = form.cleaned_data, year_of(request, found.document.year)
        files = [(file.name, file.read()) for file in said["proofs"]]
        try:
            state_value(
                request.actor,
                found.pk,
                year,
                said["value"],
                said["words"],
                said["evidence"],
                timezone.now(),
                files,
                said["as_of"],
            )
        except Refused as refused:
            show_refusal(form, refused, "proofs" if refused.field == "file" else None)
        else:
            messages.success(request, "已保存填报。")
            return _back(request, target_id)
    return show_target(request, found, state=form)


@require_POST
@allowed("targets.write")
def decide(request: Request, target_id: int, binding_id: int) -> HttpResponse:
    """Approve or refuse a binding; an approved one is read at once."""
    found = find_target(target_id)
    approved = request.POST.get("do") == "approve"
    try:
        binding = decide_binding(request.actor, binding_id, approved, request.POST.get("remark", ""), timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return _back(request, target_id)
    if not approved:
        messages.success(request, "已驳回。")
    elif measure_of(binding.measure) is None:
        messages.success(request, "已通过；系统接入后自动测量。")
    else:
        take_readings(year_of(request, found.document.year), timezone.now(), binding.measure)
        messages.success(request, "已通过，并已测量一次。")
    return _back(request, target_id)


@require_POST
@allowed("targets.write")
def read_now(request: Request) -> HttpResponse:
    """Read every indicator for a year, now, and look which targets are going to be missed."""
    now = timezone.now()
    year = year_of(request, timezone.localdate(now).year)
    taken = take_readings(year, now)
    said = f"已测量 {year} 年的 {len(taken)} 个指标。"
    try:
        raised = watch_targets(year, now)
    except Missing:
        raised = []
    if raised:
        said += f"新发现 {len(raised)} 项预计达不到承诺，已发通知。"
    messages.success(request, said)
    return redirect(f"{reverse('targets')}?year={year}")


def _back(request: Request, target_id: int) -> HttpResponse:
    year = year_of(request, find_target(target_id).document.year)
    return redirect(f"{reverse('target', args=[target_id])}?year={year}")
