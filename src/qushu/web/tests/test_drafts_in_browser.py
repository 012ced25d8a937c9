"""Nothing typed is lost: drafts and the guard against leaving, in a real browser."""

from playwright.sync_api import Page

from qushu.kernel.tests.chromium import IN_BROWSER
from qushu.web.tests.browsing import DESK, FAILED, SITE, Site

pytestmark = IN_BROWSER


def test_what_was_typed_is_there_again_after_the_page_was_lost(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/desk/")
    shell_page.fill("[name=text]", "路灯三天不亮")
    shell_page.fill("[name=secret]", "hunter2")
    shell_page.check("[name=mark]")
    assert "hunter2" not in shell_page.evaluate("JSON.stringify(localStorage)")
    shell_page.goto(f"{SITE}/list/")
    shell_page.goto(f"{SITE}/desk/")
    assert shell_page.input_value("[name=text]") == "路灯三天不亮"
    assert shell_page.is_checked("[name=mark]")
    assert "已恢复" in shell_page.inner_text(".draft-word")


def test_a_draft_reaches_the_server_and_says_when(shell_page: Page, site: Site) -> None:
    shell_page.goto(f"{SITE}/desk/")
    shell_page.fill("[name=text]", "water")
    shell_page.wait_for_selector("text=/草稿已存 \\d\\d:\\d\\d/")
    assert site.drafts[-1]["text"] == ["water"]
    assert site.drafts[-1]["draft_key"] == ["desk"]


def test_a_broken_network_is_told_and_the_draft_goes_when_it_is_back(shell_page: Page, site: Site) -> None:
    shell_page.goto(f"{SITE}/desk/")
    shell_page.context.set_offline(True)
    shell_page.fill("[name=text]", "water")
    shell_page.wait_for_selector("text=网络断开，草稿存在本机")
    assert site.drafts == []
    shell_page.context.set_offline(False)
    shell_page.wait_for_selector("text=/草稿已存 \\d\\d:\\d\\d/")
    assert site.drafts[-1]["text"] == ["water"]


def test_a_sent_form_leaves_no_draft(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/desk/")
    shell_page.fill("[name=text]", "路灯")
    shell_page.keyboard.press("Control+Enter")
    shell_page.wait_for_url(f"{SITE}/sent/")
    shell_page.goto(f"{SITE}/desk/")
    assert shell_page.input_value("[name=text]") == ""


def test_a_form_that_met_an_error_page_is_still_there(shell_page: Page, site: Site) -> None:
    site.pages["/sent/"] = FAILED
    shell_page.goto(f"{SITE}/desk/")
    shell_page.fill("[name=text]", "路灯")
    shell_page.keyboard.press("Control+s")
    shell_page.wait_for_url(f"{SITE}/sent/")
    shell_page.goto(f"{SITE}/desk/")
    assert shell_page.input_value("[name=text]") == "路灯"


def test_a_word_of_the_server_clears_the_draft_even_when_the_same_form_comes_back(shell_page: Page, site: Site) -> None:
    site.pages["/sent/"] = DESK.replace("<form", '<div class="notice" data-draft-done="desk"></div><form')
    shell_page.goto(f"{SITE}/desk/")
    shell_page.fill("[name=text]", "路灯")
    shell_page.keyboard.press("Control+Enter")
    shell_page.wait_for_url(f"{SITE}/sent/")
    assert shell_page.input_value("[name=text]") == ""
    assert shell_page.evaluate("Object.keys(localStorage).filter((k) => k.includes('draft')).length") == 0


def test_leaving_a_changed_form_asks_first(shell_page: Page, site: Site) -> None:
    site.pages["/edit/"] = DESK.replace('data-draft-key="desk" data-draft-url="/draft/"', "data-guard")
    asked: list[str] = []
    shell_page.on("dialog", lambda box: (asked.append(box.type), box.accept()))
    shell_page.goto(f"{SITE}/edit/")
    shell_page.goto(f"{SITE}/list/")
    assert asked == [], "nothing was changed yet"
    shell_page.goto(f"{SITE}/edit/")
    shell_page.locator("[name=text]").press_sequentially("路灯")
    shell_page.goto(f"{SITE}/list/")
    assert asked == ["beforeunload"]


def test_saving_a_changed_form_asks_nothing(shell_page: Page, site: Site) -> None:
    site.pages["/edit/"] = DESK.replace('data-draft-key="desk" data-draft-url="/draft/"', "data-guard")
    asked: list[str] = []
    shell_page.on("dialog", lambda box: (asked.append(box.type), box.accept()))
    shell_page.goto(f"{SITE}/edit/")
    shell_page.locator("[name=text]").press_sequentially("路灯")
    shell_page.keyboard.press("Control+Enter")
    shell_page.wait_for_url(f"{SITE}/sent/")
    assert asked == []


def test_logging_out_leaves_no_citizens_words_on_the_machine(shell_page: Page, site: Site) -> None:
    site.pages["/desk/"] = DESK.replace(
        "{% endblock %}", '<form action="/bye/" data-logout><button>退出</button></form>{% endblock %}'
    )
    shell_page.goto(f"{SITE}/desk/")
    shell_page.fill("[name=text]", "路灯")
    shell_page.click("text=退出")
    shell_page.wait_for_url(f"{SITE}/bye/?")
    assert shell_page.evaluate("Object.keys(localStorage).filter((k) => k.includes('draft')).length") == 0
