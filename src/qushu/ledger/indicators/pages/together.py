"""Many bindings in one act: last year's are proposed for this year's targets, and decided, together."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ...models import Binding, BudgetDocument
from ...queries import chosen_document
from ..actions import decide_bindings, propose_bindings, take_readings
from ..carrying import carried_over
from ..forms import DecisionForm
from ..offered import measure_of, named


@never_cache
@allowed("targets.write")
def bindings(request: Request) -> HttpResponse:
    """What may be taken over from the budget before, and what waits for a decision; rows are picked, one act for all."""
    document = chosen_document(request.GET.dict() | request.POST.dict())
    if document is None:
        return render(request, "ledger/no_targets.html", {"may_write": False})
    if request.method == "POST":
        try:
            messages.success(request, _act(request, document))
        except Refused as refused:
            messages.error(request, refused.message)
        return redirect(f"{reverse('bindings')}?document={document.pk}")
    waiting = Binding.objects.filter(target__document=document, approved__isnull=True)
    rows = waiting.select_related("target__project", "proposed_by").order_by("target__place")
    shown = {
        "document": document,
        "carried": carried_over(document),
        "waiting": [(one, named(one.measure), one.proposed_by_id != request.actor.account_id) for one in rows],
        "decide": DecisionForm(),
    }
    return render(request, "ledger/bindings.html", shown)


def _act(request: Request, document: BudgetDocument) -> str:
    """Do what was asked with the picked rows; what was done, in words. Raises Refused."""
    picked = {number for one in request.POST.getlist("pick") if (number := number_in(one)) is not None}
    if not picked:
        raise Refused("没有勾选任何一项。什么也没有改变。")
    now = timezone.now()
    if request.POST.get("do") == "propose":
        asked = [(one.target.pk, one.measure) for one in carried_over(document) if one.target.pk in picked]
        if len(asked) < len(picked):
            raise Refused("所选的有几项已经有了绑定。请刷新后再选。什么也没有改变。")
        propose_bindings(request.actor, asked, now)
        return f"已提出 {len(asked)} 项绑定，等待另一位同事审核。"
    approved = request.POST.get("do") == "approve"
    done = decide_bindings(request.actor, picked, approved, request.POST.get("remark", ""), now)
    if not approved:
        return f"已驳回 {len(done)} 项。"
    running = sorted({one.measure for one in done if measure_of(one.measure)})
    for measure in running:
        take_readings(document.year, now, measure)
    return f"已通过 {len(done)} 项，并已测量 {len(running)} 个指标。"
