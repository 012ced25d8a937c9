"""Tokens and grants are kept between requests; what takes them away counts at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qushu.people.actors import actor_for
from qushu.people.models import Account, Grant
from qushu.people.tokens import make_token, revoke_token, token_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    account = Account.objects.create(username="admin", name="管理员")
    Grant.objects.create(account=account, role="administrator")
    return account


@pytest.fixture
def made(admin):
    return make_token(actor_for(admin), "测", ["case.read"], admin, None, timezone.now())


def test_a_known_token_is_not_read_again(made, django_assert_num_queries):
    now = timezone.now()
    token_account(made[1], now)
    with django_assert_num_queries(2):  # which tables have changed: for the token, for the grants
        assert token_account(made[1], now).token_id == made[0].pk


def test_use_is_noted_once_a_minute(made):
    token, secret = made
    noon = timezone.now()
    for seconds, noted in ((0, 0), (30, 0), (60, 60)):
        token_account(secret, noon + timedelta(seconds=seconds))
        token.refresh_from_db()
        assert token.last_used_at == noon + timedelta(seconds=noted)


def test_a_revoked_token_ends_at_once(made, admin):
    now = timezone.now()
    assert token_account(made[1], now)
    revoke_token(actor_for(admin), made[0].pk, "测完", now)
    assert token_account(made[1], now) is None


def test_a_disabled_account_ends_its_tokens_at_once(made, admin):
    now = timezone.now()
    assert token_account(made[1], now)
    Account.objects.filter(pk=admin.pk).update(is_active=False)
    assert token_account(made[1], now) is None


def test_a_grant_that_is_taken_away_counts_at_once(made, admin):
    now = timezone.now()
    assert token_account(made[1], now).actor.roles == {"administrator"}
    admin.grants.all().delete()
    assert token_account(made[1], now).actor.roles == frozenset()
