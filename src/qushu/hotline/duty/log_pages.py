"""交接班: the log, what one shift hands to the next."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.cases.exports import export_of
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.paging import page_of
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..models import DutyShift, Handover
from . import handing, queries
from .forms import HandoverForm, LogFilter, SupplementForm, TakeForm
from .lists import KIND

PER_PAGE = 10


@never_cache
@require_GET
@allowed("duty.read")
def handover(request: Request) -> HttpResponse:
    """The log, newest first, of one day or all; shifts that nobody handed over for those who must know."""
    now, chosen = timezone.now(), LogFilter(request.GET)
    chosen.is_valid()
    told = queries.told_of_unhanded(request.actor, now)
    written = page_of(queries.handovers(chosen.cleaned_data.get("day")), queries.LOG_ORDER, request.GET, PER_PAGE)
    page = {
        "filter": chosen,
        "page": written,
        "rows": [(one, queries.words_of(one.shift), _counted(one.figures)) for one in written],
        "unhanded": queries.unhanded(now) if told else [],
        "may_hand": (may := may_at_all(request.actor, "handover.write")),
        "clear": may,
        **export_of(request.actor, KIND),
    }
    return render(request, "hotline/duty/handovers.html", page)


@never_cache
@allowed("handover.write")
def new_handover(request: Request) -> HttpResponse:
    """Hand over: the figures that will be counted are shown beside the form."""
    now = timezone.now()
    form = HandoverForm(
        request.POST or None,
        account_id=request.account.pk,
        others=_others(request),
        initial={"shift": request.GET.get("shift", "")},
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            written = handing.write_handover(
                request.actor, form.shift_id(), said["summary"], said["unfinished"], form.numbers(), now
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已交班，等接班人确认。")
            return redirect("handover-page", written.pk)
    counted = handing.counted_span(form.chosen_shift, now)
    page = {
        "form": form,
        "since_words": f"{timezone.localtime(counted[0]):%m-%d %H:%M}",
        "counted": _counted(queries.figures_at(request.actor, counted, now)),
        "urgent": queries.notable_cases(request.actor, counted),
    }
    return render(request, "hotline/duty/handover_new.html", page, status=422 if form.errors else 200)


@never_cache
@require_GET
@allowed("duty.read")
def handover_page(request: Request, handover_id: int) -> HttpResponse:
    """One handover with its supplements, and what this person may do with it."""
    return _page(request, _written(handover_id), TakeForm(), SupplementForm())


@require_GET
@allowed("duty.read")
def print_handover(request: Request, handover_id: int) -> HttpResponse:
    """One handover on paper."""
    written = _written(handover_id)
    page = {
        "one": written,
        "words": queries.words_of(written.shift),
        "counted": _counted(written.figures),
        "clear": may_at_all(request.actor, "handover.write"),
    }
    return render(request, "hotline/duty/handover_print.html", page)


@require_POST
@allowed("handover.write")
def take_over(request: Request, handover_id: int) -> HttpResponse:
    """Take the shift over."""
    form = TakeForm(request.POST)
    if form.is_valid():
        try:
            handing.take_over(request.actor, handover_id, form.cleaned_data["remark"], timezone.now())
        except Missing:
            raise
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "已接班。")
            return redirect("handover-page", handover_id)
    return _page(request, _written(handover_id), form, SupplementForm())


@require_POST
@allowed("handover.write")
def add_supplement(request: Request, handover_id: int) -> HttpResponse:
    """Add words to a handover."""
    form = SupplementForm(request.POST)
    if form.is_valid():
        handing.supplement(request.actor, handover_id, form.cleaned_data["words"], timezone.now())
        messages.success(request, "已补记。")
        return redirect("handover-page", handover_id)
    return _page(request, _written(handover_id), TakeForm(), form)


def _page(request: Request, written: Handover, take: TakeForm, more: SupplementForm) -> HttpResponse:
    may = may_at_all(request.actor, "handover.write")
    page = {
        "one": written,
        "words": queries.words_of(written.shift),
        "counted": _counted(written.figures),
        "take_form": take,
        "supplement_form": more,
        "may_take": may and written.taken_at is None and written.written_by_id != request.account.pk,
        "may_supplement": may,
        "clear": may,
    }
    return render(request, "hotline/duty/handover.html", page, status=422 if take.errors or more.errors else 200)


def _written(handover_id: int) -> Handover:
    written = queries.handovers().filter(pk=handover_id).first()
    if written is None:
        raise Missing("没有这份交接班记录。请从交接班列表里打开。")
    return written


def _counted(figures: dict[str, int]) -> list[tuple[str, int]]:
    return [(words, figures[name]) for name, words in queries.FIGURES.items() if name in figures]


def _others(request: Request) -> list[DutyShift]:
    """Shifts that nobody handed over, for those who may write in another's place."""
    if not may_at_all(request.actor, "duty.write"):
        return []
    return [
        shift
        for one in queries.unhanded(timezone.now())
        for shift in one.shifts
        if shift.account_id != request.account.pk
    ]
