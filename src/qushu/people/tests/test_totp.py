from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from qushu.people import actions
from qushu.people.actors import actor_for
from qushu.people.login import check_code
from qushu.people.models import AuditEntry
from qushu.people.totp import address_for_app, code_fits, new_secret, open_secret, qr_svg, seal_secret

from .staff import NOON, PASSWORD, later, log_in, make_account

pytestmark = pytest.mark.django_db


def with_totp(*roles: str, **facts: object):
    account = make_account(*roles, **facts)
    secret = new_secret()
    actions.switch_totp_on(account, actor_for(account), secret, NOON)
    return account, secret


def test_the_secret_is_stored_sealed_and_opens_only_for_its_account():
    account, secret = with_totp("agent")
    other = make_account("agent")
    assert secret.encode() not in bytes(account.totp_sealed)
    assert open_secret(account, account.totp_sealed) == secret
    with pytest.raises(Exception):  # noqa: B017  # whatever the vault raises, it must not open
        open_secret(other, account.totp_sealed)


def test_a_code_is_good_for_its_step_and_one_either_way():
    account, secret = with_totp("agent")
    code = pyotp.TOTP(secret).at(NOON)
    assert not code_fits(account, secret, code, later(minutes=2))
    assert code_fits(account, secret, code, later(seconds=29))


def test_a_code_works_once():
    account, secret = with_totp("agent")
    code = pyotp.TOTP(secret).at(NOON)
    assert code_fits(account, secret, f"{code[:3]} {code[3:]}", NOON)
    assert not code_fits(account, secret, code, NOON)


def test_login_takes_two_steps_when_it_is_switched_on():
    account, secret = with_totp("agent")
    client = Client()
    answer = client.post("/login/", {"username": account.username, "password": PASSWORD, "next": "/account/"})
    assert answer["Location"] == "/login/code/"
    assert client.get("/account/").status_code == 302
    assert client.get("/login/code/").status_code == 200
    code = pyotp.TOTP(secret).at(timezone.now())
    assert client.post("/login/code/", {"code": code})["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


def test_a_wrong_code_does_not_log_in_and_five_lock_the_account():
    account, _ = with_totp("agent")
    client = Client()
    client.post("/login/", {"username": account.username, "password": PASSWORD})
    for _ in range(5):
        assert client.post("/login/code/", {"code": "000000"}).status_code == 422
    assert client.get("/account/").status_code == 302
    account.refresh_from_db()
    assert account.locked_until is not None
    assert AuditEntry.objects.filter(action="login.code_failed").count() == 5


def test_a_locked_account_is_refused_even_with_the_right_code():
    account, secret = with_totp("agent", locked_until=later(minutes=10))
    assert not check_code(account, pyotp.TOTP(secret).at(NOON), "10.0.0.7", NOON)


def test_the_second_step_needs_the_first_within_five_minutes():
    assert Client().get("/login/code/")["Location"] == "/login/?why=half"
    account, _ = with_totp("agent")
    client = Client()
    client.post("/login/", {"username": account.username, "password": PASSWORD})
    session = client.session
    session["half_way"] = {**session["half_way"], "until": (timezone.now() - timedelta(seconds=1)).timestamp()}
    session.save()
    assert client.get("/login/code/")["Location"] == "/login/?why=half"


def test_switching_on_shows_a_qr_code_and_keeps_the_secret_only_after_a_right_code():
    account = make_account("agent")
    client = log_in(account)
    secret = client.get("/account/totp/").context["secret"]
    picture = client.get("/account/totp/qr.svg")
    assert (
        picture["Content-Type"] == "image/svg+xml" and b"<svg" in picture.content and b"style=" not in picture.content
    )
    assert client.post("/account/totp/", {"code": "000000"}).status_code == 422
    account.refresh_from_db()
    assert account.totp_sealed is None
    assert client.get("/account/totp/").context["secret"] == secret
    client.post("/account/totp/", {"code": pyotp.TOTP(secret).at(timezone.now())})
    account.refresh_from_db()
    assert open_secret(account, account.totp_sealed) == secret
    assert client.get("/account/totp/qr.svg").status_code == 404


def test_switching_off_needs_the_password():
    account, _ = with_totp("agent")
    client = log_in(account)
    client.post("/account/totp/off/", {"password": "wrong"})
    account.refresh_from_db()
    assert account.totp_sealed is not None
    client.post("/account/totp/off/", {"password": PASSWORD})
    account.refresh_from_db()
    assert account.totp_sealed is None


def test_an_administrator_can_reset_it():
    account, _ = with_totp("agent")
    actions.reset_totp(actor_for(make_account("administrator")), account.pk, "手机遗失", NOON)
    account.refresh_from_db()
    assert account.totp_sealed is None
    assert AuditEntry.objects.get(action="account.totp_reset").reason == "手机遗失"


def test_the_address_in_the_qr_code_names_the_account_and_the_platform():
    account, secret = make_account("agent", username="zhang"), new_secret()
    address = address_for_app(account, secret)
    assert address.startswith("otpauth://totp/") and f"secret={secret}" in address and "zhang" in address
    assert qr_svg(address).startswith(b"<?xml")


def test_two_accounts_with_one_secret_store_different_bytes():
    secret = new_secret()
    assert seal_secret(make_account("agent"), secret) != seal_secret(make_account("agent"), secret)
