"""The knowledge base in a real browser: no serious accessibility finding, no page wider than a phone."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from qushu.hotline.knowledge import actions
from qushu.hotline.knowledge.queries import facts_of
from qushu.hotline.knowledge.rules import Facts
from qushu.people.models import Account
from qushu.people.tests import test_in_browser as people_in_browser
from qushu.people.tests.staff import log_in
from qushu.people.tests.test_in_browser import SITE, Axe, browser

pytestmark = people_in_browser.pytestmark
__all__ = ["browser"]


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_of_the_knowledge_base_has_a_serious_finding(browser, district, width):
    boss, now = district.people["administrator"], timezone.now()
    first = actions.write_entry(boss, Facts("路灯坏了找谁", "拨打热线。", "路灯", valid_from=date(2024, 1, 1)), now)
    changed = replace(facts_of(first), answer="拨打 12345。", review_on=date(2024, 2, 1))
    newest = actions.change_entry(boss, first.pk, changed, "更新", now)
    answering = people_in_browser.District()
    answering.client = log_in(Account.objects.get(username="t-administrator"))
    context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": 900})
    page = context.new_page()
    page.route("**/*", answering.answer)
    found = []
    for path in ("", "?q=没有的", "new/", f"{first.pk}/", f"{newest.pk}/", f"{newest.pk}/change/"):
        page.goto(f"{SITE}/knowledge/{path}")
        assert page.locator("h1").count() == 1, path
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.append((path, one["id"], [node["html"][:100] for node in one["nodes"]]))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append((path, "wider than the screen", []))
    context.close()
    assert found == []
