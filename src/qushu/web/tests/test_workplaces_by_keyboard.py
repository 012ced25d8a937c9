"""Queue, inbox, case page, reviews and follow-up without a mouse: every step by a key, the focus never lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from qushu.cases import actions
from qushu.cases.models import Case
from qushu.kernel.tests.chromium import IN_BROWSER
from qushu.web.tests.browsing import House, filmed
from qushu.web.tests.keyboard import Keys
from qushu.web.tests.story import Story

pytestmark = IN_BROWSER
Sit = Callable[[str, str], Keys]


@pytest.fixture
def story(house: House) -> Story:
    return Story()


@pytest.fixture
def sit(house_browser, house: House):  # type: ignore[no-untyped-def]
    """Somebody with this role, logged in, at this address; nothing has the focus."""
    with filmed(house_browser, house.url, "workplaces-by-keyboard") as film:

        def sit(role: str, address: str) -> Keys:
            person = film.person(role).log_in(*house.accounts[role])
            person.page.goto(f"{house.url}{address}")
            return Keys(person)

        yield sit


def test_picked_cases_are_dispatched_together(story: Story, sit: Sit) -> None:
    for _ in range(2):
        story.registered()
    keys = sit("dispatcher", "/dispatch/")
    keys.press("j", "x", "j", "x", "u")
    expect(keys.page.get_by_role("combobox", name="主办单位").or_(keys.page.locator("#id_unit_combo"))).to_be_focused()
    keys.type(story.unit.name)
    keys.press("Enter", "Escape", "d")
    keys.person.sees("2 件", within="body")
    assert set(Case.objects.values_list("state", "lead_unit")) == {("dispatched", story.unit.pk)}


def test_a_row_is_dispatched_by_its_key_and_comes_back_to_the_list(story: Story, sit: Sit) -> None:
    case = story.registered()
    keys = sit("dispatcher", "/dispatch/")
    keys.press("j", "a")
    keys.page.wait_for_url(f"**/cases/{case.number}/moves/dispatch/**")
    keys.tab_to("主办单位")
    keys.press("Control+a")
    keys.type(story.unit.name)
    keys.press("Enter", "Control+Enter")
    keys.person.sees("已提交", within="body")
    expect(keys.page).to_have_url(re.compile("/dispatch/$"))
    assert Case.objects.get().state == "dispatched"


def test_without_a_line_a_bulk_form_stays_and_says_so(story: Story, sit: Sit) -> None:
    actions.dispatch_case(story.call("dispatcher"), story.registered().pk, story.unit.pk)
    keys = sit("unit", "/inbox/")
    keys.press("j", "x")
    keys.page.context.set_offline(True)
    keys.press("d")
    expect(keys.page.locator("#toasts")).to_contain_text("没有送出")
    expect(keys.page.locator("[data-bulk-count]")).to_have_text("1")
    keys.page.context.set_offline(False)
    keys.press("d")
    keys.person.sees("1 件", within="body")
    assert Case.objects.get().state == "acknowledged"


def test_a_dialog_gives_the_focus_back_to_what_opened_it(story: Story, sit: Sit) -> None:
    case = story.in_hand()
    keys = sit("unit", f"/cases/{case.number}/")
    keys.press("a")  # nothing had the focus
    dialog = keys.page.get_by_role("dialog")
    dialog.wait_for()
    first = dialog.locator("h2").inner_text().split(" · ")[0]
    keys.press("Escape")
    dialog.wait_for(state="hidden")
    keys.focus_comes_to(first)
    keys.tab_to("申请退单")
    keys.opens_dialog()
    keys.press("Escape")
    dialog.wait_for(state="hidden")
    keys.focus_comes_to("申请退单")


def test_the_keys_window_gives_the_focus_back_too(story: Story, sit: Sit) -> None:
    case = story.in_hand()
    keys = sit("unit", f"/cases/{case.number}/")
    keys.tab_to("申请退单")
    keys.press("?")
    expect(keys.page.locator("#keys-dialog")).to_be_visible()
    keys.press("Escape")
    expect(keys.page.locator("#keys-dialog")).to_be_hidden()
    keys.focus_comes_to("申请退单")


def test_what_was_revealed_has_the_focus(story: Story, sit: Sit) -> None:
    case = story.in_hand()
    Case.objects.get(pk=case.pk)
    keys = sit("unit", f"/cases/{case.number}/")
    keys.press("v")
    expect(keys.page.get_by_role("dialog").get_by_label("查看原因")).to_be_focused()
    keys.type("核实地址")
    keys.press("Control+Enter")
    expect(keys.page.locator(".revealed")).to_have_text("13900270001")
    expect(keys.page.locator(".revealed")).to_be_focused()


def test_changing_before_registering_opens_from_the_row_with_the_category_filled_in(story: Story, sit: Sit) -> None:
    actions.accept_case(story.call("agent"), actions.Intake("12345", "市民来电反映：门口的路灯不亮，希望尽快维修。"))
    keys = sit("agent", "/register/")
    keys.press("j", "a")
    dialog = keys.page.get_by_role("dialog")
    dialog.wait_for()
    chosen = dialog.get_by_role("combobox", name="类别")
    expect(chosen).not_to_have_value("")
    keys.press("Escape")
    dialog.wait_for(state="hidden")
    expect(keys.page.locator(".is-current")).to_be_focused()
    keys.press("a")
    dialog.wait_for()
    keys.press("Control+Enter")
    keys.person.sees("已提交", within="body")
    assert Case.objects.get().state == "registered"


def test_a_request_is_reviewed(story: Story, sit: Sit) -> None:
    case = story.in_hand()
    actions.ask_return(story.call("unit"), case.pk, story.reason("return"), "不属于本单位", None)
    keys = sit("supervisor", "/reviews/")
    keys.press("j", "a")
    keys.type("应由本单位办理")
    keys.tab_to("驳回")
    keys.press("Enter")
    keys.page.wait_for_load_state()
    keys.person.sees("没有待审核的申请")
    assert Case.objects.get().state == "in_hand"


def test_a_citizen_is_called_back(story: Story, sit: Sit) -> None:
    story.resolved()
    keys = sit("follow_up", "/follow-up/")
    keys.press("j", "a")
    keys.page.wait_for_url("**/follow-up/*/")
    keys.press("v")
    keys.page.get_by_role("dialog").wait_for()
    keys.type("回访")
    keys.press("Control+Enter")
    expect(keys.page.locator(".revealed")).to_be_focused()
    keys.press("s", "Space", "Tab", "Space")
    keys.tab_to("市民的话")
    keys.type("灯亮了")
    keys.press("Control+Enter")
    keys.person.sees("已记录回访", within="body")
    assert Case.objects.get().state == "closed"
