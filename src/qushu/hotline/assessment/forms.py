"""What is assessed: period, subject, scheme, level, order. And the reason of a correction."""

from datetime import date, timedelta
from typing import Any

from django import forms

from qushu.kernel.asked import day_in

from ..models import AssessmentScheme
from .choice import Choice, choose
from .measures import MEASURES, SUBJECTS, VOLUMES
from .periods import month_of

LONGEST = timedelta(days=366)
ORDERS = ("rank", "name", "score", "tier", *MEASURES, *(f"{code}_volume" for code in VOLUMES))
HALVES = {"part": "计入分子的", "whole": "计入分母的", "excluded": "剔除的", "all": "全部"}
FIELDS = ("month", "first", "last", "subject", "scheme", "level", "within", "tier")


class ChoiceForm(forms.Form):
    """A month, or any period of at most a year; the present month when the address says nothing."""

    month = forms.CharField(label="月份", required=False, widget=forms.DateInput(attrs={"type": "month"}))
    first = forms.DateField(label="从", required=False, widget=forms.DateInput())
    last = forms.DateField(label="到", required=False, widget=forms.DateInput())
    subject = forms.ChoiceField(label="对象", choices=list(SUBJECTS.items()), required=False)
    scheme = forms.ModelChoiceField(AssessmentScheme.objects.all(), label="评分方案", required=False, empty_label=None)
    level = forms.TypedChoiceField(
        label="层级",
        choices=[(1, "一级类别"), (2, "二级类别"), (3, "三级类别")],
        coerce=int,
        required=False,
    )
    within = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    tier = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, given: Any, today: date) -> None:
        super().__init__({name: given[name] for name in FIELDS if given.get(name)})
        self.today = today

    def clean_month(self) -> date | None:
        said = self.cleaned_data["month"]
        if not said:
            return None
        day = day_in(f"{said}-01")
        if day is None:
            raise forms.ValidationError("月份应写作“2024-03”。")
        return day

    def clean(self) -> dict[str, Any]:
        """The days: those that are given, or those of the month."""
        said = super().clean() or {}
        if self.errors:
            return said
        first, last, month = said.get("first"), said.get("last"), said.get("month")
        if not first and not last:
            first, last = month_of(month or self.today)
        if not first or not last or not timedelta(0) <= last - first <= LONGEST:
            raise forms.ValidationError("请填写起止日期，结束日期须不早于开始日期，且最长一年。")
        subject = said.get("subject") or "unit"
        scheme = said.get("scheme")
        if scheme is not None and scheme.subject != subject:
            scheme = None
        return said | {"first": first, "last": last, "subject": subject, "scheme": scheme}

    def choice(self, live: bool = False) -> Choice:
        """What a valid address asks for."""
        said = self.cleaned_data
        return choose(
            said["subject"],
            said["first"],
            said["last"],
            said["scheme"],
            level=said["level"] or 1,
            within=said["within"],
            live=live,
        )


class FigureForm(forms.Form):
    """Which figure's rows are meant; its address says it, this form has the words for it."""

    subject = forms.ChoiceField(label="对象", choices=list(SUBJECTS.items()))
    subject_id = forms.IntegerField(label="对象编号")
    measure = forms.ChoiceField(label="指标", choices=[(code, one.name) for code, one in MEASURES.items()])
    half = forms.ChoiceField(label="哪些", choices=list(HALVES.items()))
    first = forms.DateField(label="从")
    last = forms.DateField(label="到")


class ReasonForm(forms.Form):
    """Why a frozen figure is corrected."""

    reason = forms.CharField(label="更正原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
