"""People for tests of any room: accounts with a role, and a browser in which one of them is logged in."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from qushu.people.models import Account, Grant, SignIn, Unit
from qushu.places.models import Area

PASSWORD = "Ganguo-7-hanyang"
NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
"""A Wednesday, 12:00 in Shanghai."""

_numbers = count(1)


@cache
def hashed() -> str:
    """The hash of PASSWORD, made once: hashing is slow on purpose."""
    return make_password(PASSWORD)


def make_unit(code: str = "", kind: str = "department", **facts: object) -> Unit:
    """A unit."""
    code = code or f"unit{next(_numbers)}"
    return Unit.objects.create(code=code, kind=kind, **{"name": f"单位{code}", **facts})


def make_area(code: str = "420105", level: str = "district", parent: Area | None = None, **facts: object) -> Area:
    """An area that is valid since 2000."""
    kept = {"name": f"区域{code}", "valid_from": datetime(2000, 1, 1).date(), **facts}
    return Area.objects.create(code=code, level=level, parent=parent, **kept)


def make_account(*roles: str, unit: Unit | None = None, area: Area | None = None, **facts: object) -> Account:
    """An active account with these roles for the unit, the area or the whole district; its password is PASSWORD."""
    username = str(facts.pop("username", "")) or f"{'-'.join(roles) or 'nobody'}{next(_numbers)}"
    account = Account.objects.create(username=username, **{"name": username, "password": hashed(), **facts})
    for role in roles:
        Grant.objects.create(account=account, role=role, unit=unit, area=area)
    return account


def log_in(account: Account, client: Client | None = None) -> Client:
    """A client whose session is logged in without going through the login page."""
    client = client or Client()
    session = client.session
    session["account"] = account.pk
    session.save()
    now = timezone.now()
    SignIn.objects.create(
        account=account, session_key=session.session_key, begun_at=now, seen_at=now, address="127.0.0.1"
    )
    client.cookies["sessionid"] = session.session_key
    return client


def later(minutes: float = 0, seconds: float = 0) -> datetime:
    """So much after NOON."""
    return NOON + timedelta(minutes=minutes, seconds=seconds)
