"""A version of a scheme: what it is, its rules, its tiers; and sample rates to try it out."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from ..models import AssessmentScheme
from .measures import MEASURES, SUBJECTS
from .rules import PointRule
from .schemes import SchemeFacts

BY = [("", "总分"), *((code, measure.name) for code, measure in MEASURES.items())]


class SchemeForm(forms.Form):
    """The facts of a version; name and subject are given only for a new scheme."""

    name = forms.CharField(label="名称", max_length=80)
    subject = forms.ChoiceField(label="考核对象", choices=list(SUBJECTS.items()))
    effective_from = forms.DateField(label="自何日生效", widget=forms.DateInput())
    tier_by = forms.ChoiceField(label="分档依据", choices=BY, required=False)
    freezes_on_day = forms.IntegerField(
        label="次月几日自动固定", min_value=1, max_value=28, required=False, help_text="留空则只由督办员手工固定"
    )
    source = forms.CharField(label="依据", max_length=200, required=False)
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, of: AssessmentScheme | None = None, today: date | None = None) -> None:
        super().__init__(data, initial=_initial(of, today))
        if of is not None:
            for name in ("name", "subject"):
                self.fields[name].disabled = True


class RuleForm(forms.Form):
    """One rule; a line without a measure is no rule."""

    measure = forms.ChoiceField(
        label="指标", choices=[("", "（不用）"), *((code, one.name) for code, one in MEASURES.items())], required=False
    )
    target = forms.DecimalField(label="目标 %", max_digits=7, decimal_places=3, required=False)
    cap = forms.DecimalField(label="满分", max_digits=8, decimal_places=3, required=False)
    slope = forms.DecimalField(label="每点扣分", max_digits=8, decimal_places=4, required=False)
    floor = forms.DecimalField(label="最低分", max_digits=8, decimal_places=3, required=False)
    weight = forms.DecimalField(label="权重", max_digits=6, decimal_places=3, required=False)
    less_is_better = forms.BooleanField(label="越低越好", required=False)

    def clean(self) -> dict[str, Any]:
        """With a measure, target, full points and slope are needed."""
        said = super().clean() or {}
        if said.get("measure"):
            for name in ("target", "cap", "slope"):
                if said.get(name) is None and name not in self.errors:
                    self.add_error(name, "必填。")
        return said

    def rule(self) -> PointRule | None:
        """The rule, when the line holds one."""
        said = self.cleaned_data
        if not said.get("measure"):
            return None
        floor, weight = said["floor"], said["weight"]
        return PointRule(
            said["measure"],
            said["target"],
            said["slope"],
            Decimal(0) if floor is None else floor,
            said["cap"],
            Decimal(1) if weight is None else weight,
            said["less_is_better"],
        )


class TierForm(forms.Form):
    """One tier; a line without a name is no tier."""

    name = forms.CharField(label="档次", max_length=20, required=False)
    lowest = forms.DecimalField(label="不低于", max_digits=8, decimal_places=3, required=False)

    def clean(self) -> dict[str, Any]:
        """A name needs its lowest bound."""
        said = super().clean() or {}
        if said.get("name") and said.get("lowest") is None and "lowest" not in self.errors:
            self.add_error("lowest", "必填。")
        return said


RuleForms = forms.formset_factory(RuleForm, extra=3, max_num=len(MEASURES), absolute_max=2 * len(MEASURES))
TierForms = forms.formset_factory(TierForm, extra=2, max_num=8, absolute_max=16)


class TryForm(forms.Form):
    """A sample rate for every rule of a scheme."""

    def __init__(self, data: Any, rules: list[PointRule]) -> None:
        super().__init__(data)
        for rule in rules:
            self.fields[rule.measure] = forms.DecimalField(
                label=MEASURES[rule.measure].name,
                min_value=0,
                max_value=100,
                max_digits=6,
                decimal_places=3,
                required=False,
            )

    def rates(self) -> dict[str, Decimal | None]:
        """The rates that were typed."""
        return dict(self.cleaned_data)


def initial_rules(scheme: AssessmentScheme | None) -> list[dict[str, Any]]:
    """The rules of a version as its successor starts with them."""
    names = ("measure", "target", "cap", "slope", "floor", "weight", "less_is_better")
    return list(scheme.rules.values(*names)) if scheme else []


def initial_tiers(scheme: AssessmentScheme | None) -> list[dict[str, Any]]:
    """The tiers likewise."""
    return [{"name": one.name, "lowest": one.lowest} for one in scheme.tiers.all()] if scheme else []


def facts_from(form: SchemeForm, rules: Any, tiers: Any) -> SchemeFacts:
    """What three valid forms say."""
    said = form.cleaned_data
    return SchemeFacts(
        name=said["name"].strip(),
        subject=said["subject"],
        effective_from=said["effective_from"],
        rules=[rule for one in rules if (rule := one.rule()) is not None],
        tiers=[(one.cleaned_data["lowest"], one.cleaned_data["name"]) for one in tiers if one.cleaned_data.get("name")],
        tier_by=said["tier_by"],
        freezes_on_day=said["freezes_on_day"],
        source=said["source"],
        note=said["note"],
    )


def _initial(scheme: AssessmentScheme | None, today: date | None) -> dict[str, Any]:
    if scheme is None:
        return {"effective_from": today, "tier_by": "satisfied"}
    names = ("name", "subject", "tier_by", "freezes_on_day", "source", "note")
    return {name: getattr(scheme, name) for name in names} | {"effective_from": today}
