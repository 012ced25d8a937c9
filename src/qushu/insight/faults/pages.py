"""系统故障: the list, recording one, and saying that it is over."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from qushu.cases.exports import export_of
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.requests import Request

from .actions import end_fault, record_fault
from .forms import FaultFilter, FaultForm
from .lists import LIST_KIND, ORDER, filter_faults

PER_PAGE = 50


@never_cache
@allowed("faults.read")
def faults(request: Request) -> HttpResponse:
    """Faults, the newest first."""
    form = FaultForm(request.POST or None)
    if request.method == "POST":
        refuse_without(request, "faults.write")
        if form.is_valid():
            said = form.cleaned_data
            try:
                record_fault(
                    request.actor, said["part"], said["started_at"], said["ended_at"], said["words"], timezone.now()
                )
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, "已登记故障。")
                return redirect("faults")
    chosen = FaultFilter(request.GET)
    shown = {
        "form": form,
        "filter": chosen,
        "page": page_of(filter_faults(chosen), ORDER, request.GET, PER_PAGE),
        "may_write": may_at_all(request.actor, "faults.write"),
        **export_of(request.actor, LIST_KIND),
    }
    return render(request, "insight/faults/faults.html", shown, status=422 if form.errors else 200)


@require_POST
@allowed("faults.write")
def end(request: Request, fault_id: int) -> HttpResponse:
    """It works again."""
    try:
        end_fault(request.actor, fault_id, timezone.now())
        messages.success(request, "已记为恢复。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("faults")
