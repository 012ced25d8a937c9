"""What htmx does with our answers, in a real browser: refused forms, words in the corner, work that goes on."""

import pytest
from playwright.sync_api import Page, Route

from qushu.kernel.tests.chromium import IN_BROWSER
from qushu.web.tests.browsing import SITE, Site

pytestmark = IN_BROWSER
FORM = """{% extends "base.html" %}{% block main %}<div id="box"><form hx-post="/save/" hx-target="#box">
<label>理由 <input name="why"></label><button>提交</button></form></div>{% endblock %}"""
REFUSED = """<form hx-post="/save/" hx-target="#box"><label>理由 <input name="why" aria-invalid="true"></label>
<p>请填写理由</p></form>"""


@pytest.fixture
def form_page(shell_page: Page, site: Site) -> Page:
    site.pages["/form/"] = FORM
    shell_page.goto(f"{SITE}/form/")
    return shell_page


def answer(page: Page, **fulfilment: object) -> list[dict[str, str]]:
    """Lets /save/ answer so; the headers of what was sent are collected."""
    seen: list[dict[str, str]] = []

    def reply(route: Route) -> None:
        seen.append(route.request.headers)
        route.fulfill(**fulfilment)  # type: ignore[arg-type]

    page.route("**/save/", reply)
    return seen


def test_a_refused_form_is_shown_with_its_error_and_the_focus_in_it(form_page: Page) -> None:
    answer(form_page, status=422, body=REFUSED, content_type="text/html")
    form_page.click("text=提交")
    form_page.wait_for_selector("text=请填写理由")
    assert form_page.evaluate("document.activeElement.name") == "why"


def test_every_write_carries_the_token_of_the_page(form_page: Page) -> None:
    seen = answer(form_page, status=200, body="好")
    form_page.click("text=提交")
    form_page.wait_for_selector("text=好")
    assert len(seen[0]["x-csrftoken"]) >= 32


def test_the_server_may_say_a_word_in_the_corner(form_page: Page) -> None:
    answer(form_page, status=204, headers={"HX-Trigger": '{"toast": {"text": "signed", "tone": "good"}}'})
    form_page.click("text=提交")
    assert form_page.inner_text("#toasts .tone-good .notice-words") == "signed"


@pytest.mark.parametrize(("status", "words"), [(500, "没有完成"), (403, "没有这项权限"), (429, "太频繁")])
def test_a_failed_request_is_told_and_the_form_stays(form_page: Page, status: int, words: str) -> None:
    answer(form_page, status=status, body="<p>oops</p>")
    form_page.fill("[name=why]", "不属于本单位")
    form_page.click("text=提交")
    form_page.wait_for_selector(f"#toasts >> text={words}")
    assert form_page.input_value("[name=why]") == "不属于本单位"
    assert "oops" not in form_page.content()


def test_a_broken_network_is_told_and_the_form_stays(form_page: Page) -> None:
    form_page.route("**/save/", lambda route: route.abort())
    form_page.fill("[name=why]", "不属于本单位")
    form_page.click("text=提交")
    form_page.wait_for_selector("#toasts >> text=网络断开")
    assert form_page.input_value("[name=why]") == "不属于本单位"


def test_a_progress_bar_asks_again_until_the_work_is_done(shell_page: Page, site: Site) -> None:
    bar = '<div id="bar" hx-get="/bar/" hx-trigger="every 50ms" hx-swap="outerHTML">{}</div>'
    site.pages["/work/"] = '{% extends "base.html" %}{% block main %}' + bar.format("0") + "{% endblock %}"
    asked: list[int] = []

    def reply(route: Route) -> None:
        asked.append(1)
        body = bar.format(len(asked)) if len(asked) < 3 else '<div id="bar">done</div>'
        route.fulfill(status=200, body=body, content_type="text/html")

    shell_page.route("**/bar/", reply)
    shell_page.goto(f"{SITE}/work/")
    shell_page.wait_for_selector("text=done")
    assert len(asked) == 3
