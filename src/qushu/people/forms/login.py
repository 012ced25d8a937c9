"""Forms of login and of the own account."""

from django import forms

PASSWORD = {"autocomplete": "current-password"}
NEW_PASSWORD = {"autocomplete": "new-password"}
CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "7"}


class LoginForm(forms.Form):
    """Account and password."""

    username = forms.CharField(label="账号", max_length=60, widget=forms.TextInput({"autocomplete": "username"}))
    password = forms.CharField(label="密码", max_length=200, strip=False, widget=forms.PasswordInput(attrs=PASSWORD))


class CodeForm(forms.Form):
    """The six digits of the authenticator app."""

    code = forms.RegexField(
        r"^\s*\d{3}\s?\d{3}\s*$",
        label="动态码",
        help_text="打开手机上的验证器应用，输入 6 位数字。",
        error_messages={"invalid": "动态码是 6 位数字。"},
        widget=forms.TextInput(CODE),
    )


class PasswordForm(forms.Form):
    """Present and new password."""

    present = forms.CharField(
        label="现在的密码", max_length=200, strip=False, widget=forms.PasswordInput(attrs=PASSWORD)
    )
    new = forms.CharField(
        label="新密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text="至少 10 个字符，不能全是数字、不能太常见、不能包含账号，也不能和现在的相同。",
    )
    again = forms.CharField(
        label="再输入一次新密码", max_length=200, strip=False, widget=forms.PasswordInput(attrs=NEW_PASSWORD)
    )

    def clean_again(self) -> str:
        """The second typing must equal the first."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError("两次输入的新密码不一样。")
        return again


class OwnPasswordForm(forms.Form):
    """The own password, asked again before something that weakens the account."""

    password = forms.CharField(label="密码", max_length=200, strip=False, widget=forms.PasswordInput(attrs=PASSWORD))
