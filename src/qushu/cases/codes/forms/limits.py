"""Form of a limit's next value."""

from typing import Any

from django import forms

from ...limits import HOURS, KINDS, NONE
from .clock_rules import moment_field


class LimitForm(forms.Form):
    """The value that is to count, and from when."""

    value = forms.CharField(label="改为", max_length=60)
    since = moment_field("生效时间", "不填就是现在。只能是现在或以后。")
    source = forms.CharField(label="依据", required=False, max_length=200)
    reason = forms.CharField(label="修改原因", required=False, max_length=300)

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = KINDS[code]
        if code == HOURS:
            self.fields["value"].help_text = "写成 09:00-12:00 14:00-17:30 的样子，可以有一段或几段。"
            self.fields["since"].help_text = "从某一天零点起；不填就是明天。"
        elif kind.choices:
            self.fields["value"] = forms.MultipleChoiceField(
                label="改为",
                required=False,
                choices=list(kind.choices.items()),
                widget=forms.CheckboxSelectMultiple(),
                help_text="都不选就是没有。",
            )
        else:
            self.fields["value"].help_text = f"{kind.unit}，{kind.least} 到 {kind.most}。"
            self.fields["value"].widget.attrs["inputmode"] = "numeric"

    def clean_value(self) -> str:
        """As it is typed; choices as a list."""
        said = self.cleaned_data["value"]
        return said if isinstance(said, str) else " ".join(said) or NONE
