"""Forms of the citizen pages."""

from typing import Any

import filetype
from django import forms
from django.core.files.uploadedfile import UploadedFile

from qushu.cases.actions.keeping import IMAGES, LARGEST_FILE, OFFICE
from qushu.cases.models import Case
from qushu.cases.rules import SATISFACTION
from qushu.kernel.asked import number_in
from qushu.kernel.options import Options
from qushu.people.forms.captcha import CaptchaForm
from qushu.places.options import area_options

from ..desk.queries import Warning, warnings_in
from .queries import matters, topics

MOST_FILES = 5
MEGABYTE = 1024 * 1024
HEAD = 8192
"""Bytes from which a file's kind is known."""

ACCEPT = ",".join(["image/jpeg", "image/png", "image/webp", *OFFICE.values()])
DANGER = "如果现在有危险，请先拨打应急电话。已经拨打过、或者没有危险的，请再按一次“提交”。"


class ManyFilesInput(forms.FileInput):
    """A control in which several files may be chosen."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files: at most MOST_FILES, each of a kind and size that may be kept. Cleaned: a list, perhaps empty."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Look at number, size and kind only; whether an image can be opened is seen when it is kept."""
        files = [super(ManyFilesField, self).clean(one, initial) for one in data or []]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"一次最多 {MOST_FILES} 个文件，您选了 {len(files)} 个。请重新选择。")
        faults = [fault for one in files if (fault := _fault(one))]
        if faults:
            raise forms.ValidationError(faults)
        return files


class SubmitForm(CaptchaForm):
    """What a citizen tells us. Words of danger are answered with the number to call before anything is submitted."""

    text = forms.CharField(
        label="您要反映什么",
        min_length=5,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="什么事、在哪里、多久了、希望怎么办",
    )
    kind = forms.ChoiceField(label="您想要", choices=Case.Kind.choices, initial=Case.Kind.help)
    topic = forms.ChoiceField(label="事情属于哪一类", required=False, help_text="不清楚可以不选，我们来分")
    category = forms.ChoiceField(label="具体是哪一种", required=False)
    area = forms.ChoiceField(label="所在街道、社区", required=False)
    place = forms.CharField(label="具体地点", required=False, max_length=200, help_text="小区、楼栋、路口或附近的店名")
    attached = ManyFilesField(
        label="照片或文件",
        required=False,
        help_text=f"可以不传。最多 {MOST_FILES} 个，每个不超过 {LARGEST_FILE // MEGABYTE} MB：照片、PDF、Word、Excel、录音、录像",
        widget=ManyFilesInput(attrs={"accept": ACCEPT}),
    )
    name = forms.CharField(label="怎样称呼您", max_length=40)
    phone = forms.RegexField(
        r"^[0-9+\- ]{7,20}$",
        label="联系电话",
        help_text="查询进度和回访要用，加密保存",
        error_messages={"invalid": "请填写电话号码，例如 13800000000。"},
    )
    danger_seen = forms.CharField(required=False, max_length=100)
    request_key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.warnings: list[Warning] = []
        topic = number_in(str(self.data.get("topic") or self.initial.get("topic") or ""))
        choices: dict[str, Options | list[Any]] = {
            "topic": [("", "不清楚"), *topics()],
            "category": [("", "不清楚"), *(matters(topic) if topic is not None else [])],
            "area": area_options().indented.with_blank("不清楚"),
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def clean(self) -> None:
        """Danger is said first; the captcha is looked at only when nothing else is wrong."""
        self.warnings = dangers_in(self.cleaned_data.get("text", ""))
        if self.warnings and self.cleaned_data.get("danger_seen") != self.danger_numbers:
            self.add_error("text", DANGER)
        super().clean()

    @property
    def danger_numbers(self) -> str:
        """The emergency numbers that the words call for; the form carries them back as seen."""
        return numbers_of(self.warnings)

    @property
    def lost_files(self) -> list[str]:
        """Names of files that a form with an error can't keep: a browser lets nobody choose them but the person."""
        return [one.name or "" for one in self.files.getlist("attached")] if self.errors else []


class TrackForm(forms.Form):
    """Number and phone, both needed."""

    number = forms.CharField(label="受理编号", max_length=24)
    phone = forms.CharField(label="提交时留的电话", max_length=20)


class EvaluateForm(forms.Form):
    """What the citizen says of the answer. Sent twice with one key, it is one evaluation."""

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
    request_key = forms.CharField(max_length=40, widget=forms.HiddenInput)


class AskForm(forms.Form):
    """A few words to look for."""

    q = forms.CharField(label="输入几个字，找现成的答复", required=False, max_length=80)


def dangers_in(text: str) -> list[Warning]:
    """The urgent words of a text that call for an emergency number."""
    return [one for one in warnings_in(text) if one.emergency_number]


def numbers_of(warnings: list[Warning]) -> str:
    """Their emergency numbers, each once, in order."""
    return ",".join(sorted({one.emergency_number for one in warnings}))


def _fault(file: UploadedFile) -> str:
    if (file.size or 0) > LARGEST_FILE:
        return f"“{file.name}”超过 {LARGEST_FILE // MEGABYTE} MB，没有收下。"
    file.seek(0)
    kind = filetype.guess_mime(file.read(HEAD))
    file.seek(0)
    return "" if kind in IMAGES or kind in OFFICE else f"“{file.name}”不是可以接收的类型，没有收下。"
