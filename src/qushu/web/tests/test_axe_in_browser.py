"""Every kind of page of the product, as a role that may see it meets it: no serious or critical finding of axe.

The pages are found by walking from the navigation, so a new page is looked at without being named here. A kind is a url
name; with its move or its tab where these make another page of it.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from playwright.sync_api import Page

from qushu.cases import actions
from qushu.cases.actions import Call, Intake
from qushu.cases.contact import Contact
from qushu.cases.models import Case, Category, Reason
from qushu.hotline.duty import actions as duty
from qushu.hotline.duty import handing
from qushu.people.access import Actor
from qushu.people.actors import actor_for
from qushu.people.models import Account, Role, Unit
from qushu.people.tests.staff import log_in
from qushu.places.models import Area
from qushu.web.tests.browsing import IN_BROWSER, House

pytestmark = IN_BROWSER
BAD = ("serious", "critical")
CITIZENS = ("/login/", "/citizen/", "/open/budget/")
MORE = {"administrator": ("/styleguide/",)}
MOST_CONTROLS = ("supervisor", "administrator", "unit")
"""These go first: a page is looked at where it offers the most."""

LINK = re.compile(r'<a [^>]*?href="([^"]+)"')
FEWEST_KINDS = 90
"""So many there were when this was written: fewer would mean that the walk has stopped finding its way."""


class Story:
    """Cases in every state, a handed-over shift, an unanswered order: what the pages show."""

    def __init__(self) -> None:
        self.now = timezone.now() - timedelta(hours=5)
        self.unit: Unit = Account.objects.get(username="unit").grants.get().unit
        self.people: dict[str, Actor] = {role: actor_for(Account.objects.get(username=role)) for role in Role.values}
        self.category = Category.objects.filter(level=3).order_by("code").first()
        self.area = Area.objects.filter(level="community").order_by("code").first()

    def call(self, role: str) -> Call:
        self.now += timedelta(minutes=2)
        return Call(self.people[role], self.now)

    def reason(self, move: str) -> int:
        return Reason.objects.filter(move=move).order_by("pk").values_list("pk", flat=True)[0]

    def registered(self, urgency: str = "general") -> Case:
        text = "市民来电反映：钟家村社区门口的路灯三天不亮，希望尽快维修。"
        intake = Intake("12345", text, area_id=self.area.pk, contact=Contact("王先生", "13900270001", "", "钟家村1号"))
        case = actions.accept_case(self.call("agent"), intake)
        return actions.register_case(self.call("agent"), case.pk, self.category.pk, self.area.pk, "help", urgency)

    def in_hand(self) -> Case:
        case = self.registered()
        actions.dispatch_case(self.call("dispatcher"), case.pk, self.unit.pk)
        actions.acknowledge_case(self.call("unit"), case.pk)
        return actions.record_contact(self.call("unit"), case.pk, "电话", "已联系")

    def resolved(self) -> Case:
        return actions.resolve_case(
            self.call("unit"), self.in_hand().pk, "维修人员已到现场更换灯具，恢复照明。", "solved"
        )

    def tell(self) -> None:
        actions.accept_case(self.call("agent"), Intake("12345", "市民来电咨询公园开放时间。"))
        self.registered("urgent")
        actions.dispatch_case(self.call("dispatcher"), self.registered().pk, self.unit.pk)
        actions.ask_return(self.call("unit"), self.in_hand().pk, self.reason("return"), "不属于本单位", None)
        pressed = self.in_hand()
        actions.supervise_case(self.call("supervisor"), pressed.pk, "urge", "请尽快办理", self.now + timedelta(days=1))
        self.resolved()
        for satisfaction, then in (
            (1, {"reopen_reason_id": self.reason("reopen")}),
            (5, {"ground": "回访完成"}),
            (2, {}),
        ):
            actions.judge_case(
                self.call("follow_up"),
                self.resolved().pk,
                solved=satisfaction > 3,
                satisfaction=satisfaction,
                words="",
                **then,
            )
        self.hand_over()

    def hand_over(self) -> None:
        agent, now = self.people["agent"], timezone.now()
        facts = duty.ShiftFacts(agent.account_id or 0, "desk", now - timedelta(hours=8), now - timedelta(minutes=1))
        shift = duty.add_shift(self.people["supervisor"], facts, now)
        number = Case.objects.order_by("-pk").values_list("number", flat=True)[0]
        handing.write_handover(agent, shift.pk, "平稳", "路灯待修", [number], now)


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
            path, kind = _where(path, answer, kind)
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


def _where(path: str, answer: HttpResponse, kind: object) -> tuple[str, object]:
    """Address and kind of the page that answered, which another may have led to."""
    for led_to, _ in answer.redirect_chain:  # type: ignore[attr-defined]
        path, kind = led_to, kind_of(led_to)
    return path, kind


def links_of(path: str, html: str) -> Iterator[str]:
    """Addresses of this site that a page links to."""
    for href in LINK.findall(html):
        parts = urlsplit(urljoin(path, unescape(href)))
        if not parts.netloc:
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def kind_of(path: str) -> object:
    """What makes this address another page than others; None for what isn't ours: url name, with move or tab."""
    parts = urlsplit(path)
    with suppress(Resolver404):
        found = resolve(parts.path)
        move = found.kwargs.get("code") if found.view_name == "case-move" else None
        return found.view_name, move, *parse_qs(parts.query).get("tab", ())
    return None


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
