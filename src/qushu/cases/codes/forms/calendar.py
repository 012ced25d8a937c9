"""Forms of the working calendar."""

from typing import Any

from django import forms

STATES = [("off", "休息"), ("on", "上班"), ("week", "按星期（周一至周五上班）")]
WORKED = {"off": False, "on": True, "week": None}


class DaysForm(forms.Form):
    """A day or a range, and whether it is worked."""

    first = forms.DateField(label="从", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label="到",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="只改一天可以不填。",
    )
    state = forms.ChoiceField(label="改为", choices=STATES)
    name = forms.CharField(label="名称", required=False, max_length=40, help_text="如：春节、国庆节调休。")
    reason = forms.CharField(label="依据或原因", max_length=300)

    def clean(self) -> dict[str, Any]:
        """One day when only one is given."""
        said = super().clean() or {}
        said["last"] = said.get("last") or said.get("first")
        return said


class YearForm(forms.Form):
    """Where the holidays of a year were read."""

    source = forms.CharField(label="节假日安排的出处", required=False, max_length=100)
