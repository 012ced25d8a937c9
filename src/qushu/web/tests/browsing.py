"""Two ways to sit at a browser: pages drawn here by interception, without server or database (`Site`), and people who
log in to a running house (`Person`), filmed."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from qushu.web.security import POLICY
from qushu.web.tests.reel import Reel

SITE = "http://qushu.test"
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


FILMS = Path(__file__).parents[4] / "test-results"
"""Where recordings go; not in the repository."""

RECORDING = bool(os.environ.get("QUSHU_RECORD"))
"""Whether recordings are kept of tests that pass too."""


@dataclass(frozen=True)
class House:
    """A served district without cases: its address, and (username, password) of one account per role, as at first run."""

    url: str
    accounts: dict[str, tuple[str, str]]


class Person:
    """Somebody at a browser of their own."""

    def __init__(self, context: BrowserContext, site: str, who: str, film: "Film") -> None:
        self.site, self.who, self.film = site, who, film
        self.page: Page = context.new_page()

    def log_in(self, username: str, password: str) -> "Person":
        """Through the login page, as people do."""
        self.page.goto(f"{self.site}/login/")
        self.page.fill("[name=username]", username)
        self.page.fill("[name=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login/" not in url)
        return self

    def goes_to(self, place: str) -> None:
        """By the side navigation."""
        self.page.get_by_role("navigation", name="工作台").get_by_role("link", name=place, exact=True).click()
        self.page.wait_for_load_state()

    def sees(self, words: str, within: str = "main") -> None:
        """Waits until the page says so; a picture is taken when recordings are kept."""
        self.page.locator(within).get_by_text(words).first.wait_for()
        self.film.take(self, words)

    def picks(self, choice: str, within: Locator, name: str | None = None) -> None:
        """Type into the field that the script makes of a long select (until it has, the select itself has its role)."""
        field = within.get_by_role("combobox", name=name).and_(self.page.locator("input"))
        field.fill(choice)
        field.press("Enter")

    def shows(self, words: str) -> None:
        """What the person does now, in words of the film: nothing but a picture, and only when recordings are kept."""
        self.film.take(self, words, told=True)


class Film:
    """What people did, to be looked at later: a trace of each browser, a video where Playwright has its ffmpeg; and when
    QUSHU_RECORD is set a picture of every step and a film of those that the story tells in words."""

    def __init__(self, browser: Browser, site: str, name: str) -> None:
        self.browser, self.site, self.folder = browser, site, FILMS / name
        self.contexts: dict[str, BrowserContext] = {}
        self.steps = 0
        self.reel = Reel()

    def person(self, who: str) -> Person:
        """A new browser context for this person, with an empty cookie jar."""
        video = {"record_video_dir": self.folder / "video"} if _has_ffmpeg() else {}
        context = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **video)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        context.tracing.start(screenshots=True, snapshots=RECORDING)
        self.contexts[who] = context
        return Person(context, self.site, who, self)

    def take(self, person: Person, words: str, told: bool = False) -> None:
        """A picture of what a person sees now; it comes into the film when the story tells it."""
        self.steps += 1
        if not RECORDING:
            return
        name = f"{self.steps:02d}-{person.who}-{words[:20].replace('/', '_')}.png"
        picture = person.page.screenshot(path=self.folder / name, animations="disabled")
        if told:
            self.reel.add(picture, person.who, words)

    def end(self, keep: bool) -> None:
        """Close every browser; throw the recording away unless it is to be kept."""
        for who, context in self.contexts.items():
            if keep:
                for page in context.pages:
                    page.screenshot(path=self.folder / f"end-{who}.png")
                context.tracing.stop(path=self.folder / f"{who}.trace.zip")
            else:
                context.tracing.stop()
            context.close()
        if keep:
            self.reel.write(self.folder / "film.webp")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


PATIENCE = 15_000
"""Milliseconds that a page may take on a busy machine, and an expectation with it."""
expect.set_options(timeout=PATIENCE)


@contextmanager
def filmed(browser: Browser, site: str, name: str) -> Iterator[Film]:
    """A film of what happens inside, kept when it fails or QUSHU_RECORD is set."""
    shutil.rmtree(FILMS / name, ignore_errors=True)
    film, kept = Film(browser, site, name), True
    try:
        yield film
        kept = RECORDING
    finally:
        film.end(kept)


def _has_ffmpeg() -> bool:
    """Playwright records videos with a build of its own (`playwright install ffmpeg`)."""
    home = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    return any(Path(home).glob("ffmpeg-*/ffmpeg-*"))
