"""The form of the desk: what is asked while somebody speaks, in the order in which it is asked."""

from typing import Any

from django import forms

from qushu.cases.forms import MARKS
from qushu.cases.models import Case, Channel, Reason
from qushu.cases.options import category_options
from qushu.kernel.options import Options
from qushu.places.options import area_options

NEEDED = {
    "register": {"category": "立案须选类别；还不清楚时可以“只受理”。"},
    "accept": {},
    "answer": {"answer": "请填写答复内容。"},
    "decline": {"reason": "不予受理须选依据。"},
}
"""What each way of saving needs besides the words, and what is said when it is missing."""


class DeskForm(forms.Form):
    """A call. Everything but the words and the channel may stay empty; `do` says how it is saved."""

    phone = forms.CharField(label="来电号码", required=False, max_length=30)
    name = forms.CharField(label="称呼", required=False, max_length=40)
    channel = forms.ChoiceField(label="渠道")
    text = forms.CharField(label="诉求内容", max_length=10_000, widget=forms.Textarea(attrs={"rows": 7}))
    area = forms.ChoiceField(label="街道、社区", required=False)
    place = forms.CharField(label="具体地点", required=False, max_length=200)
    category = forms.ChoiceField(label="类别", required=False)
    kind = forms.ChoiceField(label="类型", choices=Case.Kind.choices, initial=Case.Kind.help)
    urgency = forms.ChoiceField(label="紧急程度", choices=Case.Urgency.choices, initial=Case.Urgency.general)
    title = forms.CharField(label="标题", required=False, max_length=200)
    address = forms.CharField(label="住址", required=False, max_length=200)
    id_number = forms.CharField(label="证件号", required=False, max_length=30)
    marks = forms.MultipleChoiceField(
        label="标记", required=False, choices=MARKS, widget=forms.CheckboxSelectMultiple()
    )
    answer = forms.CharField(
        label="答复内容", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )
    knowledge = forms.IntegerField(required=False, widget=forms.HiddenInput())
    reason = forms.ChoiceField(label="依据", required=False)
    words = forms.CharField(label="补充说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        reasons = Reason.objects.filter(move="decline", active=True).values_list("pk", "name")
        choices: dict[str, Options | list[tuple[Any, str]]] = {
            "channel": list(Channel.objects.filter(active=True).values_list("code", "name")),
            "area": area_options().paths.with_blank("请选择或输入几个字"),
            "category": category_options().with_blank("请选择或输入几个字"),
            "reason": [("", "请选择"), *reasons],
        }
        for field, options in choices.items():
            self.fields[field].choices = options  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way of saving needs."""
        said = super().clean() or {}
        for field, message in NEEDED.get(self.data.get("do", "register"), {}).items():
            if not said.get(field):
                self.add_error(field, message)
        return said
