"""预警: the list, one warning, and what people answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qushu.cases.exports import export_of
from qushu.kernel.errors import Refused
from qushu.kernel.paging import BadCursor, page_of
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import queries
from .actions import acknowledge, add_note, conclude
from .charting import draw
from .forms import NoteForm, OutcomeForm, WarningFilter
from .lists import CASES
from .models import Level, Warning
from .ruling import tuning_words

PER_PAGE = 30
ROWS = 20
HOURLY_UP_TO_DAYS = 3
TONES = ("info", "warn", "warn", "late")


@require_GET
@allowed("warnings.read")
def warning_list(request: Request) -> HttpResponse:
    """Warnings, the newest first, narrowed by what the address holds; how many wait for an answer stands above."""
    found = queries.filter_warnings(queries.visible_warnings(request.actor), request.GET.dict())
    try:
        page = page_of(
            found.select_related("area", "acknowledged_by").defer("chart"), queries.ORDER, request.GET, PER_PAGE
        )
    except BadCursor:
        kept = {key: value for key, value in request.GET.dict().items() if key not in ("after", "before")}
        return redirect(f"{request.path}?{urlencode(kept)}")
    counts = queries.open_counts(request.actor)
    shown = {
        "filter": WarningFilter(request.GET),
        "page": page,
        "tiles": [
            (
                Level(level).label,
                counts.get(level, 0),
                f"?state=raised&level={int(level)}",
                TONES[level] if counts.get(level) else "",
            )
            for level in reversed(Level)
        ],
        "tones": TONES,
        "may_rule": may_at_all(request.actor, "warnings.write"),
        **export_of(request.actor, "warnings"),
    }
    return render(request, "insight/warnings/list.html", shown)


@require_GET
@allowed("warnings.read")
def warning_page(request: Request, warning_id: int) -> HttpResponse:
    """One warning: its ground, chart, cases, answers and history."""
    return _show(request, _found(request, warning_id))


@require_POST
@allowed("warnings.answer")
def acknowledge_warning(request: Request, warning_id: int) -> HttpResponse:
    """确认."""
    warning = _found(request, warning_id, "warnings.answer")
    try:
        acknowledge(request.actor, warning.pk, timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已确认。处理后请给出结论。")
    return redirect("warning", warning.pk)


@require_http_methods(["POST"])
@allowed("warnings.answer")
def conclude_warning(request: Request, warning_id: int) -> HttpResponse:
    """结论."""
    form = OutcomeForm(request.POST)

    def do(warning: Warning) -> None:
        conclude(request.actor, warning.pk, form.cleaned_data["outcome"], form.cleaned_data["words"], timezone.now())

    return _answered(request, warning_id, form, do, "结论已保存，预警已关闭。", "outcome_form")


@require_http_methods(["POST"])
@allowed("warnings.answer")
def note_warning(request: Request, warning_id: int) -> HttpResponse:
    """备注."""
    form = NoteForm(request.POST)

    def do(warning: Warning) -> None:
        add_note(request.actor, warning.pk, form.cleaned_data["words"], timezone.now())

    return _answered(request, warning_id, form, do, "备注已保存。", "note_form")


def _answered(
    request: Request, warning_id: int, form: Any, do: Callable[[Warning], None], said: str, name: str
) -> HttpResponse:
    warning = _found(request, warning_id, "warnings.answer")
    if form.is_valid():
        try:
            do(warning)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, said)
            return redirect("warning", warning.pk)
    return _show(request, warning, 422, **{name: form})


def _found(request: Request, warning_id: int, action: str = "warnings.read") -> Warning:
    warning = queries.warning_by_id(request.actor, warning_id)
    if warning is None or not queries.visible_warnings(request.actor, action).filter(pk=warning_id).exists():
        raise Http404
    return warning


def _show(request: Request, warning: Warning, status: int = 200, **forms: Any) -> HttpResponse:
    tuning = queries.tuning_of(warning)
    end = warning.ended_at or timezone.now()
    hourly = (end - warning.since).days < HOURLY_UP_TO_DAYS
    behind = queries.cases_behind(request.actor, warning)
    try:
        cases = page_of(behind, ("-accepted_at", "-id"), request.GET, ROWS)
    except BadCursor:
        return redirect("warning", warning.pk)
    shown = {
        "warning": warning,
        "tone": TONES[warning.level],
        "page": cases,
        "plain": True,
        "day_chart": draw(warning.chart.get("days", ()), "近 28 天每天件数与预期范围", False, _list_link(warning)),
        "hour_chart": draw(warning.chart.get("hours", ()), "最后 48 小时每小时件数与预期范围", True)
        if hourly
        else None,
        "history": queries.history_of(warning),
        "tellings": warning.tellings.order_by("id"),
        "tuned": tuning_words(warning.kind, tuning.factor, tuning.false, tuning.true) if tuning else "",
        "may_answer": may_at_all(request.actor, "warnings.answer"),
        "reads_matters": may_at_all(request.actor, "matters.read"),
        "outcome_form": OutcomeForm(),
        "note_form": NoteForm(),
        **export_of(request.actor, CASES, warning_id=warning.pk),
    } | forms
    return render(request, "insight/warnings/warning.html", shown, status=status)


def _list_link(warning: Warning) -> str:
    """The case list narrowed to the series; empty when its filter can't say it (a category above the leaves)."""
    if warning.category is not None and warning.category.level < 3:
        return ""
    chosen = {"category": warning.category_id or ""}
    if warning.area is not None:
        chosen["street" if warning.area.level == "street" else "area"] = warning.area_id or ""
    return f"{reverse('case-list')}?{urlencode({name: value for name, value in chosen.items() if value})}"
