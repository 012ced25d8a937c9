"""时限规则: the table in its order, one line, and trying it out."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.kernel.errors import Refused
from qushu.kernel.refusals import show_refusal
from qushu.people.access_web import allowed
from qushu.people.queries import entries_about
from qushu.people.requests import Request

from ...exports import export_of
from ...models import ClockRule
from ...rulebook import rulebook
from .. import actions
from ..actions.clock_rules import subject_of
from ..forms.clock_rules import EndForm, PlaceForm, RuleForm, TrialForm
from ..lists import PAST_RULES
from ..queries.clock_rules import about_words, allowance_words, ask_table, clock_tables, next_workday_start, past_rules
from ..saving import Saved, save


@require_GET
@allowed("codes.write")
def clock_rules(request: Request) -> HttpResponse:
    """Every line that counts now or later, by clock, in the order in which they are asked."""
    return render(request, "codes/clock_rules.html", {"tables": clock_tables(rulebook(), timezone.now())})


@require_GET
@allowed("codes.write")
def past(request: Request) -> HttpResponse:
    """Lines that no longer count."""
    rows = [(row, about_words(row), allowance_words(row)) for row in past_rules()]
    return render(request, "codes/past_rules.html", {"rows": rows} | export_of(request.actor, PAST_RULES))


@require_GET
@allowed("codes.write")
def trial(request: Request) -> HttpResponse:
    """Which line a case would get, why not an earlier one, and its deadline line by line. The address holds the case."""
    book = rulebook()
    form = TrialForm(request.GET or None, start=next_workday_start(book.calendar, timezone.now()))
    answer = ask_table(form.asked(), book) if form.is_valid() else None
    page = {"form": form, "answer": answer}
    return render(request, "codes/trial.html", page, status=422 if form.errors else 200)


@allowed("codes.write")
def new_rule(request: Request) -> HttpResponse:
    """Add a line; `?clock=` says of which clock."""
    clock = request.GET.get("clock", "")
    places = [row for row in _lines() if row.clock == clock] or _lines()
    form = RuleForm(request.POST or None, places=places, initial={"clock": clock or "resolve"})

    def add() -> Saved:
        said = form.cleaned_data
        rule = actions.add_rule(
            request.actor, form.facts(), said["before"], said["since"], timezone.now(), said["reason"]
        )
        return Saved(f"已新增规则 {rule.pk}。已经起算的期限不变。", "clock-rules")

    if done := save(request, form, add):
        return done
    return render(request, "codes/rule_new.html", {"form": form}, status=422 if form.errors else 200)


@allowed("codes.write")
def rule(request: Request, rule_id: int) -> HttpResponse:
    """One line: change, place, end or withdraw it; what came before and after it."""
    chosen = get_object_or_404(ClockRule.objects.select_related("category", "channel", "replaces"), pk=rule_id)
    now, verb = timezone.now(), request.POST.get("verb", "")
    forms = _forms(chosen)
    if request.method == "POST" and verb in VERBS:
        if verb in forms:
            forms[verb] = _bound(chosen, verb, request)
        form = forms.get(verb)
        if form is None or form.is_valid():
            try:
                said = VERBS[verb](request, chosen, form)
            except Refused as refused:
                if form is None:
                    messages.error(request, refused.message)
                    return redirect("clock-rule", chosen.pk)
                show_refusal(form, refused)
            else:
                messages.success(request, said)
                return redirect("clock-rules")
    page = {
        "chosen": chosen,
        "about": about_words(chosen),
        "allowance": allowance_words(chosen),
        "forms": forms,
        "open": chosen.effective_to is None,
        "may_withdraw": _may_withdraw(chosen, now),
        "successors": chosen.successors.order_by("id"),
        "entries": entries_about(subject_of(chosen)),
    }
    wrong = any(form.errors for form in forms.values())
    return render(request, "codes/rule.html", page, status=422 if wrong else 200)


def _may_withdraw(chosen: ClockRule, now: object) -> bool:
    planned = chosen.effective_from > now  # type: ignore[operator]
    withdrawn = chosen.effective_to is not None and chosen.effective_to <= chosen.effective_from
    ends_later = chosen.effective_to is not None and chosen.effective_to > now  # type: ignore[operator]
    return (planned and not withdrawn) or ends_later


def _lines() -> list[ClockRule]:
    rows = ClockRule.objects.filter(effective_to__isnull=True).select_related("category", "channel")
    return list(rows.order_by("priority", "id"))


def _others(chosen: ClockRule) -> list[ClockRule]:
    return [row for row in _lines() if row.clock == chosen.clock and row.pk != chosen.pk]


def _forms(chosen: ClockRule) -> dict[str, Form]:
    return {
        "change": RuleForm(chosen=chosen, places=[], auto_id="change_%s"),
        "move": PlaceForm(places=_others(chosen), auto_id="move_%s"),
        "end": EndForm(auto_id="end_%s"),
    }


def _bound(chosen: ClockRule, verb: str, request: Request) -> Form:
    if verb == "change":
        return RuleForm(request.POST, chosen=chosen, places=[], auto_id="change_%s")
    if verb == "move":
        return PlaceForm(request.POST, places=_others(chosen), auto_id="move_%s")
    return EndForm(request.POST, auto_id="end_%s")


def _change(request: Request, chosen: ClockRule, form: Form | None) -> str:
    assert isinstance(form, RuleForm)
    said = form.cleaned_data
    new = actions.change_rule(request.actor, chosen.pk, form.facts(), said["since"], timezone.now(), said["reason"])
    return f"规则 {chosen.pk} 由规则 {new.pk} 接替。已经起算的期限不变。"


def _move(request: Request, chosen: ClockRule, form: Form | None) -> str:
    said = form.cleaned_data if form else {}
    new = actions.move_rule(request.actor, chosen.pk, said["before"], said["since"], timezone.now(), said["reason"])
    return f"已调整顺序，规则 {chosen.pk} 由规则 {new.pk} 接替。"


def _end(request: Request, chosen: ClockRule, form: Form | None) -> str:
    said = form.cleaned_data if form else {}
    actions.end_rule(request.actor, chosen.pk, said["since"], timezone.now(), said["reason"])
    return f"规则 {chosen.pk} 已停用或定下停用时间。已经起算的期限不变。"


def _withdraw(request: Request, chosen: ClockRule, form: Form | None) -> str:
    actions.withdraw_rule(request.actor, chosen.pk, timezone.now())
    return f"规则 {chosen.pk} 的安排已撤回。"


VERBS: dict[str, Callable[[Request, ClockRule, Form | None], str]] = {
    "change": _change,
    "move": _move,
    "end": _end,
    "withdraw": _withdraw,
}
