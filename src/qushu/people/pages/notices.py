"""消息: what a person, the unit and the role were told."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.asked import number_in
from qushu.kernel.paging import page_of
from qushu.people import actions
from qushu.people.access_web import safe_next, signed_in
from qushu.people.queries import notices_for, unread_notices
from qushu.people.requests import Request

PER_PAGE = 50


@require_GET
@signed_in
def notices(request: Request) -> HttpResponse:
    """Unread notices, or with `?all=1` all of them, newest first."""
    every = request.GET.get("all") == "1"
    chosen = notices_for(request.actor) if every else unread_notices(request.actor)
    page = page_of(chosen.select_related("unit", "read_by"), ("-id",), request.GET, PER_PAGE)
    newest = max((notice.pk for notice in page), default=0)
    return render(request, "people/notices.html", {"page": page, "every": every, "newest": newest})


@require_POST
@signed_in
def open_notice(request: Request, notice_id: int) -> HttpResponse:
    """Mark a notice read and go where it points; without a link, back to the list."""
    notice = actions.mark_read(request.actor, notice_id, timezone.now())
    if notice is None:
        raise Http404
    return redirect(safe_next(request, notice.link) if notice.link else "people:notices")


@require_POST
@signed_in
def read_all(request: Request) -> HttpResponse:
    """Mark read what was on the page and what is older."""
    up_to = request.POST.get("up_to", "")
    read = actions.mark_all_read(request.actor, number_in(up_to) or 0, timezone.now())
    messages.success(request, f"已读 {read} 条。")
    return redirect("people:notices")
