"""What the tests of the code tables share."""

from django.test import Client

from qushu.people.models import Account
from qushu.people.tests.staff import log_in


def as_administrator() -> Client:
    """The browser of the district's administrator."""
    return log_in(Account.objects.get(username="t-administrator"))
