"""综合查询: the question, what is found, how it spreads, and what is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qushu.cases.exports import export_of
from qushu.cases.finding import PAGE
from qushu.cases.forms import filter_words
from qushu.cases.models import Case
from qushu.cases.queries import case_by_number
from qushu.kernel.errors import Refused
from qushu.kernel.paging import BadCursor, Page, page_of
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import names
from .actions import ACTION, remove_search, save_search, saved_searches
from .asking import address_of, asked_of
from .facets import shown_facets, total_words
from .forms import SaveForm, SearchFilter
from .highlighting import Piece, highlighted
from .likeness import Like, nearest, vector_of_case, vector_of_text
from .lists import LIST_KIND
from .mapping import map_of
from .queries import (
    NEWEST,
    ORDERS,
    READ,
    best_of,
    facets_of,
    first_cases,
    found_cases,
    newest_cases,
    rich,
    terms_of,
)

PER_PAGE: Final = 20
_NOT_CONDITIONS: Final = frozenset({"after", "before", "sort"})


@dataclass(frozen=True)
class Result:
    """A case as the results show it: title, place and the part of its text where the terms stand, with marks."""

    case: Case
    title: list[Piece]
    part: list[Piece]
    near: float | None = None


@never_cache
@require_http_methods(["GET", "POST"])
@allowed(ACTION)
def search(request: Request) -> HttpResponse:
    """The search and its results. A POST is what was typed: it is answered with an address that holds no number of a person."""
    if request.method == "POST":
        return _ask(request)
    chosen = request.GET.dict()
    if asked_of(chosen.get("q", "")).words != " ".join(chosen.get("q", "").split()):
        return _go(request, chosen, chosen.get("q", ""))  # somebody wrote a number into the address by hand
    shown: dict[str, Any] = {
        "form": SearchFilter(request.GET),
        "saved": saved_searches(request.actor)[:60],
        "save_form": SaveForm(),
        "searched": bool(_conditions(chosen)),
        "conditions": urlencode(_conditions(chosen)),
        **export_of(request.actor, LIST_KIND),
    }
    shown |= {
        "chips": chips_of(shown["form"], chosen),
        "narrowed": len(set(_conditions(chosen)) - {"q", "caller", "near"}),
    }
    if shown["searched"]:
        try:
            shown |= _found(request, chosen)
        except BadCursor:
            return redirect(f"{reverse('search')}?{urlencode(_conditions(chosen))}")
    return render(request, "insight/search/search.html", shown)


@never_cache
@require_GET
@allowed(ACTION)
def facets(request: Request) -> HttpResponse:
    """How the matches spread, in fields and on the map; a part for htmx, a page for everybody else."""
    chosen = request.GET.dict()
    cases = newest_cases(request.actor, chosen, timezone.now())
    found = facets_of(cases)
    shown = {
        "facets": shown_facets(found, chosen),
        "total": total_words(found),
        "whole": found.whole,
        "map": map_of(cases) if found.total else None,
        "base": urlencode({name: value for name, value in _conditions(chosen).items() if name != "box"}),
        "boxed": bool(chosen.get("box")),
        "back": f"{reverse('search')}?{urlencode(_conditions(chosen))}",
    }
    part = "facets" if request.htmx else "facets_page"
    return render(request, f"insight/search/{part}.html", shown)


@require_POST
@allowed(ACTION)
def save(request: Request) -> HttpResponse:
    """Keep the search that the form carries."""
    query, said = request.POST.get("query", ""), request.POST
    try:
        kept = save_search(request.actor, said.get("name", ""), query, said.get("role", ""), timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"已保存查询“{kept.name}”。")
    return redirect(f"{reverse('search')}?{query}")


@require_POST
@allowed(ACTION)
def remove(request: Request, search_id: int) -> HttpResponse:
    """Remove one of the person's own."""
    try:
        remove_search(request.actor, search_id)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已删除。")
    return redirect("search")


def _found(request: Request, chosen: Mapping[str, str]) -> dict[str, Any]:
    sort = chosen.get("sort", "")
    terms = terms_of(chosen)
    best = sort == "relevance" and any(not term.excluded for term in terms)
    likes: list[Like] | None = None
    if chosen.get("near") or (sort == "meaning" and terms):
        likes = _likes(request, chosen)
        page: Page[Case] = Page(rich([like.case_id for like in likes]))
    else:
        cases = first_cases(request.actor, chosen, timezone.now(), READ.get(sort, PAGE))
        if best:
            page = Page(rich(best_of(cases, terms)))
        else:
            keys = page_of(cases.only("pk", "accepted_at"), ORDERS.get(sort, NEWEST), request.GET, PER_PAGE)
            page = Page(rich([case.pk for case in keys]), keys.next_cursor, keys.previous_cursor)
    marks = [mark for term in terms for mark in term.marks]
    near = {like.case_id: like.likeness for like in likes or ()}
    results = [
        Result(
            case,
            highlighted(case.title, marks),
            highlighted(f"{case.statement.place} {case.statement.text}", marks),
            near.get(case.pk),
        )
        for case in page
    ]
    found = {
        "page": page,
        "results": results,
        "best": best,
        "by_meaning": likes is not None,
        "names": names.suggested(chosen.get("q", "")),
    }
    # What is alike has no end, so it is not counted; a page of the likest is shown.
    counted = likes is None
    return found | {"facets_url": f"{reverse('search-facets')}?{urlencode(_conditions(chosen))}" if counted else ""}


def _likes(request: Request, chosen: Mapping[str, str]) -> list[Like]:
    """What is most alike to the case `near`, or to what was typed, within the other conditions."""
    near, now = chosen.get("near", ""), timezone.now()
    if not near:
        vector = vector_of_text(chosen.get("q", ""))
        return nearest(found_cases(request.actor, {**chosen, "q": ""}, now), vector) if vector else []
    case = case_by_number(request.actor, near, related=("statement",))
    vector = vector_of_case(case) if case else None
    others = found_cases(request.actor, chosen, now)
    return nearest(others.exclude(pk=case.pk), vector) if case and vector else []


def _ask(request: Request) -> HttpResponse:
    said = request.POST.dict()
    text = said.get("q", "").strip()
    case = case_by_number(request.actor, text) if text else None
    return redirect("case-page", case.number) if case is not None else _go(request, said, text)


def _go(request: Request, said: Mapping[str, str], text: str) -> HttpResponse:
    asked = asked_of(f"{text} {said.get('phone', '')}")
    if asked.left_out:
        messages.warning(request, f"{asked.left_out}不用于查询，也不会留在地址里，已去掉。其余条件已生效。")
    address = urlencode(address_of(said, asked))
    return redirect(f"{reverse('search')}?{address}" if address else reverse("search"))


def chips_of(form: SearchFilter, chosen: Mapping[str, str]) -> list[dict[str, str]]:
    """Each condition in words, with the address without it."""
    conditions = _conditions(chosen)
    chips = []
    for name, value in conditions.items():
        words = filter_words({name: value}, form)
        without = urlencode({key: said for key, said in conditions.items() if key != name})
        if words != "全部":
            chips.append({"label": words, "without": f"{reverse('search')}?{without}"})
    return chips


def _conditions(chosen: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in chosen.items() if value and name not in _NOT_CONDITIONS}
