"""The captcha as part of a form of citizens' pages."""

from datetime import datetime
from typing import Any

from django import forms

from qushu.people.captcha import Captcha, answered, picture_captcha, shown_again

WRONG = "验证码不对或已过期，请按新的图片再输一次。其余内容已保留，尚未提交。"


class CaptchaForm(forms.Form):
    """A form that a program can't fill in; derive from it, and put into its template
    `{% include "people/captcha.html" with captcha=form.captcha %}`.

    The answer is checked, and used up, only when all other fields are right, so that nobody answers twice because of a
    typing error elsewhere.
    """

    captcha_token = forms.CharField(max_length=400, widget=forms.HiddenInput)
    captcha_answer = forms.CharField(label="验证码", max_length=20)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now
        self._used = False

    def clean(self) -> None:
        """Check the answer once everything else is right; a derived form calls this last."""
        super().clean()
        if not self.errors:
            self._used = True
            if not answered(self.cleaned_data["captcha_token"], self.cleaned_data["captcha_answer"], self._now):
                self.add_error("captcha_answer", WRONG)

    @property
    def captcha(self) -> Captcha:
        """The captcha to show: the same again while it is unanswered, else a new picture."""
        same = None if self._used else shown_again(str(self.data.get("captcha_token", "")), self._now)
        return same or picture_captcha(self._now)

    @property
    def captcha_said(self) -> str:
        """What was typed, to be kept while the same captcha is shown."""
        return "" if self._used else str(self.data.get("captcha_answer", ""))
