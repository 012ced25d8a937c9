"""预算绩效公开: for deputies and citizens, without login. It reads nothing but what somebody released."""

from collections import Counter
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ..indicators.rules import LIGHTS, Light
from .models import Evaluation, OpenPaper, Release
from .pages import file_answer


@require_GET
def open_budget(request: HttpRequest) -> HttpResponse:
    """Department, projects, targets with values and lights as released; signed self-evaluations to download."""
    released = Release.objects.filter(withdrawn_at__isnull=True).order_by("document_id", "year", "-id")
    releases: list[Any] = sorted(released.distinct("document_id", "year"), key=lambda one: (-one.year, one.document_id))
    for one in releases:
        one.told = [(group, _lights(group)) for group in one.snapshot["groups"]]
    papers = Evaluation.objects.filter(released_at__isnull=False).select_related("project", "document")
    shown = {
        "releases": releases,
        "papers": papers.order_by("-year", F("project__place").asc(nulls_first=True)),
        "title": "预算绩效公开",
    }
    return render(request, "ledger/open_budget.html", shown)


def _lights(group: dict[str, Any]) -> list[tuple[Light, str, int]]:
    """How many of a group's targets have each light that says something: tone, words, number."""
    counts = Counter(one["light"] for one in group["targets"])
    return [(light, LIGHTS[light], counts[light]) for light in ("late", "warn", "good") if counts[light]]


@require_GET
def open_paper(request: HttpRequest, evaluation_id: int, form: str) -> HttpResponse:
    """A released self-evaluation."""
    kept = OpenPaper.objects.filter(evaluation_id=evaluation_id, form=form, evaluation__released_at__isnull=False)
    found = kept.select_related("evaluation__project", "evaluation__document").first()
    if found is None:
        raise Http404("没有公开这份文件。")
    return file_answer(bytes(found.content), form, str(found.evaluation))
