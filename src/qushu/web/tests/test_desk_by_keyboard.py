"""The desk without a mouse, and without a line: suggestions by key, the focus never lost, nothing typed lost or sent twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from qushu.cases.models import Case, Category
from qushu.kernel.tests.chromium import IN_BROWSER
from qushu.places.models import Area
from qushu.web.tests.browsing import Film, House, filmed
from qushu.web.tests.keyboard import Keys

pytestmark = IN_BROWSER


@pytest.fixture
def film(house_browser, house: House) -> Iterator[Film]:  # type: ignore[no-untyped-def]
    with filmed(house_browser, house.url, "desk-by-keyboard") as film:
        yield film


@pytest.fixture
def keys(film: Film, house: House) -> Keys:
    """An agent at the desk: the cursor waits in the number's field."""
    agent = film.person("agent").log_in(*house.accounts["agent"])
    keys = Keys(agent)
    keys.goes_to("受理台")
    expect(agent.page.locator("#id_phone")).to_be_focused()
    return keys


def tells(keys: Keys, text: str) -> None:
    """Types what the caller says, and waits for the suggestions."""
    keys.type("13900270003")
    keys.tab_to("诉求内容")
    keys.type(text)
    keys.page.locator("#hints [data-fill=category]").first.wait_for()


def lamp_text() -> tuple[Area, str]:
    community = (
        Area.objects.filter(level="community", name__contains="钟家村").first()
        or Area.objects.filter(level="community").order_by("code")[0]
    )
    return community, f"{community.name}门口的路灯不亮已经三天。"


def test_suggestions_are_taken_by_key_while_typing_goes_on(keys: Keys) -> None:
    community, text = lamp_text()
    tells(keys, text)
    page = keys.page
    expect(page.locator("#hints kbd", has_text="Alt 1")).to_be_visible()
    keys.press("Alt+1")
    expect(page.get_by_role("button", name="已选")).to_be_visible()
    expect(page.locator("#id_text")).to_be_focused()
    page.locator("[data-fill=area]").first.wait_for()
    keys.press("Alt+4")
    expect(page.locator("#id_area")).to_have_value(str(community.pk))
    expect(page.locator("#id_text")).to_be_focused()
    keys.type("希望尽快维修。")
    keys.press("Control+Enter")
    keys.person.sees("已受理并立案")
    case = Case.objects.get()
    assert (case.area, case.statement.text) == (community, f"{text}希望尽快维修。")
    assert case.category is not None


def test_after_a_pressed_suggestion_the_focus_is_at_the_field_that_it_filled(keys: Keys) -> None:
    tells(keys, lamp_text()[1])
    page = keys.page
    keys.tab_to("采用")
    keys.press("Enter")
    expect(page.get_by_role("button", name="已选")).to_be_visible()
    expect(page.get_by_role("combobox", name="类别")).to_be_focused()
    page.locator("[data-fill=area]").first.wait_for()
    page.locator("[data-fill=area]").first.focus()
    keys.press("Enter")
    expect(page.get_by_role("combobox", name="街道、社区")).to_be_focused()
    expect(page.locator(".facts").get_by_text("已选")).to_be_visible()


def test_the_help_window_names_the_keys_and_escape_gives_the_focus_back(keys: Keys) -> None:
    tells(keys, lamp_text()[1])
    keys.press("Escape")
    keys.tab_to("采用")
    keys.press("?")
    dialog = keys.page.locator("#keys-dialog")
    expect(dialog.get_by_text("Alt 1")).to_be_visible()
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    keys.focus_comes_to("采用")


def test_without_a_line_nothing_is_lost_and_it_is_sent_once_when_the_agent_wishes(keys: Keys) -> None:
    tells(keys, lamp_text()[1])
    page = keys.page
    keys.press("Alt+1")
    expect(page.get_by_role("button", name="已选")).to_be_visible()
    page.context.set_offline(True)
    keys.press("Control+Enter")
    expect(page.locator(".draft-word")).to_contain_text("没有送出")
    expect(page.locator("#id_text")).to_have_value(lamp_text()[1])
    expect(page.locator("#id_text")).to_be_focused()
    assert "/desk/" in page.url and not Case.objects.exists()
    page.context.set_offline(False)
    expect(page.locator(".draft-word")).to_contain_text("再次送出")
    keys.tab_to("再次送出")
    keys.press("Enter")
    keys.person.sees("已受理并立案")
    assert Case.objects.count() == 1


def test_an_answer_that_got_lost_on_its_way_makes_no_second_case(keys: Keys) -> None:
    page = keys.page

    def lose_the_answer(route) -> None:  # type: ignore[no-untyped-def]
        if route.request.method == "POST":
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/desk/", lose_the_answer)
    page.reload()  # a page that was there before may send its next request past the route
    tells(keys, lamp_text()[1])
    keys.press("Alt+1")
    expect(page.get_by_role("button", name="已选")).to_be_visible()
    keys.press("Control+Enter")
    expect(page.locator(".draft-word")).to_contain_text("没有送出")
    assert Case.objects.count() == 1
    page.unroute("**/desk/")
    keys.press("Control+Enter")
    keys.person.sees("已受理并立案")
    assert Case.objects.count() == 1


def test_a_refused_form_keeps_what_was_typed_and_the_focus_is_at_the_wrong_field(keys: Keys) -> None:
    tells(keys, lamp_text()[1])
    page = keys.page
    keys.press("Control+Enter")
    expect(page.locator(".field-error").first).to_contain_text("立案须选类别")
    expect(page.locator("#id_text")).to_have_value(lamp_text()[1])
    expect(page.get_by_role("combobox", name="类别")).to_be_focused()
    leaf = Category.objects.filter(level=3, active=True).order_by("code")[0]
    keys.type(leaf.name)
    keys.press("Enter", "Control+Enter")
    keys.person.sees("已受理并立案")


def test_the_newest_draft_is_offered_when_the_desk_is_opened_again(keys: Keys) -> None:
    tells(keys, lamp_text()[1])
    page = keys.page
    expect(page.locator(".draft-word")).to_contain_text("草稿已存")
    page.goto(f"{keys.person.site}/desk/")
    offer = page.locator("[data-resume]")
    expect(offer).to_contain_text(lamp_text()[1][:20])
    expect(page.locator("#id_phone")).to_be_focused()
    keys.press("Alt+0")
    expect(page.locator("#id_text")).to_have_value(lamp_text()[1])
    expect(page.locator("[data-resume]")).to_be_hidden()


def test_a_draft_that_only_this_machine_has_is_offered_too(keys: Keys) -> None:
    page = keys.page
    page.route("**/desk/draft/", lambda route: route.abort())
    tells(keys, lamp_text()[1])
    page.unroute("**/desk/draft/")
    page.goto(f"{keys.person.site}/desk/")
    expect(page.locator("[data-resume]")).to_contain_text(lamp_text()[1][:20])
    keys.press("Alt+0")
    expect(page.locator("#id_text")).to_have_value(lamp_text()[1])
