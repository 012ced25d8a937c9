"""考核: rates of a period, and the rows behind each."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.cases.rules import SHANGHAI
from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from .forms import PeriodForm
from .measures import MEASURES, rows_behind
from .queries import assess, period_of, scheme_for

PER_PAGE = 50


@require_GET
@allowed("assessment.read")
def assessment(request: Request) -> HttpResponse:
    """Every subject's rates, score, rank and tier in the period that the address names."""
    now = timezone.now()
    form = PeriodForm(request.GET, timezone.localdate(now, SHANGHAI))
    page: dict[str, object] = {"form": form, "measures": list(MEASURES.values())}
    if form.is_valid():
        said = form.cleaned_data
        scheme = scheme_for(said["subject"], said["last"])
        lines = assess(request.actor, said["subject"], period_of(said["first"], said["last"], now), scheme)
        cells = [(line, [(code, line.counts[code], line.excluded[code]) for code in MEASURES]) for line in lines]
        page |= {"lines": cells, "scheme": scheme, "said": said}
    return render(request, "hotline/assessment/assessment.html", page, status=200 if form.is_valid() else 422)


@require_GET
@allowed("assessment.read")
def behind(request: Request, subject: str, subject_id: int, measure: str, half: str) -> HttpResponse:
    """The cases behind one figure; `half` is "part" or "whole"."""
    now = timezone.now()
    form = PeriodForm({**request.GET.dict(), "subject": subject}, timezone.localdate(now, SHANGHAI))
    if measure not in MEASURES or half not in ("part", "whole") or not form.is_valid():
        raise Http404("没有这个数字。")
    said = form.cleaned_data
    rows = rows_behind(
        request.actor,
        MEASURES[measure],
        subject,
        subject_id,
        period_of(said["first"], said["last"], now),
        part_only=half == "part",
    )
    shown = rows.select_related("lead_unit", "category", "street", "area")
    page = page_of(shown, ("-accepted_at", "-id"), request.GET, PER_PAGE)
    found = {"page": page, "measure": MEASURES[measure], "half": half, "said": said}
    return render(request, "hotline/assessment/behind.html", found)
