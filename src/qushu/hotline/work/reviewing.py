"""审核: what units ask for, and the decision."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.cases import actions
from qushu.cases.actions import Call
from qushu.cases.exports import export_of
from qushu.cases.models import Review
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed, safe_next
from qushu.people.requests import Request

from . import queries
from .bulk import fresh_key, request_key, seen
from .forms import DecisionForm

PER_PAGE = 30


@never_cache
@require_GET
@allowed("review.use")
def reviews(request: Request) -> HttpResponse:
    """What waits for a decision, all or of one kind (`?tab=`), nearest review deadline first."""
    tab, kinds = request.GET.get("tab", ""), dict(Review.KINDS)
    if tab and tab not in kinds:
        raise Http404("没有这个标签页。")
    waiting = page_of(queries.open_reviews(request.actor, tab).order_by(), ("due_at", "id"), request.GET, PER_PAGE)
    grouped = queries.open_reviews(request.actor).select_related(None).order_by().values_list("kind")
    counts = dict(grouped.annotate(Count("pk")))
    tabs = [
        ("", "全部", sum(counts.values())),
        *((kind, kinds[kind], counts[kind]) for kind in kinds if kind in counts),
    ]
    return render(
        request,
        "hotline/work/reviews.html",
        {
            "page": waiting,
            "rows": [(review, DecisionForm(auto_id=f"review-{review.pk}-%s"), fresh_key()) for review in waiting],
            "tabs": tabs,
            "tab": tab,
            **export_of(request.actor, "reviews"),
        },
    )


@require_POST
@allowed("review.use")
def decide(request: Request, review_id: int) -> HttpResponse:
    """Approve or refuse one request."""
    form = DecisionForm(request.POST)
    try:
        remark = form.cleaned_data["remark"] if form.is_valid() else ""
        call = Call(request.actor, timezone.now(), request_key(request), seen(request, "seen_seq"))
        case = actions.decide_review(call, review_id, request.POST.get("decision") == "approve", remark)
        messages.success(request, f"{case.number} 已审核。")
    except Refused as refused:
        messages.error(request, refused.message)
    back = request.POST.get("next", "")
    return redirect(safe_next(request, back) if back else "review-queue")
