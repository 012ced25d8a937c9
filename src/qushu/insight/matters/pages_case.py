"""A part of the case page: the matter that a case belongs to, and which earlier order it may ask about."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.cases.models import Case
from qushu.cases.queries import case_by_number
from qushu.kernel.errors import Refused
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import following_up, queries


@never_cache
@require_GET
@allowed("case.read")
def of_case(request: Request, number: str) -> HttpResponse:
    """所属事项 and 可能是追问 of one case; a part for htmx, a page for everybody else."""
    case = _case(request, number)
    may_read = may_at_all(request.actor, "matters.read")
    membership, matter = (may_read and queries.matter_of_case(request.actor, case.pk)) or (None, None)
    shown = {
        "case": case,
        "membership": membership,
        "matter": matter,
        "candidates": following_up.candidates(request.actor, case),
        "may_decide": may_at_all(request.actor, "matters.write"),
    }
    part = "of_case" if request.htmx else "of_case_page"
    return render(request, f"insight/matters/{part}.html", shown)


@require_POST
@allowed("matters.write")
def decide(request: Request, number: str) -> HttpResponse:
    """是追问, or not."""
    case, accepted = _case(request, number), request.POST.get("accepted") == "1"
    try:
        following_up.decide(request.actor, case, request.POST.get("earlier", ""), accepted, timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已确认为追问。" if accepted else "已记下：不是追问。")
    return redirect("case-page", case.number)


def _case(request: Request, number: str) -> Case:
    case = case_by_number(request.actor, number, related=("statement", "street"))
    if case is None:
        raise Http404("没有这个诉求件。请核对编号。")
    return case
