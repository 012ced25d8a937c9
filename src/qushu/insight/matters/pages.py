"""群体投诉分析监测: the board, one matter, and who calls again and again."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from qushu.cases.exports import export_of
from qushu.cases.models import Case
from qushu.kernel.paging import BadCursor, page_of
from qushu.kernel.personal import mask_free_text
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import queries, reading
from .actions import may_change
from .forms import CaseForm, ChargeForm, MatterFilter, MergeForm, TitleForm, WordsForm
from .lists import LIST_KIND, MEMBERS, MEMBERS_ORDER, REPEATS, caller_of
from .models import Matter, Repeat

PER_PAGE = 30
MEMBERS_A_PAGE = 25
EVENTS = 60
ACTS = {"title": TitleForm, "case": CaseForm, "merge": MergeForm, "charge": ChargeForm, "note": WordsForm}
ACT_WORDS = {"title": "改名", "case": "加入工单", "merge": "合并另一事项", "charge": "交办", "note": "写备注"}


@require_GET
@allowed("matters.read")
def board(request: Request) -> HttpResponse:
    """Matters by people or growth, narrowed by what the address holds."""
    chosen = request.GET.dict()
    found = queries.filter_matters(queries.visible_matters(request.actor), chosen, request.actor)
    try:
        page = page_of(
            found.defer("sums"), queries.order_of(request.actor, chosen.get("sort", "")), request.GET, PER_PAGE
        )
    except BadCursor:
        kept = {key: value for key, value in chosen.items() if key not in ("after", "before")}
        return redirect(f"{request.path}?{urlencode(kept)}")
    shown = {
        "filter": MatterFilter(request.GET),
        "page": page,
        "rule": reading.rule(),
        "spread": queries.spread_of(found, timezone.now()) if queries.sees_all(request.actor) else None,
        "may_rule": may_at_all(request.actor, "matters.rules"),
        **export_of(request.actor, LIST_KIND),
    }
    return render(request, "insight/matters/board.html", shown)


@require_GET
@allowed("matters.read")
def matter(request: Request, matter_id: int) -> HttpResponse:
    """One matter: when, where, who belongs to it and why, and what people can do."""
    return show(request, found_matter(request, matter_id))


@require_GET
@allowed("matters.read")
def repeats(request: Request) -> HttpResponse:
    """一人多次: who has several cases about one thing."""
    rule = reading.rule()
    found = queries.visible_repeats(request.actor, rule.repeats)
    order = ("-cases", "-id") if queries.sees_all(request.actor) else ("-seen_cases", "-id")
    try:
        page = page_of(found, order, request.GET, PER_PAGE)
    except BadCursor:
        return redirect("repeat-callers")
    cases = queries.cases_of_repeats(request.actor, page.rows)
    rows = [
        (repeat, caller_of(cases[repeat.pk][0]), cases[repeat.pk], _token(repeat, cases[repeat.pk]))
        for repeat in page
        if cases.get(repeat.pk)
    ]
    shown = {"page": page, "rows": rows, "rule": rule}
    return render(request, "insight/matters/repeats.html", shown | export_of(request.actor, REPEATS))


def found_matter(request: Request, matter_id: int) -> Matter:
    """The matter, or the 404 page for who may see none of its cases."""
    found = queries.matter_by_id(request.actor, matter_id)
    if found is None:
        raise Http404("没有这个事项，或其中没有您可以查看的工单。")
    return found


def show(request: Request, one: Matter, status: int = 200, **refused: Any) -> HttpResponse:
    """The page of a matter; `refused` are forms that were not accepted, by what they do."""
    rule, writable = reading.rule(), may_change(request.actor, one)
    members = queries.members_page(request.actor, one, request.GET)
    try:
        page = page_of(members, MEMBERS_ORDER, request.GET, MEMBERS_A_PAGE)
    except BadCursor:
        return redirect("matter", one.pk)
    shape, whole = queries.shape_of(request.actor, one), queries.sees_all(request.actor)
    shown = {
        "matter": one,
        "whole": whole,
        "page": page,
        "members": [(row, caller_of(row.case)) for row in page],
        "narrowed": bool(any(request.GET.get(name) for name in ("street", "area", "from"))),
        "shape": shape,
        "copies": queries.copies_in(request.actor, one, rule.organised) if one.organised or not whole else [],
        "history": queries.history_of(request.actor, one)[:EVENTS],
        "charges": queries.charges_of(request.actor, one),
        "following": queries.follows(request.actor.account_id, one),
        "writable": writable,
        "mine": request.actor,
        "acts": _acts(one, refused) if writable else [],
        "rule": rule,
        **export_of(request.actor, MEMBERS, matter_id=one.pk),
    }
    return render(request, "insight/matters/matter.html", shown, status=status)


def _acts(one: Any, refused: dict[str, Any]) -> list[tuple[str, Any, str]]:
    """What people can do by a form: its name, the form as it was refused or a fresh one, and what its button says."""
    fresh = {
        name: form(initial={"title": mask_free_text(one.seen_title)}, auto_id=f"{name}-%s")
        for name, form in ACTS.items()
    }
    return [(name, refused.get(name, form), ACT_WORDS[name]) for name, form in fresh.items()]


def _token(repeat: Repeat, cases: list[Case]) -> str:
    """What finds all cases of this caller in the list of cases; "" where one of these asked not to be named."""
    return "" if any("sensitive" in case.marks for case in cases) else bytes(repeat.person).hex()
