"""Forms of the evaluation's pages."""

from dataclasses import dataclass
from typing import Any

from django import forms

from ..models import BudgetDocument
from .models import Evaluation, EvaluationLine

DEPARTMENT = "DEPT"


class DrawForm(forms.Form):
    """What form is to be drawn up."""

    kind = forms.ChoiceField(label="种类", choices=Evaluation.Kind.choices)
    project = forms.ChoiceField(label="对象")
    as_of = forms.DateField(
        label="截至",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
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
    """What people write beside one target; `percent` only where words are promised, `points` where its level has others."""

    points = forms.DecimalField(label="分值", required=False, min_value=0, max_value=100, decimal_places=2)
    percent = forms.DecimalField(label="定档 %", required=False, min_value=0, max_value=100, decimal_places=2)
    reason = forms.CharField(label="偏差原因和措施", required=False, max_length=500)


@dataclass(frozen=True)
class Written:
    """All that people write in a form: the texts, and what is said beside each line (by its id)."""

    texts: TextsForm
    lines: dict[int, LineForm]

    @classmethod
    def of(cls, evaluation: Evaluation, data: Any = None) -> "Written":
        """As it was sent, or without `data` as it is kept."""
        texts = TextsForm(data, initial=_kept(evaluation, TextsForm))
        return cls(texts, {line.pk: _line_form(line, data) for line in evaluation.lines.all()})

    def is_valid(self) -> bool:
        """Whether everything can be kept; what can't stands on its form."""
        wrong = [form for form in (self.texts, *self.lines.values()) if not form.is_valid()]
        return not wrong


def _line_form(line: EvaluationLine, data: Any) -> LineForm:
    return LineForm(data, initial=_kept(line, LineForm), prefix=f"line-{line.pk}")


def _kept(row: Evaluation | EvaluationLine, form: type[forms.Form]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in form.base_fields}


class BackForm(forms.Form):
    """Why a form goes back."""

    words = forms.CharField(label="退回意见", max_length=300)
