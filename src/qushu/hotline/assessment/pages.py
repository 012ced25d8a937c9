"""考核: rates of a period with score and rank, and the rows behind each figure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from qushu.cases.exports import export_of
from qushu.cases.overdue import WORDS
from qushu.cases.rules import SHANGHAI
from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.kernel.paging import Page, page_of
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.models import Unit
from qushu.people.requests import Request

from ..models import AssessmentScheme
from .cells import Draw
from .choice import Choice, Row, Table, ids_behind, read_table
from .definitions import words_of
from .forms import HALVES, ORDERS, ChoiceForm
from .freezing import freeze_period
from .lists import JUDGEMENTS
from .measures import MEASURES, NOBODY_NAMES, SUBJECTS, VOLUMES
from .periods import next_month
from .queries import archived, readable, rows_of
from .rules import rule_as_formula, rule_in_words

T = TypeVar("T")
PER_PAGE = 50
ROWS_A_PAGE = 100
CHARTED = 20
TIER_MARKS = ("good", "1", "warn", "late")


@require_GET
@allowed("assessment.read")
def assessment(request: Request) -> HttpResponse:
    """Every subject's rates, score, rank and tier in the period that the address names."""
    now = timezone.now()
    form = ChoiceForm(request.GET, timezone.localdate(now, SHANGHAI))
    if not form.is_valid():
        return render(request, "hotline/assessment/assessment.html", {"form": form, "subjects": SUBJECTS}, status=422)
    choice = form.choice(live="live" in request.GET)
    period = choice.period(now)
    table = read_table(request.actor, choice, now)
    tier = form.cleaned_data["tier"]
    rows = in_order(
        [row for row in table.rows if not tier or row.line.tier == tier], request.GET.get("sort", ""), choice
    )
    may_freeze = may_at_all(request.actor, "assessment.freeze")
    draw = Draw.of(choice, table.frozen, may_freeze, request.GET)
    shown = page_in_memory(rows, request.GET, ROWS_A_PAGE)
    page = {
        "form": form,
        "choice": choice,
        "table": table,
        "rows": Page([draw.row(row) for row in shown], shown.next_cursor, shown.previous_cursor),
        "total": draw.row(table.total) if table.total else "",
        "measures": list(MEASURES.values()),
        "volumes": [MEASURES[code] for code in VOLUMES],
        "subjects": SUBJECTS,
        "overdue_words": WORDS,
        "definitions": words_of(period),
        "archived": archived(request.actor, period, {one.code: one.count for one in table.total.cells})
        if table.total
        else 0,
        "judged_at": period.judged_at,
        "nobody": NOBODY_NAMES[choice.subject],
        "tier": tier,
        "tiers": _tiers(table, choice),
        "chart": _chart(rows, choice, request.GET.get("sort", "")),
        "formula": _formula(choice),
        "ended": choice.last < timezone.localdate(now, SHANGHAI),
        "may_freeze": may_freeze,
        "may_write": may_at_all(request.actor, "assessment.write"),
        "way": [choice.tree.nodes[one] for one in choice.tree.above(choice.within)] if choice.within else [],
        "former_month": (choice.first - timedelta(days=1)).replace(day=1),
        "next_month": next_month(choice.last),
    } | _schemes(choice)
    return render(request, "hotline/assessment/assessment.html", page)


@require_GET
@allowed("assessment.read")
def behind(request: Request, subject: str, subject_id: int, measure: str, half: str) -> HttpResponse:
    """The judgements behind one figure; `half` is a key of HALVES, subject 0 is the sum of all."""
    now = timezone.now()
    form = ChoiceForm({**request.GET.dict(), "subject": subject}, timezone.localdate(now, SHANGHAI))
    if subject not in SUBJECTS or measure not in MEASURES or half not in HALVES or not form.is_valid():
        raise Http404("没有这个数字。")
    choice, one = form.choice(), MEASURES[measure]
    rows = rows_of(request.actor, one, subject, ids_behind(choice, subject_id), choice.period(now), half)
    related = [one.from_case(name) for name in ("category", "street", "area")]
    page = page_of(rows.select_related(*related), (f"-{one.at}", "-id"), request.GET, PER_PAGE)
    cases = {row.pk: row.case if one.case else row for row in page}
    seen = readable(request.actor, (case.pk for case in cases.values()))
    units = dict(Unit.objects.filter(pk__in={row.answers for row in page}).values_list("pk", "name"))
    lines = [
        {
            "case": cases[row.pk],
            "open": cases[row.pk].pk in seen,
            "unit": units.get(row.answers, ""),
            "at": getattr(row, one.at),
            "verdict": one.verdict(row.slot % 3),
            "tone": ("neutral", "info", "violet")[row.slot % 3],
        }
        for row in page
    ]
    found = {"page": page, "lines": lines, "measure": one, "half": HALVES[half], "choice": choice}
    figure = {"subject": subject, "subject_id": subject_id, "measure": measure, "half": half}
    return render(request, "hotline/assessment/behind.html", found | export_of(request.actor, JUDGEMENTS, **figure))


