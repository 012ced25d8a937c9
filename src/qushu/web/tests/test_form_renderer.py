"""The quick select is the same element as Django's."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from lxml import html

from qushu.web.form_renderer import QuickSelects

CHOICES = [("", "全部"), ("1", "<b>甲 & 乙</b>"), ("组", [("2", "丙"), ("3", '"丁"')])]


def drawn(widget, renderer, value):
    return [
        (node.tag, dict(node.attrib), (node.text or "").strip())
        for node in html.fromstring(widget.render("u", value, {"id": "u", "required": True}, renderer)).iter()
    ]


@pytest.mark.parametrize("value", ["", "1", "3", None])
@pytest.mark.parametrize("widget", [forms.Select, forms.NullBooleanSelect])
def test_it_is_the_same_element(value, widget):
    made = widget() if widget is forms.NullBooleanSelect else widget(choices=CHOICES)
    assert drawn(made, QuickSelects(), value) == drawn(made, DjangoTemplates(), value)


def test_labels_and_values_are_escaped():
    made = forms.Select(choices=[('"><script>', "<script>")])
    assert "<script>" not in made.render("u", None, renderer=QuickSelects())
