"""Two people at the same moment, each with a connection of their own, on a real PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from qushu.kernel.errors import Refused
from qushu.people import actions
from qushu.people.actors import actor_for
from qushu.people.limits import allow, use_once
from qushu.people.login import count_failure
from qushu.people.models import Account, Grant

from .staff import NOON, later, make_account

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Do all deeds at the same moment; what each gave back or the refusal it met."""
    start = Barrier(len(deeds))

    def run(deed):
        try:
            connection.ensure_connection()
            start.wait(timeout=10)
            return deed()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def test_two_administrators_who_disable_each_other_leave_one():
    first, second = make_account("administrator"), make_account("administrator")
    first_acts, second_acts = actor_for(first), actor_for(second)
    answers = at_once(
        lambda: actions.disable_account(first_acts, second.pk, "x", NOON),
        lambda: actions.disable_account(second_acts, first.pk, "x", NOON),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Refused"]
    assert Grant.objects.filter(role="administrator", account__is_active=True).count() == 1


def test_no_failure_is_lost_when_several_come_at_once():
    account = make_account("agent")
    at_once(*[lambda: count_failure(account, "login.failed", "10.0.0.7", NOON)] * 5)
    account = Account.objects.get(pk=account.pk)
    assert (account.failed_logins, account.locked_until) == (5, later(minutes=15))


def test_a_limit_holds_across_connections():
    assert sorted(at_once(*[lambda: allow("submit", 3, 60, NOON)] * 6)) == [False] * 3 + [True] * 3


def test_a_value_is_good_once_across_connections():
    assert sorted(at_once(*[lambda: use_once("captcha:1", later(minutes=1))] * 6)) == [False] * 5 + [True]
