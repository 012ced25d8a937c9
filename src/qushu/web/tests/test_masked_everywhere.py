"""Nobody's data in free text is shown to anybody who didn't reveal it: every kind of page, file and answer, for every role."""

import io
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qushu.cases.exports import LISTS
from qushu.cases.models import Assignment, Case
from qushu.cases.sheet import sheet_of
from qushu.hotline.work.queries import CALL_TABS, COUNTED_TABS, INBOX_STATES
from qushu.people.access import may_at_all
from qushu.people.actors import actor_for
from qushu.people.models import Account, AuditEntry, Role
from qushu.people.tests.staff import log_in
from qushu.web.tests.planted import PHONE, SAID, SECRETS, Planted
from qushu.web.tests.walking import LINK, PART, kind_of, links_of, where

pytestmark = pytest.mark.django_db
HANDOVERS = {"handover", "handover-page", "handover-print"}
"""What a shift hands to the next is read in the clear by those to whom it is handed."""

FEWEST_KINDS = 100
OF_WORDS = {
    "cases", "dispatch", "inbox", "supervision", "follow_up", "reviews", "orders", "answered-orders", "handovers", "matters",
    "search", "warnings",
}  # fmt: skip
"""Lists in which the planted words stand, and so are seen when they are asked for in the clear."""

TABS = {"inbox": INBOX_STATES, "supervision": COUNTED_TABS, "follow_up": CALL_TABS}
"""Those that show one tab at a time."""


@pytest.fixture
def planted(district, settings, tmp_path: Path):
    settings.MEDIA_ROOT, settings.QUSHU_LAKE = tmp_path / "uploads", str(tmp_path / "lake")
    Planted(district).everything()
    return district


@pytest.fixture
def planted_case(district) -> Case:
    return Planted(district).resolved()


def told(body: str) -> list[str]:
    return [secret for secret in SECRETS if secret in unescape(body)]


def client_of(role: str) -> Client:
    return log_in(Account.objects.get(username="t-other" if role == "other_unit" else f"t-{role}"))


def walk(client: Client, *begin: str) -> Iterator[tuple[str, str, str]]:
    """(kind, address, body) of one page of every kind that this client can reach, and of those where it begins."""
    waiting, passed, seen = list(begin), set[str](), set[object]()
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path)
        if kind is None or path in passed or (kind in seen and path not in begin):
            continue
        passed.add(path)
        answer = client.get(path, follow=True)
        path, kind = where(path, answer, kind)
        if answer.status_code >= 400:
            continue
        seen.add(kind)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        body = answer.content.decode()
        yield kind[0] if isinstance(kind, tuple) else "", path, body
        waiting += [*links_of(path, body, LINK), *links_of(path, body, PART)]


def test_every_kind_of_page_for_every_role(planted):
    numbers = Case.objects.order_by("state", "-seq").distinct("state").values_list("number", flat=True)
    cases = [reverse("case-page", args=[number]) for number in numbers]
    leaks, kinds = [], set()
    for role in [*Role.values, "other_unit"]:
        reads_handovers = may_at_all(planted.people[role], "handover.write")
        for kind, path, body in walk(client_of(role), "/", *cases):
            kinds.add(kind)
            if told(body) and not (kind in HANDOVERS and reads_handovers):
                leaks.append((role, path, told(body)))
    assert leaks == []
    assert len(kinds) >= FEWEST_KINDS


def test_what_the_desk_shows_beside_the_form(planted):
    client = client_of("agent")
    said = {"text": f"自来水管漏水。{SAID}", "phone": "19900270001"}
    for name in ("desk-caller", "desk-hints", "text-understood"):
        body = client.post(reverse(name), said).content.decode()
        assert told(body) == [], name
    assert "漏水" in client.post(reverse("desk-caller"), said).content.decode()


def test_every_list_as_a_file(planted):
    for kind, wanted in LISTS.items():
        actor = planted.people["unit" if kind in ("inbox", "orders") else "supervisor"]
        tabs = TABS.get(kind, [""])
        rows = [row for tab in tabs for row in wanted.rows(actor, {"tab": tab} if tab else {}, timezone.now())]
        masked, clear = (
            "\n".join(str(column.read(row)) for column in wanted.columns(clear) for row in rows)
            for clear in (False, True)
        )
        assert told(masked) == [], kind
        assert kind not in OF_WORDS or told(clear), kind


def test_the_sheet_of_a_case(planted_case):
    client, case = client_of("unit"), planted_case
    assert told(str(sheet_of(case, actor_for(Account.objects.get(username="t-unit")), timezone.now()).rows)) == []
    answer = client.get(reverse("case-sheet", args=[case.number, "docx"]))
    document = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    assert told(document.read("word/document.xml").decode()) == []


def test_who_handles_a_case_reveals_its_words_with_a_reason(planted_case):
    page, address = (reverse(name, args=args) for name, args in _addresses(planted_case))
    for role in ("agent", "dispatcher", "unit", "unit_leader", "supervisor", "follow_up"):
        client, before = client_of(role), AuditEntry.objects.count()
        assert address in client.get(page).content.decode()
        assert client.post(address, {"reason": " "}).status_code == 422 and AuditEntry.objects.count() == before
        body = client.post(address, {"reason": "上门前核对房号"}).content.decode()
        assert set(told(body)) == set(SECRETS) and "首次联系" in body and "答复：已修复" in body
        entry = AuditEntry.objects.latest("pk")
        assert (entry.action, entry.reason, entry.data) == ("contact.revealed", "上门前核对房号", {"field": "words"})


def test_nobody_else_does(planted_case):
    page, address = (reverse(name, args=args) for name, args in _addresses(planted_case))
    Assignment.objects.filter(part="assist").delete()
    for role in ("analyst", "leader", "administrator", "other_unit"):
        answer = client_of(role).post(address, {"reason": "好奇"})
        assert answer.status_code in (403, 404) and told(answer.content.decode()) == []
        assert address not in client_of(role).get(page).content.decode()


def test_words_of_a_sealed_caller_are_for_those_who_may_know_him(planted_case):
    page, address = (reverse(name, args=args) for name, args in _addresses(planted_case))
    Case.objects.update(marks=["sensitive"])
    assert told(client_of("agent").post(address, {"reason": "回电"}).content.decode()) == []
    assert address not in client_of("agent").get(page).content.decode()
    assert PHONE in client_of("supervisor").post(address, {"reason": "核实"}).content.decode()


def _addresses(case: Case) -> list[tuple[str, list[str]]]:
    return [("case-page", [case.number]), ("case-reveal", [case.number, "words"])]


def test_a_masked_title_that_nobody_changes_in_a_form_stays_as_it_is(district):
    case = Planted(district).accepted()
    address, client = reverse("case-move", args=[case.number, "register"]), client_of("agent")
    form = client.get(address).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"category": district.category.pk}
    assert told(sent["title"]) == []
    client.post(address, sent)
    kept = Case.objects.get()
    assert kept.state == "registered" and kept.title == case.title and told(kept.title) == list(SECRETS)
