"""Forms of roster and log."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from qushu.kernel.asked import FIRST_DAY, LAST_DAY, number_in
from qushu.people.models import Account

from ..models import DutyShift
from .actions import ShiftFacts
from .queries import own_shifts, people_for_duty, words_of
from .rules import Pattern

STOOD_IN = "none"


def _names() -> list[tuple[str, str]]:
    return [("", "请选择"), *((str(one.pk), f"{one.name}（{one.username}）") for one in people_for_duty())]


class ShiftForm(forms.Form):
    """One shift."""

    account = forms.ChoiceField(label="值班人员")
    post = forms.ChoiceField(label="岗位", choices=DutyShift.POSTS)
    starts_at = forms.DateTimeField(label="开始", widget=forms.DateTimeInput())
    ends_at = forms.DateTimeField(label="结束", widget=forms.DateTimeInput())

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["account"].choices = _names()  # type: ignore[attr-defined]

    def facts(self) -> ShiftFacts:
        """What was said, for the action."""
        said = self.cleaned_data
        return ShiftFacts(int(said["account"]), said["post"], said["starts_at"], said["ends_at"])


class ChangeForm(ShiftForm):
    """A shift that is there; `seen_…` hold what the person saw."""

    reason = forms.CharField(label="调班原因", max_length=300)
    seen_account = forms.IntegerField(widget=forms.HiddenInput())
    seen_post = forms.CharField(widget=forms.HiddenInput())
    seen_starts = forms.CharField(widget=forms.HiddenInput())
    seen_ends = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, shift: DutyShift, **more: Any) -> None:
        kept = {name: getattr(shift, name) for name in ("post", "starts_at", "ends_at")}
        seen = {
            "seen_account": shift.account_id,
            "seen_post": shift.post,
            "seen_starts": shift.starts_at.isoformat(),
            "seen_ends": shift.ends_at.isoformat(),
        }
        super().__init__(*args, initial=kept | seen | {"account": shift.account_id}, **more)
        if not any(value == str(shift.account_id) for value, _ in self.fields["account"].choices):  # type: ignore[attr-defined]
            self.fields["account"].choices += [(str(shift.account_id), shift.account.name)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The hidden moments must be readable."""
        said = super().clean() or self.cleaned_data
        try:
            self.seen = ShiftFacts(
                said.get("seen_account", 0),
                said.get("seen_post", ""),
                datetime.fromisoformat(said.get("seen_starts", "")),
                datetime.fromisoformat(said.get("seen_ends", "")),
            )
        except ValueError:
            raise forms.ValidationError("页面不完整，请重新打开这个班次。没有保存。") from None
        return said


class PlanForm(forms.Form):
    """A repeating pattern."""

    post = forms.ChoiceField(label="岗位", choices=DutyShift.POSTS)
    first = forms.DateField(label="从哪天起", widget=forms.DateInput())
    days = forms.IntegerField(label="天数", min_value=1, initial=28)
    begins = forms.TimeField(label="首班开始", initial="08:00", widget=forms.TimeInput())
    hours = forms.TypedChoiceField(
        label="班制",
        coerce=int,
        initial=8,
        choices=[
            (8, "三班倒，每班 8 小时"),
            (12, "两班倒，每班 12 小时"),
            (24, "每班 24 小时"),
            (6, "四班，每班 6 小时"),
        ],
    )
    seats = forms.IntegerField(label="每班人数", min_value=1, max_value=50, initial=1)
    people = forms.CharField(
        label="轮值名单",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="每行一个姓名或账号，按轮到的先后；排完一轮从头再来。",
    )

    def clean_people(self) -> list[Account]:
        """The accounts in the order of the lines; every line that is nobody, or not one person, is named."""
        people = people_for_duty()
        found, faults = [], []
        for line in filter(None, (line.strip() for line in self.cleaned_data["people"].splitlines())):
            named = [one for one in people if line == one.username] or [one for one in people if line == one.name]
            if len(named) == 1:
                found.append(named[0])
            else:
                faults.append(f"“{line}”{'有同名的人，请写账号' if named else '不在可排班的人员里'}")
        if faults:
            raise forms.ValidationError("；".join(faults) + "。")
        return found

    def pattern(self) -> Pattern:
        """What was said, for the action."""
        said = self.cleaned_data
        people = [one.pk for one in said["people"]]
        return Pattern(said["first"], said["days"], said["begins"], said["hours"], said["seats"], people)


class RemoveForm(forms.Form):
    """Why a shift goes."""

    reason = forms.CharField(label="删除原因", max_length=300)


class HandoverForm(forms.Form):
    """What the one who leaves says."""

    shift = forms.ChoiceField(label="交哪一班")
    summary = forms.CharField(label="本班情况", max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    unfinished = forms.CharField(
        label="移交事项",
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="接班人要接着办的事，一事一行。没有就空着。",
    )
    notable = forms.CharField(
        label="重点工单",
        required=False,
        max_length=1000,
        help_text="受理编号，用空格隔开。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, account_id: int, others: list[DutyShift], **more: Any) -> None:
        super().__init__(*args, **more)
        mine = own_shifts(account_id, timezone.now())
        options = [(str(one.pk), words_of(one)) for one in mine]
        options += [(str(one.pk), f"代写：{one.account.name} {words_of(one)}") for one in others]
        self.fields["shift"].choices = [*options, (STOOD_IN, "不在值班表上，临时顶班")]  # type: ignore[attr-defined]
        self.shifts = {one.pk: one for one in [*mine, *others]}

    @property
    def chosen_shift(self) -> DutyShift | None:
        """The shift that the page counts for: the chosen one, else the first offered."""
        value = self.data.get("shift") or self.initial.get("shift") or self.fields["shift"].choices[0][0]  # type: ignore[attr-defined]
        number = number_in(str(value))
        return self.shifts.get(number) if number is not None else None

    def shift_id(self) -> int | None:
        """The chosen shift's id; None for somebody who stood in."""
        value = self.cleaned_data["shift"]
        return None if value == STOOD_IN else int(value)

    def numbers(self) -> list[str]:
        """The numbers of notable cases."""
        return list(self.cleaned_data["notable"].replace("，", " ").replace("、", " ").replace(",", " ").split())


class TakeForm(forms.Form):
    """What the one who comes says."""

    remark = forms.CharField(label="接班意见", required=False, max_length=300, help_text="没有意见可以空着。")


class SupplementForm(forms.Form):
    """A correction."""

    words = forms.CharField(
        label="补记",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="原记录不能修改，更正和补充写在这里。",
    )


class LogFilter(forms.Form):
    """The day of a log."""

    day = forms.DateField(
        label="日期", required=False, validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
    )
