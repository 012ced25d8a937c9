"""催办阶梯: what presses when time runs out."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from qushu.people.access_web import allowed
from qushu.people.queries import entries_about
from qushu.people.requests import Request

from ...models import LadderStep
from ...models.clock import CLOCKS
from .. import actions
from ..actions.ladder import moment_words, subject_of
from ..forms.lists import StepForm
from ..saving import Saved, save


@require_GET
@allowed("codes.write")
def ladder(request: Request) -> HttpResponse:
    """The steps of each clock in the order in which they come."""
    steps: dict[str, list[tuple[LadderStep, str]]] = {}
    for step in LadderStep.objects.order_by("order"):
        steps.setdefault(step.clock, []).append((step, moment_words(step)))
    clocks = [(code, name, steps.get(code, [])) for code, name in CLOCKS]
    return render(request, "codes/ladder.html", {"clocks": clocks})


@allowed("codes.write")
def new_step(request: Request) -> HttpResponse:
    """A new step; `?clock=` says of which."""
    form = StepForm(request.POST or None, initial={"clock": request.GET.get("clock") or "resolve"})

    def add() -> Saved:
        _, count = actions.add_step(request.actor, form.facts(), timezone.now(), form.cleaned_data["reason"])
        return Saved(f"已新增一级。{_running(count)}", "ladder")

    return save(request, form, add) or _form(request, form, "新增一级", None)


@allowed("codes.write")
def step(request: Request, step_id: int) -> HttpResponse:
    """One step: change it, switch it off or on."""
    chosen = get_object_or_404(LadderStep, pk=step_id)
    form = StepForm(request.POST or None, chosen=chosen)

    def change() -> Saved:
        _, count = actions.change_step(
            request.actor, chosen.pk, form.facts(), timezone.now(), form.cleaned_data["reason"]
        )
        return Saved(f"已保存。{_running(count)}", "ladder")

    title = f"{chosen.get_clock_display()}：{moment_words(chosen)}"
    return save(request, form, change) or _form(request, form, title, chosen)


def _running(count: int) -> str:
    return f"{count} 个在计时的期限从下一级起按新的阶梯。" if count else "现在没有在计时的期限受影响。"


def _form(request: Request, form: StepForm, title: str, chosen: LadderStep | None) -> HttpResponse:
    page = {
        "form": form,
        "title": title,
        "up": "催办阶梯",
        "up_name": "ladder",
        "uses": [],
        "help": "ladder",
        "entries": entries_about(subject_of(chosen)) if chosen else None,
    }
    return render(request, "codes/form.html", page, status=422 if form.errors else 200)
