from datetime import timedelta

import pytest
from django.utils import timezone

from qushu.kernel.errors import Forbidden, Refused
from qushu.people import actions
from qushu.people.actors import actor_for
from qushu.people.models import Account, AuditEntry, Grant, SignIn

from .staff import NOON, PASSWORD, log_in, make_account, make_area, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return make_account("administrator", username="boss")


@pytest.fixture
def page(boss):
    return log_in(boss)


def said(answer) -> str:
    return answer.content.decode()


def audited(action: str, account: Account) -> AuditEntry:
    return AuditEntry.objects.get(action=action, subject=f"account:{account.username}")


def test_a_new_account_gets_a_password_that_is_shown_once_and_must_be_changed(page):
    answer = page.post("/admin/accounts/new/", {"username": "zhang", "name": "张伟", "phone": "84"})
    account = Account.objects.get(username="zhang")
    password = answer.context["password"]
    assert account.check_password(password) and account.must_change_password
    assert password in said(answer)
    assert password not in said(page.get(f"/admin/accounts/{account.pk}/"))
    entry = audited("account.created", account)
    assert entry.account.username == "boss" and password not in str(entry.data)


@pytest.mark.parametrize(("username", "words"), [("BOSS", "已经有人使用"), ("张伟", "账号须为")])
def test_a_taken_or_malformed_name_is_refused_and_nothing_is_made(page, username, words):
    answer = page.post("/admin/accounts/new/", {"username": username, "name": "某人"})
    assert answer.status_code == 422 and words in said(answer)
    assert Account.objects.count() == 1


def test_name_and_number_can_be_changed_and_the_trail_holds_both_values(page):
    account = make_account("agent", name="张伟")
    page.post(f"/admin/accounts/{account.pk}/", {"name": "张卫", "phone": "8484"})
    account.refresh_from_db()
    assert (account.name, account.phone) == ("张卫", "8484")
    assert audited("account.changed", account).data == {"name": ["张伟", "张卫"], "phone": ["", "8484"]}


def test_saving_without_a_change_writes_nothing_down(boss):
    account = make_account("agent", name="张伟")
    actions.change_account(actor_for(boss), account.pk, "张伟", "", NOON)
    assert not AuditEntry.objects.exists()


def test_disabling_needs_a_reason_and_ends_sessions(page):
    account = make_account("agent")
    log_in(account)
    page.post(f"/admin/accounts/{account.pk}/disable/", {"reason": ""})
    account.refresh_from_db()
    assert account.is_active
    page.post(f"/admin/accounts/{account.pk}/disable/", {"reason": "调离"})
    account.refresh_from_db()
    assert not account.is_active and not SignIn.objects.filter(account=account).exists()
    assert audited("account.disabled", account).reason == "调离"
    page.post(f"/admin/accounts/{account.pk}/enable/")
    account.refresh_from_db()
    assert account.is_active


def test_nobody_disables_the_own_account(boss, page):
    make_account("administrator")
    assert "不能停用自己" in said(page.post(f"/admin/accounts/{boss.pk}/disable/", {"reason": "x"}, follow=True))
    boss.refresh_from_db()
    assert boss.is_active


def test_the_last_administrator_who_can_log_in_stays(boss):
    gone = make_account("administrator", is_active=False)
    helper = make_account("agent", username="helper")
    Grant.objects.create(account=helper, role="administrator")
    helper_acts = actor_for(helper)
    Account.objects.filter(pk=helper.pk).update(is_active=False)
    with pytest.raises(Refused, match="最后一个"):
        actions.disable_account(helper_acts, boss.pk, "x", NOON)
    with pytest.raises(Refused, match="最后一个"):
        actions.remove_grant(helper_acts, boss.pk, boss.grants.get().pk, NOON)
    actions.remove_grant(helper_acts, gone.pk, gone.grants.get().pk, NOON)


def test_resetting_a_password_shows_a_new_one_once_ends_sessions_and_unlocks(page):
    account = make_account("agent", failed_logins=5, locked_until=timezone.now() + timedelta(hours=1))
    log_in(account)
    answer = page.post(f"/admin/accounts/{account.pk}/reset-password/")
    account.refresh_from_db()
    assert account.check_password(answer.context["password"]) and not account.check_password(PASSWORD)
    assert (account.must_change_password, account.locked_until, account.failed_logins) == (True, None, 0)
    assert not SignIn.objects.filter(account=account).exists()


def test_a_lockout_can_be_lifted_early(page):
    account = make_account("agent", failed_logins=5, locked_until=timezone.now() + timedelta(hours=1))
    assert "解锁" in said(page.get(f"/admin/accounts/{account.pk}/"))
    page.post(f"/admin/accounts/{account.pk}/unlock/")
    account.refresh_from_db()
    assert (account.locked_until, account.failed_logins) == (None, 0)


