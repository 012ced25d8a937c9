"""Rows, search, dialogs, long selects and looks, by keyboard, in a real browser."""

import pytest
from playwright.sync_api import Page

from qushu.kernel.tests.chromium import IN_BROWSER
from qushu.web.tests.browsing import SITE

pytestmark = IN_BROWSER


def test_rows_are_walked_picked_and_opened_without_a_mouse(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/list/")
    for key in ("j", "j", "x", "j", "x"):
        shell_page.keyboard.press(key)
    assert shell_page.inner_text("[data-bulk-count]") == "2"
    shell_page.keyboard.press("k")
    shell_page.keyboard.press("Enter")
    shell_page.wait_for_url(f"{SITE}/case/2/")


def test_slash_goes_to_the_search_box_and_letters_typed_there_move_no_rows(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/list/")
    shell_page.keyboard.press("/")
    shell_page.keyboard.type("jjx?")
    assert shell_page.input_value("#global-search") == "jjx?"
    assert shell_page.locator(".is-current").count() == 0


def test_single_keys_can_be_switched_off_for_those_who_speak_to_their_computer(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/list/")
    shell_page.keyboard.press("?")
    shell_page.uncheck("[data-keys-switch]")
    shell_page.reload()
    shell_page.keyboard.press("j")
    assert shell_page.locator(".is-current").count() == 0


def test_all_rows_are_picked_and_the_bar_goes_when_none_is(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/list/")
    shell_page.check("[data-pick-all]")
    assert shell_page.inner_text("[data-bulk-count]") == "5"
    shell_page.click("[data-bulk-clear]")
    assert shell_page.is_hidden("[data-bulk]")
    assert not shell_page.is_checked("[data-pick-all]")


def test_shift_picks_what_lies_between(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/list/")
    shell_page.click("[data-pick] >> nth=0")
    shell_page.click("[data-pick] >> nth=3", modifiers=["Shift"])
    assert shell_page.inner_text("[data-bulk-count]") == "4"


def test_a_dialog_opens_on_its_first_field_and_escape_gives_the_focus_back(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/list/")
    shell_page.click("[data-dialog-open=d]")
    assert shell_page.evaluate("document.activeElement.name") == "why"
    shell_page.keyboard.press("Escape")
    assert shell_page.is_hidden("#d")
    assert shell_page.evaluate("document.activeElement.dataset.dialogOpen") == "d"


def test_a_unit_is_found_by_a_word_of_its_duties_without_a_mouse(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/units/")
    shell_page.get_by_label("承办单位").focus()
    shell_page.keyboard.type("水压")
    shell_page.keyboard.press("Enter")
    assert shell_page.input_value("#u") == "water"
    assert shell_page.get_by_role("combobox").input_value() == "水务公司"


def test_words_that_match_no_unit_change_nothing(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/units/")
    shell_page.select_option("#u", "7")
    shell_page.get_by_role("combobox").fill("没有这个单位")
    assert shell_page.is_visible("text=没有这一项")
    shell_page.keyboard.press("Escape")
    assert shell_page.input_value("#u") == "7"
    assert shell_page.get_by_role("combobox").input_value() == "单位 7"


def test_an_emptied_field_is_an_emptied_choice(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/units/")
    shell_page.select_option("#u", "7")
    shell_page.get_by_role("combobox").fill("")
    shell_page.keyboard.press("Escape")
    assert shell_page.input_value("#u") == ""


def test_theme_and_density_are_kept_in_cookies_for_the_next_page(shell_page: Page) -> None:
    shell_page.goto(f"{SITE}/list/")
    shell_page.click("details.menu summary")
    shell_page.click("[data-theme-switch]")
    assert shell_page.evaluate("document.documentElement.dataset.theme") == "wall"
    assert {c["name"]: c["value"] for c in shell_page.context.cookies(SITE)}["theme"] == "wall"


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_its_screen(shell_page: Page, width: int) -> None:
    shell_page.set_viewport_size({"width": width, "height": 844})
    for path in ("/list/", "/desk/"):
        shell_page.goto(f"{SITE}{path}")
        assert shell_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
