"""事项规则: from when on the machine speaks of a matter, with a try-out over the newest cases."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from qushu.kernel.errors import Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import reading
from .actions_rule import BOUNDS, change_rule
from .forms import RuleForm
from .joining import Limits
from .queries import sees_all
from .trying import try_out


@require_http_methods(["GET", "POST"])
@allowed("matters.rules")
def rule(request: Request) -> HttpResponse:
    """The rule's form; 试算 groups the newest cases by it and by the rule in force, and keeps nothing."""
    present = reading.rule()
    form = RuleForm(request.POST or None, initial={name: getattr(present, name) for name in BOUNDS})
    if request.method != "POST" or not form.is_valid():
        return render(request, "insight/matters/rule.html", {"form": form}, status=422 if form.errors else 200)
    said, now = form.cleaned_data, timezone.now()
    if "try" in request.POST:
        tried = try_out(Limits(said["people"], said["join"], said["days"]), now)
        outcomes = [("现行规则", tried.present), ("试算规则", tried.tried)]
        titles = sees_all(request.actor)  # of all cases: who reads none, or those of a unit, may not read these titles
        shown = {"form": form, "tried": tried, "outcomes": outcomes, "titles": titles}
        return render(request, "insight/matters/rule.html", shown)
    try:
        change_rule(request.actor, said, now)
    except Refused as refused:
        show_refusal(form, refused)
        return render(request, "insight/matters/rule.html", {"form": form}, status=422)
    messages.success(request, "规则已保存，从下一分钟的归并起生效；已有事项里的工单不变。")
    return redirect("matter-rule")
