"""What somebody types into the address of a list is answered by a page, never by an error of the server."""

import re
from itertools import zip_longest
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from qushu.hotline.seed import seed_hotline
from qushu.people.models import Account, Grant, Role
from qushu.people.tests.staff import log_in

pytestmark = pytest.mark.django_db
NUMBERS = ["²", "9" * 30, "-1", "\0"]
DAYS = ["9999-12-31", "0001-01-01", "2024-02-30"]
ALSO = ("after", "sort", "unit", "street", "from", "to")
"""Names that many lists read though their forms may not hold them."""

_FORM = re.compile(r'<form(?=[^>]*method="get")[^>]*>(.*?)</form>', re.S)
_NAME = re.compile(r'\bname="([^"]+)"')
_DATES = re.compile(r'name="([^"]+)"[^>]*type="date"|type="date"[^>]*name="([^"]+)"')


def plain_addresses(resolver: URLResolver, above: str = "/") -> list[str]:
    """Every address without a part that varies."""
    found = []
    for one in resolver.url_patterns:
        part = str(one.pattern)
        if "<" in part or "(" in part or "^" in part:
            continue
        if isinstance(one, URLPattern):
            found.append(above + part)
        else:
            found += plain_addresses(one, above + part)
    return found


def odd_questions(names: list[str], dated: set[str]) -> list[dict[str, str]]:
    """Each name alone with the value that breaks most, and all of them together with each of the others."""
    alone = [{name: DAYS[0] if name in dated else NUMBERS[0]} for name in names]
    pairs = zip_longest(NUMBERS[1:], DAYS[1:], fillvalue=DAYS[-1])
    return alone + [{name: day if name in dated else number for name in names} for number, day in pairs]


@pytest.fixture
def everyone(district) -> Client:
    """Somebody who has every role, so that no list is closed to them; a server's error is an answer here."""
    seed_hotline()
    account = Account.objects.get(username="t-supervisor")
    for role in Role.values:
        unit = district.water if role in ("unit", "unit_leader") else None
        Grant.objects.get_or_create(account=account, role=role, unit=unit)
    client = log_in(account)
    client.raise_request_exception = False
    return client


def test_odd_values_in_the_address_of_any_list_are_answered(everyone):
    lists, broken = 0, []
    for address in plain_addresses(get_resolver()):
        answer = everyone.get(address)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        forms = _FORM.findall(answer.content.decode())
        names = {name for form in forms for name in _NAME.findall(form)} - {"csrfmiddlewaretoken"}
        if not names:
            continue
        lists += 1
        dated = {first or second for form in forms for first, second in _DATES.findall(form)} | {"from", "to"}
        for asked in odd_questions(sorted(names | set(ALSO)), dated):
            odd = f"{address}?{urlencode(asked)}"
            if everyone.get(odd).status_code >= 500:
                broken.append(odd)
    assert broken == []
    assert lists > 10
