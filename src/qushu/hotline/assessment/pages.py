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
from .measures import MEASURES
from .periods import period_of
from .queries import readable, rows_of
from .table import assess, scheme_for

PER_PAGE = 50
HALVES = {"part": "计入分子的", "whole": "计入分母的", "excluded": "剔除的", "all": "全部"}


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
        page |= {"lines": [(line, list(line.counts.items())) for line in lines], "scheme": scheme, "said": said}
    return render(request, "hotline/assessment/assessment.html", page, status=200 if form.is_valid() else 422)


@require_GET
@allowed("assessment.read")
def behind(request: Request, subject: str, subject_id: int, measure: str, half: str) -> HttpResponse:
    """The judgements behind one figure; `half` is a key of HALVES."""
    now = timezone.now()
    form = PeriodForm({**request.GET.dict(), "subject": subject}, timezone.localdate(now, SHANGHAI))
    if measure not in MEASURES or half not in HALVES or not form.is_valid():
        raise Http404("没有这个数字。")
    said, one = form.cleaned_data, MEASURES[measure]
    period = period_of(said["first"], said["last"], now)
    rows = rows_of(request.actor, one, subject, [subject_id], period, half)
    related = ("lead_unit", "category", "street", "area")
    shown = rows.select_related(*(one.from_case(name) for name in related))
    page = page_of(shown, (f"-{one.at}", "-id"), request.GET, PER_PAGE)
    cases = [row.case if one.case else row for row in page]
    found = {
        "page": page,
        "cases": cases,
        "readable": readable(request.actor, (case.pk for case in cases)),
        "measure": one,
        "half": HALVES[half],
        "said": said,
    }
    return render(request, "hotline/assessment/behind.html", found)
