"""评分方案: every scheme and version, each rule in words, a try-out with sample rates, the editor of the next version."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qushu.cases.exports import export_of
from qushu.cases.rules import SHANGHAI
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without, signed_in
from qushu.people.requests import Request

from ..models import AssessmentScheme
from .forms_schemes import (
    RuleForms,
    SchemeForm,
    TierForms,
    TryForm,
    facts_from,
    initial_rules,
    initial_tiers,
)
from .lists import SCHEMES
from .measures import MEASURES, SUBJECTS
from .rules import points_of, rule_as_formula, rule_in_words, score, tier
from .schemes import all_schemes, make_scheme_version, scheme_by_id
from .table import SCORE, formula_of


@require_GET
@allowed("assessment.write")
def schemes(request: Request) -> HttpResponse:
    """Every scheme by subject, all versions, the newest first."""
    shown = {"schemes": all_schemes(), "subjects": SUBJECTS} | export_of(request.actor, SCHEMES)
    return render(request, "hotline/assessment/schemes.html", shown)


@require_GET
@signed_in
def scheme(request: Request, scheme_id: int) -> HttpResponse:
    """One version: its rules in words, and what sample rates would score."""
    may_write = may_at_all(request.actor, "assessment.write")
    if not may_write:
        refuse_without(request, "assessment.read")
    one = _scheme(scheme_id)
    formula = formula_of(one)
    rules = [rule for rule in formula.rules if rule.measure in MEASURES]
    form = TryForm(request.GET or None, rules)
    tried = None
    if form.is_valid() and any(rate is not None for rate in form.rates().values()):
        rates = form.rates()
        reached = score(rules, rates)
        by = reached if formula.tier_by == SCORE else rates.get(formula.tier_by)
        tried = {"score": reached, "tier": tier(by, formula.tiers)}
    points = points_of(rules, form.rates()) if tried else {}
    lines = [
        (
            MEASURES[rule.measure],
            rule_in_words(rule, MEASURES[rule.measure].name),
            rule_as_formula(rule),
            form[rule.measure],
            points.get(rule.measure),
        )
        for rule in rules
    ]
    page = {
        "scheme": one,
        "subject": SUBJECTS[one.subject],
        "lines": lines,
        "tiers": formula.tiers,
        "tier_by": MEASURES[formula.tier_by].name if formula.tier_by in MEASURES else "总分",
        "form": form,
        "tried": tried,
        "highest": sum(rule.weight * rule.cap for rule in rules),
        "versions": AssessmentScheme.objects.filter(name=one.name).order_by("-version"),
        "may_write": may_write,
    }
    return render(request, "hotline/assessment/scheme.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("assessment.write")
def new_scheme(request: Request) -> HttpResponse:
    """A scheme with a name of its own."""
    return _edit(request, None)


@never_cache
@require_http_methods(["GET", "POST"])
@allowed("assessment.write")
def next_version(request: Request, scheme_id: int) -> HttpResponse:
    """The next version of a scheme, beginning with what this one says."""
    return _edit(request, _scheme(scheme_id))


def _edit(request: Request, former: AssessmentScheme | None) -> HttpResponse:
    now = timezone.now()
    data = request.POST or None
    form = SchemeForm(data, of=former, today=timezone.localdate(now, SHANGHAI))
    rules = RuleForms(data, initial=initial_rules(former), prefix="rule")
    tiers = TierForms(data, initial=initial_tiers(former), prefix="tier")
    if data is not None and all([form.is_valid(), rules.is_valid(), tiers.is_valid()]):
        try:
            made = make_scheme_version(request.actor, facts_from(form, rules, tiers), now)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, f"已保存“{made}”，自 {made.effective_from} 起生效；以前的版本不变。")
            return redirect("scheme", made.pk)
    page = {"form": form, "rules": rules, "tiers": tiers, "former": former}
    wrong = data is not None
    return render(request, "hotline/assessment/edit.html", page, status=422 if wrong else 200)


def _scheme(scheme_id: int) -> AssessmentScheme:
    try:
        return scheme_by_id(scheme_id)
    except Missing as missing:
        raise Http404(missing.message) from missing
