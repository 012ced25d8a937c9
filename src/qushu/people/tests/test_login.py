from datetime import timedelta

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher, make_password
from django.test import Client
from django.utils import timezone

from qushu.people import login, passwords
from qushu.people.login import check_password, count_failure, is_locked
from qushu.people.models import Account, AuditEntry, SignIn

from .staff import NOON, PASSWORD, later, log_in, make_account

pytestmark = pytest.mark.django_db
HERE = "10.0.0.7"


def enter(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": username, "password": password, **more})


def test_the_right_password_logs_in_and_is_written_down():
    account = make_account("agent", username="agent")
    client = Client()
    answer = enter(client, "agent")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200
    account.refresh_from_db()
    assert account.last_login is not None
    assert AuditEntry.objects.filter(action="login.succeeded", subject="account:agent", account=account).count() == 1


def test_the_session_key_changes_at_login():
    make_account("agent", username="agent")
    client = Client()
    session = client.session
    session["draft"] = "before"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    enter(client, "agent")
    after = client.cookies["sessionid"].value
    assert after != before
    assert client.get("/account/").status_code == 200
    stale = Client()
    stale.cookies["sessionid"] = before
    assert stale.get("/account/").status_code == 302


def test_after_login_one_returns_to_the_page_one_came_from():
    make_account("agent", username="agent")
    client = Client()
    door = client.get("/account/")
    assert door["Location"] == "/login/?next=%2Faccount%2F"
    page = client.get(door["Location"])
    assert b'name="next" value="/account/"' in page.content
    assert enter(client, "agent", next="/account/")["Location"] == "/account/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_login_never_leads_to_another_site(elsewhere):
    make_account("agent", username="agent")
    assert enter(Client(), "agent", next=elsewhere)["Location"] == "/"


def test_a_wrong_password_an_unknown_a_disabled_and_a_locked_account_get_the_same_answer():
    make_account("agent", username="agent")
    make_account("agent", username="gone", is_active=False)
    make_account("agent", username="shut", locked_until=timezone.now() + timedelta(minutes=5))
    answers = [
        enter(Client(), "agent", "wrong-password"),
        enter(Client(), "nobody-at-all"),
        enter(Client(), "gone"),
        enter(Client(), "shut"),
    ]
    said = [answer.context["form"].non_field_errors() for answer in answers]
    assert [answer.status_code for answer in answers] == [422] * 4
    assert said == [said[0]] * 4
    assert not SignIn.objects.exists()


@pytest.mark.parametrize("username", ["agent", "nobody-at-all", "gone", "shut", "sleeper"])
def test_every_wrong_login_costs_exactly_one_hash_so_that_time_tells_nothing(monkeypatch, username):
    make_account("agent", username="agent")
    make_account("agent", username="gone", is_active=False)
    make_account("agent", username="shut", locked_until=later(minutes=5))
    make_account("agent", username="sleeper", password=make_password(None))
    hashes, encode = [], ScryptPasswordHasher.encode
    monkeypatch.setattr(
        ScryptPasswordHasher, "encode", lambda self, *args, **more: hashes.append(1) or encode(self, *args, **more)
    )
    assert check_password(username, "some-other-password", HERE, NOON) is None
    assert len(hashes) == 1


def test_an_address_that_tries_too_often_is_answered_as_slowly_as_others(monkeypatch):
    monkeypatch.setattr(login, "TRIES_PER_ADDRESS", 0)
    hashed = []
    monkeypatch.setattr(passwords, "make_password", lambda password: hashed.append(password))
    assert check_password(make_account("agent").username, PASSWORD, HERE, NOON) is None
    assert hashed == [PASSWORD]


def test_five_failures_lock_for_fifteen_minutes():
    account = make_account("agent")
    for _ in range(5):
        assert check_password(account.username, "wrong", HERE, NOON) is None
    assert check_password(account.username, PASSWORD, HERE, later(minutes=14)) is None
    assert check_password(account.username, PASSWORD, HERE, later(minutes=15, seconds=1)) == account
    assert AuditEntry.objects.filter(action="login.locked", subject=f"account:{account.username}").count() == 1


def test_tries_while_locked_do_not_lengthen_the_lock():
    account = make_account("agent", failed_logins=5, locked_until=later(minutes=15))
    check_password(account.username, "wrong", HERE, later(minutes=1))
    account.refresh_from_db()
    assert (account.failed_logins, account.locked_until) == (5, later(minutes=15))


def test_failures_after_a_lock_lock_longer():
    account = make_account("agent", failed_logins=9)
    count_failure(account, "login.failed", HERE, NOON)
    account.refresh_from_db()
    assert account.locked_until == later(minutes=30)


def test_a_login_forgets_earlier_failures():
    account = make_account("agent", failed_logins=4)
    enter(Client(), account.username)
    account.refresh_from_db()
    assert account.failed_logins == 0
    assert not is_locked(account, NOON)


def test_an_address_that_tries_too_often_is_turned_away_even_with_the_right_password(monkeypatch):
    monkeypatch.setattr(login, "TRIES_PER_ADDRESS", 3)
    account = make_account("agent")
    for _ in range(3):
        assert check_password(account.username, PASSWORD, HERE, NOON) == account
    assert check_password(account.username, PASSWORD, HERE, NOON) is None
    assert check_password(account.username, PASSWORD, "10.0.0.8", NOON) == account
    assert check_password(account.username, PASSWORD, HERE, later(minutes=16)) == account


def test_logout_ends_the_session_and_is_written_down():
    account = make_account("agent")
    client = log_in(account)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/account/").status_code == 302
    assert not SignIn.objects.filter(account=account).exists()
    assert AuditEntry.objects.filter(action="logout", account=account).exists()


def test_login_needs_the_csrf_token():
    make_account("agent", username="agent")
    assert enter(Client(enforce_csrf_checks=True), "agent").status_code == 403


def test_who_must_change_the_password_can_do_nothing_else_first():
    account = make_account("administrator", must_change_password=True)
    client = Client()
    assert enter(client, account.username)["Location"].startswith("/account/password/")
    for page in ("/account/", "/notices/", "/admin/accounts/"):
        assert client.get(page)["Location"] == "/account/password/"
    answer = client.post(
        "/account/password/", {"present": PASSWORD, "new": "Lanjiang-2026-x", "again": "Lanjiang-2026-x"}
    )
    assert answer.status_code == 302
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short", "至少 10 个字符"),
        ("password1234", "太常见"),
        ("202611230042", "不能全是数字"),
        (PASSWORD, "不能和现在的密码相同"),
        ("my-agent-pass", "不能包含账号"),
    ],
)
def test_a_weak_new_password_is_refused_with_the_reason(new, words):
    client = log_in(make_account("agent", username="agent"))
    answer = client.post("/account/password/", {"present": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Account.objects.get(username="agent").check_password(PASSWORD)


def test_a_wrong_present_password_or_two_different_new_ones_change_nothing():
    client = log_in(make_account("agent", username="agent"))
    good = "Lanjiang-2026-x"
    wrong = client.post("/account/password/", {"present": "nope", "new": good, "again": good})
    assert "现在的密码不对" in wrong.content.decode()
    differing = client.post("/account/password/", {"present": PASSWORD, "new": good, "again": good + "y"})
    assert "不一样" in differing.content.decode()
    assert Account.objects.get(username="agent").check_password(PASSWORD)


def test_guessing_the_present_password_in_an_open_session_is_limited():
    client = log_in(make_account("agent"))
    good = "Lanjiang-2026-x"
    for _ in range(10):
        client.post("/account/password/", {"present": "nope", "new": good, "again": good})
    answer = client.post("/account/password/", {"present": PASSWORD, "new": good, "again": good})
    assert "次数太多" in answer.content.decode()


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one():
    account = make_account("agent")
    here, elsewhere = log_in(account), log_in(account)
    new = "Lanjiang-2026-x"
    here.post("/account/password/", {"present": PASSWORD, "new": new, "again": new})
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    entry = AuditEntry.objects.get(action="password.changed")
    assert entry.account == account and new not in str(entry.data)
