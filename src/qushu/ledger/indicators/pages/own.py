"""指标: all indicators with who answers for each; the centre's own ones with their surveys, files and versions."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qushu.cases.codes.saving import Saved, save
from qushu.kernel.asked import number_in
from qushu.kernel.errors import Refused
from qushu.people.access import may_at_all
from qushu.people.access_web import allowed, refuse_without
from qushu.people.requests import Request

from ...models import Reading
from ..actions import (
    Answer,
    Definition,
    Survey,
    change_definition,
    define_indicator,
    entrust,
    keep_file_value,
    keep_survey,
)
from ..actions.filling import MOST_PEOPLE, NO, YES, answers_of_file
from ..expected import EXPECTED
from ..forms import ChangeForm, DefinitionForm, DutyForm, FileValueForm, SurveyForm
from ..formula import operands
from ..models import EvidenceFile, OwnIndicator, Responsibility
from ..offered import as_measure, offered
from ..queries import FRESH_HOURS, every_indicator, told_readings

SHOWN_READINGS = 30


@never_cache
@allowed("budget.read")
def indicators(request: Request) -> HttpResponse:
    """Every indicator: system, definition, unit, direction, who answers for it; own ones are defined here."""
    form = DefinitionForm(request.POST or None)
    if request.method == "POST":
        refuse_without(request, "targets.write")

    def define() -> Saved:
        own = define_indicator(request.actor, Definition(**form.cleaned_data), timezone.now())
        return Saved(f"已定义“{own.name}”。", "indicator", (own.pk,))

    known = offered()
    shown = {
        "form": form,
        "rows": every_indicator(),
        "expected": [one for code, one in EXPECTED.items() if code not in known],
        "may_write": may_at_all(request.actor, "targets.write"),
    }
    return save(request, form, define) or render(
        request, "ledger/indicators.html", shown, status=422 if form.errors else 200
    )


@never_cache
@require_GET
@allowed("budget.read")
def indicator(request: Request, own_id: int) -> HttpResponse:
    """One own indicator: definition, what it is read from, readings."""
    return _show(request, get_object_or_404(OwnIndicator, pk=own_id))


def _show(request: Request, own: OwnIndicator, **refused: Form) -> HttpResponse:
    known = offered()
    operators = [known[code] for code in sorted(operands(own.formula)) if code in known] if own.formula else []
    newest = Reading.objects.filter(measure__in=[one.code for one in operators]).order_by("measure", "-taken_at")
    readings = {one.measure: one for one in newest.distinct("measure")}
    shown: dict[str, Any] = {
        "own": own,
        "operands": [(one, readings.get(one.code)) for one in operators],
        "surveys": own.surveys.prefetch_related("answers").select_related("evidence", "kept_by").order_by("-held_to"),
        "values": own.values.select_related("evidence", "kept_by").order_by("-as_of", "-pk"),
        "readings": told_readings(as_measure(own), Reading.objects.filter(measure=own.code), SHOWN_READINGS),
        "change": ChangeForm(initial={"words": own.words, "formula": own.formula}),
        "survey": SurveyForm(),
        "file": FileValueForm(),
        "may_write": may_at_all(request.actor, "targets.write"),
        "may_state": may_at_all(request.actor, "targets.state"),
    }
    return render(request, "ledger/indicator.html", {**shown, **refused}, status=422 if refused else 200)


@require_POST
@allowed("targets.write")
def change(request: Request, own_id: int) -> HttpResponse:
    """Another definition: the next version."""
    own, form = get_object_or_404(OwnIndicator, pk=own_id), ChangeForm(request.POST)

    def do() -> Saved:
        said = form.cleaned_data
        changed = change_definition(request.actor, own_id, said["words"], said["formula"], timezone.now())
        return Saved(
            f"已改为第 {changed.version} 版口径；绑定它的绩效目标要由另一位同事重新审核。", "indicator", (own_id,)
        )

    return save(request, form, do) or _show(request, own, change=form)


@require_POST
@allowed("targets.state")
def fill_survey(request: Request, own_id: int) -> HttpResponse:
    """The counted answers of a questionnaire, typed or from a table."""
    own, form = get_object_or_404(OwnIndicator, pk=own_id), SurveyForm(request.POST, request.FILES)

    def do() -> Saved:
        said, file = form.cleaned_data, form.cleaned_data["file"]
        upload = (file.name, file.read()) if file else None
        answers = answers_of_file(upload) if upload else _typed(said["answers"])
        survey = Survey(said["held_from"], said["held_to"], said["asked"], answers)
        keep_survey(request.actor, own_id, survey, timezone.now(), upload)
        return Saved("已保存调查结果。", "indicator", (own_id,))

    return save(request, form, do) or _show(request, own, survey=form)


def _typed(text: str) -> list[Answer]:
    """Lines of answer, people, yes or no. Raises Refused naming the line."""
    found = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        words, people, counts = ["", "", "", *line.rsplit(maxsplit=2)][-3:]
        asked = number_in(people, MOST_PEOPLE)
        if not words or asked is None or counts not in YES | NO:
            raise Refused(f"第 {number} 行应写作“答案 人数 是（或否）”。什么也没有保存。", field="answers")
        found.append(Answer(words, asked, counts in YES))
    return found


@require_POST
@allowed("targets.state")
def fill_file(request: Request, own_id: int) -> HttpResponse:
    """A table that says the value."""
    own, form = get_object_or_404(OwnIndicator, pk=own_id), FileValueForm(request.POST, request.FILES)

    def do() -> Saved:
        file = form.cleaned_data["file"]
        upload = (file.name, file.read())
        kept = keep_file_value(request.actor, own_id, form.cleaned_data["as_of"], upload, timezone.now())
        return Saved(f"已保存：{kept.where}，{kept.value.normalize():f}。", "indicator", (own_id,))

    return save(request, form, do) or _show(request, own, file=form)


@never_cache
@allowed("targets.write")
def duty(request: Request, code: str) -> HttpResponse:
    """Who answers for an indicator and how old its value may get."""
    known = offered().get(code) or EXPECTED.get(code)
    if known is None:
        raise Http404("没有这个指标。")
    kept = Responsibility.objects.filter(code=code).first()
    usual = FRESH_HOURS[getattr(known, "source", "system")]
    first = {"owner": kept.owner_id, "fresh_hours": kept.fresh_hours} if kept else {"fresh_hours": usual}
    form = DutyForm(request.POST or None, initial=first)

    def do() -> Saved:
        said = form.cleaned_data
        entrust(request.actor, code, said["owner"], said["fresh_hours"], timezone.now())
        return Saved(f"已保存“{known.name}”的负责人和更新时限。", "indicators")

    shown = {"form": form, "known": known, "code": code}
    return save(request, form, do) or render(request, "ledger/duty.html", shown, status=422 if form.errors else 200)


@never_cache
@require_GET
@allowed("budget.read")
def evidence(request: Request, evidence_id: int) -> HttpResponseBase:
    """A file behind a value, as a download."""
    kept = get_object_or_404(EvidenceFile, pk=evidence_id)
    path = Path(settings.MEDIA_ROOT) / kept.stored_as
    if not path.is_file():
        raise Http404("文件不在存储中，请告诉管理员。")
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=kept.name, content_type=kept.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
