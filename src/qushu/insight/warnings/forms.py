"""Forms of warnings: the list's filter, an answer, a rule."""

import re
from typing import Any

from django import forms
from django.core.validators import validate_email

from qushu.people.access import matrix
from qushu.people.models import Role
from qushu.places.queries import streets

from .models import Kind, Level, Outcome, Warning, WarningRule
from .ruling import MEANINGS

ALL = ("", "全部")


class WarningFilter(forms.Form):
    """What the list is narrowed to."""

    state = forms.ChoiceField(label="状态", required=False, choices=[ALL, *Warning.State.choices])
    level = forms.ChoiceField(label="级别", required=False, choices=[ALL, *((str(n), w) for n, w in Level.choices)])
    kind = forms.ChoiceField(label="种类", required=False, choices=[ALL, *Kind.choices])
    outcome = forms.ChoiceField(label="结论", required=False, choices=[ALL, *Outcome.choices])
    street = forms.ChoiceField(label="街道", required=False)
    found = forms.ChoiceField(label="来源", required=False, choices=[ALL, ("then", "当时发出"), ("after", "事后补看")])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["street"].choices = [ALL, *((str(one.pk), one.name) for one in streets())]  # type: ignore[attr-defined]
        self.fields["from"] = forms.DateField(label="预警自", required=False)
        self.fields["to"] = forms.DateField(label="至", required=False)


class OutcomeForm(forms.Form):
    """结论 of a warning."""

    outcome = forms.ChoiceField(label="结论", choices=Outcome.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label="说明",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="判为误报须写明理由；系统据此收紧这个序列的门槛（安全、交通突发和偏离预测除外）。",
    )


class NoteForm(forms.Form):
    """备注 on a warning."""

    words = forms.CharField(label="备注", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **more: Any) -> None:
        more["auto_id"] = "note_%s"  # it stands beside another form with words
        super().__init__(*args, **more)


class RuleForm(forms.Form):
    """The figures of a rule; what each means depends on the kind."""

    active = forms.BooleanField(label="启用", required=False)
    least = forms.IntegerField(label="最少件数", min_value=1, max_value=100_000)
    ratio = forms.FloatField(label="倍数", min_value=1.0, max_value=1000.0)
    hours = forms.IntegerField(label="时间窗（小时）", min_value=1, max_value=720)
    a_week = forms.FloatField(label="每周允许误报", min_value=0.0001, max_value=100.0)
    answer_minutes = forms.IntegerField(label="确认时限（分钟）", min_value=5, max_value=10_080)
    roles = forms.MultipleChoiceField(label="接收角色", required=False, widget=forms.CheckboxSelectMultiple)
    emails = forms.CharField(
        label="邮件接收人",
        required=False,
        max_length=1000,
        help_text="邮箱地址，空格或换行分隔；未配置邮件服务器时不发送",
    )
    tell_from = forms.TypedChoiceField(label="邮件和推送的最低级别", coerce=int, choices=Level.choices)

    def __init__(self, *args: Any, kind: str, **more: Any) -> None:
        super().__init__(*args, **more)
        receivers = [one for one in Role.choices if matrix()["warnings.read"][one[0]] != "-"]
        self.fields["roles"].choices = receivers  # type: ignore[attr-defined]
        meanings = MEANINGS[kind]
        for name in ("least", "ratio", "hours", "a_week"):
            if name in meanings:
                self.fields[name].help_text = meanings[name]
            else:
                del self.fields[name]

    def clean_emails(self) -> str:
        """Addresses apart by blanks; raises ValidationError naming the wrong one."""
        found = [one for one in re.split(r"[\s,;，；]+", self.cleaned_data["emails"]) if one]
        for one in found:
            try:
                validate_email(one)
            except forms.ValidationError:
                raise forms.ValidationError(f"“{one[:60]}”不是邮箱地址。") from None
        return " ".join(found)


def initial_of(rule: WarningRule) -> dict[str, Any]:
    """A rule as its form shows it."""
    names = ("active", "least", "ratio", "hours", "a_week", "answer_minutes", "roles", "emails", "tell_from")
    return {name: getattr(rule, name) for name in names}
