"""Forms of the workplaces."""

from django import forms

from qushu.people.queries import unit_choices


class BulkDispatchForm(forms.Form):
    """Which unit the picked cases go to; each to its own suggestion when none is chosen."""

    unit = forms.ChoiceField(label="承办单位", required=False)
    instruction = forms.CharField(label="交办意见", required=False, max_length=500)

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["unit"].choices = [("", "各按建议单位"), *unit_choices()]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """A review's decision."""

    remark = forms.CharField(
        label="审核意见",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="驳回时必填，承办单位会看到",
    )
