"""Parts that hold other markup (panels, dialogs, states) or are drawn from a template (filters, pager, charts)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from qushu.web import charts
from qushu.web.templatetags.words import url_with

register = Library()


def _part(name: str, content: str = "", **values: object) -> SafeString:
    return render_to_string(f"components/{name}.html", {"content": SafeString(content), **values})


@register.simple_block_tag
def panel(content: str, title: str = "", note: str = "", actions: str = "", id: str = "") -> SafeString:
    """A white box with a heading: `{% panel "办理过程" %}…{% endpanel %}`. `actions`: markup from `{% asvar %}`."""
    return _part("panel", content, title=title, note=note, actions=actions, id=id)


@register.simple_block_tag
def tabs(content: str, label: str = "分类") -> SafeString:
    """A row of `{% tab %}`s, each its own address."""
    return _part("tabs", content, label=label)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A message in the page: info, good, warn, late."""
    return _part("notice", content, tone=tone, title=title)


@register.simple_block_tag
def dialog(content: str, id: str, title: str, wide: bool = False) -> SafeString:
    """A native dialog, opened by any button with `data-dialog-open="<id>"`."""
    return _part("dialog", content, id=id, title=title, wide=wide)


@register.simple_block_tag
def state_box(content: str, kind: str = "empty", title: str = "", words: str = "", icon: str = "") -> SafeString:
    """Instead of content: kind empty, error, forbidden. What is inside the block are its actions."""
    return _part("state", content, kind=kind, title=title, words=words, icon=icon)


@register.simple_block_tag
def timeline_entry(
    content: str, title: str, at: datetime | None = None, who: str = "", tone: str = "", id: str = ""
) -> SafeString:
    """One entry inside `<ol class="timeline">`; what is inside the block is its text."""
    return _part("timeline_entry", content, title=title, at=at, who=who, tone=tone, id=id)


@register.simple_block_tag
def bulk_bar(content: str, form: str = "bulk", noun: str = "件") -> SafeString:
    """The bar that appears when rows are picked; buttons inside submit the form with id `form`."""
    return _part("bulk_bar", content, form=form, noun=noun)


@register.simple_block_tag
def asvar(content: str) -> SafeString:
    """Catches markup for an argument: `{% asvar as buttons %}<a …>{% endasvar %}{% panel "…" actions=buttons %}`."""
    return SafeString(content)


@register.inclusion_tag("components/loading.html")
def loading(lines: int = 6) -> dict[str, Any]:
    """Grey lines while htmx fetches a part."""
    return {"lines": range(lines)}


@register.inclusion_tag("components/stat.html")
def stat(
    label: str, value: object, unit: str = "", note: str = "", tone: str = "", href: str = "", icon: str = ""
) -> dict[str, Any]:
    """A figure with its label; with `href` the rows behind it are one click away. tone: late, warn, good."""
    return {"label": label, "value": value, "unit": unit, "note": note, "tone": tone, "href": href, "icon_name": icon}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int | None, words: str = "", state: str = "running") -> dict[str, Any]:
    """A bar for long work; without `total` it shows that work goes on. state: running, done, failed."""
    share = min(100, round(100 * done / total)) if total else None
    return {"done": done, "total": total, "share": share, "words": words, "state": state}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: object, noun: str = "件") -> dict[str, Any]:
    """Keyset pager: `page.next_cursor` and `page.previous_cursor` (str or None) travel as ?after= and ?before=."""
    after, before = getattr(page, "next_cursor", None), getattr(page, "previous_cursor", None)
    return {
        "next_url": url_with(context, after=after) if after else "",
        "previous_url": url_with(context, before=before) if before else "",
        "first_url": url_with(context) if context["request"].GET.keys() & {"after", "before"} else "",
        "shown": len(page) if hasattr(page, "__len__") else None,
        "noun": noun,
    }


def _chosen_words(bound: forms.BoundField, value: str) -> str:
    choices = getattr(bound.field, "choices", None)
    if choices is None:
        return "是" if isinstance(bound.field, forms.BooleanField) else value
    queryset = getattr(bound.field, "queryset", None)
    if queryset is not None:
        # One row by key: walking a field's choices would read the whole table for one label.
        try:
            return str(queryset.get(**{getattr(bound.field, "to_field_name", None) or "pk": value}))
        except (ValueError, queryset.model.DoesNotExist):
            return value
    flat = dict(bound.field.flatchoices if hasattr(bound.field, "flatchoices") else _flat(choices))
    return str(flat.get(value, value))


def _flat(choices: Any) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, words in choices:
        pairs += _flat(words) if isinstance(words, list | tuple) else [(str(key), str(words))]
    return pairs


def active_filters(context: Context, form: forms.Form) -> list[dict[str, str]]:
    """Chips of a GET form: label, words of the value, and the address without it."""
    query = context["request"].GET
    chips = []
    for bound in form:
        values = [value for value in query.getlist(bound.html_name) if value]
        if not values or bound.is_hidden:
            continue
        words = "、".join(_chosen_words(bound, value) for value in values)
        chips.append({"label": str(bound.label), "words": words, "without": url_with(context, **{bound.html_name: ""})})
    return chips


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(context: Context, form: forms.Form, shown: int = 5, search: str = "q") -> dict[str, Any]:
    """A GET form whose state is the address. The first `shown` fields are seen, the rest behind 更多条件."""
    fields = [bound for bound in form if not bound.is_hidden]
    request = context["request"]
    return {
        "first": fields[:shown],
        "more": fields[shown:],
        "more_open": any(request.GET.get(bound.html_name) for bound in fields[shown:]),
        "hidden": form.hidden_fields(),
        "search": search,
        "sort": "" if "sort" in form.fields else request.GET.get("sort", ""),
        "chips": active_filters(context, form),
        "clear": request.path,
        "errors": [error for errors in form.errors.values() for error in errors] if form.is_bound else [],
    }


@register.inclusion_tag("components/bars.html")
def bar_chart(
    rows: Sequence[Sequence[object]], title: str = "", unit: str = "", top: float | None = None
) -> dict[str, Any]:
    """Lying bars from rows of (label, value[, href[, mark]]); mark: 1–4, late, warn, good."""
    return {"bars": charts.bars(rows, top), "title": title, "unit": unit}


@register.inclusion_tag("components/columns.html")
def column_chart(
    rows: Sequence[Sequence[object]], title: str = "", unit: str = "", tall: bool = False
) -> dict[str, Any]:
    """Upright bars from rows of (label, value[, href]), for days or months."""
    drawn, ticks = charts.columns(rows)
    linked = any(column.href for column in drawn)
    return {"columns": drawn, "ticks": ticks, "title": title, "unit": unit, "tall": tall, "linked": linked}


@register.inclusion_tag("components/lines.html")
def line_chart(
    series: Sequence[tuple[str, Sequence[float | None]]],
    labels: Sequence[str],
    title: str = "",
    unit: str = "",
    low: float = 0,
    tall: bool = False,
    hrefs: Sequence[Sequence[str]] = (),
) -> dict[str, Any]:
    """Lines from [(name, [values…])…] over the labels, at most four; None is a gap; the scale begins at `low`.

    With `hrefs` (an address for each point of each series) the points are links.
    """
    drawn, ticks, below = charts.lines(series, labels, low, hrefs)
    return {
        "lines": drawn,
        "ticks": ticks,
        "below": below,
        "title": title,
        "unit": unit,
        "tall": tall,
        "linked": bool(hrefs),
    }
