from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from qushu.people import actions
from qushu.people.actors import actor_for
from qushu.people.addresses import address_of
from qushu.people.models import AuditEntry, SignIn
from qushu.people.sessions import find_session, forget_ended

from .staff import NOON, PASSWORD, later, log_in, make_account

pytestmark = pytest.mark.django_db


def signed(account, key="k", begun_at=NOON, seen_at=NOON):
    return SignIn.objects.create(account=account, session_key=key, begun_at=begun_at, seen_at=seen_at)


def test_the_fourth_login_ends_the_oldest_of_three(settings):
    settings.QUSHU_SESSIONS = 3
    account = make_account("agent")
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.post("/login/", {"username": account.username, "password": PASSWORD})
    assert [client.get("/account/").status_code for client in clients] == [302, 200, 200, 200]
    assert AuditEntry.objects.get(action="login.sessions_ended").data == {"ended": 1}


def test_how_many_sessions_an_account_may_have_is_a_setting(settings):
    settings.QUSHU_SESSIONS = 1
    account = make_account("agent")
    first, second = Client(), Client()
    for client in (first, second):
        client.post("/login/", {"username": account.username, "password": PASSWORD})
    assert first.get("/account/").status_code == 302
    assert second.get("/account/").status_code == 200


def test_a_session_ends_when_nothing_was_done_for_the_idle_limit(settings):
    settings.QUSHU_IDLE_MINUTES = 30
    account = make_account("agent")
    signed(account)
    assert find_session("k", later(minutes=29)).sign_in is not None
    SignIn.objects.update(seen_at=NOON)
    found = find_session("k", later(minutes=31))
    assert found.sign_in is None and found.was_idle
    assert not SignIn.objects.exists()


def test_a_session_ends_after_its_longest_time_however_busy_it_is(settings):
    settings.SESSION_COOKIE_AGE = 3600
    signed(make_account("agent"), seen_at=later(minutes=60))
    assert find_session("k", later(minutes=61)).sign_in is None


def test_the_last_request_is_noted_once_a_minute():
    account = make_account("agent")
    signed(account)
    find_session("k", later(seconds=59))
    assert SignIn.objects.get().seen_at == NOON
    find_session("k", later(seconds=61))
    assert SignIn.objects.get().seen_at == later(seconds=61)


def test_a_disabled_account_is_out_at_once():
    account, boss = make_account("agent"), make_account("administrator")
    client = log_in(account)
    actions.disable_account(actor_for(boss), account.pk, "离职", timezone.now())
    assert client.get("/account/").status_code == 302
    assert find_session("unknown", NOON).sign_in is None


def test_a_disabled_account_is_out_even_if_its_session_row_was_left():
    signed(make_account("agent", is_active=False))
    assert find_session("k", NOON).sign_in is None


def test_one_can_log_out_everywhere_else_and_one_by_one():
    account = make_account("agent")
    here, second, third = log_in(account), log_in(account), log_in(account)
    theirs = SignIn.objects.get(session_key=second.session.session_key)
    here.post("/account/sessions/end/", {"session": theirs.pk})
    assert [c.get("/account/").status_code for c in (here, second, third)] == [200, 302, 200]
    here.post("/account/sessions/end/")
    assert [c.get("/account/").status_code for c in (here, third)] == [200, 302]
    assert AuditEntry.objects.filter(action="logout.everywhere", account=account).exists()


def test_nobody_ends_the_session_of_somebody_else():
    mine, theirs = make_account("agent"), make_account("agent")
    here, there = log_in(mine), log_in(theirs)
    here.post("/account/sessions/end/", {"session": SignIn.objects.get(account=theirs).pk})
    assert there.get("/account/").status_code == 200


def test_who_was_idle_is_told_why_the_login_page_appears():
    account = make_account("agent")
    client = log_in(account)
    SignIn.objects.update(seen_at=timezone.now() - timedelta(hours=3))
    door = client.get("/account/")
    assert "why=idle" in door["Location"]
    assert "已自动退出" in client.get(door["Location"]).content.decode()
    assert "why=ended" in client.get("/account/")["Location"]


def test_an_htmx_request_without_a_session_leads_the_whole_page_to_login():
    answer = Client().get(
        "/notices/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/admin/units/?q=1"}
    )
    assert answer["HX-Redirect"] == "/login/?next=%2Fadmin%2Funits%2F%3Fq%3D1"


def test_a_form_sent_without_a_session_returns_to_the_page_that_held_it():
    answer = Client().post("/notices/read/", headers={"Referer": "http://testserver/notices/"})
    assert answer["Location"] == "/login/?next=%2Fnotices%2F"
    foreign = Client().post("/notices/read/", headers={"Referer": "http://evil.example/notices/"})
    assert foreign["Location"] == "/login/?next=%2F"


def test_answers_to_a_logged_in_person_stay_out_of_shared_caches():
    answer = log_in(make_account("agent")).get("/account/")
    assert "private" in answer["Cache-Control"]
    assert "Cookie" in answer["Vary"]


def test_the_address_is_the_proxys_word_only_when_there_is_a_proxy(settings):
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "6.6.6.6, 10.1.2.3"}, REMOTE_ADDR="127.0.0.1")
    assert address_of(request) == "127.0.0.1"
    settings.QUSHU_BEHIND_PROXY = True
    assert address_of(request) == "10.1.2.3"


def test_tidying_drops_ended_sessions_and_keeps_live_ones(settings):
    settings.QUSHU_IDLE_MINUTES, settings.SESSION_COOKIE_AGE = 60, 8 * 3600
    account = make_account("agent")
    signed(account, "idle", seen_at=later(minutes=-61), begun_at=later(minutes=-90))
    signed(account, "old", seen_at=NOON, begun_at=later(minutes=-8 * 60 - 1))
    signed(account, "live")
    for key, expires in (("gone", later(minutes=-1)), ("kept", later(minutes=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    assert forget_ended(NOON) == 2
    assert SignIn.objects.get().session_key == "live"
    assert Session.objects.get().session_key == "kept"
