"""The pages in a real browser: no serious accessibility finding, no script against the policy, and the import by hand.

The browser's requests are answered by Django's test client in this process, so the test needs no server and its data
vanishes with its transaction.
"""

from collections.abc import Iterator
from contextvars import copy_context
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page, Request, Route, sync_playwright

from qushu.kernel.tests.chromium import CHROMIUM, FLAGS, IN_BROWSER
from qushu.people import actions
from qushu.people.models import Unit

from .staff import NOON, PASSWORD, log_in, make_account, make_area, make_unit

pytestmark = [pytest.mark.django_db, *IN_BROWSER]
SITE = "http://testserver"
PAGES = [
    "/login/",
    "/account/",
    "/account/password/",
    "/account/totp/",
    "/notices/",
    "/admin/accounts/",
    "/admin/accounts/{account}/",
    "/admin/units/",
    "/admin/units/{unit}/",
    "/admin/areas/",
    "/admin/areas/{area}/",
    "/admin/tokens/",
    "/admin/audit/",
    "/admin/import/accounts/",
]


class District:
    """Answers the browser as `client`, whose session counts, whatever cookies the browser has."""

    def __init__(self) -> None:
        self.client = Client()
        # The database connection belongs to a context; Playwright answers in contexts of its own.
        self._context = copy_context()

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            route.fulfill(path=str(finders.find(path.removeprefix("/static/"))))
            return
        answer = self._context.run(self._ask, route.request)
        route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.content)

    def _ask(self, asked: Request) -> HttpResponse:
        parts = urlsplit(asked.url)
        sent = asked.post_data_buffer or b""
        kind = asked.headers.get("content-type", "application/octet-stream")
        path = f"{parts.path}?{parts.query}"
        answer = self.client.generic(asked.method, path, sent, content_type=kind)
        if answer.status_code == 302:
            # The client follows: an intercepted answer may not redirect.
            answer = self.client.get(answer["Location"], follow=True)
        return answer


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[object]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; nobody else uses the database meanwhile.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
        connections.close_all()  # those of this context, which nobody could reach afterwards


@pytest.fixture
def district(db: None) -> District:
    return District()


@pytest.fixture
def page(browser, district) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.route("**/*", district.answer)
    yield page
    context.close()
    assert complaints == [], "the page broke its own policy or a script failed"


def test_no_page_has_a_serious_accessibility_finding(page, district):
    boss, unit, area = make_account("administrator"), make_unit(), make_area()
    account = make_account("unit", unit=unit)
    actions.notify("工单还有 4 小时到期", "/account/", now=NOON, role="administrator", urgent=True)
    ids = {"account": account.pk, "unit": unit.pk, "area": area.pk}
    found = []
    for path in PAGES:
        district.client = Client() if path == "/login/" else log_in(boss)
        page.goto(SITE + path.format(**ids))
        assert page.locator("[name=username]").count() == (path == "/login/"), f"{path} led to the login page"
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                found.append((path, one["id"], [node["html"][:100] for node in one["nodes"]]))
    assert found == []


def test_one_logs_in_by_keyboard_alone(page):
    account = make_account("agent", name="周婷")
    page.goto(SITE + "/login/?next=/account/")
    page.keyboard.type(account.username)
    page.keyboard.press("Tab")
    page.keyboard.type("a wrong one")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('我的账号')")
    assert "周婷" in page.inner_text("main")


def test_a_table_is_looked_at_and_then_imported(page, district):
    district.client = log_in(make_account("administrator"))
    page.goto(SITE + "/admin/import/units/")
    table = "代码,名称,类别\ncgj,城管局,区直部门\n"
    page.set_input_files("[name=file]", {"name": "单位.csv", "mimeType": "text/csv", "buffer": table.encode()})
    page.click("button:has-text('先看会改什么')")
    page.wait_for_selector("text=现在还没有改动任何数据")
    assert not Unit.objects.exists()
    page.click("button:has-text('确认导入')")
    page.wait_for_selector("text=已导入")
    assert Unit.objects.get().name == "城管局"


def test_the_form_to_disable_an_account_opens_in_a_dialog_and_asks_why(page, district):
    district.client = log_in(make_account("administrator"))
    account = make_account("agent")
    page.goto(f"{SITE}/admin/accounts/{account.pk}/")
    page.click("button:has-text('停用')")
    page.fill("dialog[open] textarea", "调离本区")
    page.click("dialog[open] button:has-text('停用')")
    page.wait_for_selector("text=账号已停用")
    account.refresh_from_db()
    assert not account.is_active
