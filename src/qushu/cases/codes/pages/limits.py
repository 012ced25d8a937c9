"""办理限额: the list, and one with its past and coming values."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.errors import Refused
from qushu.people.access_web import allowed
from qushu.people.queries import entries_about
from qushu.people.requests import Request

from ...limits import listed
from .. import actions
from ..actions.limits import subject_of
from ..forms.limits import LimitForm
from ..queries.limits import limit_lines
from ..saving import Saved, save


@require_GET
@allowed("codes.write")
def limits(request: Request) -> HttpResponse:
    """Every limit: what counts now, what is planned."""
    return render(request, "codes/limits.html", {"lines": limit_lines(timezone.now())})


@allowed("codes.write")
def limit(request: Request, code: str) -> HttpResponse:
    """One limit: its values, and a form for the next."""
    now = timezone.now()
    line = next((one for one in limit_lines(now) if one.code == code), None)
    if line is None:
        raise Http404("没有这项限额。")
    initial = {"value": listed(line.now.row.value)} if line.kind.choices and line.now else None
    form = LimitForm(request.POST or None, code=code, initial=initial)

    def change() -> Saved:
        said = form.cleaned_data
        new = actions.change_limit(
            request.actor, code, said["value"], said["since"], now, said["source"], said["reason"]
        )
        begins = timezone.localtime(new.effective_from)
        return Saved(f"“{line.kind.name}”从 {begins:%Y-%m-%d %H:%M} 起改；已经定下的期限不变。", "limits")

    if done := save(request, form, change):
        return done
    page = {"line": line, "form": form, "entries": entries_about(subject_of(code))}
    return render(request, "codes/limit.html", page, status=422 if form.errors else 200)


@require_POST
@allowed("codes.write")
def withdraw(request: Request, limit_id: int) -> HttpResponse:
    """Take back a value that doesn't count yet."""
    try:
        gone = actions.withdraw_limit(request.actor, limit_id, timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("limits")
    messages.success(request, "安排已撤回，原来的数值继续有效。")
    return redirect("limit", gone.code)
