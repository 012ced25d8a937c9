"""Channels and reasons; and every page of the code tables by role."""

import pytest
from django.test import Client
from django.urls import reverse

from qushu.cases.codes import actions
from qushu.cases.codes.actions import ChannelFacts, ReasonFacts, RuleFacts
from qushu.cases.codes.urls import urlpatterns
from qushu.cases.codes.uses import InUse
from qushu.cases.models import Category, Channel, ClockRule, LadderStep, Limit, Reason
from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.people.access import matrix
from qushu.people.models import Account, AuditEntry, Role
from qushu.people.tests.staff import log_in

from .codes import as_administrator
from .district import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(district):
    return district.people["administrator"]


def arguments() -> dict:
    return {
        "category_id": Category.objects.get(code="0101").pk,
        "code": "12345",
        "reason_id": Reason.objects.first().pk,
        "rule_id": ClockRule.objects.first().pk,
        "step_id": LadderStep.objects.first().pk,
        "limit_id": Limit.objects.first().pk,
        "number": 2060,
    }


POSTED = ("/adopt/", "/withdraw/")


def addresses() -> list[tuple[str, str]]:
    known = arguments()
    limit = {"code": Limit.objects.first().code}
    own = {one.name: known | (limit if one.name == "limit" else {}) for one in urlpatterns}
    return [
        (
            reverse(one.name, kwargs={key: own[one.name][key] for key in one.pattern.converters}),
            vars(one.callback)["action"],
        )
        for one in urlpatterns
    ]


@pytest.mark.parametrize("role", Role.values)
def test_each_role_opens_what_the_matrix_allows_and_nothing_else(district, role):
    browser = log_in(Account.objects.get(username=f"t-{role}"))
    wrong = []
    for url, action in addresses():
        answer = browser.post(url) if url.endswith(POSTED) else browser.get(url)
        allowed = matrix()[action][role] != "-"
        if answer.status_code not in ((200, 302) if allowed else (403,)):
            wrong.append((url, answer.status_code))
    assert wrong == []


def test_a_visitor_is_led_to_the_login_page(district):
    for url, _ in addresses():
        answer = Client().post(url) if url.endswith(POSTED) else Client().get(url)
        assert answer.status_code == 302 and answer["Location"].startswith("/login/"), url


def test_no_address_can_be_taken_for_a_case_number():
    assert all(not str(one.pattern).startswith("cases/") for one in urlpatterns)


def test_one_entry_of_the_navigation_leads_to_all_code_tables(district):
    browser = as_administrator()
    for page in ("/admin/codes/", "/admin/codes/channels/", "/admin/codes/reasons/"):
        words = browser.get(page).content.decode()
        assert '<a href="/admin/codes/" aria-current="page"' in words.replace("\n", "")
        assert "/admin/codes/reasons/" in words


def test_a_channel_is_added_renamed_and_switched_off(district, admin):
    actions.add_channel(admin, "letter", ChannelFacts("来信", 80), MONDAY)
    actions.change_channel(admin, "letter", ChannelFacts("市民来信", 90, False), MONDAY)
    letter = Channel.objects.get(code="letter")
    assert (letter.name, letter.order, letter.active) == ("市民来信", 90, False)
    entry = AuditEntry.objects.get(action="channel.changed")
    assert entry.data == {"name": ["来信", "市民来信"], "order": [80, 90], "active": [True, False]}


def test_a_channel_that_a_rule_names_or_a_way_in_writes_is_not_switched_off(district, admin):
    first = ClockRule.objects.filter(clock="contact").order_by("priority").first()
    wechat = Channel.objects.get(code="wechat")
    rule = actions.add_rule(admin, RuleFacts("contact", 60, "natural_minutes", channel=wechat), first.pk, None, MONDAY)
    with pytest.raises(InUse) as refused:
        actions.change_channel(admin, "wechat", ChannelFacts("微信", 50, False), MONDAY)
    assert [use.link for use in refused.value.uses] == [f"/admin/clocks/rules/{rule.pk}/"]
    with pytest.raises(Refused, match="网上信箱用它"):
        actions.change_channel(admin, "mailbox", ChannelFacts("网上信箱", 30, False), MONDAY)
    page = as_administrator().post("/admin/codes/channels/wechat/", {"name": "微信", "order": "50"})
    assert page.status_code == 422 and f"/admin/clocks/rules/{rule.pk}/" in page.content.decode()


