"""What all forms of moves share."""

from typing import Any, ClassVar

from django import forms

from qushu.kernel.options import Options

from .actions import Call
from .models import Case, Reason

CHOOSE = "请选择"


def words_field(label: str, required: bool = True, rows: int = 3, help_text: str = "") -> forms.CharField:
    """A field for several lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def reason_field(label: str = "理由") -> forms.ModelChoiceField:
    """A field that offers the reasons named by `reason_for`."""
    return forms.ModelChoiceField(label=label, queryset=Reason.objects.none(), empty_label=CHOOSE)


def number_of(value: str) -> int | None:
    """The id in a choice; None for the empty one."""
    return int(value) if value else None


class MoveForm(forms.Form):
    """A move's fields. `intro` stands above them, `reason_for` names the list that the field `reason` offers."""

    intro: str = ""
    danger: ClassVar[bool] = False
    reason_for: ClassVar[str] = ""

    def __init__(self, *args: Any, case: Case, **more: Any) -> None:
        # Ids of its own: beside a list's filter, whose fields are called the same, labels would lead there.
        super().__init__(*args, **({"auto_id": "move-%s"} | more))
        self.case = case
        if self.reason_for:
            reasons = Reason.objects.filter(move=self.reason_for, active=True)
            self.fields["reason"].queryset = reasons  # type: ignore[attr-defined]
        self.prepare()

    def prepare(self) -> None:
        """Choices and initial values that depend on the case."""

    def choose(self, name: str, options: Options | list[tuple[Any, str]]) -> None:
        """Give a field its choices."""
        self.fields[name].choices = options  # type: ignore[attr-defined]

    def perform(self, call: Call) -> object:
        """Make the move. Raises Refused, Stale, Forbidden, Missing."""
        raise NotImplementedError
