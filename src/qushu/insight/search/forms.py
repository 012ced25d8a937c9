"""What a search may be narrowed to: everything of the case list, and more."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from qushu.cases.forms import ALL, CaseFilter
from qushu.cases.models import Case, Category
from qushu.cases.rules import SATISFACTION
from qushu.kernel.kept import Kept
from qushu.kernel.options import Options
from qushu.people.models import Role

ORDERS = [("", "最新在前"), ("accepted", "最早在前"), ("relevance", "最相关在前"), ("meaning", "意思最近在前")]
YES_NO = [ALL, ("1", "是"), ("0", "否")]
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_BOX = re.compile(r"-?\d{1,3}(?:\.\d{1,8})?")


class SearchFilter(CaseFilter):
    """The fields of a search; names are those of `queries.found_cases`. The address holds them all."""

    sort = forms.ChoiceField(label="排序", required=False, choices=ORDERS)
    result = forms.ChoiceField(label="办理结果", required=False, choices=[ALL, *Case.Result.choices])
    solved = forms.ChoiceField(label="市民认为已解决", required=False, choices=YES_NO)
    satisfaction = forms.ChoiceField(
        label="满意度", required=False, choices=[ALL, *((str(grade), words) for grade, words in SATISFACTION.items())]
    )
    returned = forms.BooleanField(label="退过单", required=False)
    extended = forms.BooleanField(label="延过期", required=False)
    reopened = forms.BooleanField(label="重办过", required=False)
    supervised = forms.BooleanField(label="督办过", required=False)
    month = forms.CharField(
        label="受理月份", required=False, max_length=7, widget=forms.TextInput({"placeholder": "2026-03"})
    )
    near = forms.CharField(label="与此件相似", required=False, max_length=24, widget=forms.HiddenInput())
    box = forms.CharField(
        label="地图范围",
        required=False,
        max_length=80,
        widget=forms.TextInput({"placeholder": "西,南,东,北（经纬度）"}),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["category"].choices = every_category().after(ALL)  # type: ignore[attr-defined]
        for name, label in (("closed_from", "结案自"), ("closed_to", "至")):
            self.fields[name] = forms.DateField(label=label, required=False)

    def clean_month(self) -> str:
        """A month as 2026-03."""
        value = str(self.cleaned_data["month"])
        if value and month_of(value) is None:
            raise ValidationError("月份请写成 2026-03。没有按月份筛选。")
        return value

    def clean_box(self) -> str:
        """West, south, east, north in degrees."""
        value = str(self.cleaned_data["box"])
        if value and box_of(value) is None:
            raise ValidationError("地图范围请写成“西,南,东,北”四个经纬度。没有按范围筛选。")
        return value


def month_of(value: str) -> tuple[date, date] | None:
    """The first day of a month (2026-03) and of the next; None for anything else."""
    match = _MONTH.fullmatch(value)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    if not 2000 <= year < 2100:
        return None
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def box_of(value: str) -> tuple[float, float, float, float] | None:
    """(west, south, east, north) in degrees from "w,s,e,n"; None for anything else. Sides that are swapped are put right."""
    parts = value.replace("，", ",").split(",")
    if len(parts) != 4 or not all(_BOX.fullmatch(part.strip()) for part in parts):
        return None
    west, south, east, north = map(float, parts)
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        return None
    return min(west, east), min(south, north), max(west, east), max(south, north)


def every_category() -> Options:
    """Categories of every level by their full names: choosing an upper one means all below it."""
    return _CATEGORIES.get()


class SaveForm(forms.Form):
    """Under which name a search is kept, and who else sees it."""

    name = forms.CharField(label="名称", max_length=60)
    role = forms.ChoiceField(
        label="谁能看到",
        required=False,
        choices=[("", "只有我"), ("everyone", "所有同事"), *((value, f"{label}") for value, label in Role.choices)],
        help_text="别人打开时，只看到他自己有权看的工单。",
    )


_CATEGORIES = Kept(("cases_category",), lambda: Options(Category.objects.values_list("pk", "full_name")))
