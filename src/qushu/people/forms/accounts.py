"""Forms of the accounts' administration."""

from django import forms

from qushu.people.models import Account, Role, Unit
from qushu.people.queries import unit_choices
from qushu.people.tokens import SCOPES
from qushu.places.models import Area
from qushu.places.queries import area_choices

STATES = [("", "全部"), ("active", "启用"), ("disabled", "停用"), ("locked", "锁定中"), ("never", "从未登录")]


class AccountFilter(forms.Form):
    """What the list of accounts is narrowed to."""

    q = forms.CharField(label="账号或姓名", required=False, max_length=60)
    role = forms.ChoiceField(label="角色", required=False, choices=[("", "全部"), *Role.choices])
    unit = forms.ModelChoiceField(
        label="单位", required=False, queryset=Unit.objects.order_by("name"), empty_label="全部"
    )
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class NewAccountForm(forms.Form):
    """A new account."""

    username = forms.CharField(
        label="账号", max_length=60, help_text="2 到 60 位字母、数字或 . _ @ -，登录时用，以后不能改。"
    )
    name = forms.CharField(label="姓名", max_length=40)
    phone = forms.CharField(label="办公电话", max_length=30, required=False)


class AccountForm(forms.Form):
    """What may change of an account."""

    name = forms.CharField(label="姓名", max_length=40)
    phone = forms.CharField(label="办公电话", max_length=30, required=False)


class GrantForm(forms.Form):
    """A role and where it holds."""

    role = forms.ChoiceField(label="角色", choices=Role.choices)
    unit = forms.ModelChoiceField(
        label="限定单位",
        required=False,
        queryset=Unit.objects.filter(active=True),
        empty_label="不限",
        help_text="承办单位的角色必须选单位。",
    )
    area = forms.ModelChoiceField(
        label="限定区域",
        required=False,
        queryset=Area.objects.all(),
        empty_label="不限",
        help_text="单位和区域只能选一个，都不选即全区。",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["unit"].choices = [("", "不限"), *unit_choices()]  # type: ignore[attr-defined]
        self.fields["area"].choices = [("", "不限"), *area_choices()]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label="原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label="名称", max_length=60, help_text="写明用在哪个系统，例如“市级平台推送”。")
    account = forms.ModelChoiceField(
        label="代表账号",
        queryset=Account.objects.filter(is_active=True).order_by("username"),
        to_field_name="username",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="填账号名。令牌能做的不会超过这个账号的角色。",
        error_messages={"invalid_choice": "没有这个启用中的账号。"},
    )
    scopes = forms.MultipleChoiceField(
        label="权限", widget=forms.CheckboxSelectMultiple, choices=lambda: SCOPES.items()
    )
    expires_on = forms.DateField(label="到期日", required=False, help_text="当天结束时失效；不填则长期有效，直到吊销。")
