"""What somebody types into the address of a list is answered by a page, never by an error of the server."""

import pytest
from django.test import Client
from django.urls import reverse

from qushu.people.models import Account, Grant, Role
from qushu.people.tests.staff import log_in

pytestmark = pytest.mark.django_db
ODD = ["²", "9" * 30, "-1", "9999-12-31", "2024-02-30"]
LISTS = {
    "case-list": ("unit", "street", "category", "from", "to", "after", "q"),
    "dispatch-queue": ("street", "waiting"),
    "supervision": ("unit", "category"),
    "follow-up": ("unit", "waiting"),
    "people:audit": ("since", "until"),
    "calendar": ("year", "day"),
    "duty": ("day",),
    "assessment": ("after", "before", "month"),
}
"""The lists by the name of their address, with names that they read as numbers or days."""


@pytest.fixture
def everyone(district) -> Client:
    """Somebody who has every role, so that no list is closed to them; a server's error is an answer here."""
    account = Account.objects.get(username="t-supervisor")
    for role in Role.values:
        unit = district.water if role in ("unit", "unit_leader") else None
        Grant.objects.get_or_create(account=account, role=role, unit=unit)
    client = log_in(account)
    client.raise_request_exception = False
    return client


def test_odd_values_in_the_address_of_a_list_are_answered(everyone):
    statuses = {
        (name, asked, value): everyone.get(reverse(name), {asked: value}).status_code
        for name, names in LISTS.items()
        for asked in names
        for value in ODD
    }
    assert {asked: status for asked, status in statuses.items() if status not in (200, 302, 422)} == {}
