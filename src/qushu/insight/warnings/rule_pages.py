"""预警规则: what is raised when, who is told, and what a rule would have raised."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qushu.cases.exports import export_of
from qushu.kernel.errors import Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import queries
from .actions import change_rule, forget_tuning
from .forms import RuleForm, initial_of
from .lists import RULES
from .models import Tuning, WarningRule

SHOWN_TUNINGS = 50
FIGURES = ("least", "ratio", "hours", "a_week")


@require_GET
@allowed("warnings.write")
def rules(request: Request) -> HttpResponse:
    """All rules with how each did in the last 90 days, and the series that answers have tuned."""
    records = queries.records(timezone.now())
    shown = {
        "rules": [(rule, records.get(rule.kind)) for rule in queries.rules()],
        "tunings": Tuning.objects.exclude(factor=1.0).order_by("-changed_at")[:SHOWN_TUNINGS],
        **export_of(request.actor, RULES),
    }
    return render(request, "insight/warnings/rules.html", shown)


@require_http_methods(["GET", "POST"])
@allowed("warnings.write")
def rule(request: Request, kind: str) -> HttpResponse:
    """One rule; 试算 tells what the figures on the form would have raised, without keeping them."""
    found = WarningRule.objects.filter(kind=kind).first()
    if found is None:
        raise Http404
    form = RuleForm(request.POST or None, kind=kind, initial=initial_of(found))
    shown = {"rule": found, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "insight/warnings/rule.html", shown, status=422 if form.errors else 200)
    if "try" in request.POST:
        from .trying import try_out  # numpy and a month of cases: only when asked

        for name in FIGURES:
            setattr(found, name, form.cleaned_data.get(name, getattr(found, name)))
        return render(request, "insight/warnings/rule.html", shown | {"tried": try_out(found, timezone.now())})
    try:
        change_rule(request.actor, kind, form.cleaned_data, timezone.now())
    except Refused as refused:
        show_refusal(form, refused)
        return render(request, "insight/warnings/rule.html", shown, status=422)
    messages.success(request, f"“{found.get_kind_display()}”的规则已保存，从下一次监测起生效。")
    return redirect("warning-rules")


@require_POST
@allowed("warnings.write")
def forget(request: Request) -> HttpResponse:
    """Look at a series as its rule says again."""
    try:
        forget_tuning(request.actor, request.POST.get("kind", ""), request.POST.get("series", ""), timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "此序列已恢复规则原来的门槛。")
    return redirect("warning-rules")
