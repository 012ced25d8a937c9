"""Small pieces: icons, tags, deadlines, table headings, links of tabs and breadcrumbs, fields."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template import Context, Library
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qushu.web import tones, wording
from qushu.web.form_renderer import draw_control
from qushu.web.templatetags.words import url_with

register = Library()


@register.simple_tag
@lru_cache(1024)
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of icons.svg, hidden from readers: words beside it must say the same."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("web/icons.svg"),
        name,
    )


@lru_cache(1024)
def _tag(look: tones.Look, extra: str = "") -> SafeString:
    return format_html('<span class="tag tone-{} {} {}">{}</span>', look.tone, extra, look.shape, look.words)


@register.simple_tag
def state_tag(state: object, words: str = "") -> SafeString:
    """The tag of a case's state, by its code or from an object with `.state`; `words` replaces the usual label."""
    code = str(getattr(state, "state", state) or "")
    look = tones.STATES.get(code, tones.Look(code, "neutral"))
    return _tag(tones.Look(words or look.words, look.tone, look.shape), "tag-state")


@register.simple_tag
def urgency_tag(code: str) -> SafeString:
    """The tag of a case's urgency; nothing for a general one, which needs no attention."""
    if code in ("", "general"):
        return SafeString("")
    return _tag(tones.URGENCIES.get(code, tones.Look(code, "neutral")))


@register.simple_tag
def mark_tags(marks: list[str]) -> SafeString:
    """Tags of a case's marks: group, repeat caller, sensitive…"""
    return SafeString(" ".join(_tag(tones.MARKS.get(mark, tones.Look(mark, "neutral"))) for mark in marks or ()))


@register.simple_tag
def badge(words: object, tone: str = "neutral") -> SafeString:
    """A tag with words of one's own; tones: neutral, info, teal, good, warn, late, violet."""
    return _tag(tones.Look(str(words), tone))


@register.simple_tag
def deadline(
    due: datetime | None, now: datetime, started: datetime | None = None, stopped: datetime | None = None
) -> SafeString:
    """`剩 2 小时 13 分` or `超 1 天 3 小时`; the exact time is in the title. Nothing runs: a dash."""
    if due is None:
        return SafeString('<span class="faint">—</span>')
    chip = wording.deadline_words(due, now, started, stopped)
    return format_html(
        '<time class="deadline is-{}" datetime="{}" title="{}">{}{}</time>',
        chip.press,
        due.isoformat(),
        chip.exact,
        icon(chip.icon),
        chip.words,
    )


@register.simple_tag
def moment(at: datetime | None, pattern: str = "%Y-%m-%d %H:%M") -> SafeString:
    """A `<time>` on Shanghai's clock; a dash when there is none."""
    if at is None:
        return SafeString('<span class="faint">—</span>')
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        wording.in_shanghai(at),
        wording.in_shanghai(at, pattern),
    )


@register.simple_tag
def crumb(words: str, href: str = "") -> SafeString:
    """One step of the breadcrumbs; the last has no address."""
    if href:
        return format_html('<li><a href="{}">{}</a></li>', href, words)
    return format_html('<li aria-current="page">{}</li>', words)


@register.simple_tag(takes_context=True)
def tab(
    context: Context, words: str, href: str, current: bool | None = None, count: int | str | None = None
) -> SafeString:
    """One tab; `count` is a number or, counted to an end, its words (999+). It is current when told so, or when its path (and query, if it has one) is the page's."""
    request: HttpRequest | None = context.get("request")
    if current is None and request is not None:
        current = href in (request.path, request.get_full_path())
    return format_html(
        '<a href="{}"{}>{}{}</a>',
        href,
        SafeString(' aria-current="page"') if current else "",
        words,
        format_html(' <span class="count">{}</span>', f"{count:,}" if isinstance(count, int) else count)
        if count is not None
        else "",
    )


@register.simple_tag(takes_context=True)
def th(context: Context, words: str = "", sort: str = "", css: str = "") -> SafeString:
    """A column heading. With `sort` it links to that order (`?sort=due`, again: `?sort=-due`); css: end, fit, grow."""
    if not sort:
        return format_html('<th scope="col" class="{}">{}</th>', css, words)
    present = context["request"].GET.get("sort", "")
    ascending, descending = present == sort, present == f"-{sort}"
    direction = "ascending" if ascending else "descending" if descending else ""
    shown = icon(direction or "sort", "" if direction else "icon-idle")
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}">{}{}</a></th>',
        css,
        format_html(' aria-sort="{}"', direction) if direction else "",
        url_with(context, sort=f"-{sort}" if ascending else sort),
        words,
        shown,
    )


@register.simple_tag
def th_pick() -> SafeString:
    """The heading of the column of checkboxes: picks all rows of this page."""
    return SafeString(
        '<th scope="col" class="pick"><label><input type="checkbox" data-pick-all>'
        '<span class="for-readers">选择本页全部</span></label></th>'
    )


@register.simple_tag
def td_pick(value: object, words: str, form: str = "bulk", name: str = "pick") -> SafeString:
    """A row's checkbox; belongs to the form with id `form`; `words` name the row to readers."""
    return format_html(
        '<td class="pick"><label><input type="checkbox" name="{}" value="{}" form="{}" data-pick>'
        '<span class="for-readers">选择 {}</span></label></td>',
        name,
        value,
        form,
        words,
    )


_LOCAL_INPUTS: dict[type[forms.Widget], tuple[str, str]] = {
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.TimeInput: ("time", "%H:%M"),
}


def _use_native_picker(widget: forms.Widget) -> None:
    """Django renders dates as text; the browser's own pickers know keyboards and phones."""
    for kind, (input_type, pattern) in _LOCAL_INPUTS.items():
        if isinstance(widget, kind) and getattr(widget, "input_type", "") == "text":
            vars(widget).update(input_type=input_type, format=pattern)


def field_parts(bound: BoundField, attrs: dict[str, Any]) -> dict[str, Any]:
    """What field.html draws: the widget with its aria attributes, and which of the three shapes it has."""
    widget = bound.field.widget
    _use_native_picker(widget)
    many = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    if described and not many:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors and not many:
        attrs["aria-invalid"] = "true"
    shape = "choices" if many else "single" if isinstance(widget, forms.CheckboxInput) else "plain"
    return {"field": bound, "control": draw_control(bound, attrs), "shape": shape, "described": " ".join(described)}


@register.simple_tag
def filter_control(bound: BoundField) -> SafeString:
    """The control of a filter: dates with the browser's picker, errors marked."""
    _use_native_picker(bound.field.widget)
    return draw_control(bound, {"aria-invalid": "true"} if bound.errors else {})


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, label: str = "", help: str = "", css: str = "", hide_label: bool = False, **attrs: object
) -> dict[str, Any]:
    """A form field with label, required mark, help and errors.

    `css` takes a span of the form grid (span-6…); other arguments become attributes of the control, with `_` for `-`:
    `{% field form.phone label="来电号码" css="span-4" autofocus=True data_lookup="/desk/caller/" %}`.
    """
    if isinstance(bound.field.widget, forms.HiddenInput):
        return {"field": bound, "control": bound.as_widget(), "shape": "hidden"}
    if help:
        bound.help_text = help
    named = {name.replace("_", "-"): value for name, value in attrs.items() if value not in (None, "", False)}
    shown = field_parts(bound, named)
    return {**shown, "label": label or bound.label, "css": css, "hide_label": hide_label}
