"""A browser that is served pages drawn here, by interception: neither a server nor the database is needed."""

import shutil
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Route

from qushu.web.security import POLICY

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
IN_BROWSER = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]
SITE = "http://qushu.test"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = """{% extends "base.html" %}{% block main %}
<form class="form" method="post" action="/sent/" data-primary data-draft-key="desk" data-draft-url="/draft/">
<label>内容 <textarea name="text"></textarea></label><label>密码 <input type="password" name="secret"></label>
<label><input type="checkbox" name="mark" value="group"> 群体</label><button>受理</button></form>{% endblock %}"""
LIST = """{% extends "base.html" %}{% block main %}<form id="bulk"></form><table class="table"><thead><tr>{% th_pick %}
{% th "编号" %}</tr></thead><tbody>{% for n in rows %}<tr data-href="/case/{{ n }}/">{% td_pick n n %}
<td><a href="/case/{{ n }}/">{{ n }}</a></td></tr>{% endfor %}</tbody></table>
{% bulk_bar %}<button form="bulk">派单</button>{% endbulk_bar %}<button data-dialog-open="d">退单</button>{% endblock %}
{% block dialogs %}{% dialog id="d" title="退单" %}<label>理由 <input name="why"></label>{% enddialog %}
{% endblock %}"""
UNITS = """{% extends "base.html" %}{% block main %}<form><label for="u">承办单位</label>
<select id="u" name="unit" required><option value="">请选择</option>
{% for n in many %}<option value="{{ n }}" data-more="职责 {{ n }}">单位 {{ n }}</option>{% endfor %}
<option value="water" data-more="停水 水压">水务公司</option></select><button>派单</button></form>{% endblock %}"""
PLAIN = '{% extends "base.html" %}{% block main %}完成{% endblock %}'
FAILED = '{% extends "base_error.html" %}{% block heading %}出错{% endblock %}'


class Site:
    """Answers the browser's requests; keeps the drafts that were posted."""

    def __init__(self) -> None:
        self.pages = {"/desk/": DESK, "/list/": LIST, "/units/": UNITS, "/sent/": PLAIN}
        self.drafts: list[dict[str, list[str]]] = []

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            route.fulfill(path=str(finders.find(path.removeprefix("/static/"))))
        elif path == "/draft/":
            self.drafts.append(_fields(route.request.post_data or ""))
            route.fulfill(status=204)
        else:
            self.show(route, self.pages.get(path, PLAIN))

    def show(self, route: Route, source: str) -> None:
        request = RequestFactory().get(urlsplit(route.request.url).path)
        shell = SimpleNamespace(account=SimpleNamespace(pk=7, name="周婷"), navigation=[], search_url="/list/")
        body = (
            engines["django"]
            .from_string(source)
            .render({"shell": shell, "rows": range(1, 6), "many": range(100)}, request)
        )
        route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})


def _fields(multipart: str) -> dict[str, list[str]]:
    parts = [part.split("\r\n\r\n", 1) for part in multipart.split("--") if 'name="' in part]
    return {head.split('name="')[1].split('"')[0]: [value.strip()] for head, value in parts}
