import pytest

from qushu.people.actors import actor_for
from qushu.people.first_accounts import ensure_first_accounts
from qushu.people.models import Account, Role

from .staff import NOON, make_account, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    """Nine accounts a test; how slow the hash is, is not what is tested here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_every_role_gets_an_account_that_can_log_in():
    make_unit("cgj")
    made = ensure_first_accounts(NOON)
    assert [role for role, _, _ in made] == Role.values
    for role, username, password in made:
        account = Account.objects.get(username=username)
        assert account.check_password(password) and not account.must_change_password
        assert actor_for(account).roles == {role}
    assert len({password for _, _, password in made}) == len(made)


def test_the_two_people_of_a_unit_share_a_real_department():
    make_unit("aaa_street", kind="street")
    unit = make_unit("cgj")
    ensure_first_accounts(NOON)
    for username in ("unit", "unit_leader"):
        assert Account.objects.get(username=username).grants.get().unit == unit


def test_a_second_run_makes_nothing():
    make_unit()
    ensure_first_accounts(NOON)
    assert ensure_first_accounts(NOON) == []
    assert Account.objects.count() == len(Role)


def test_people_of_the_demo_who_can_not_log_in_do_not_count():
    make_unit()
    sleeper = make_account("agent", username="agent")
    sleeper.set_unusable_password()
    sleeper.save()
    made = {role: username for role, username, _ in ensure_first_accounts(NOON)}
    assert made["dispatcher"] == "dispatcher"
    assert made["agent"].startswith("agent-")


def test_a_centre_with_people_who_log_in_gets_no_accounts():
    make_unit()
    make_account("administrator")
    assert ensure_first_accounts(NOON) == []


def test_without_units_there_is_an_administrator_but_nobody_for_a_unit(caplog):
    made = {role for role, _, _ in ensure_first_accounts(NOON)}
    assert made == set(Role.values) - {"unit", "unit_leader"}
    assert "no department among the units" in caplog.text
