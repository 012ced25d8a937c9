"""走势: one subject's rates over twelve months as lines; every point and every figure leads to its month."""

from datetime import date
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from qushu.cases.rules import SHANGHAI
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from .forms import ChoiceForm
from .measures import MEASURES, SUBJECTS
from .periods import month_of
from .rules import Count
from .table import names_of
from .tree import Tree
from .trend import DRAWN, Point, trend_of

LINES = ("contact", "on_time", "solved", "satisfied")
"""The lines that are drawn; the table below has all."""


@require_GET
@allowed("assessment.read")
def trend(request: Request, subject: str, subject_id: int) -> HttpResponse:
    """Twelve months of one subject; 0 is all of them together. `month` is the last one."""
    now = timezone.now()
    form = ChoiceForm(request.GET, timezone.localdate(now, SHANGHAI))
    if subject not in SUBJECTS or not form.is_valid():
        raise Http404("没有这条走势。")
    name = names_of(subject, [subject_id]).get(subject_id) if subject_id else "合计"
    if name is None:
        raise Http404("没有这个考核对象。")
    ids = _ids(subject, subject_id)
    points = trend_of(request.actor, subject, ids, form.cleaned_data["last"], now)
    months = [_month(subject, subject_id, one.month) for one in points]
    series = [(MEASURES[code].name, [_rate(point, code) for point in points]) for code in LINES]
    page = {
        "name": name,
        "subject": subject,
        "subject_name": SUBJECTS[subject],
        "subject_id": subject_id,
        "last": points[-1].month,
        "series": series,
        "low": _low([rate for _, rates in series for rate in rates if rate is not None]),
        "labels": [f"{one.month:%Y-%m}" for one in points],
        "hrefs": [months] * len(LINES),
        "measures": [MEASURES[code] for code in DRAWN],
        "rows": [(href, one, _cells(subject, subject_id, one)) for href, one in zip(months, points, strict=True)],
        "any": any(count.whole for point in points for count in point.counts.values()),
    }
    return render(request, "hotline/assessment/trend.html", page)


def _ids(subject: str, subject_id: int) -> list[int] | None:
    """The subjects whose figures are drawn together; None: all that there are."""
    if subject == "category" and subject_id > 0:
        return Tree.read().below(subject_id)
    return [subject_id] if subject_id else None


def _rate(point: Point, code: str) -> float | None:
    rate = point.counts[code].rate
    return None if rate is None else float(rate)


def _low(rates: list[float]) -> int:
    """Where the scale begins: a step of ten below the lowest rate, so that lines that lie close can be told apart."""
    return max(0, int(min(rates) // 10) * 10 - 10) if rates else 0


def _month(subject: str, subject_id: int, month: date) -> str:
    """The assessment of a month, at the place where the subject stands."""
    said = {"subject": subject, "month": f"{month:%Y-%m}"}
    if subject == "category" and subject_id > 0:
        said["within"] = str(subject_id)
    return f"{reverse('assessment')}?{urlencode(said)}"


def _cells(subject: str, subject_id: int, point: Point) -> list[tuple[Decimal | None, Count, str]]:
    """Rate, count and address of the rows for each measure; a frozen month's rows are opened on its own page."""
    first, last = month_of(point.month)
    said = {"first": first.isoformat(), "last": last.isoformat()}
    if subject == "category" and subject_id > 0:
        said["within"] = str(subject_id)
    cells = []
    for code in DRAWN:
        count = point.counts[code]
        href = f"{reverse('figure', args=[subject, subject_id, code, 'whole'])}?{urlencode(said)}"
        cells.append((count.rate, count, "" if point.frozen or subject == "category" else href))
    return cells
