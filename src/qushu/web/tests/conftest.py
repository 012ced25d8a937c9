"""A browser page that answers from this process, and fails a test when a script or the policy was broken."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from qushu.kernel.tests.chromium import CHROMIUM, FLAGS
from qushu.web.tests.browsing import House, Site

if TYPE_CHECKING:
    from qushu.kernel.tests.grounds import Ground


@pytest.fixture(scope="module")
def shell_browser() -> Iterator[object]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def shell_page(shell_browser, site: Site) -> Iterator[Page]:  # type: ignore[no-untyped-def]
    context = shell_browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    page.route("**/*", site.answer)
    yield page
    context.close()
    assert complaints == [], "the page broke its own policy or a script failed"


@pytest.fixture(scope="module")
def house_browser(django_db_setup: None) -> Iterator[object]:
    """A browser beside which the test itself reads the database: Playwright keeps an event loop in this thread."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
        connections.close_all()  # those of this context, which nobody could reach afterwards


@pytest.fixture(scope="session")
def on_house() -> "Ground":
    """The ground with a district as at first run, and (username, password) of one account per role."""
    from qushu.demo.seed import seed_district  # models can't be imported before Django is set up
    from qushu.kernel.tests.grounds import Ground
    from qushu.people.first_accounts import ensure_first_accounts

    def make(below: object) -> dict[str, tuple[str, str]]:
        seed_district(timezone.localdate())
        return {role: (name, password) for role, name, password in ensure_first_accounts()}

    return Ground("house", make)


@pytest.fixture
def house(house_browser, on_house, standing: dict[str, Any], live_server, transactional_db) -> House:  # type: ignore[no-untyped-def]
    return House(live_server.url, standing["house"])
