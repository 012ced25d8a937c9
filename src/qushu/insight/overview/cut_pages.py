"""多维分析: the question, its answer as table and chart, the rows behind a figure, files, and what is kept."""

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from qushu.cases.models import Case
from qushu.cases.queries import visible_cases
from qushu.cases.rules import SHANGHAI
from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.kernel.paging import Page
from qushu.people.access import Actor, scope
from qushu.people.access_web import allowed
from qushu.people.models import Unit
from qushu.people.requests import Request

from .actions import remove_cut, save_cut, saved_cuts
from .comparing import former_of
from .cutting import HALVES, Question, answer, read_question, rows_behind
from .drawing import draw, lines_of
from .forms import CutForm, dimension_choices
from .sheet import TYPES, export_answer, filters_in_words

ACTION = "crosscut.use"
PER_PAGE = 50
SHOWN_ROWS = 500
MONTHS_AT_FIRST = 365


@require_GET
@allowed(ACTION)
def cross_cuts(request: Request) -> HttpResponse:
    """A question and its answer; without one in the address: cases by street over the last year."""
    question = question_of(request)
    reach, now = scope(request.actor, ACTION), timezone.now()
    found = answer(question, reach, now)
    former = former_of(found, reach, now)
    rows = lines_of(found)
    page = {
        "form": CutForm(request.GET),
        "question": question,
        "answer": found,
        "drawing": draw(found, request.GET.get("chart", ""), former),
        "former": former,
        "rows": [(*row, former.change(row[1]) if former else "") for row in rows[:SHOWN_ROWS]],
        "more": len(rows) - SHOWN_ROWS,
        "total_href": f"{reverse('cut-rows')}?{question.query(half='all')}",
        "dimensions": dimension_choices(),
        "chosen": [one.code for one in question.by] + [""] * (3 - len(question.by)),
        "saved": saved_cuts(request.actor)[:60],
        "query": question.query(chart=request.GET.get("chart", "")),
    }
    return render(request, "insight/overview/cuts.html", page)


@require_GET
@allowed(ACTION)
def cut_rows(request: Request) -> HttpResponse:
    """The rows behind one figure: exactly as many as it says."""
    question, half = question_of(request), request.GET.get("half", "all")
    half = half if half in HALVES else "all"
    reach = scope(request.actor, ACTION)
    found = rows_behind(question, half, reach, timezone.now(), _cursor(request.GET.get("after", "")), PER_PAGE + 1)
    shown = found[:PER_PAGE]
    following = f"{shown[-1][0]}-{shown[-1][1]}" if len(found) > PER_PAGE else None
    page = Page(_lines(request.actor, shown), following, None)
    total = answer(
        Question(question.measure, question.first, question.last, (), question.filters), reach, timezone.now()
    )
    given = {
        "page": page,
        "question": question,
        "half": HALVES[half],
        "halves": HALVES,
        "chosen": half,
        "total": total.total,
        "filters": filters_in_words(question),
    }
    return render(request, "insight/overview/cut_rows.html", given)


@require_GET
@allowed(ACTION)
def export_cut(request: Request, form: str) -> HttpResponse:
    """The answer as XLSX or CSV; audited."""
    now, question = timezone.now(), question_of(request)
    found = answer(question, scope(request.actor, ACTION), now)
    file = io.BytesIO()
    name = export_answer(request.actor, found, form, file, now)
    response = HttpResponse(file.getvalue(), content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@allowed(ACTION)
def keep_cut(request: Request) -> HttpResponse:
    """Keep the question that the form carries."""
    query = request.POST.get("query", "")
    try:
        cut = save_cut(request.actor, request.POST.get("name", ""), query, "shared" in request.POST, timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"已保存“{cut.name}”。")
    return redirect(f"{reverse('cross-cuts')}?{query}")


@require_POST
@allowed(ACTION)
def drop_cut(request: Request, cut_id: int) -> HttpResponse:
    """Remove one of the person's own."""
    try:
        remove_cut(request.actor, cut_id)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已删除。")
    return redirect("cross-cuts")


def question_of(request: Request) -> Question:
    """The question of the address; a year until today when it names no days."""
    today = timezone.localdate(timezone.now(), SHANGHAI)
    params = request.GET.copy()
    if not params.getlist("by") and "measure" not in params:
        params.setlist("by", ["street"])
    return read_question(params, params.getlist, today - timedelta(days=MONTHS_AT_FIRST - 1), today)


def _lines(actor: Actor, rows: Sequence[tuple[int, int, Any, int | None, str]]) -> list[dict[str, Any]]:
    """The rows with their cases, as far as this person may open them; of others that a unit once had only the number."""
    ids = [row[0] for row in rows]
    related = ("category", "street", "area")
    cases = {case.pk: case for case in Case.objects.filter(pk__in=ids).select_related(*related)}
    open_to = set(visible_cases(actor, ACTION).filter(pk__in=ids).values_list("pk", flat=True))
    units = dict(Unit.objects.filter(pk__in={row[3] for row in rows if row[3]}).values_list("pk", "name"))
    return [
        {
            "case": cases[row[0]],
            "open": row[0] in open_to,
            "on": row[2],
            "unit": units.get(row[3] or 0, ""),
            "verdict": row[4],
        }
        for row in rows
        if row[0] in cases
    ]


def _cursor(text: str) -> tuple[int, int] | None:
    case_id, _, round_ = text.partition("-")
    number, turn = number_in(case_id), number_in(round_)
    return (number, turn) if number is not None and turn is not None else None
