"""The shell's scripts in a real browser: keyboard, picking rows, drafts that survive. Pages are drawn here and served
to the browser by interception, so neither a server nor the database is needed."""

import shutil
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Page, Route, sync_playwright

from qushu.web.security import POLICY

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]
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


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def page(browser, site: Site) -> Iterator[Page]:  # type: ignore[no-untyped-def]
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.route("**/*", site.answer)
    yield page
    context.close()
    assert complaints == [], "the page broke its own policy or a script failed"


def test_rows_are_walked_picked_and_opened_without_a_mouse(page: Page) -> None:
    page.goto(f"{SITE}/list/")
    for key in ("j", "j", "x", "j", "x"):
        page.keyboard.press(key)
    assert page.inner_text("[data-bulk-count]") == "2"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{SITE}/case/2/")


def test_slash_goes_to_the_search_box_and_letters_typed_there_move_no_rows(page: Page) -> None:
    page.goto(f"{SITE}/list/")
    page.keyboard.press("/")
    page.keyboard.type("jjx?")
    assert page.input_value("#global-search") == "jjx?"
    assert page.locator(".is-current").count() == 0


def test_single_keys_can_be_switched_off_for_those_who_speak_to_their_computer(page: Page) -> None:
    page.goto(f"{SITE}/list/")
    page.keyboard.press("?")
    page.uncheck("[data-keys-switch]")
    page.reload()
    page.keyboard.press("j")
    assert page.locator(".is-current").count() == 0


def test_all_rows_are_picked_and_the_bar_goes_when_none_is(page: Page) -> None:
    page.goto(f"{SITE}/list/")
    page.check("[data-pick-all]")
    assert page.inner_text("[data-bulk-count]") == "5"
    page.click("[data-bulk-clear]")
    assert page.is_hidden("[data-bulk]")
    assert not page.is_checked("[data-pick-all]")


def test_shift_picks_what_lies_between(page: Page) -> None:
    page.goto(f"{SITE}/list/")
    page.click("[data-pick] >> nth=0")
    page.click("[data-pick] >> nth=3", modifiers=["Shift"])
    assert page.inner_text("[data-bulk-count]") == "4"


def test_a_dialog_opens_on_its_first_field_and_escape_gives_the_focus_back(page: Page) -> None:
    page.goto(f"{SITE}/list/")
    page.click("[data-dialog-open=d]")
    assert page.evaluate("document.activeElement.name") == "why"
    page.keyboard.press("Escape")
    assert page.is_hidden("#d")
    assert page.evaluate("document.activeElement.dataset.dialogOpen") == "d"


def test_a_unit_is_found_by_a_word_of_its_duties_without_a_mouse(page: Page) -> None:
    page.goto(f"{SITE}/units/")
    page.get_by_label("承办单位").focus()
    page.keyboard.type("水压")
    page.keyboard.press("Enter")
    assert page.input_value("#u") == "water"
    assert page.get_by_role("combobox").input_value() == "水务公司"


def test_words_that_match_no_unit_change_nothing(page: Page) -> None:
    page.goto(f"{SITE}/units/")
    page.select_option("#u", "7")
    page.get_by_role("combobox").fill("没有这个单位")
    assert page.is_visible("text=没有这一项")
    page.keyboard.press("Escape")
    assert page.input_value("#u") == "7"
    assert page.get_by_role("combobox").input_value() == "单位 7"


def test_an_emptied_field_is_an_emptied_choice(page: Page) -> None:
    page.goto(f"{SITE}/units/")
    page.select_option("#u", "7")
    page.get_by_role("combobox").fill("")
    page.keyboard.press("Escape")
    assert page.input_value("#u") == ""


def test_what_was_typed_is_there_again_after_the_page_was_lost(page: Page) -> None:
    page.goto(f"{SITE}/desk/")
    page.fill("[name=text]", "路灯三天不亮")
    page.fill("[name=secret]", "hunter2")
    page.check("[name=mark]")
    assert "hunter2" not in page.evaluate("JSON.stringify(localStorage)")
    page.goto(f"{SITE}/list/")
    page.goto(f"{SITE}/desk/")
    assert page.input_value("[name=text]") == "路灯三天不亮"
    assert page.is_checked("[name=mark]")
    assert "已恢复" in page.inner_text(".draft-word")


def test_a_draft_reaches_the_server_and_says_when(page: Page, site: Site) -> None:
    page.goto(f"{SITE}/desk/")
    page.fill("[name=text]", "water")
    page.wait_for_selector("text=/草稿已存 \\d\\d:\\d\\d/")
    assert site.drafts[-1]["text"] == ["water"]
    assert site.drafts[-1]["draft_key"] == ["desk"]


def test_a_broken_network_is_told_and_the_draft_goes_when_it_is_back(page: Page, site: Site) -> None:
    page.goto(f"{SITE}/desk/")
    page.context.set_offline(True)
    page.fill("[name=text]", "water")
    page.wait_for_selector("text=网络断开，草稿存在本机")
    assert site.drafts == []
    page.context.set_offline(False)
    page.wait_for_selector("text=/草稿已存 \\d\\d:\\d\\d/")
    assert site.drafts[-1]["text"] == ["water"]


def test_a_sent_form_leaves_no_draft(page: Page) -> None:
    page.goto(f"{SITE}/desk/")
    page.fill("[name=text]", "路灯")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"{SITE}/sent/")
    page.goto(f"{SITE}/desk/")
    assert page.input_value("[name=text]") == ""


def test_a_form_that_met_an_error_page_is_still_there(page: Page, site: Site) -> None:
    site.pages["/sent/"] = FAILED
    page.goto(f"{SITE}/desk/")
    page.fill("[name=text]", "路灯")
    page.keyboard.press("Control+s")
    page.wait_for_url(f"{SITE}/sent/")
    page.goto(f"{SITE}/desk/")
    assert page.input_value("[name=text]") == "路灯"


def test_a_word_of_the_server_clears_the_draft_even_when_the_same_form_comes_back(page: Page, site: Site) -> None:
    site.pages["/sent/"] = DESK.replace("<form", '<div class="notice" data-draft-done="desk"></div><form')
    page.goto(f"{SITE}/desk/")
    page.fill("[name=text]", "路灯")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"{SITE}/sent/")
    assert page.input_value("[name=text]") == ""
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.includes('draft')).length") == 0


def test_theme_and_density_are_kept_in_cookies_for_the_next_page(page: Page) -> None:
    page.goto(f"{SITE}/list/")
    page.click("details.menu summary")
    page.click("[data-theme-switch]")
    assert page.evaluate("document.documentElement.dataset.theme") == "wall"
    assert {c["name"]: c["value"] for c in page.context.cookies(SITE)}["theme"] == "wall"


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_its_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("/list/", "/desk/"):
        page.goto(f"{SITE}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
