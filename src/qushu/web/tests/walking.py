"""Through all pages that can be reached from some addresses, as a client sees them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

from django.http import HttpResponse
from django.urls import Resolver404, resolve

LINK = re.compile(r'<a [^>]*?href="([^"]+)"')
PART = re.compile(r'hx-get="([^"]+)"')


def where(path: str, answer: HttpResponse, kind: object) -> tuple[str, object]:
    """Address and kind of the page that answered, which another may have led to."""
    for led_to, _ in answer.redirect_chain:  # type: ignore[attr-defined]
        path, kind = led_to, kind_of(led_to)
    return path, kind


def links_of(path: str, html: str, pattern: re.Pattern[str] = LINK) -> Iterator[str]:
    """Addresses of this site that a page links to; with PART those whose answers become parts of it."""
    for href in pattern.findall(html):
        parts = urlsplit(urljoin(path, unescape(href)))
        if not parts.netloc:
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


@cache  # every page links to the same ones, and to find an address among hundreds takes a while
def kind_of(path: str) -> object:
    """What makes this address another page than others; None for what isn't ours: url name, with move or tab."""
    parts = urlsplit(path)
    with suppress(Resolver404):
        found = resolve(parts.path)
        move = found.kwargs.get("code") if found.view_name == "case-move" else None
        return found.view_name, move, *parse_qs(parts.query).get("tab", ())
    return None
