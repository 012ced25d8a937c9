"""已固定的考核: the list, the rows that were behind a frozen figure, corrections; and the table as a file."""

from io import BytesIO

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qushu.cases.exports import export_of
from qushu.cases.models import Case
from qushu.cases.rules import SHANGHAI
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.paging import page_of
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from ..models import AssessmentLine, AssessmentPeriod
from .choice import ids_behind, read_table
from .forms import HALVES, ChoiceForm, ReasonForm
from .freezing import correct_line, corrected_counts, counts_of_today
from .frozen import PERIODS_ORDER, corrections_of, frozen_verdicts, periods_with_sizes
from .lists import CORRECTIONS, FROZEN_JUDGEMENTS, PERIODS
from .measures import MEASURES, SUBJECTS
from .pages import PER_PAGE, in_order, page_in_memory
from .queries import readable
from .sheet import TYPES, export_table

PERIODS_A_PAGE = 30


@require_GET
@allowed("assessment.read")
def frozen_periods(request: Request) -> HttpResponse:
    """Every frozen period, the newest first, and the newest corrections."""
    page = page_of(periods_with_sizes(), PERIODS_ORDER, request.GET, PERIODS_A_PAGE)
    shown = [(one, MEASURES[one.measure]) for one in corrections_of(request.actor)[:PERIODS_A_PAGE]]
    found = {"page": page, "subjects": SUBJECTS, "corrections": shown}
    return render(request, "hotline/assessment/frozen.html", found | export_of(request.actor, PERIODS, CORRECTIONS))


@require_GET
@allowed("assessment.read")
def frozen_behind(request: Request, period_id: int, subject_id: int, measure: str, half: str) -> HttpResponse:
    """The cases that were behind a frozen figure, as often as they were judged; subject 0 is the sum of all."""
    period = get_object_or_404(AssessmentPeriod.objects.select_related("scheme"), pk=period_id)
    form = ChoiceForm(
        {**request.GET.dict(), "subject": period.scheme.subject}, timezone.localdate(timezone.now(), SHANGHAI)
    )
    if measure not in MEASURES or half not in HALVES or not form.is_valid():
        raise Http404("没有这个数字。")
    one, wanted = MEASURES[measure], ids_behind(form.choice(), subject_id)
    try:
        verdicts = frozen_verdicts(request.actor, period, wanted, measure, half)
    except Missing as missing:
        raise Http404(missing.message) from None
    page = page_in_memory(verdicts, request.GET, PER_PAGE)
    cases = Case.objects.select_related("category", "street", "area", "lead_unit").in_bulk([case for case, _ in page])
    seen = readable(request.actor, cases)
    lines = [
        {
            "case": cases[case],
            "open": case in seen,
            "unit": getattr(cases[case].lead_unit, "name", ""),
            "verdict": one.verdict(verdict),
            "tone": ("neutral", "info", "violet")[verdict],
        }
        for case, verdict in page
        if case in cases
    ]
    found = {"page": page, "lines": lines, "measure": one, "half": HALVES[half], "choice": form.choice()}
    found |= {"frozen": period, "total": len(verdicts)}
    figure = {"period_id": period_id, "subject_id": subject_id, "measure": measure, "half": half}
    return render(
        request, "hotline/assessment/behind.html", found | export_of(request.actor, FROZEN_JUDGEMENTS, **figure)
    )


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("assessment.freeze")
def correct(request: Request, line_id: int, measure: str) -> HttpResponse:
    """Correct one frozen figure: what it was, what it is today, and why."""
    now = timezone.now()
    line = AssessmentLine.objects.select_related("period__scheme").filter(pk=line_id).first()
    if line is None or measure not in MEASURES:
        raise Http404("没有这个已固定的数字。")
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            correct_line(request.actor, line_id, measure, form.cleaned_data["reason"], now)
        except (Refused, Missing) as refused:
            form.add_error("reason", refused.message)
        else:
            messages.success(
                request, f"已更正{line.subject_name}的{MEASURES[measure].name}；固定的数字仍在，更正写在旁边。"
            )
            return redirect(_month_of(line))
    page = {
        "form": form,
        "line": line,
        "measure": MEASURES[measure],
        "stands": corrected_counts(line)[measure],
        "today": counts_of_today(line, now)[measure],
        "back": _month_of(line),
        "corrections": line.corrections.filter(measure=measure).select_related("made_by"),
    }
    return render(request, "hotline/assessment/correct.html", page, status=422 if form.errors else 200)


@never_cache
@require_GET
@allowed("assessment.read")
def export(request: Request, form: str) -> HttpResponse:
    """The table that the address shows, as XLSX or CSV with period and scheme in its head."""
    now = timezone.now()
    chosen = ChoiceForm(request.GET, timezone.localdate(now, SHANGHAI))
    if form not in TYPES or not chosen.is_valid():
        raise Http404("没有这个导出。")
    choice = chosen.choice(live="live" in request.GET)
    table, tier = read_table(request.actor, choice, now), chosen.cleaned_data["tier"]
    rows = in_order(
        [row for row in table.rows if not tier or row.line.tier == tier], request.GET.get("sort", ""), choice
    )
    file = BytesIO()
    name = export_table(request.actor, choice, table, rows, form, file, now)
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(file.getvalue(), content_type=TYPES[form], headers={"Content-Disposition": disposition})


def _month_of(line: AssessmentLine) -> str:
    period = line.period
    words = f"first={period.starts_on}&last={period.ends_on}&subject={period.scheme.subject}&scheme={period.scheme_id}"
    return f"{reverse('assessment')}?{words}"
