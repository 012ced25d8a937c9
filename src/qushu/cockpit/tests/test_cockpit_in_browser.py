"""One screen on a wall, a laptop and a phone: nothing is cut off, nothing scrolls where it shouldn't, axe finds nothing bad."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

from qushu.kernel.tests.chromium import CHROMIUM, FLAGS, IN_BROWSER
from qushu.web.security import POLICY

from .year import Year

pytestmark = IN_BROWSER
SCREENS = {"wall": (1920, 1080), "4K": (3840, 2160), "laptop": (1366, 768), "narrow": (1200, 800)}
PHONE = (390, 844)
CUT_OFF = """() => [...document.querySelectorAll('.ck-box')].filter(box => box.scrollHeight > box.clientHeight + 1)
    .map(box => box.querySelector('h2').textContent)"""
SIZE = "() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
TOUCH = "() => Math.min(...[...document.querySelectorAll('.ck-leaves a')].map(a => a.getBoundingClientRect().width))"


def open_page(browser: Browser, html: str, size: tuple[int, int], theme: str) -> Page:
    """The page as it was answered, with the product's own files and policy."""

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            route.fulfill(path=str(finders.find(path.removeprefix("/static/"))))
        else:
            body = html.replace('data-theme="light"', f'data-theme="{theme}"') if path == "/cockpit/" else "<ul></ul>"
            route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.route("**/*", answer)
    page.goto("http://qushu.test/cockpit/")
    return page


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser for as long as nobody needs the database: its event loop stands in the way."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def html(year: Year) -> str:
    return year.page()


def test_it_fits_every_screen(html: str) -> None:
    with browsing() as browser:
        for name, size in SCREENS.items():
            page = open_page(browser, html, size, "wall")
            assert page.evaluate(SIZE) == list(size), name
            assert page.evaluate(CUT_OFF) == [], name
            page.close()
        phone = open_page(browser, html, PHONE, "light")
        assert phone.evaluate(SIZE)[0] == PHONE[0]
        assert phone.evaluate(TOUCH) >= 24
        tops = {one: phone.locator(one).bounding_box()["y"] for one in (".ck-tasks", ".ck-tree", ".ck-money")}  # type: ignore[index]
        assert sorted(tops, key=lambda one: tops[one]) == [".ck-tasks", ".ck-tree", ".ck-money"]


def test_axe_finds_nothing_bad(html: str) -> None:
    with browsing() as browser:
        for theme in ("light", "wall"):
            page = open_page(browser, html, SCREENS["laptop"], theme)
            found = Axe().run(page).response["violations"]
            bad = [one for one in found if one["impact"] in ("serious", "critical")]
            assert [(one["id"], one["nodes"][0]["html"]) for one in bad] == [], theme
