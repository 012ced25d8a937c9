"""A browser page that answers from this process, and fails a test when a script or the policy was broken."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from qushu.web.tests.browsing import CHROMIUM, FLAGS, Site


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