@pytest.mark.parametrize(
    ("code", "facts"),
    [("12345", ChannelFacts("新")), ("x y", ChannelFacts("新")), ("x", ChannelFacts("")), ("x", ChannelFacts("微信"))],
)
def test_a_taken_or_malformed_channel_is_refused(district, admin, code, facts):
    with pytest.raises(Refused):
        actions.add_channel(admin, code, facts, MONDAY)
    with pytest.raises(Missing):
        actions.change_channel(admin, "nowhere", ChannelFacts("新"), MONDAY)


def test_a_reason_is_added_changed_and_switched_off(district, admin):
    made = actions.add_reason(admin, "return", "holiday", ReasonFacts("节假日无人"), MONDAY)
    actions.change_reason(admin, made.pk, ReasonFacts("放假期间无人", "规定", "", False), MONDAY)
    made.refresh_from_db()
    assert (made.name, made.basis, made.active) == ("放假期间无人", "规定", False)
    assert AuditEntry.objects.get(action="reason.changed").subject == "reason:return/holiday"


def test_the_last_reason_of_a_move_stays(district, admin):
    one, *others = Reason.objects.filter(move="shelve")
    Reason.objects.filter(pk__in=[other.pk for other in others]).update(active=False)
    with pytest.raises(Refused, match="唯一"):
        actions.change_reason(admin, one.pk, ReasonFacts(one.name, active=False), MONDAY)
    with pytest.raises(Missing):
        actions.change_reason(admin, 0, ReasonFacts("新"), MONDAY)


@pytest.mark.parametrize(
    ("move", "code", "name"),
    [("lunch", "a", "新"), ("return", "not_ours", "新"), ("return", "a", "不属于本辖区"), ("return", "a", " ")],
)
def test_a_taken_or_unknown_reason_is_refused(district, admin, move, code, name):
    with pytest.raises(Refused):
        actions.add_reason(admin, move, code, ReasonFacts(name), MONDAY)


@pytest.mark.parametrize("role", [role for role in Role.values if role != "administrator"])
def test_nobody_else_may_change_channels_or_reasons(district, role):
    person, reason = district.people[role], Reason.objects.first()
    for change in (
        lambda: actions.add_channel(person, "letter", ChannelFacts("来信"), MONDAY),
        lambda: actions.change_channel(person, "12345", ChannelFacts("热线"), MONDAY),
        lambda: actions.add_reason(person, "return", "a", ReasonFacts("新"), MONDAY),
        lambda: actions.change_reason(person, reason.pk, ReasonFacts("新"), MONDAY),
    ):
        with pytest.raises(Forbidden):
            change()
    assert not AuditEntry.objects.exists()


def test_the_pages_add_and_change_channels_and_reasons(district):
    browser = as_administrator()
    assert (
        browser.post(
            "/admin/codes/channels/new/", {"code": "letter", "name": "来信", "order": "80", "active": "on"}
        ).status_code
        == 302
    )
    assert (
        browser.post("/admin/codes/channels/letter/", {"name": "市民来信", "order": "80", "active": "on"}).status_code
        == 302
    )
    assert "市民来信" in browser.get("/admin/codes/channels/").content.decode()
    said = {"move": "return", "code": "holiday", "name": "节假日", "active": "on"}
    assert browser.post("/admin/codes/reasons/new/", said).status_code == 302
    assert browser.post("/admin/codes/reasons/new/", said).status_code == 422
    made = Reason.objects.get(code="holiday")
    assert browser.post(f"/admin/codes/reasons/{made.pk}/", {"name": "放假", "active": "on"}).status_code == 302
    found = browser.get("/admin/codes/reasons/", {"q": "放假", "move": "return", "state": "active"}).content.decode()
    assert "放假" in found and "不属于本辖区" not in found


def test_the_lists_ask_the_database_no_more_for_many_rows(district, django_assert_max_num_queries):
    browser = as_administrator()
    browser.get("/admin/codes/")
    for page in (
        "/admin/codes/",
        "/admin/codes/?q=0",
        "/admin/codes/reasons/",
        "/admin/clocks/",
        "/admin/clocks/ladder/",
    ):
        with django_assert_max_num_queries(16):
            assert browser.get(page).status_code == 200
