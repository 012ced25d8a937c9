"""Every kind of page of the product, as a role that may see it meets it: no serious or critical finding of axe.

The pages are found by walking from the navigation, so a new page is looked at without being named here. A kind is a url
name; with its move or its tab where these make another page of it.
"""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from qushu.cases.models import Case
from qushu.kernel.tests.chromium import IN_BROWSER
from qushu.people.models import Account, Role
from qushu.people.tests.staff import log_in
from qushu.web.tests.browsing import House
from qushu.web.tests.story import Story
from qushu.web.tests.walking import kind_of, links_of, where

pytestmark = IN_BROWSER
BAD = ("serious", "critical")
CITIZENS = ("/login/", "/citizen/", "/open/budget/")
MORE = {"administrator": ("/styleguide/",)}
MOST_CONTROLS = ("supervisor", "administrator", "unit")
"""These go first: a page is looked at where it offers the most."""

FEWEST_KINDS = 90
"""So many there were when this was written: fewer would mean that the walk has stopped finding its way."""


class Walk:
    """Goes through all pages that can be reached, opens one of each kind in the browser, and keeps what axe finds."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site, self.axe = page, site, Axe()
        self.seen: set[object] = set()
        self.found: list[tuple[str, str, list[str]]] = []

    def through(self, who: str, client: Client, *begin: str) -> None:
        """From these addresses to every kind of page that nobody has seen before; a link that leads nowhere is told.

        The beginnings may be closed to this client. Links are read from what the client gets, which is quick.
        """
        self.page.context.clear_cookies()
        if key := client.cookies.get("sessionid"):
            self.page.context.add_cookies([{"name": "sessionid", "value": key.value, "url": self.site}])
        waiting, passed = [(path, "") for path in begin], set[str]()
        while waiting:
            path, origin = waiting.pop(0)
            kind = kind_of(path)
            if path in passed or kind is None or (kind in self.seen and origin):
                continue
            passed.add(path)
            answer = client.get(path, follow=True)
            path, kind = where(path, answer, kind)
            if answer.status_code >= 400 and origin:
                self.found.append((f"{who} {path}", f"answered {answer.status_code}", [f"linked from {origin}"]))
            shown = answer.status_code < 400 and answer.get("Content-Type", "").startswith("text/html")
            if shown and kind not in self.seen:
                self.look(who, path)
            if shown or origin:
                self.seen.add(kind)
            if shown:
                waiting += [(link, path) for link in links_of(path, answer.content.decode())]

    def look(self, who: str, path: str) -> None:
        """Keeps the findings of this page."""
        self.page.goto(self.site + path)
        for one in self.axe.run(self.page).response["violations"]:
            if one["impact"] in BAD:
                nodes = [node["html"][:150] for node in one["nodes"]][:3]
                self.found.append((f"{who} {path}", f"{one['id']}: {one['help']}", nodes))


def test_no_page_has_a_serious_accessibility_finding_and_no_link_leads_nowhere(house_browser, house: House) -> None:  # type: ignore[no-untyped-def]
    Story().tell()
    context = house_browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    walk = Walk(context.new_page(), house.url)
    walk.through("市民", Client(), *CITIZENS)
    for role in sorted(Role.values, key=lambda role: role not in MOST_CONTROLS):
        client = log_in(Account.objects.get(username=role))
        walk.through(str(Role(role).label), client, "/", *_case_pages(), *MORE.get(role, ()))
    context.close()
    assert not walk.found, "\n".join(map(str, walk.found))
    assert len(walk.seen) > FEWEST_KINDS


def _case_pages() -> Iterator[str]:
    """The page of one case in each state: the moves it offers differ by state and role."""
    for number in Case.objects.order_by("state", "-pk").distinct("state").values_list("number", flat=True):
        yield reverse("case-page", args=[number])
