"""Pages of what reports are made from: templates, rules of findings, the advice table."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from qushu.cases.exports import export_of
from qushu.insight.overview.definitions import DIMENSIONS, MEASURES
from qushu.kernel.errors import Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access_web import allowed
from qushu.people.requests import Request

from . import tables
from .forms import AdviceForm, RuleForm, TemplateForm
from .lists import ADVICE, RULES, TEMPLATES
from .models import Advice, FindingRule, Kind
from .parts import PARTS
from .queries import newest_template

WRITE = "reports.write"


@require_GET
@allowed(WRITE)
def templates(request: Request) -> HttpResponse:
    """The template in use for each kind."""
    shown = {"rows": [newest_template(kind) for kind in Kind.values]}
    return render(request, "reports/templates.html", shown | export_of(request.actor, TEMPLATES))


@require_http_methods(["GET", "POST"])
@allowed(WRITE)
def template(request: Request, kind: str) -> HttpResponse:
    """Change a template: a new version."""
    if kind not in Kind.values:
        raise Http404("没有这种报告。")
    form = TemplateForm(request.POST or None, instance=newest_template(kind))
    shown = {"form": form, "kind": Kind(kind).label, "parts": [(name, words) for name, (words, _) in PARTS.items()]}
    return _saved(
        request, form, lambda said: tables.change_template(request.actor, kind, said, timezone.now()),
        "report-templates", "reports/template.html", shown,
    )  # fmt: skip


@require_GET
@allowed(WRITE)
def rules(request: Request) -> HttpResponse:
    """All rules of findings."""
    rows = [(rule, MEASURES[rule.measure].name, DIMENSIONS[rule.dimension].name) for rule in FindingRule.objects.all()]
    return render(request, "reports/rules.html", {"rows": rows} | export_of(request.actor, RULES))


@require_http_methods(["GET", "POST"])
@allowed(WRITE)
def rule(request: Request, rule_id: int | None = None) -> HttpResponse:
    """One rule, or a new one."""
    found = _one(FindingRule, rule_id)
    form = RuleForm(request.POST or None, instance=found)
    return _saved(
        request, form, lambda said: tables.change_rule(request.actor, rule_id, said, timezone.now()),
        "finding-rules", "reports/rule.html", {"form": form, "rule": found},
    )  # fmt: skip


@require_GET
@allowed(WRITE)
def advice_table(request: Request) -> HttpResponse:
    """The advice table."""
    rows = [
        (one, DIMENSIONS[one.dimension].name if one.dimension else "不限")
        for one in Advice.objects.select_related("category")
    ]
    return render(request, "reports/advice_table.html", {"rows": rows} | export_of(request.actor, ADVICE))


@require_http_methods(["GET", "POST"])
@allowed(WRITE)
def advice(request: Request, advice_id: int | None = None) -> HttpResponse:
    """One line of the advice table, or a new one."""
    found = _one(Advice, advice_id)
    form = AdviceForm(request.POST or None, instance=found)

    def save(said: dict[str, Any]) -> None:
        category = said.pop("category")
        given = said | {"category_id": int(category) if category else None}
        tables.change_advice(request.actor, advice_id, given, timezone.now())

    return _saved(request, form, save, "report-advice", "reports/advice.html", {"form": form, "advice": found})


def _saved(
    request: Request,
    form: BaseForm,
    save: Callable[[dict[str, Any]], object],
    back: str,
    page: str,
    shown: dict[str, Any],
) -> HttpResponse:
    """Save a form and go back to its list, or show it again with what was refused."""
    if form.is_valid():
        try:
            save(dict(form.cleaned_data))
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已保存，从下一份报告起使用。")
            return redirect(back)
    return render(request, page, shown, status=422 if form.errors else 200)


def _one(model: Any, pk: int | None) -> Any:
    found = model.objects.filter(pk=pk).first()
    if pk is not None and found is None:
        raise Http404("没有这一条。")
    return found
