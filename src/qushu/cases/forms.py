"""Forms of the case list and of what stands around a case: filters, reveal, attachments, exports."""

from collections.abc import Mapping
from typing import Any

from django import forms

from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.options import Options
from qushu.people.options import unit_options
from qushu.places.options import area_options

from .models import Case
from .options import category_options, channel_options

MARKS = [
    ("urgent", "紧急词"),
    ("group", "群体"),
    ("repeat", "一人多次"),
    ("sensitive", "敏感"),
    ("media", "媒体关注"),
    ("leader", "领导关注"),
    ("threat", "威胁坐席"),
    ("legal", "法定途径"),
]
ALL = ("", "全部")


def states() -> list[tuple[str, str]]:
    """The states of the hotline, for pickers."""
    return [(state.code, state.name) for state in lifecycle("hotline").states.values()]


class CaseFilter(forms.Form):
    """What the case list is narrowed to; the names are those of `queries.filter_cases`."""

    q = forms.CharField(label="编号或关键词", required=False, max_length=80)
    state = forms.ChoiceField(label="状态", required=False)
    unit = forms.ChoiceField(label="承办单位", required=False)
    category = forms.ChoiceField(label="类别", required=False)
    overdue = forms.BooleanField(label="已超期", required=False)
    street = forms.ChoiceField(label="街道", required=False)
    area = forms.ChoiceField(label="社区", required=False)
    channel = forms.ChoiceField(label="渠道", required=False)
    kind = forms.ChoiceField(label="类型", required=False, choices=[ALL, *Case.Kind.choices])
    urgency = forms.ChoiceField(label="紧急程度", required=False, choices=[ALL, *Case.Urgency.choices])
    mark = forms.ChoiceField(label="标记", required=False, choices=[ALL, *MARKS])
    open = forms.BooleanField(label="在办", required=False)
    caller = forms.CharField(label="来电号码", required=False, max_length=32, widget=forms.HiddenInput())

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        areas = area_options()
        choices: dict[str, Options | list[tuple[Any, str]]] = {
            "state": [ALL, *states()],
            "unit": unit_options().after(ALL),
            "category": category_options().after(ALL),
            "street": areas.streets.after(ALL),
            "area": areas.communities.after(ALL),
            "channel": channel_options().after(ALL),
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        # `from` is a word of Python's own, so these two fields are added by name.
        self.fields["from"] = forms.DateField(label="受理自", required=False)
        self.fields["to"] = forms.DateField(label="至", required=False)


def filter_words(chosen: Mapping[str, str], form: forms.Form) -> str:
    """What a list was narrowed to, in words; `form` gives labels and choices."""
    said = []
    for name, value in chosen.items():
        if name == "caller":
            said.append("指定来电号码")
        elif name in form.fields:
            field = form.fields[name]
            known = {str(key): str(words) for key, words in getattr(field, "choices", ())}
            shown = "" if isinstance(field, forms.BooleanField) else f"：{known.get(value, value)}"
            said.append(f"{field.label}{shown}")
    return "，".join(said) or "全部"


class RevealForm(forms.Form):
    """Why a citizen's data is looked at; it goes into the audit trail."""

    reason = forms.CharField(
        label="查看原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="只显示这一项。您的姓名、时间和原因会记入审计。",
    )


class AttachForm(forms.Form):
    """A file for a case."""

    file = forms.FileField(label="文件", help_text="图片、PDF、Word、Excel、录音、录像，最大 10 MB。")


class ExportForm(forms.Form):
    """How a list is written to a file."""

    format = forms.ChoiceField(label="格式", choices=[("xlsx", "XLSX（Excel、WPS）"), ("csv", "CSV")])
    unmasked_reason = forms.CharField(
        label="导出明文联系方式的原因",
        required=False,
        max_length=200,
        help_text="留空则姓名、电话等打码。填写后导出明文，并记入审计。",
    )

    def __init__(self, *args: Any, may_unmask: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if not may_unmask:
            del self.fields["unmasked_reason"]
