"""The citizen pages in a real browser: no serious accessibility finding, usable at 360 px and by keyboard alone.

The browser's requests are answered by Django's test client in this process, as in people/tests/test_in_browser.py.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from qushu.cases import actions
from qushu.cases.actions import Call
from qushu.cases.models import Case
from qushu.hotline.models import Knowledge, UrgentWord
from qushu.hotline.seed import seed_knowledge
from qushu.people.captcha import _answer, _read
from qushu.people.tests import test_in_browser as people_in_browser
from qushu.people.tests.test_in_browser import SITE, Axe, browser

pytestmark = people_in_browser.pytestmark
PHONE = "19900270009"
__all__ = ["browser"]


@pytest.fixture
def citizens(district):
    """Citizens' pages with something to find, answered to the browser."""
    UrgentWord.objects.create(word="着火", mark="urgent", emergency_number="119")
    seed_knowledge()
    return people_in_browser.District()


@pytest.fixture
def page(browser, citizens):
    context = browser.new_context(locale="zh-CN", viewport={"width": 360, "height": 780})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.route("**/*", citizens.answer)
    yield page
    context.close()
    assert complaints == [], "the page broke its own policy or a script failed"


def faults(page: Page, where: str) -> list[tuple]:
    """Serious and critical findings, and whether the page is wider than the screen."""
    found = [
        (where, one["id"], [node["html"][:100] for node in one["nodes"]])
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*found, *([(where, "wider than the screen", [])] if wide else [])]


def answer_captcha(page: Page) -> None:
    token = page.input_value("[name=captcha_token]")
    page.fill("[name=captcha_answer]", _answer(_read(token, timezone.now())))


def submit(page: Page) -> Case:
    """A form filled in and sent."""
    page.goto(f"{SITE}/citizen/submit/")
    page.fill("[name=text]", "小区门口路灯坏了三天，晚上很黑。")
    page.fill("[name=name]", "李女士")
    page.fill("[name=phone]", PHONE)
    answer_captcha(page)
    page.click("button:has-text('提交'):not(:has-text('选好'))")
    page.wait_for_selector("h1:has-text('已收到您的诉求')")
    return Case.objects.get()


def track(page: Page, number: str) -> None:
    page.goto(f"{SITE}/citizen/track/")
    page.fill("[name=number]", number)
    page.fill("[name=phone]", PHONE)
    page.click("main button:has-text('查询')")
    page.wait_for_selector(f"text={number}")


def resolve(district, case: Case) -> None:
    now = timezone.now()
    call = {role: Call(district.people[role], now) for role in ("agent", "dispatcher", "unit")}
    actions.register_case(call["agent"], case.pk, district.category.pk, None, "help", "general")
    actions.dispatch_case(call["dispatcher"], case.pk, district.water.pk, (), "")
    actions.acknowledge_case(call["unit"], case.pk)
    actions.resolve_case(call["unit"], case.pk, "路灯已修好。", "solved")


def test_no_page_of_a_citizen_s_way_has_a_serious_finding_or_is_too_wide(page, citizens, district):
    entry = Knowledge.objects.first()
    found = []
    for path in ("", "submit/", "track/", "knowledge/", "knowledge/?q=社保", f"knowledge/{entry.pk}/"):
        page.goto(f"{SITE}/citizen/{path}")
        found += faults(page, path or "home")
    page.goto(f"{SITE}/citizen/submit/")
    page.fill("[name=text]", "厨房着火了，另外失业金怎么领")
    page.wait_for_selector("text=有危险请先拨打")
    page.click("summary:has-text('失业金怎样申领')")
    page.select_option("[name=topic]", index=1)
    page.wait_for_selector("[name=category]")
    found += faults(page, "submit, typed")
    page.click("button:has-text('换一个')")
    page.evaluate("document.querySelector('.citizen-form').noValidate = true")
    page.click(".citizen-form .button-primary")
    page.wait_for_selector("[data-form-errors], .field-error")
    found += faults(page, "submit, refused")
    case = submit(page)
    found += faults(page, "receipt")
    page.goto(f"{SITE}/citizen/receipt/print/")
    found += faults(page, "receipt on paper")
    track(page, case.number)
    found += faults(page, "track")
    resolve(district, case)
    track(page, case.number)
    found += faults(page, "track, answered")
    page.check("[name=solved] >> nth=0")
    page.check("[name=satisfaction] >> nth=0")
    page.click("button:has-text('提交评价')")
    page.wait_for_selector("h1:has-text('谢谢')")
    found += faults(page, "thanks")
    assert found == []


def test_in_large_print_nothing_is_cut_off(page, citizens):
    page.goto(f"{SITE}/citizen/")
    page.click("button:has-text('换成大字')")
    found = []
    for path in ("", "submit/", "track/", "knowledge/"):
        page.goto(f"{SITE}/citizen/{path}")
        assert page.locator(".public-large").count() == 1
        found += faults(page, path or "home")
    assert found == []


def test_a_form_is_filled_in_and_sent_by_keyboard_alone(page, citizens):
    page.goto(f"{SITE}/citizen/submit/")
    page.focus("[name=text]")
    page.keyboard.type("小区门口路灯坏了三天，晚上很黑。")
    for name, typed in (("place", "二号门"), ("name", "李女士"), ("phone", PHONE)):
        while page.evaluate("document.activeElement.name") != name:
            page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "captcha_answer"
    page.keyboard.type(_answer(_read(page.input_value("[name=captcha_token]"), timezone.now())))
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('已收到您的诉求')")
    assert Case.objects.get().statement.place == "二号门"


def test_the_emergency_number_that_was_shown_while_typing_needs_no_second_press(page, citizens):
    page.goto(f"{SITE}/citizen/submit/")
    page.fill("[name=text]", "昨天楼道着火留下的垃圾没人清理。")
    page.wait_for_selector("text=有危险请先拨打")
    page.fill("[name=name]", "李女士")
    page.fill("[name=phone]", PHONE)
    answer_captcha(page)
    page.click(".citizen-form .button-primary")
    page.wait_for_selector("h1:has-text('已收到您的诉求')")
    assert Case.objects.get().urgency == "urgent"
