"""Forms of categories, channels, reasons and steps of the ladder."""

from typing import Any

from django import forms

from ...models import Category, Channel, LadderStep, Reason
from ...models.clock import CLOCKS, MEASURES
from ..actions import CategoryFacts, ChannelFacts, ReasonFacts, StepFacts
from ..actions.lists import MOVES

STATES = [("", "全部"), ("active", "启用"), ("inactive", "停用")]
CHOOSE = ("", "请选择")


class CodeFilter(forms.Form):
    """What a list is narrowed to."""

    q = forms.CharField(label="名称、代码或常用词", required=False, max_length=60)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class ReasonFilter(forms.Form):
    """What the list of reasons is narrowed to."""

    q = forms.CharField(label="理由或依据", required=False, max_length=60)
    move = forms.ChoiceField(label="用于", required=False, choices=[("", "全部"), *MOVES.items()])
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class CategoryForm(forms.Form):
    """A category."""

    parent = forms.ModelChoiceField(
        label="上级",
        required=False,
        queryset=Category.objects.filter(active=True, level__lt=3),
        empty_label="无，第一级",
    )
    code = forms.CharField(label="代码", max_length=30, help_text="导入和接口用，以后不能改。")
    name = forms.CharField(label="名称", max_length=60)
    keywords = forms.CharField(
        label="常用词",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="市民常说的词，用空格隔开。受理时按它们推荐类别。",
    )
    active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, *args: Any, chosen: Category | None = None, **kwargs: Any) -> None:
        if chosen is not None:
            kwargs["initial"] = {name: getattr(chosen, name) for name in ("code", "name", "keywords", "active")}
        super().__init__(*args, **kwargs)
        if chosen is not None:
            del self.fields["parent"], self.fields["code"]

    def facts(self) -> CategoryFacts:
        """What was said, for the action."""
        return CategoryFacts(**{name: self.cleaned_data[name] for name in ("name", "keywords", "active")})


class ElsewhereForm(forms.Form):
    """Another category of the tree: to move below it, or to merge into it."""

    target = forms.ModelChoiceField(label="类别", queryset=Category.objects.none())
    reason = forms.CharField(label="原因", required=False, max_length=300)

    def __init__(self, *args: Any, targets: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = targets  # type: ignore[attr-defined]
        self.fields["target"].label = label


class ChannelForm(forms.Form):
    """A channel."""

    code = forms.CharField(label="代码", max_length=20, help_text="导入和接口用，以后不能改。")
    name = forms.CharField(label="名称", max_length=40)
    order = forms.IntegerField(label="顺序", min_value=0, max_value=32767, initial=100, help_text="小的排在前面。")
    active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, *args: Any, chosen: Channel | None = None, **kwargs: Any) -> None:
        if chosen is not None:
            kwargs["initial"] = {name: getattr(chosen, name) for name in ("code", "name", "order", "active")}
        super().__init__(*args, **kwargs)
        if chosen is not None:
            del self.fields["code"]

    def facts(self) -> ChannelFacts:
        """What was said, for the action."""
        return ChannelFacts(**{name: self.cleaned_data[name] for name in ("name", "order", "active")})


class ReasonForm(forms.Form):
    """A reason."""

    move = forms.ChoiceField(label="用于", choices=[CHOOSE, *MOVES.items()])
    code = forms.CharField(label="代码", max_length=30, help_text="导入和接口用，以后不能改。")
    name = forms.CharField(label="理由", max_length=100)
    basis = forms.CharField(label="依据", required=False, max_length=200)
    way = forms.CharField(
        label="告知市民的途径", required=False, max_length=200, help_text="不予受理时告诉市民该找谁、怎么办。"
    )
    active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, *args: Any, chosen: Reason | None = None, **kwargs: Any) -> None:
        if chosen is not None:
            kwargs["initial"] = {name: getattr(chosen, name) for name in ("name", "basis", "way", "active")}
        super().__init__(*args, **kwargs)
        if chosen is not None:
            del self.fields["code"], self.fields["move"]

    def facts(self) -> ReasonFacts:
        """What was said, for the action."""
        return ReasonFacts(**{name: self.cleaned_data[name] for name in ("name", "basis", "way", "active")})


class StepForm(forms.Form):
    """A step of the ladder."""

    clock = forms.ChoiceField(label="时限", choices=CLOCKS, initial="resolve")
    percent = forms.IntegerField(
        label="已用时限（%）", required=False, min_value=1, max_value=100, help_text="到期之前的级填这里。"
    )
    overdue_amount = forms.IntegerField(
        label="超期", required=False, min_value=0, max_value=100_000, help_text="到期之后的级填这里；0 表示一超期就办。"
    )
    overdue_measure = forms.ChoiceField(label="超期单位", choices=MEASURES, initial="working_days")
    action = forms.ChoiceField(label="动作", choices=LadderStep.ACTIONS)
    receiver = forms.ChoiceField(label="对象", choices=LadderStep.RECEIVERS)
    active = forms.BooleanField(label="启用", required=False, initial=True)
    reason = forms.CharField(label="原因", required=False, max_length=300)

    def __init__(self, *args: Any, chosen: LadderStep | None = None, **kwargs: Any) -> None:
        if chosen is not None:
            kwargs["initial"] = {name: getattr(chosen, name) for name in StepFacts.__dataclass_fields__}
        super().__init__(*args, **kwargs)
        if chosen is not None:
            self.fields["clock"].disabled = True

    def facts(self) -> StepFacts:
        """What was said, for the action."""
        return StepFacts(**{name: self.cleaned_data[name] for name in StepFacts.__dataclass_fields__})
