"""来件批次与被拒的行: what was refused, corrected and tried again, or left with a reason."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from qushu.cases.exports import export_of
from qushu.kernel.errors import Refused
from qushu.kernel.paging import page_of
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.requests import Request

from ..models import FeedBatch, FeedRow
from .forms import RowForm, SettleForm
from .lists import IN_ORDER, REFUSED, REFUSED_OF_BATCH
from .queries import NEWEST_ROWS, refused_rows
from .settling import columns_of_refused, open_refused, settle, try_again

SHOWN = 50


@allowed("feeds.read")
def batch(request: Request, batch_id: int) -> HttpResponse:
    """One file or push: its counts, its refused rows, the receipt of a push."""
    found = FeedBatch.objects.select_related("source").filter(pk=batch_id).first()
    if found is None:
        raise Http404
    page = page_of(refused_rows(batch_id, settled=True), IN_ORDER, request.GET, SHOWN)
    shown = {"batch": found, "page": page, "receipt": found.receipt}
    return render(
        request, "hotline/feeds/batch.html", shown | export_of(request.actor, REFUSED_OF_BATCH, batch_id=batch_id)
    )


@allowed("feeds.read")
def rows(request: Request) -> HttpResponse:
    """Every refused row that nobody settled yet, newest first."""
    page = page_of(refused_rows(), NEWEST_ROWS, request.GET, SHOWN)
    return render(request, "hotline/feeds/rows.html", {"page": page} | export_of(request.actor, REFUSED))


@never_cache
@allowed("feeds.read")
def row(request: Request, row_id: int) -> HttpResponse:
    """One refused row. Its words are sealed; those who may settle it open it, which the audit trail keeps."""
    found = refused_rows(settled=True).filter(pk=row_id).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _show(request, found)
    refuse_without(request, "feeds.write")
    do = request.POST.get("do")
    if do == "again":
        return _again(request, found)
    if do == "settle":
        return _settle(request, found)
    return _show(request, found, form=RowForm(open_refused(request.actor, row_id, timezone.now())))


def _again(request: Request, found: FeedRow) -> HttpResponse:
    form = RowForm(dict.fromkeys(columns_of_refused(found.pk), ""), request.POST)
    if form.is_valid():
        try:
            case = try_again(request.actor, found.pk, form.values(), timezone.now())
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"已受理为 {case.number}。")
            return redirect("refused-row", found.pk)
    return _show(request, found, form=form, status=422)


def _settle(request: Request, found: FeedRow) -> HttpResponse:
    form = SettleForm(request.POST)
    if form.is_valid():
        try:
            settle(request.actor, found.pk, form.cleaned_data["why"], timezone.now())
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已记下理由，这一行不再处理。")
            return redirect("refused-rows")
    return _show(request, found, settling=form, status=422)


def _show(
    request: Request,
    found: FeedRow,
    *,
    form: RowForm | None = None,
    settling: SettleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_write = may_at_all(request.actor, "feeds.write")
    shown = {"row": found, "form": form, "settling": settling or SettleForm(), "may_write": may_write}
    return render(request, "hotline/feeds/row.html", shown, status=status)
