"""Forms of the workplaces: what a list is narrowed to, and what is done to several cases at once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from qushu.cases.forms import ALL
from qushu.cases.models import Case, Supervision
from qushu.cases.options import category_options, channel_options
from qushu.cases.queries import filter_cases
from qushu.kernel.options import Options
from qushu.people.access import CITIZEN
from qushu.people.options import unit_options
from qushu.places.options import area_options

WAITING = [
    ("1", "1 小时以上"),
    ("4", "4 小时以上"),
    ("8", "8 小时以上"),
    ("24", "1 天以上"),
    ("72", "3 天以上"),
    ("240", "10 天以上"),
]
NO_UNIT = "none"


class WorkFilter(forms.Form):
    """What a workplace's list is narrowed to; the names are those of `cases.queries.filter_cases`, and `waiting`."""

    tab = forms.CharField(label="栏目", required=False, widget=forms.HiddenInput())
    level = forms.ChoiceField(
        label="督办级别", required=False, choices=[ALL, *Supervision.LEVELS], widget=forms.HiddenInput()
    )
    q = forms.CharField(label="编号或关键词", required=False, max_length=80)
    unit = forms.ChoiceField(label="承办单位", required=False)
    category = forms.ChoiceField(label="类别", required=False)
    street = forms.ChoiceField(label="街道", required=False)
    urgency = forms.ChoiceField(label="紧急程度", required=False, choices=[ALL, *Case.Urgency.choices])
    channel = forms.ChoiceField(label="渠道", required=False)
    waiting = forms.ChoiceField(label="已等", required=False, choices=[ALL, *WAITING])
    overdue = forms.BooleanField(label="已超期", required=False)

    def __init__(self, data: Any, tabs: Mapping[str, str], without: tuple[str, ...] = ()) -> None:
        super().__init__(data)
        for name in without:
            del self.fields[name]
        self.fields["tab"] = forms.ChoiceField(
            label="栏目", required=False, choices=list(tabs.items()), widget=forms.HiddenInput()
        )
        choices: dict[str, Options] = {
            "category": category_options().after(ALL),
            "street": area_options().streets.after(ALL),
            "channel": channel_options().after(ALL),
        }
        if "unit" in self.fields:
            choices["unit"] = unit_options().after(ALL, (NO_UNIT, "尚未派单"))
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]


def narrow(cases: QuerySet[Case], chosen: Mapping[str, str], now: datetime) -> QuerySet[Case]:
    """The cases that fit a `WorkFilter`'s values; unreadable ones match nothing. No caller is looked for here."""
    left = {name: value for name, value in chosen.items() if name not in ("waiting", "state", "caller", "phone")}
    if hours := chosen.get("waiting"):
        long = dict(WAITING).get(hours) is not None
        cases = cases.filter(accepted_at__lte=now - timedelta(hours=int(hours))) if long else cases.none()
    if left.get("unit") == NO_UNIT:
        del left["unit"]
        cases = cases.filter(lead_unit__isnull=True)
    return filter_cases(cases, left, now, CITIZEN)


class BulkDispatchForm(forms.Form):
    """Which units the picked cases go to; each to its own suggestion when none is chosen.

    Assisting units are typed by name: one list of names serves both fields, where two more pickers of 200 units each
    would double the page.
    """

    ASSISTING = ("assist_1", "assist_2")
    unit = forms.ChoiceField(label="主办单位", required=False)
    assist_1 = forms.CharField(label="协办单位", required=False, max_length=60)
    assist_2 = forms.CharField(label="协办单位二", required=False, max_length=60)
    instruction = forms.CharField(label="交办意见", required=False, max_length=500)

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        units = unit_options()
        self.ids = {name: pk for pk, name in units}
        self.fields["unit"].choices = units.with_blank("各按建议单位")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Assisting units must be known by name."""
        said = super().clean() or {}
        for name in self.ASSISTING:
            if said.get(name) and said[name].strip() not in self.ids:
                self.add_error(name, f"没有“{said[name]}”这个单位，或已停用。")
        return said

    @property
    def lead(self) -> int | None:
        """The chosen lead unit; None when each case goes to its own suggestion."""
        return int(self.cleaned_data["unit"]) if self.cleaned_data["unit"] else None

    @property
    def assisting(self) -> list[int]:
        """The chosen assisting units."""
        return [self.ids[name.strip()] for name in map(self.cleaned_data.get, self.ASSISTING) if name]


class OrderForm(forms.Form):
    """A supervision order for every picked case."""

    level = forms.ChoiceField(label="级别", choices=Supervision.LEVELS, initial="urge")
    words = forms.CharField(label="督办要求", max_length=1000)
    answer_due_at = forms.DateTimeField(label="回复期限", required=False, widget=forms.DateTimeInput())


class DecisionForm(forms.Form):
    """A review's decision."""

    remark = forms.CharField(
        label="审核意见",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="驳回时必填，承办单位会看到",
    )
