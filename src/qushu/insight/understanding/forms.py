"""Forms of the pages of understanding."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms

from qushu.people.queries import unit_choices

from .accuracy import OUTCOMES
from .models import SafetyWord
from .words import WordFacts

SPANS: Final = [("13", "最近 13 周"), ("26", "最近 26 周"), ("52", "最近 52 周")]


class AccuracyFilter(forms.Form):
    """Which weeks, and of which unit."""

    unit = forms.ChoiceField(label="承办单位", required=False)
    weeks = forms.ChoiceField(label="时间", required=False, choices=SPANS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "全部单位"), *unit_choices()]  # type: ignore[attr-defined]

    @property
    def unit_id(self) -> int | None:
        """The chosen unit."""
        said = self.cleaned_data.get("unit") if self.is_valid() else ""
        return int(said) if said else None

    @property
    def span(self) -> int:
        """How many weeks."""
        return int(self.cleaned_data.get("weeks") or 26) if self.is_valid() else 26


class RowsFilter(forms.Form):
    """The rows behind a figure."""

    first = forms.DateField(label="起（周一）")
    last = forms.DateField(label="止（周一）")
    unit = forms.ChoiceField(label="承办单位", required=False)
    outcome = forms.ChoiceField(label="结果", required=False, choices=[("", "全部"), *OUTCOMES.items()])
    model = forms.CharField(label="方法或模型版本", required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "全部单位"), *unit_choices()]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[date, date, int | None, str, str] | None:
        """First and last Monday, unit, outcome, model; None when the address is wrong."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        return said["first"], said["last"], int(said["unit"]) if said["unit"] else None, said["outcome"], said["model"]


class AutoForm(forms.Form):
    """The accuracy that automatic dispatch must keep, and the switch."""

    wanted = forms.DecimalField(
        label="要求的准确率（%）",
        min_value=Decimal(80),
        max_value=Decimal(100),
        max_digits=4,
        decimal_places=1,
        help_text="80 到 100。系统按最近四周的检验，找出达到它所需的把握。",
    )
    switched_on = forms.BooleanField(label="开启自动派单", required=False)


class WordFilter(forms.Form):
    """What the list of dangerous words is narrowed to."""

    q = forms.CharField(label="词", required=False, max_length=20)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *SafetyWord.Kind.choices])


class WordForm(forms.Form):
    """A word that tells of a danger."""

    word = forms.CharField(
        label="词", max_length=20, help_text="内容中出现它，且不是“没有”“防止”等否定说法，就归入这一类。"
    )
    kind = forms.ChoiceField(label="类别", choices=SafetyWord.Kind.choices)
    major = forms.BooleanField(label="重大", required=False, help_text="重大的以红色标出。")
    active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, *args: Any, chosen: SafetyWord | None = None, **kwargs: Any) -> None:
        if chosen is not None:
            kwargs["initial"] = {name: getattr(chosen, name) for name in WordFacts.__dataclass_fields__}
        super().__init__(*args, **kwargs)

    def facts(self) -> WordFacts:
        """What was said."""
        return WordFacts(**self.cleaned_data)