def test_roles_are_given_and_taken_for_a_unit_an_area_or_all(page):
    account, unit, area = make_account(), make_unit("cgj"), make_area()
    add = f"/admin/accounts/{account.pk}/add-grant/"
    page.post(add, {"role": "unit", "unit": unit.pk})
    page.post(add, {"role": "analyst", "area": area.pk})
    page.post(add, {"role": "agent"})
    held = set(account.grants.values_list("role", "unit", "area"))
    assert held == {("unit", unit.pk, None), ("analyst", None, area.pk), ("agent", None, None)}
    page.post(f"/admin/accounts/{account.pk}/remove-grant/", {"grant": account.grants.get(role="agent").pk})
    assert account.grants.count() == 2
    assert AuditEntry.objects.filter(action__in=["grant.added", "grant.removed"]).count() == 4


@pytest.mark.parametrize(
    ("sent", "words"),
    [({"role": "unit"}, "须指定单位"), ({"role": "boss"}, "没有授权"), ({"role": "agent"}, "已有这项授权")],
)
def test_a_grant_that_does_not_fit_is_refused_in_words(page, sent, words):
    account = make_account("agent")
    answer = page.post(f"/admin/accounts/{account.pk}/add-grant/", sent, follow=True)
    assert words in said(answer)
    assert account.grants.count() == 1


def test_a_new_role_holds_from_the_next_request_on(page):
    account = make_account()
    theirs = log_in(account)
    assert theirs.get("/admin/accounts/").status_code == 403
    page.post(f"/admin/accounts/{account.pk}/add-grant/", {"role": "administrator"})
    assert theirs.get("/admin/accounts/").status_code == 200


def test_sessions_of_an_account_can_be_ended_one_by_one_or_all(page):
    account = make_account("agent")
    first, second, third = (log_in(account) for _ in range(3))
    one = SignIn.objects.get(session_key=first.session.session_key)
    page.post(f"/admin/accounts/{account.pk}/end-sessions/", {"session": one.pk})
    assert [c.get("/account/").status_code for c in (first, second, third)] == [302, 200, 200]
    page.post(f"/admin/accounts/{account.pk}/end-sessions/")
    assert [c.get("/account/").status_code for c in (second, third)] == [302, 302]


def test_without_the_right_nothing_is_changed_even_past_the_page():
    agent, account = make_account("agent"), make_account("unit", unit=make_unit())
    for attempt in (
        lambda: actions.create_account(actor_for(agent), "x1", "x", "", NOON),
        lambda: actions.change_account(actor_for(agent), account.pk, "x", "", NOON),
        lambda: actions.disable_account(actor_for(agent), account.pk, "", NOON),
        lambda: actions.enable_account(actor_for(agent), account.pk, NOON),
        lambda: actions.unlock_account(actor_for(agent), account.pk, NOON),
        lambda: actions.reset_password(actor_for(agent), account.pk, NOON),
        lambda: actions.reset_totp(actor_for(agent), account.pk, "", NOON),
        lambda: actions.end_account_sessions(actor_for(agent), account.pk, NOON),
        lambda: actions.add_grant(actor_for(agent), agent.pk, "administrator", NOON),
        lambda: actions.remove_grant(actor_for(agent), account.pk, account.grants.get().pk, NOON),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert Account.objects.count() == 2 and not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"boss", "zhang", "li", "off"}),
        ("q=张", {"zhang"}),
        ("q=LI", {"li"}),
        ("role=unit", {"li"}),
        ("state=disabled", {"off"}),
        ("state=locked", {"zhang"}),
        ("role=nonsense", {"boss", "zhang", "li", "off"}),
    ],
)
def test_the_list_is_narrowed_by_the_address(page, query, found):
    make_account("agent", username="zhang", name="张伟", locked_until=timezone.now() + timedelta(hours=1))
    make_account("unit", unit=make_unit("cgj"), username="li")
    make_account(username="off", is_active=False)
    assert {one.username for one in page.get(f"/admin/accounts/?{query}").context["page"]} == found


def test_the_list_asks_the_database_no_more_for_many_accounts(page, django_assert_max_num_queries):
    unit = make_unit()
    for _ in range(12):
        make_account("unit", unit=unit)
    with django_assert_max_num_queries(16):
        page.get("/admin/accounts/")


def test_an_unknown_verb_is_not_found(page, boss):
    assert page.post(f"/admin/accounts/{boss.pk}/promote/").status_code == 404
    assert page.get(f"/admin/accounts/{boss.pk}/disable/").status_code == 405
