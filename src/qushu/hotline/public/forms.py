"""Forms of the citizen pages."""

from typing import Any

from django import forms

from qushu.cases.forms import area_options
from qushu.cases.models import Case
from qushu.cases.rules import SATISFACTION
from qushu.people.forms.captcha import CaptchaForm


class SubmitForm(CaptchaForm):
    """What a citizen tells us."""

    text = forms.CharField(
        label="您要反映什么",
        min_length=5,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="什么事、在哪里、多久了、希望怎么办",
    )
    kind = forms.ChoiceField(label="类型", choices=Case.Kind.choices, initial=Case.Kind.help)
    area = forms.ChoiceField(label="所在街道、社区", required=False)
    place = forms.CharField(label="具体地点", required=False, max_length=200)
    name = forms.CharField(label="您的称呼", max_length=40)
    phone = forms.RegexField(
        r"^[0-9+\- ]{7,20}$",
        label="联系电话",
        help_text="查询进度和回访要用",
        error_messages={"invalid": "请填写电话号码。"},
    )
    request_key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["area"].choices = [("", "不清楚"), *area_options()]  # type: ignore[attr-defined]


class TrackForm(forms.Form):
    """Number and phone, both needed."""

    number = forms.CharField(label="受理编号", max_length=24)
    phone = forms.CharField(label="提交时留的电话", max_length=20)


class EvaluateForm(forms.Form):
    """What the citizen says of the answer."""

    solved = forms.ChoiceField(
        label="问题解决了吗", choices=[("yes", "已解决"), ("no", "没有解决")], widget=forms.RadioSelect
    )
    satisfaction = forms.ChoiceField(
        label="对办理满意吗",
        choices=[(str(grade), name) for grade, name in SATISFACTION.items()],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="想补充的话", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
