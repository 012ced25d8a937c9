"""What is assessed: period and subject."""

from datetime import date, timedelta
from typing import Any

from django import forms

from .measures import SUBJECTS

LONGEST = timedelta(days=366)


class PeriodForm(forms.Form):
    """From a day to a day, both included; the month until today when the address says nothing."""

    first = forms.DateField(label="从", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="到", widget=forms.DateInput(attrs={"type": "date"}))
    subject = forms.ChoiceField(label="对象", choices=list(SUBJECTS.items()))

    def __init__(self, given: Any, today: date) -> None:
        chosen = {"first": today.replace(day=1).isoformat(), "last": today.isoformat(), "subject": "unit"}
        super().__init__(chosen | {name: value for name, value in given.items() if name in chosen})

    def clean(self) -> dict[str, Any]:
        """The days in order, at most a year apart."""
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and not timedelta(0) <= last - first <= LONGEST:
            raise forms.ValidationError("结束日期须不早于开始日期，且最长一年。")
        return said
