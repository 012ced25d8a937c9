"""Forms of the books."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

ACTS = [
    ("direct", "直接支付（无合同）"),
    ("commitment", "签约"),
    ("payment", "支付（合同）"),
    ("release", "解约"),
    ("adjustment", "调整"),
]


class ActForm(forms.Form):
    """An act on one line."""

    kind = forms.ChoiceField(label="类型", choices=ACTS)
    amount = forms.DecimalField(label="金额（元）", max_digits=18, decimal_places=2, help_text="只有调整可以为负")
    month = forms.IntegerField(label="月份", min_value=1, max_value=12)
    words = forms.CharField(label="摘要", max_length=200)


class CutForm(forms.Form):
    """A cut to think about: a percentage, or an amount of 元, over chosen projects and economic classes."""

    percent = forms.DecimalField(
        label="压减 %", min_value=Decimal("0.01"), max_value=100, decimal_places=2, required=False
    )
    amount = forms.DecimalField(
        label="或压减金额（元）", min_value=Decimal("0.01"), max_digits=18, decimal_places=2, required=False
    )
    projects = forms.MultipleChoiceField(label="项目", required=False, help_text="不选即全部项目支出")
    economic = forms.MultipleChoiceField(label="经济科目", required=False, help_text="不选即全部科目")

    def __init__(self, data: Any, projects: list[tuple[str, str]], economic: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["projects"].choices = projects  # type: ignore[attr-defined]
        self.fields["economic"].choices = economic  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Exactly one of percentage and amount."""
        said = super().clean() or {}
        if not self.errors and bool(said.get("percent")) == bool(said.get("amount")):
            raise forms.ValidationError("请在百分比和金额里填一个。")
        return said


class PlanForm(forms.Form):
    """Twelve percentages of the budget, cumulative: `month_1` to `month_12`."""

    def __init__(self, data: Any, shares: Sequence[Decimal]) -> None:
        super().__init__(data)
        for month, share in enumerate(shares, start=1):
            self.fields[f"month_{month}"] = forms.DecimalField(
                label=f"{month} 月底 %", min_value=0, max_value=100, decimal_places=2, initial=share
            )

    @property
    def shares(self) -> list[Decimal]:
        """What was said, in order."""
        return [self.cleaned_data[name] for name in self.fields]
