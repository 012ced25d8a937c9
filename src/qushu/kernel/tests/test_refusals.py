"""A refusal stands beside the input it names, or above the form."""

from django import forms

from qushu.kernel.errors import Refused
from qushu.kernel.refusals import show_refusal


class Form(forms.Form):
    code = forms.CharField()


def said_of(refused: Refused, field: str | None = None) -> dict[str, list[str]]:
    form = Form({"code": "1"})
    assert form.is_valid()
    show_refusal(form, refused, field)
    return dict(form.errors)


def test_a_refusal_stands_beside_the_input_it_names():
    assert said_of(Refused("代码已用", field="code")) == {"code": ["代码已用"]}
    assert said_of(Refused("代码已用", field="code_id"), "code") == {"code": ["代码已用"]}


def test_a_refusal_of_no_input_of_this_form_stands_above_it():
    assert said_of(Refused("已被占用")) == {"__all__": ["已被占用"]}
    assert said_of(Refused("已被占用", field="elsewhere")) == {"__all__": ["已被占用"]}
