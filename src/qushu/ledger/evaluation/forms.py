"""Forms of the evaluation's pages."""

from typing import Any

from django import forms

from ..models import BudgetDocument
from .models import Evaluation

DEPARTMENT = "DEPT"


class DrawForm(forms.Form):
    """What form is to be drawn up."""

    kind = forms.ChoiceField(label="种类", choices=Evaluation.Kind.choices)
    project = forms.ChoiceField(label="对象")
    as_of = forms.DateField(
        label="截至",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="中期监控取 6 月 30 日，自评取 12 月 31 日",
    )

    def __init__(self, data: Any, document: BudgetDocument, **more: Any) -> None:
        super().__init__(data, **more)
        projects = [
            (str(pk), f"{name}（{code}）") for pk, name, code in document.projects.values_list("pk", "name", "code")
        ]
        self.fields["project"].choices = [(DEPARTMENT, "部门整体"), *projects]  # type: ignore[attr-defined]

    @property
    def project_id(self) -> int | None:
        """The chosen project; None for the whole department."""
        chosen = self.cleaned_data["project"]
        return None if chosen == DEPARTMENT else int(chosen)


class TextsForm(forms.Form):
    """What people write in a form."""

    reached = forms.CharField(
        label="总体完成情况", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    reasons = forms.CharField(
        label="偏差原因", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    measures = forms.CharField(
        label="改进措施", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LineForm(forms.Form):
    """What people write beside one target; `percent` only where words are promised."""

    percent = forms.DecimalField(label="定档 %", required=False, min_value=0, max_value=100, decimal_places=2)
    reason = forms.CharField(label="偏差原因和措施", required=False, max_length=500)


class BackForm(forms.Form):
    """Why a form goes back."""

    words = forms.CharField(label="退回意见", max_length=300)
