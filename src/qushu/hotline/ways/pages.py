"""接入与推送: what came in and was refused, who is told, what is stuck."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from qushu.cases.exports import export_of
from qushu.kernel.errors import Refused
from qushu.kernel.models import OutboxMessage
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.requests import Request

from ..feeds.lists import BATCHES
from ..feeds.queries import NEWEST_BATCHES, batches, troubled_sources
from .actions import add_subscriber, retry_now, stuck_deliveries, switch_subscriber
from .forms import SubscriberForm
from .lists import STUCK, SUBSCRIBERS, subscribers

SHOWN = 50


@allowed("feeds.read")
def ways(request: Request) -> HttpResponse:
    """Subscribers, stuck deliveries, newest batches; a form for a new subscriber for those who may."""
    form = SubscriberForm(request.POST or None)
    if request.method == "POST":
        refuse_without(request, "feeds.write")
        if form.is_valid() and _added(request, form):
            return redirect("ways")
    page = {
        "form": form,
        "may_write": may_at_all(request.actor, "feeds.write"),
        "subscribers": subscribers(),
        "stuck": stuck_deliveries()[:SHOWN],
        "waiting": OutboxMessage.objects.filter(relayed_at__isnull=True)[: SHOWN + 1].count(),
        "troubled": troubled_sources(),
        "batches": batches().order_by(*NEWEST_BATCHES)[:20],
        **export_of(request.actor, STUCK, SUBSCRIBERS, BATCHES),
    }
    return render(request, "hotline/ways/ways.html", page, status=422 if form.errors else 200)


@require_POST
@allowed("feeds.write")
def retry(request: Request, delivery_id: int) -> HttpResponse:
    """Try again at the worker's next turn."""
    retry_now(request.actor, delivery_id, timezone.now())
    messages.success(request, "已安排重发。")
    return redirect("ways")


@require_POST
@allowed("feeds.write")
def switch(request: Request, subscriber_id: int) -> HttpResponse:
    """Pause or resume."""
    switch_subscriber(request.actor, subscriber_id, request.POST.get("active") == "1", timezone.now())
    return redirect("ways")


def _added(request: Request, form: SubscriberForm) -> bool:
    said = form.cleaned_data
    try:
        source_id = int(said["source"]) if said["source"] else None
        topics = said["topics"].split()
        add_subscriber(request.actor, said["name"], said["url"], said["secret"], topics, timezone.now(), source_id)
    except Refused as refused:
        show_refusal(form, refused)
        return False
    messages.success(request, f"已添加接收方“{said['name']}”，从现在起的状态变化会发给它。")
    return True
