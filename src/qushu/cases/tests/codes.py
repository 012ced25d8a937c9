"""What the tests of the code tables share."""

import os
from urllib.parse import urlsplit, urlunsplit

from django.db import connection
from django.test import Client

from qushu.people.models import Account
from qushu.people.tests.staff import log_in


def as_administrator() -> Client:
    """The browser of the district's administrator."""
    return log_in(Account.objects.get(username="t-administrator"))


def own_address() -> str:
    """The address of this test's own database, for another process or connection."""
    address = urlsplit(os.environ["QUSHU_DATABASE_URL"])
    return urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))
