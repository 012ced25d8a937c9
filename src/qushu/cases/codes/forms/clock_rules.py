"""Forms of the deadline table and of trying it out."""

from datetime import datetime
from typing import Any

from django import forms

from ...models import Case, Category, Channel, ClockRule
from ...models.clock import CLOCKS, MEASURES
from ..actions import RuleFacts
from ..queries.clock_rules import Asked, about_words

ANY = ("", "不限")
LIKE = "%Y-%m-%dT%H:%M"
LAST = "排在最后"


def moment_field(label: str, help_text: str = "") -> forms.DateTimeField:
    """A day and a time in Asia/Shanghai, as browsers send them and as people type them."""
    return forms.DateTimeField(
        label=label,
        required=False,
        input_formats=[LIKE, "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LIKE),
        help_text=help_text,
    )


def category_field(label: str = "类别") -> forms.ModelChoiceField:
    """Any active category of any level."""
    active = Category.objects.filter(active=True)
    return forms.ModelChoiceField(label=label, required=False, queryset=active, empty_label="不限")


def channel_field() -> forms.ModelChoiceField:
    """Any active channel."""
    active = Channel.objects.filter(active=True)
    return forms.ModelChoiceField(label="渠道", required=False, queryset=active, empty_label="不限")


class RuleForm(forms.Form):
    """A line of the table. What is left open matches anything."""

    clock = forms.ChoiceField(label="时限", choices=CLOCKS)
    kind = forms.ChoiceField(label="诉求类型", required=False, choices=[ANY, *Case.Kind.choices])
    urgency = forms.ChoiceField(label="紧急程度", required=False, choices=[ANY, *Case.Urgency.choices])
    category = category_field()
    channel = channel_field()
    amount = forms.IntegerField(label="时长", min_value=1)
    measure = forms.ChoiceField(label="单位", choices=MEASURES, initial="working_days")
    source = forms.CharField(label="依据", required=False, max_length=200)
    before = forms.TypedChoiceField(label="位置", required=False, coerce=int, empty_value=None)
    since = moment_field("生效时间", "不填就是现在。只能是现在或以后。")
    reason = forms.CharField(label="修改原因", required=False, max_length=300)

    def __init__(self, *args: Any, chosen: ClockRule | None = None, places: list[ClockRule], **kwargs: Any) -> None:
        if chosen is not None:
            names = ("clock", "kind", "urgency", "category", "channel", "amount", "measure", "source")
            kwargs["initial"] = {name: getattr(chosen, name) for name in names}
        super().__init__(*args, **kwargs)
        if chosen is not None:
            self.fields["clock"].disabled = True
            del self.fields["before"]
        else:
            self.fields["before"].choices = place_choices(places, with_clock=True)  # type: ignore[attr-defined]

    def facts(self) -> RuleFacts:
        """What was said, for the action."""
        return RuleFacts(**{name: self.cleaned_data[name] for name in RuleFacts.__dataclass_fields__})


class PlaceForm(forms.Form):
    """Where a line is to stand."""

    before = forms.TypedChoiceField(label="移到", coerce=lambda value: None if value == "last" else int(value))
    since = moment_field("生效时间", "不填就是现在。")
    reason = forms.CharField(label="原因", required=False, max_length=300)

    def __init__(self, *args: Any, places: list[ClockRule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "请选择"), *place_choices(places)[1:], ("last", LAST)]
        self.fields["before"].choices = choices  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """Until when a line counts."""

    since = moment_field("停用时间", "不填就是现在。")
    reason = forms.CharField(label="原因", required=False, max_length=300)


class TrialForm(forms.Form):
    """A case that the table is asked about."""

    clock = forms.ChoiceField(label="时限", choices=CLOCKS, initial="resolve")
    kind = forms.ChoiceField(label="诉求类型", choices=Case.Kind.choices, initial="help")
    urgency = forms.ChoiceField(label="紧急程度", choices=Case.Urgency.choices, initial="general")
    category = category_field()
    channel = channel_field()
    start = forms.DateTimeField(
        label="起算时间",
        input_formats=[LIKE, "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LIKE),
    )

    def __init__(self, *args: Any, start: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"start": start}})
        self.fields["category"].empty_label = self.fields["channel"].empty_label = "没有"  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """What was asked."""
        return Asked(**{name: self.cleaned_data[name] for name in Asked.__dataclass_fields__})


def place_choices(places: list[ClockRule], with_clock: bool = False) -> list[tuple[object, str]]:
    """The places in front of these lines, and the last."""
    words = [
        (row.pk, f"{f'{row.get_clock_display()}：' if with_clock else ''}排在规则 {row.pk}（{about_words(row)}）之前")
        for row in places
    ]
    return [("", LAST), *words]
