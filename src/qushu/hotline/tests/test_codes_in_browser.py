"""The code tables in a real browser: readable on a phone, and changed by keyboard alone.

The browser's requests are answered by Django's test client in this process, as in people/tests/test_in_browser.py.
"""

import pytest

from qushu.cases.models import Category, ClockRule, LadderStep, Reason
from qushu.hotline.models import CatalogueEntry
from qushu.hotline.seed import seed_catalogue, seed_urgent_words
from qushu.kernel.models import CalendarDay
from qushu.people.models import Account
from qushu.people.tests import test_in_browser as people_in_browser
from qushu.people.tests.staff import log_in
from qushu.people.tests.test_in_browser import SITE, Axe, browser

pytestmark = people_in_browser.pytestmark
__all__ = ["browser"]


@pytest.fixture
def page(browser, district):
    seed_urgent_words()
    seed_catalogue()
    house = people_in_browser.District()
    house.client = log_in(Account.objects.get(username="t-administrator"))
    context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.route("**/*", house.answer)
    yield page
    context.close()
    assert complaints == [], "the page broke its own policy or a script failed"


def test_every_page_fits_a_phone_and_has_no_serious_accessibility_finding(page, district):
    CatalogueEntry.objects.get_or_create(
        category=Category.objects.filter(level=3).last(),
        defaults={"lead_unit": district.water, "effective_from": "2024-01-01"},
    )
    category, rule, step = Category.objects.get(code="0101"), ClockRule.objects.first(), LadderStep.objects.first()
    paths = [
        "/admin/codes/",
        "/admin/codes/?q=01",
        f"/admin/codes/categories/{category.pk}/",
        f"/admin/codes/categories/{category.pk}/move/",
        f"/admin/codes/categories/{category.pk}/merge/",
        "/admin/codes/categories/new/",
        "/admin/codes/channels/",
        "/admin/codes/channels/12345/",
        "/admin/codes/reasons/",
        f"/admin/codes/reasons/{Reason.objects.first().pk}/",
        "/admin/codes/urgent-words/",
        "/admin/codes/catalogue/",
        f"/admin/codes/catalogue/{CatalogueEntry.objects.first().pk}/",
        "/admin/clocks/",
        "/admin/clocks/past/",
        f"/admin/clocks/rules/{rule.pk}/",
        "/admin/clocks/rules/new/",
        "/admin/clocks/trial/?clock=resolve&kind=complaint&urgency=general&start=2024-09-30T17:00",
        "/admin/clocks/ladder/",
        f"/admin/clocks/ladder/{step.pk}/",
        "/admin/calendar/?year=2024",
        "/admin/calendar/?year=2060",
    ]
    found = []
    for path in paths:
        page.goto(SITE + path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((path, "wider than the screen"))
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.append((path, one["id"], [node["html"][:100] for node in one["nodes"]]))
    assert found == []


def test_a_day_is_changed_by_keyboard_alone(page):
    page.goto(f"{SITE}/admin/calendar/?year=2024")
    page.focus("a[aria-label^='3 月 5 日']")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=first][value='2024-03-05']")
    page.wait_for_load_state()  # the page's scripts have put the focus where they want it
    page.focus("[name=reason]")
    page.keyboard.type("全区检修")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已改 1 天")
    assert not CalendarDay.objects.get(day="2024-03-05").is_working


def test_a_rule_is_changed_and_the_old_one_ends(page):
    rule = ClockRule.objects.get(clock="resolve", kind="help", urgency="general")
    page.goto(f"{SITE}/admin/clocks/rules/{rule.pk}/")
    page.fill("#change_amount", "3")
    page.fill("#change_reason", "区长要求")
    page.click("button:has-text('保存为新的规则')")
    page.wait_for_selector("text=已经起算的期限不变")
    rule.refresh_from_db()
    assert rule.effective_to is not None and rule.successors.get().amount == 3
