"""Forms of matters: the list's filter and what people do on a matter's page."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from qushu.cases.options import category_options
from qushu.people.models import Account
from qushu.people.options import unit_options
from qushu.places.options import area_options

from .actions_rule import BOUNDS
from .models import Matter

ALL = ("", "全部")
LOOKING_AFTER = ("dispatcher", "supervisor", "analyst", "leader")


class MatterFilter(forms.Form):
    """What the board is narrowed to."""

    q = forms.CharField(label="搜索", required=False, max_length=60)
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "发展中和重点监测"), *Matter.State.choices, ("all", "全部状态")],
    )
    sort = forms.ChoiceField(
        label="排序", required=False, choices=[("", "人数多的在前"), ("growth", "增长快的在前"), ("last", "最近的在前")]
    )
    street = forms.ChoiceField(label="街道", required=False)
    people = forms.IntegerField(label="人数不少于", required=False, min_value=1)
    category = forms.ChoiceField(label="类别", required=False)
    unit = forms.ChoiceField(label="承办单位", required=False)
    growth = forms.IntegerField(label="周增长不少于", required=False, min_value=1)
    threat = forms.ChoiceField(label="过激言词", required=False, choices=[ALL, ("1", "有")])
    organised = forms.ChoiceField(label="措辞雷同", required=False, choices=[ALL, ("1", "有")])
    mine = forms.ChoiceField(
        label="关注与交办", required=False, choices=[ALL, ("1", "我关注的"), ("charged", "交办给我或我单位的")]
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        picks = {"street": area_options().streets, "category": category_options(), "unit": unit_options()}
        for name, options in picks.items():
            self.fields[name].choices = options.after(ALL)  # type: ignore[attr-defined]


class TitleForm(forms.Form):
    """Another title."""

    title = forms.CharField(label="事项名称", max_length=120)


class CaseForm(forms.Form):
    """A case that belongs to the matter."""

    number = forms.CharField(label="受理编号", max_length=24)


class MergeForm(forms.Form):
    """Another matter that is the same thing."""

    other = forms.RegexField(
        r"^\s*[Mm]?\d{1,9}\s*$",
        label="另一事项的编号",
        help_text="形如 M00012。它的工单全部并入本事项，它自己关闭。",
        error_messages={"invalid": "请填写事项编号，形如 M00012。"},
    )

    def clean_other(self) -> int:
        """The other's number."""
        return int(self.cleaned_data["other"].strip().upper().removeprefix("M"))


class WordsForm(forms.Form):
    """A note, or the ground of a dispersal."""

    words = forms.CharField(label="备注", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ChargeForm(forms.Form):
    """Who is to look after it, and what is asked."""

    unit = forms.ChoiceField(label="交办单位", required=False)
    account = forms.ChoiceField(label="或交办给", required=False)
    words = forms.CharField(label="要求", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        people = Account.objects.filter(is_active=True, grants__role__in=LOOKING_AFTER).distinct().order_by("name")
        self.fields["unit"].choices = unit_options().with_blank("不选")  # type: ignore[attr-defined]
        self.fields["account"].choices = [("", "不选"), *((str(one.pk), one.name) for one in people)]  # type: ignore[attr-defined]

    def receiver(self) -> dict[str, int | None]:
        """The one who is charged, as the action takes it."""
        return {f"{name}_id": int(self.cleaned_data[name] or 0) or None for name in ("unit", "account")}


class RuleForm(forms.Form):
    """From when on the machine speaks of a matter, of organised wording, of a repeat caller."""

    people = forms.IntegerField(label="最少人数", help_text="多少个不同号码说同一件事，才成为一个事项")
    join = forms.FloatField(
        label="归入相似度",
        help_text="与事项中各工单用词的平均相似程度，0 到 1；越高越严，工单越不容易归到一起。同一社区不打折，同街道、外街道、类别不同和一般咨询依次打折",
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )
    days = forms.IntegerField(
        label="间隔天数", help_text="两件相隔多少天以内才算同一事项；这么多天没有新工单的事项自动平息"
    )
    organised = forms.IntegerField(label="雷同号码数", help_text="多少个号码用几乎相同的文字，就标为“措辞雷同”")
    repeats = forms.IntegerField(label="一人多次：件数", help_text="同一号码就同一件事至少几件")
    repeat_days = forms.IntegerField(label="一人多次：天数", help_text="在多少天内")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, (low, high) in BOUNDS.items():
            words = f"应在 {low:g} 到 {high:g} 之间。"
            validators = [MinValueValidator(low, words), MaxValueValidator(high, words)]
            self.fields[name].validators.extend(validators)
            self.fields[name].widget.attrs.update({"min": low, "max": high})
