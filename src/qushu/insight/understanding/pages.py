"""派单准确率: how often the suggestion was right; and what the system understands of one text."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.cases.exports import export_of
from qushu.cases.queries import case_by_number
from qushu.cases.rules import SHANGHAI
from qushu.kernel.asked import NINE_DIGITS, number_in
from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import accuracy as counting
from .forms import AccuracyFilter, RowsFilter
from .lists import ROWS
from .models import ModelVersion
from .reading import understand

PER_PAGE = 30
LONGEST_TEXT = 3000
USUAL_WEEKS = "26"


@require_GET
@allowed("understanding.read")
def accuracy(request: Request) -> HttpResponse:
    """Accuracy by week as lines, by week and by unit as tables; every figure opens its rows."""
    form = AccuracyFilter(request.GET if "weeks" in request.GET else {**request.GET.dict(), "weeks": USUAL_WEEKS})
    last = counting.newest_week() or counting.monday(timezone.localdate(timezone=SHANGHAI))
    first = last - timedelta(weeks=form.span - 1)
    weeks = counting.weeks_of(first, last, form.unit_id)
    units = counting.units_of(first, last) if form.unit_id is None else []
    labels = [f"{one.monday:%m-%d}" for one in weeks]
    lines = [
        ("首位准确", [one.counted.top1 for one in weeks]),
        ("前三准确", [one.counted.top3 for one in weeks]),
        ("采纳", [one.counted.taken for one in weeks]),
    ]
    models = sorted({model for one in weeks for model in one.models})
    begun = counting.first_uses(models)
    return render(
        request,
        "insight/understanding/accuracy.html",
        {
            "filter": form,
            "first": first,
            "last": last,
            "total": counting.total_of(weeks),
            "lines": [line for line in lines if any(value is not None for value in line[1])],
            "labels": labels,
            "weeks": list(reversed(weeks)),
            "units": units,
            "begun": {day: [name for name in models if begun[name] == day] for day in begun.values()},
            "of": f"&unit={form.unit_id}" if form.unit_id else "",
            "versions": ModelVersion.objects.filter(state=ModelVersion.State.in_service).order_by("-what"),
        },
    )


@require_GET
@allowed("understanding.read")
def rows(request: Request) -> HttpResponse:
    """The suggestions behind one figure, the newest first."""
    form = RowsFilter(request.GET)
    chosen = form.chosen()
    if chosen is None:
        raise Http404("地址中的时段或条件无法识别。")
    first, last, unit_id, outcome, model = chosen
    found = counting.rows_behind(request.actor, first, last, unit_id, outcome, model)
    page = page_of(found, counting.ORDER, request.GET, PER_PAGE)
    kept = counting.kept_threes([one.pk for one in page])
    values = {"page": page, "filter": form, "first": first, "last": last + timedelta(days=6)}
    values |= {"rows": [(one, kept.get(one.pk)) for one in page], "of_unit": bool(unit_id)}
    values |= export_of(request.actor, ROWS)
    return render(request, "insight/understanding/rows.html", values)


@never_cache
@require_GET
@allowed("case.read")
def case_understood(request: Request, number: str) -> HttpResponse:
    """系统理解 of a case: a fragment that its page asks for when it is shown."""
    case = case_by_number(request.actor, number, related=("statement", "street"))
    if case is None:
        raise Http404("没有这个诉求件。请核对编号。")
    values = {"understood": understand(f"{case.statement.text}\n{case.statement.place}"), "case": case}
    part = "understood" if request.htmx else "understood_page"
    return render(request, f"insight/understanding/{part}.html", values)


@never_cache
@require_POST
@allowed("desk.use")
def text_understood(request: Request) -> HttpResponse:
    """系统理解 of the words so far at the desk. By POST: a text in an address would stay in logs."""
    text = request.POST.get("text", "")[:LONGEST_TEXT].strip()
    understood = understand(text) if text else None
    areas = [place.area for _, place in understood.places if place.area] if understood else []
    values = {
        "understood": understood,
        "to_fill": True,
        "area": number_in(request.POST.get("area", ""), NINE_DIGITS),
        "first_area": areas[0] if areas else None,
    }
    return render(request, "insight/understanding/understood.html", values)
