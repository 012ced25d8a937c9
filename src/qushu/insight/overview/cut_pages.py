"""多维分析: the question, its answer as table and chart, the rows behind a figure, files, and what is kept."""

import io
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from qushu.cases.exports import export_of
from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.kernel.paging import Page
from qushu.people.access import scope
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import lists as behind
from .actions import remove_cut, save_cut, saved_cuts
from .comparing import elsewhen, former_of
from .cutting import HALVES, Question, answer, rows_behind
from .drawing import draw, lines_of
from .forms import CutForm, dimension_choices
from .periods import a_year_before
from .sheet import TYPES, export_answer, filters_in_words

ACTION = behind.ACTION
PER_PAGE = 50
SHOWN_ROWS = 500


@require_GET
@allowed(ACTION)
def cross_cuts(request: Request) -> HttpResponse:
    """A question and its answer; without one in the address: cases by street over the last year."""
    question = behind.question_in(request.GET)
    reach, now = scope(request.actor, ACTION), timezone.now()
    found = answer(question, reach, now)
    former = former_of(found, reach, now)
    rows = lines_of(found)
    at_newest = None if found.total.whole else elsewhen(question.first, a_year_before)
    page = {
        "form": CutForm(request.GET),
        "question": question,
        "answer": found,
        "drawing": draw(found, request.GET.get("chart", ""), former),
        "former": former,
        "rows": [(*row, former.change(row[1]) if former else "") for row in rows[:SHOWN_ROWS]],
        "more": len(rows) - SHOWN_ROWS,
        "elsewhen": at_newest
        and (at_newest.newest, replace(question, first=at_newest.first, last=at_newest.newest).query()),
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
    question, half = behind.question_in(request.GET), behind.half_in(request.GET)
    reach = scope(request.actor, ACTION)
    found = rows_behind(question, half, reach, timezone.now(), _cursor(request.GET.get("after", "")), PER_PAGE + 1)
    shown = found[:PER_PAGE]
    following = f"{shown[-1][0]}-{shown[-1][1]}" if len(found) > PER_PAGE else None
    page = Page(behind.lines_of(request.actor, shown), following, None)
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
        **export_of(request.actor, behind.LIST_KIND, query=request.GET.urlencode()),
    }
    return render(request, "insight/overview/cut_rows.html", given)


@require_GET
@allowed(ACTION)
def export_cut(request: Request, form: str) -> HttpResponse:
    """The answer as XLSX or CSV; audited."""
    now, question = timezone.now(), behind.question_in(request.GET)
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


def _cursor(text: str) -> tuple[int, int] | None:
    case_id, _, round_ = text.partition("-")
    number, turn = number_in(case_id), number_in(round_)
    return (number, turn) if number is not None and turn is not None else None
