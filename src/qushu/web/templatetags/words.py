"""Filters that write a value for people, and links that keep the rest of the address."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.template import Context, Library

from qushu.kernel.free_text import as_shown
from qushu.kernel.personal import mask_free_text
from qushu.web import wording

register = Library()


@register.filter
def shanghai(moment: datetime | date | None, pattern: str = "%Y-%m-%d %H:%M") -> str:
    """`2024-03-05 14:03` in Shanghai; nothing for None. `{{ at|shanghai:"%m-%d %H:%M" }}` for another pattern."""
    if not moment:
        return ""
    if isinstance(moment, datetime):
        return wording.in_shanghai(moment, pattern)
    return moment.isoformat()


@register.filter
def masked(text: object) -> str:
    """Text that no field of free text holds (a history's record), or that is cut afterwards, with personal data masked."""
    return mask_free_text(str(text or ""))


@register.filter
def shown(text: str, clear: bool) -> str:
    """Free text in the clear for whom the view says so, else masked."""
    return as_shown(text, clear)


@register.filter
def duration_zh(span: timedelta | int | float | None) -> str:
    """`2 小时 13 分` from a timedelta or from seconds."""
    if span is None:
        return "—"
    return wording.span_words(span if isinstance(span, timedelta) else timedelta(seconds=span))


@register.filter
def percent(share: float | Decimal | None, digits: int = 1) -> str:
    """`93.4%` from 0.934; a dash when unknown."""
    return wording.percent_words(share, digits)


@register.filter
def wan(figure: float | Decimal | int | None) -> str:
    """`16.3 万` from 163000; `9,999` below ten thousand."""
    return wording.wan_words(figure)


@register.filter
def thousands(figure: float | Decimal | int | None) -> str:
    """`163,000`; a dash when unknown."""
    return "—" if figure is None else f"{figure:,}"


@register.filter
def figure(value: float | Decimal | int | None) -> str:
    """A figure as short as it is exact: 3, 3.5, 12,480."""
    if value is None:
        return "—"
    return f"{int(value):,}" if value == int(value) else f"{value:,.2f}".rstrip("0").rstrip(".")


@register.filter
def wan_yuan(amount: Decimal | int | None) -> str:
    """元 as 万元 without needless noughts: 397.37; a dash for None."""
    if amount is None:
        return "—"
    return f"{Decimal(amount) / 10_000:,.6f}".rstrip("0").rstrip(".")


@register.simple_tag(takes_context=True)
def url_with(context: Context, **changes: object) -> str:
    """The present address with some GET parameters changed; an empty value removes one. Cursors start anew.

    `{% url_with state="dispatched" %}` → `?q=…&state=dispatched`; a lone `?` is the page without any parameter. It may
    stand behind another address: `href="{% url 'cases:export' %}{% url_with %}"` exports what the filters show.
    """
    query = context["request"].GET.copy()
    for cursor in ("after", "before"):
        if cursor not in changes:
            query.pop(cursor, None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
