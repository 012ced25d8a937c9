"""Forms of urgent words and of the dispatch catalogue."""

from datetime import date
from typing import Any

from django import forms

from qushu.cases.models import Category
from qushu.people.models import Unit
from qushu.people.queries import unit_choices
from qushu.places.models import Area
from qushu.places.queries import area_choices

from ..models import CatalogueEntry, UrgentWord
from .actions import MARKS, EntryFacts, WordFacts
from .queries import CatalogueFilter

STATES = [("", "全部"), ("active", "启用"), ("inactive", "停用")]
ENTRY_STATES = [
    ("present", "现行"),
    ("coming", "待生效"),
    ("ended", "已停用"),
    ("overlapping", "时间重叠"),
    ("all", "全部"),
]


class WordFilter(forms.Form):
    """What the list of words is narrowed to."""

    q = forms.CharField(label="词", required=False, max_length=30)
    mark = forms.ChoiceField(label="标记", required=False, choices=[("", "全部"), *MARKS.items()])
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class WordForm(forms.Form):
    """An urgent word."""

    word = forms.CharField(label="词", max_length=30, help_text="市民话里出现它，就给工单加上标记。")
    mark = forms.ChoiceField(label="标记", choices=list(MARKS.items()))
    emergency_number = forms.CharField(
        label="应急电话", required=False, max_length=10, help_text="如 119；受理时显示，提醒立即转接。"
    )
    active = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, *args: Any, chosen: UrgentWord | None = None, **kwargs: Any) -> None:
        if chosen is not None:
            kwargs["initial"] = {name: getattr(chosen, name) for name in WordFacts.__dataclass_fields__}
        super().__init__(*args, **kwargs)

    def facts(self) -> WordFacts:
        """What was said, for the action."""
        return WordFacts(**{name: self.cleaned_data[name] for name in WordFacts.__dataclass_fields__})


class EntryFilter(forms.Form):
    """What the catalogue is narrowed to."""

    q = forms.CharField(label="类别或依据", required=False, max_length=60)
    unit = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(label="状态", required=False, choices=ENTRY_STATES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", "全部"), *unit_choices()]  # type: ignore[attr-defined]

    def chosen(self) -> CatalogueFilter:
        """What was said; lines of today when nothing was."""
        self.is_valid()
        said = self.cleaned_data
        return CatalogueFilter(said.get("q", ""), said.get("unit"), said.get("state") or "present")


class EntryForm(forms.Form):
    """A line of the catalogue."""

    category = forms.ModelChoiceField(label="类别", queryset=Category.objects.filter(active=True))
    area = forms.ModelChoiceField(label="限于区域", required=False, queryset=Area.objects.all())
    lead_unit = forms.ModelChoiceField(label="主办单位", required=False, queryset=Unit.objects.all())
    to_street_office = forms.BooleanField(
        label="派属地街道", required=False, help_text="不写主办单位，按发生地派给街道。"
    )
    assisting = forms.ModelMultipleChoiceField(
        label="协办单位", required=False, queryset=Unit.objects.all(), help_text="按住 Ctrl 可选几个。"
    )
    legal_basis = forms.CharField(label="依据", required=False, max_length=200)
    since = forms.DateField(label="生效", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label="失效",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="从这一天起不再有效；不填是长期。",
    )

    def __init__(
        self, *args: Any, chosen: CatalogueEntry | None = None, today: date | None = None, **kwargs: Any
    ) -> None:
        if chosen is not None:
            names = ("category", "area", "lead_unit", "to_street_office", "legal_basis")
            kept = {name: getattr(chosen, name) for name in names}
            begins = max(chosen.effective_from, today or chosen.effective_from)
            kwargs["initial"] = kept | {
                "assisting": list(chosen.assisting.all()),
                "since": begins,
                "until": chosen.effective_to,
            }
        super().__init__(*args, **kwargs)
        units = unit_choices()
        self.fields["lead_unit"].choices = [("", "无"), *units]  # type: ignore[attr-defined]
        self.fields["assisting"].choices = units  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", "全区"), *area_choices()]  # type: ignore[attr-defined]

    def facts(self) -> EntryFacts:
        """What was said, for the action."""
        said = self.cleaned_data
        return EntryFacts(
            said["category"],
            said["area"],
            said["lead_unit"],
            said["to_street_office"],
            tuple(sorted(said["assisting"], key=lambda unit: unit.code)),
            said["legal_basis"],
        )


class EntryEndForm(forms.Form):
    """From which day on a line doesn't count any more."""

    until = forms.DateField(label="失效", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(label="原因", required=False, max_length=300)