@require_POST
@allowed("assessment.freeze")
def freeze(request: Request) -> HttpResponse:
    """Freeze the period that the form names, by the scheme that it names."""
    now = timezone.now()
    form = ChoiceForm(request.POST, timezone.localdate(now, SHANGHAI))
    if not form.is_valid() or form.cleaned_data["scheme"] is None:
        messages.error(request, "没有选定时段或评分方案。什么也没有固定。")
        return redirect("assessment")
    said = form.cleaned_data
    try:
        period = freeze_period(request.actor, said["scheme"].pk, said["first"], said["last"], now)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"已固定 {period.starts_on} 至 {period.ends_on} 的考核；之后数据有变，此处数字不变。")
    return redirect(f"{request.path.removesuffix('freeze/')}?{address_of(form.choice())}")


def address_of(choice: Choice) -> str:
    """The query of the page that shows this choice."""
    words = f"first={choice.first}&last={choice.last}&subject={choice.subject}"
    return f"{words}&scheme={choice.scheme.pk}" if choice.scheme else words


def page_in_memory(rows: Sequence[T], params: Mapping[str, str], size: int) -> Page[T]:
    """A page of rows that are all there already: cursors are places in the list."""
    after, before = params.get("after", ""), params.get("before", "")
    start, following = number_in(after), number_in(before)
    if start is None:
        start = max(0, following - size) if following else 0
    end = start + size
    return Page(list(rows[start:end]), str(end) if end < len(rows) else None, str(start) if start else None)


def in_order(rows: list[Row], sort: str, choice: Choice) -> list[Row]:
    """The rows by any column; what has no figure stands last. Without an order: by rank."""
    name = sort.removeprefix("-")
    if name not in ORDERS or name == "rank" and sort == name:
        return rows
    tiers = [tier for _, tier in choice.formula.tiers]

    def key(row: Row) -> Any:
        line = row.line
        if name == "tier":
            return tiers.index(line.tier) if line.tier in tiers else None
        if name.endswith("_volume"):
            return row.volumes[name.removesuffix("_volume")]
        return line.counts[name].rate if name in MEASURES else getattr(line, name)

    known = [row for row in rows if key(row) is not None]
    return sorted(known, key=key, reverse=sort.startswith("-")) + [row for row in rows if key(row) is None]


def _tiers(table: Table, choice: Choice) -> list[tuple[str, str, int]]:
    """Name, tone and size of each tier."""
    names = [name for _, name in choice.formula.tiers]
    return [
        (
            name,
            TIER_MARKS[min(place, 3)] if place < len(names) - 1 else "late",
            sum(row.line.tier == name for row in table.rows),
        )
        for place, name in enumerate(names)
    ]


def _chart(rows: list[Row], choice: Choice, sort: str) -> dict[str, Any]:
    """Bars of the column that the table is ordered by, else of the score, else of the on-time rate."""
    drawn: list[tuple[str, Any]]
    name = sort.removeprefix("-")
    otherwise = "score" if choice.formula.rules else "on_time"
    code = name if name in MEASURES or name.endswith("_volume") else otherwise
    if code == "score":
        drawn = [(row.line.name, row.line.score) for row in rows if row.line.score is not None]
        return {"title": "得分", "unit": "分", "bars": drawn[:CHARTED], "top": _highest(choice)}
    if code.endswith("_volume"):
        bare = code.removesuffix("_volume")
        return {
            "title": f"{MEASURES[bare].volume}量",
            "unit": "件",
            "top": None,
            "bars": [(row.line.name, row.volumes[bare]) for row in rows][:CHARTED],
        }
    drawn = [(row.line.name, row.line.counts[code].rate) for row in rows if row.line.counts[code].whole]
    return {"title": MEASURES[code].name, "unit": "%", "bars": drawn[:CHARTED], "top": 100}


def _highest(choice: Choice) -> float:
    return float(sum(rule.weight * rule.cap for rule in choice.formula.rules)) or 1


def _formula(choice: Choice) -> list[tuple[str, str]]:
    return [
        (rule_in_words(rule, MEASURES[rule.measure].name), rule_as_formula(rule))
        for rule in choice.formula.rules
        if rule.measure in MEASURES
    ]


def _schemes(choice: Choice) -> dict[str, Any]:
    """The schemes that could judge this: of each name the version in force at the end of the period, and the chosen one."""
    schemes = AssessmentScheme.objects.filter(subject=choice.subject, effective_from__lte=choice.last)
    newest = {one.name: one for one in schemes.order_by("effective_from", "version")}
    found = {one.pk: one for one in newest.values()}
    if choice.scheme:
        found[choice.scheme.pk] = choice.scheme
    return {"schemes": list(found.values())}
