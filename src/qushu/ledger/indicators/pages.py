"""绩效指标: every promised target with what the systems or people say of it, and the page of one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.requests import Request

from ..forms import BindingForm, DecisionForm, StatementForm, TargetFilter
from ..models import Reading, Target
from ..queries import newest_document
from .actions import decide_binding, propose_binding, state_value, take_readings
from .queries import known_of, suggestions, targets_of

SHOWN_READINGS = 30


@never_cache
@require_GET
@allowed("budget.read")
def targets(request: Request) -> HttpResponse:
    """All targets of the newest document, each with its value, its source and its light."""
    try:
        document = newest_document()
    except Missing:
        return render(request, "ledger/no_targets.html", {"may_write": may_at_all(request.actor, "budget.write")})
    form = TargetFilter(request.GET, document)
    now = timezone.now()
    year = _year(request, document.year)
    known = known_of(targets_of(document, request.GET.dict()), year, now)
    counts = {source: sum(one.source == source for one in known) for source in ("measured", "stated", "none")}
    lights = {light: sum(one.standing.light == light for one in known) for light in ("good", "warn", "late")}
    for name, of in (("source", lambda one: one.source), ("light", lambda one: one.standing.light)):
        if wanted := request.GET.get(name):
            known = [one for one in known if of(one) == wanted]
    shown = {"document": document, "filter": form, "rows": known, "year": year, "counts": counts, "lights": lights}
    shown["may_read"] = may_at_all(request.actor, "targets.write")
    return render(request, "ledger/targets.html", shown)


def _year(request: Request, default: int) -> int:
    asked = request.GET.get("year", "") or request.POST.get("year", "")
    return int(asked) if asked.isdecimal() and 2000 <= int(asked) <= 2100 else default


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("budget.read")
def target(request: Request, target_id: int) -> HttpResponse:
    """One target: promise, value, the measure that speaks for it, readings, statements; binding and stating."""
    found = Target.objects.select_related("document", "project").filter(pk=target_id).first()
    if found is None:
        raise Http404("没有这个绩效指标。")
    year, now = _year(request, found.document.year), timezone.now()
    suggested = suggestions(found)
    bind = BindingForm(initial={"measure": suggested[0][0].code if suggested else ""})
    state = StatementForm()
    if request.method == "POST":
        here = f"{request.path}?year={year}"
        if request.POST.get("do") == "bind":
            refuse_without(request, "targets.write")
            bind = BindingForm(request.POST)
            if bind.is_valid():
                try:
                    propose_binding(request.actor, found.pk, bind.cleaned_data["measure"], now)
                    messages.success(request, "已提出绑定，等待另一位同事审核。")
                    return redirect(here)
                except Refused as refused:
                    show_refusal(bind, refused)
        else:
            refuse_without(request, "targets.state")
            state = StatementForm(request.POST)
            if state.is_valid():
                said = state.cleaned_data
                try:
                    state_value(request.actor, found.pk, year, said["value"], said["words"], said["evidence"], now)
                    messages.success(request, "已保存填报。")
                    return redirect(here)
                except Refused as refused:
                    show_refusal(state, refused)
    (known,) = known_of([found], year, now)
    bindings = found.bindings.select_related("proposed_by", "decided_by").order_by("-pk")
    measure = known.measure
    shown = {
        "target": found,
        "known": known,
        "year": year,
        "bind": bind,
        "state": state,
        "decide": DecisionForm(),
        "bindings": bindings,
        "waiting": next((one for one in bindings if one.approved is None), None),
        "suggested": suggested,
        "readings": Reading.objects.filter(measure=measure.code, year=year).order_by("-taken_at")[:SHOWN_READINGS]
        if measure
        else [],
        "statements": found.statements.filter(year=year).select_related("stated_by").order_by("-stated_at"),
        "may_write": may_at_all(request.actor, "targets.write"),
        "may_state": may_at_all(request.actor, "targets.state"),
    }
    return render(request, "ledger/target.html", shown, status=422 if bind.errors or state.errors else 200)


@require_POST
@allowed("targets.write")
def decide(request: Request, target_id: int, binding_id: int) -> HttpResponse:
    """Approve or refuse a binding; an approved one is read at once."""
    found = get_object_or_404(Target, pk=target_id)
    approved = request.POST.get("do") == "approve"
    year = _year(request, found.document.year)
    try:
        binding = decide_binding(request.actor, binding_id, approved, request.POST.get("remark", ""), timezone.now())
        if approved:
            take_readings(year, timezone.now(), binding.measure)
        messages.success(request, "已通过，并已测量一次。" if approved else "已驳回。")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect(f"{_address(target_id)}?year={year}")


@require_POST
@allowed("targets.write")
def read_now(request: Request) -> HttpResponse:
    """Read every measure for a year, now."""
    year = _year(request, timezone.localdate().year)
    taken = take_readings(year, timezone.now())
    messages.success(request, f"已测量 {year} 年的 {len(taken)} 个系统指标。")
    return redirect(f"{_list_address()}?year={year}")


def _address(target_id: int) -> str:
    return redirect("target", target_id).url


def _list_address() -> str:
    return redirect("targets").url
