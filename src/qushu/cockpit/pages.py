"""领导驾驶舱: one screen of the year's promises, what is late, what money did, what people say, and what to do today."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qushu.cases.rules import SHANGHAI
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.agenda import tasks_for
from qushu.people.requests import Request

from .lateness import lateness_of
from .money import money_of
from .promises import document_of_now, tree_of
from .voices import voices_of

TASKS, UNITS = 7, 6


@never_cache
@require_GET
@allowed("cockpit.read")
def cockpit(request: Request) -> HttpResponse:
    """The whole screen; its middle fetches itself anew every half minute. Parts that a person may not read are left out."""
    now, actor = timezone.now(), request.actor
    today = timezone.localdate(now, SHANGHAI)
    tasks = tasks_for(actor, now)
    page: dict[str, Any] = {"at": now, "tasks": tasks[:TASKS], "more_tasks": len(tasks) - TASKS}
    if may_at_all(actor, "budget.read"):
        document = document_of_now()
        page["money"] = money = money_of(document, today)
        page["tree"] = tree_of(document, money.by_project if money else {}, today.year, now)
    if may_at_all(actor, "supervision.use"):
        page["late"] = lateness_of(actor, now, UNITS)
    if may_at_all(actor, "overview.read"):
        page["voices"] = voices_of(actor, now)
    template = "part.html" if request.headers.get("HX-Request") else "cockpit.html"
    return render(request, f"cockpit/{template}", page)
