"""What the audit trail is narrowed to."""

from django import forms

from qushu.people.audit import ACTION_WORDS, KINDS
from qushu.people.queries import AuditFilter


def _actions() -> list[tuple[str, str]]:
    return [("", "全部"), *sorted(ACTION_WORDS.items())]


def _kinds() -> list[tuple[str, str]]:
    return [("", "全部"), *((code, kind.word) for code, kind in KINDS.items())]


class AuditForm(forms.Form):
    """Account, action, kind of subject, subject, days."""

    account = forms.CharField(label="账号", required=False, max_length=60)
    action = forms.ChoiceField(label="操作", required=False, choices=_actions)
    kind = forms.ChoiceField(label="对象类别", required=False, choices=_kinds)
    subject = forms.CharField(label="对象", required=False, max_length=120)
    since = forms.DateField(label="自", required=False)
    until = forms.DateField(label="至", required=False)

    def chosen(self) -> AuditFilter:
        """What was said and is valid; the rest is left out."""
        self.is_valid()
        said = self.cleaned_data
        return AuditFilter(
            username=said.get("account", ""),
            action=said.get("action", ""),
            kind=said.get("kind", ""),
            subject=said.get("subject", ""),
            since=said.get("since"),
            until=said.get("until"),
        )
