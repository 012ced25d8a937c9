"""What somebody types into an address is answered by a page, never by an error of the server.

The addresses come from the URL conf, and what each reads from its query is heard while it answers: a new page is walked
without being named here.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

import qushu
from qushu.cases import actions
from qushu.hotline.assessment.freezing import freeze_period
from qushu.hotline.models import AssessmentScheme, FeedSource
from qushu.hotline.seed import seed_hotline
from qushu.hotline.tests.working import call, dispatched
from qushu.people.models import Account, Grant, Role
from qushu.people.tests.staff import log_in

pytestmark = pytest.mark.django_db
ODD = (
    ["²"], ["-1"], ["9" * 30], ["a\0b"], ["9999-12-31"], ["字" * 800], ["1", "x", "1"], ["eyJ9"], [""],
)  # fmt: skip
"""Values of a name, some of them repeated: no numbers, too large, no day, no text, overlong, no cursor."""
ALONE = (["9" * 30], ["a\0b"])
"""Those that each name is given by itself, too: another odd one would end the reading before."""
SHARES = 4
ANSWERED = {200, 301, 302, 304, 400, 401, 403, 404, 405, 409, 415, 422}
LEAST_ADDRESSES, LEAST_NAMES = 8, 30
"""Of a share; fewer would mean that the walk has lost its way."""


class Heard(dict[str, Any]):
    """What `QueryDict.dict()` gives, telling which names are read from it."""

    def __init__(self, values: dict[str, Any], names: set[str]) -> None:
        super().__init__(values)
        self.names = names

    def get(self, name: Any, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)

    def pop(self, name: Any, *default: Any) -> Any:
        self.names.add(name)
        return super().pop(name, *default)

    def __getitem__(self, name: Any) -> Any:
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)


@pytest.fixture
def heard(monkeypatch) -> set[str]:
    """The names that views read from a query, added while they answer."""
    names: set[str] = set()
    read, holds, listed, plain = QueryDict.__getitem__, QueryDict.__contains__, QueryDict.getlist, QueryDict.dict

    def noted(way: Any) -> Any:
        def note(self: QueryDict, name: Any, *more: Any) -> Any:
            names.add(str(name))
            return way(self, name, *more)

        return note

    monkeypatch.setattr(QueryDict, "__getitem__", noted(read))
    monkeypatch.setattr(QueryDict, "__contains__", noted(holds))
    monkeypatch.setattr(QueryDict, "getlist", noted(listed))
    monkeypatch.setattr(QueryDict, "dict", lambda self: Heard(plain(self), names))
    return names


@pytest.fixture
def everyone(district, settings, tmp_path) -> Client:
    """Somebody who has every role, so that no page is closed to them; a server's error is an answer here."""
    settings.HOME, settings.QUSHU_LAKE = tmp_path, str(tmp_path / "lake")
    seed_hotline()
    account = Account.objects.get(username="t-supervisor")
    for role in Role.values:
        unit = district.water if role in ("unit", "unit_leader") else None
        Grant.objects.get_or_create(account=account, role=role, unit=unit)
    client = log_in(account)
    client.raise_request_exception = False
    return client


@pytest.fixture
def arguments(district, everyone) -> dict[str, Any]:
    """For each argument of an address something that is there; for one that isn't named the first of its table."""
    case = dispatched(district)
    actions.note_case(call(district, "agent"), case.pk, "一句备注")
    source = FeedSource.objects.create(code="city", name="市平台", mapping="12345")
    scheme = AssessmentScheme.objects.filter(subject="unit").latest("effective_from")
    day = timezone.localdate() - timedelta(days=40)
    period = freeze_period(district.people["supervisor"], scheme.pk, day, day, timezone.now())
    return {
        "number": case.number, "code": source.code, "unit_id": district.water.pk, "area_id": district.street.pk,
        "account_id": district.people["agent"].account_id, "category_id": district.category.pk,
        "scheme_id": scheme.pk, "period_id": period.pk, "subject": "unit", "subject_id": 0, "measure": "overdue",
        "half": "all", "form": "csv", "format": "csv", "kind": "units", "move": "note", "move_code": "note",
    }  # fmt: skip


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address as the URL conf writes it, with its pattern."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one


def addresses(arguments: dict[str, Any]) -> Iterator[str]:
    """An address for every pattern of our own, but for what ends the session."""
    for text, one in patterns(get_resolver()):
        if not one.callback.__module__.startswith(("qushu.", "ninja")) or one.name in ("logout", "people:logout"):
            continue

        def filled(match: re.Match[str]) -> str:
            converter, _, name = match[1].rpartition(":")
            return str(arguments.get(name, 1 if converter == "int" else "x"))

        yield "/" + re.sub(r"<([^>]+)>", filled, text).replace("^", "").replace("\\Z", "").replace("$", "")


@pytest.mark.parametrize("share", range(SHARES))
def test_odd_values_in_any_address_are_answered(everyone, arguments, heard, share):
    wrong: dict[str, int] = {}
    walked = names_read = 0

    def ask(address: str, query: dict[str, list[str]]) -> int:
        with transaction.atomic():  # what breaks in the database breaks for this address alone
            answer = everyone.get(address, query)
            status = answer.status_code
            if answer.streaming:
                list(answer.streaming_content)
            transaction.set_rollback(True)
        if status not in ANSWERED:
            asked = {name: [value[:30] for value in values] for name, values in query.items()}
            wrong[f"{address} {asked}"] = status
        return status

    for address in islice(addresses(arguments), share, None, SHARES):
        heard.clear()
        if ask(address, {}) in (404, 405):
            continue
        names = set(heard)
        ask(address, dict.fromkeys(names, ["1"]))  # what is read only when something else is there
        names = sorted(names | heard)
        walked, names_read = walked + bool(names), names_read + len(names)
        for value in ODD if names else ():
            ask(address, dict.fromkeys(names, value))
        for value in ALONE if len(names) > 1 else ():
            for name in names:
                ask(address, {name: value})
    assert wrong == {}
    assert (walked >= LEAST_ADDRESSES, names_read >= LEAST_NAMES) == (True, True), (walked, names_read)


@pytest.mark.parametrize(
    ("address", "status"),
    [("/cases/?q=a%00b", 400), ("/cases/%00/", 400), ("/login/?next=1", 302), ("/cases/?q=%20", 200)],
)
def test_what_no_page_can_read_is_answered_before_it(everyone, address, status):
    answer = everyone.get(address)
    assert answer.status_code == status
    assert status != 302 or answer["Location"] == "/"


def test_numbers_are_read_in_one_way():
    """Hand-made reading of numbers breaks on ² and on thirty digits: `kernel.asked` is the one way."""
    own_way = {"kernel/asked.py", "cases/rules.py"}
    sources = Path(qushu.__file__).parent
    found = {
        str(path.relative_to(sources))
        for path in sources.rglob("*.py")
        if not {"tests", "ledger", "reports"} & set(path.relative_to(sources).parts)
        and re.search(r"\.isdecimal\(|\.isnumeric\(", path.read_text())
    }
    assert found == own_way
