"""值班表: the roster by week or month, who is on now, shifts one by one and in patterns."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.kernel.asked import day_in
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.refusals import show_refusal
from qushu.people import audit
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.addresses import address_of
from qushu.people.queries import entries_about
from qushu.people.requests import Request
from qushu.people.sheets.files import csv_lines, xlsx_file

from ..models import DutyShift
from . import actions, queries
from .forms import ChangeForm, PlanForm, RemoveForm, ShiftForm
from .rules import day_of, month_of, week_of
from .sheet import COLUMNS, rows_of

SPANS = {"week": "周", "month": "月"}
CSV = "text/csv; charset=utf-8"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_GET
@allowed("duty.read")
def duty(request: Request) -> HttpResponse:
    """The roster of a week or a month, and who is on at this moment."""
    now = timezone.now()
    told = queries.told_of_unhanded(request.actor, now)
    page = _span(request) | {
        "on_now": _by_post(queries.on_duty(now)),
        "unhanded": queries.unhanded(now) if told else [],
        "may_write": may_at_all(request.actor, "duty.write"),
        "may_hand": may_at_all(request.actor, "handover.write"),
    }
    return render(request, "hotline/duty/duty.html", page)


@require_GET
@allowed("duty.read")
def print_duty(request: Request) -> HttpResponse:
    """The same span on paper."""
    return render(request, "hotline/duty/duty_print.html", _span(request))


@require_GET
@allowed("duty.read")
def export_duty(request: Request, format: str) -> HttpResponseBase:
    """The span's shifts as CSV or XLSX, in the columns that an import takes."""
    if format not in ("csv", "xlsx"):
        raise Http404
    days = _days(request)
    rows = rows_of(queries.shifts_between(day_of(days[0])[0], day_of(days[-1])[1]))
    said = {"format": format, "filters": request.GET.urlencode()}
    now = timezone.now()
    audit.record(request.actor, "export.made", "sheet:duty", data=said, address=address_of(request), now=now)
    if format == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(csv_lines(COLUMNS, rows), content_type=CSV)
    else:
        answer = HttpResponse(xlsx_file("值班表", COLUMNS, rows), content_type=SPREADSHEET)
    answer["Content-Disposition"] = f'attachment; filename="duty-{days[0]:%Y%m%d}-{days[-1]:%Y%m%d}.{format}"'
    return answer


@allowed("duty.write")
def new_shift(request: Request) -> HttpResponse:
    """Add one shift."""
    form = ShiftForm(request.POST or None, initial={"post": request.GET.get("post", "desk")})
    if form.is_valid():
        try:
            shift = actions.add_shift(request.actor, form.facts(), timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已排班。")
            return redirect(_week_with(shift))
    return render(request, "hotline/duty/shift.html", {"form": form}, status=422 if form.errors else 200)


@allowed("duty.write")
def change_shift(request: Request, shift_id: int) -> HttpResponse:
    """Change one shift with a reason; see what was changed before."""
    shift = _shift(shift_id)
    form = ChangeForm(request.POST or None, shift=shift)
    if form.is_valid():
        reason, now = form.cleaned_data["reason"], timezone.now()
        try:
            shift = actions.change_shift(request.actor, shift_id, form.facts(), reason, now, form.seen)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已调班。")
            return redirect(_week_with(shift))
    return _shift_page(request, shift, form, RemoveForm(auto_id="remove-%s"))


@require_POST
@allowed("duty.write")
def remove_shift(request: Request, shift_id: int) -> HttpResponse:
    """Take one shift off the roster with a reason."""
    shift = _shift(shift_id)
    form = RemoveForm(request.POST, auto_id="remove-%s")
    if form.is_valid():
        try:
            actions.remove_shift(request.actor, shift_id, form.cleaned_data["reason"], timezone.now())
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "班次已删除，审计里留有记录。")
            return redirect(_week_with(shift))
    return _shift_page(request, shift, ChangeForm(shift=shift), form)


@allowed("duty.write")
def plan(request: Request) -> HttpResponse:
    """A repeating pattern: looked at first, then saved as a whole."""
    form = PlanForm(request.POST or None, initial={"first": timezone.localdate() + timedelta(days=1)})
    page: dict[str, Any] = {"form": form, "people": queries.people_for_duty()}
    if form.is_valid():
        pattern, post = form.pattern(), form.cleaned_data["post"]
        try:
            if request.POST.get("do") == "save":
                count = actions.save_turns(request.actor, pattern, post, timezone.now())
                messages.success(request, f"已保存 {count} 个班次。")
                return redirect(f"{reverse('duty')}?day={pattern.first}")
            planned = actions.plan_turns(request.actor, pattern, post)
            page |= {"planned": planned, "clashes": sum(bool(one.clash) for one in planned)}
        except Refused as refused:
            form.add_error(None, refused.message)
    return render(request, "hotline/duty/plan.html", page, status=422 if form.errors else 200)


def _shift_page(request: Request, shift: DutyShift, form: ChangeForm, remove_form: RemoveForm) -> HttpResponse:
    page = {
        "form": form,
        "remove_form": remove_form,
        "shift": shift,
        "handed": shift.handovers.filter(corrects__isnull=True).first(),
        "entries": entries_about(f"duty:{shift.pk}"),
    }
    return render(request, "hotline/duty/shift.html", page, status=422 if form.errors or remove_form.errors else 200)


def _shift(shift_id: int) -> DutyShift:
    shift = DutyShift.objects.select_related("account").filter(pk=shift_id).first()
    if shift is None:
        raise Missing("没有这个班次，可能已经被删除。请回到值班表。")
    return shift


def _chosen_day(request: Request) -> date:
    day = day_in(request.GET.get("day", ""))
    return day if day is not None and 2000 <= day.year <= 2100 else timezone.localdate()


def _days(request: Request) -> list[date]:
    return month_of(_chosen_day(request)) if request.GET.get("span") == "month" else week_of(_chosen_day(request))


def _span(request: Request) -> dict[str, Any]:
    """The span that the address names, its rows, and the days before and after it."""
    days = _days(request)
    return {
        "span": "month" if request.GET.get("span") == "month" else "week",
        "spans": SPANS,
        "day": _chosen_day(request),
        "days": queries.roster(days),
        "today": timezone.localdate(),
        "first": days[0],
        "last": days[-1],
        "before": days[0] - timedelta(days=1),
        "after": days[-1] + timedelta(days=1),
        "posts": queries.POSTS.values(),
    }


def _by_post(shifts: list[DutyShift]) -> list[tuple[str, list[DutyShift]]]:
    """Every post with who is on; an empty list where nobody is."""
    return [(name, [one for one in shifts if one.post == post]) for post, name in reversed(queries.POSTS.items())]


def _week_with(shift: DutyShift) -> str:
    return f"{reverse('duty')}?day={timezone.localdate(shift.starts_at)}"
