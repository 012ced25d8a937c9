"""Forms of faults."""

from django import forms

from .models import Fault

MOMENT = {"type": "datetime-local"}


class FaultFilter(forms.Form):
    """Which faults are listed."""

    part = forms.ChoiceField(label="部分", required=False, choices=[("", "全部"), *Fault.Part.choices])

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["from"] = forms.DateField(label="开始自", required=False)
        self.fields["to"] = forms.DateField(label="至", required=False)


class FaultForm(forms.Form):
    """A fault that somebody noticed."""

    part = forms.ChoiceField(label="部分", choices=Fault.Part.choices)
    started_at = forms.DateTimeField(label="开始", widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M"))
    ended_at = forms.DateTimeField(
        label="恢复",
        required=False,
        widget=forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M"),
        help_text="还没有恢复的留空",
    )
    words = forms.CharField(label="情况", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
