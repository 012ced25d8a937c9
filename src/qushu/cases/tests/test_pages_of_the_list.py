"""The list of cases, its filters and its exports; the home page; the health page."""

from io import BytesIO

import pytest
import python_calamine
from django.test import Client
from django.urls import reverse

from qushu.cases import actions, exports
from qushu.cases.actions import Call
from qushu.cases.contact import Contact
from qushu.cases.models import Case
from qushu.people.models import Account, AuditEntry, Export, Grant
from qushu.people.tests.staff import log_in

from .district import MONDAY, District

pytestmark = pytest.mark.django_db


def browser(district: District, role: str) -> Client:
    return log_in(Account.objects.get(pk=district.people[role].account_id))


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def cases(district: District) -> list[Case]:
    call = district.call("agent")
    said = [
        {"text": "自来水管爆裂，请联系我 13871234567。"},
        {"text": "路灯不亮", "urgency": "urgent", "area_id": None, "contact": Contact("李四", "19900279999")},
        {"text": "楼道堆物", "kind": "complaint", "marks": ["group"], "contact": Contact()},
    ]
    return [actions.accept_case(call, district.intake(**one)) for one in said]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({}, [0, 1, 2]),
        ({"urgency": "urgent"}, [1]),
        ({"kind": "complaint"}, [2]),
        ({"mark": "group"}, [2]),
        ({"state": "closed"}, []),
        ({"q": "楼道堆物"}, [2]),
        ({"from": "2024-03-04", "to": "2024-03-04"}, [0, 1, 2]),
        ({"from": "2024-03-05"}, []),
        ({"unit": "nonsense"}, []),
        ({"overdue": "on"}, []),
    ],
)
def test_filters_in_the_address(district: District, cases: list[Case], query, places):
    text = browser(district, "dispatcher").get("/cases/", query).content.decode()
    assert [case.number in text for case in cases] == [n in places for n in range(3)]


@pytest.mark.parametrize("address", ["/cases/", "/cases/?kind=help"])
def test_a_phone_number_is_posted_and_only_its_token_stands_in_the_address(district, cases: list[Case], address: str):
    person = browser(district, "dispatcher")
    asked = person.post(address, {"phone": "199 0027 9999"})
    assert "9999" not in asked["Location"] and ("kind=help" in asked["Location"]) == ("kind" in address)
    text = person.get(asked["Location"]).content.decode()
    assert [case.number in text for case in cases] == [False, True, False]
    assert "只看一个来电号码" in text and 'name="caller"' in text


def test_a_number_typed_as_words_or_kept_in_an_old_bookmark_leaves_the_address_too(district, cases: list[Case]):
    person = browser(district, "dispatcher")
    for query in ({"q": "19900279999"}, {"phone": "19900279999"}):
        assert "19900279999" not in person.get("/cases/", query)["Location"]
    assert person.get("/cases/", {"caller": "not a token"}).status_code == 200


def test_too_few_digits_are_no_number(district, cases: list[Case]):
    answer = browser(district, "dispatcher").post("/cases/", {"phone": "123"}, follow=True)
    assert "来电号码至少" in answer.content.decode() and "caller=" not in answer.redirect_chain[0][0]


def test_the_list_is_paged_by_key_and_a_broken_cursor_leads_to_the_first_page(district, cases, monkeypatch):
    monkeypatch.setattr("qushu.cases.pages.lists.PER_PAGE", 2)
    person = browser(district, "dispatcher")
    first = person.get("/cases/")
    cursor = first.context["page"].next_cursor
    second = person.get("/cases/", {"after": cursor})
    shown = [case.pk for answer in (first, second) for case in answer.context["page"]]
    assert shown == sorted((case.pk for case in cases), reverse=True)
    assert person.get("/cases/", {"after": "xx", "kind": "help"})["Location"] == "/cases/?kind=help"


def test_an_export_is_masked_and_only_its_owners(district: District, cases: list[Case], home):
    person = browser(district, "dispatcher")
    person.post("/exports/", {"format": "xlsx", "filters": "q=&phone=19900270001"})
    export = Export.objects.get()
    assert "19900270001" not in str(export.filters)
    exports.write_export(export.pk)
    file = person.get(f"/exports/{export.pk}/file/")
    rows = python_calamine.load_workbook(BytesIO(b"".join(file))).get_sheet_by_index(0).to_python()
    row = dict(zip(rows[0], rows[1], strict=True))
    assert len(rows) == 2 and row["受理编号"] == cases[0].number
    assert (row["诉求人"], row["电话"]) == ("王**", "199****0001") and "13871234567" not in row["诉求内容"]
    assert browser(district, "supervisor").get(f"/exports/{export.pk}/file/").status_code == 404
    assert "下载" in person.get(f"/exports/{export.pk}/").content.decode()


def test_writing_an_export_twice_changes_nothing(district: District, cases: list[Case], home):
    export = exports.ask_export(district.people["supervisor"], "csv", "", "", MONDAY)
    exports.write_export(export.pk)
    export.refresh_from_db()
    finished = export.finished_at
    exports.write_export(export.pk)
    export.refresh_from_db()
    assert (export.finished_at, export.done, export.total) == (finished, 3, 3)


def test_an_export_in_the_clear_needs_the_right_and_is_audited(district: District, cases: list[Case], home):
    reason = {"format": "csv", "unmasked_reason": "司法机关调取"}
    browser(district, "dispatcher").post("/exports/", reason)  # has no such field: stays masked
    browser(district, "supervisor").post("/exports/", reason)
    masked, clear = Export.objects.order_by("pk")
    assert (masked.unmasked_reason, clear.unmasked_reason) == ("", "司法机关调取")
    entry = AuditEntry.objects.filter(action="case.exported").order_by("-pk").first()
    assert (entry.reason, entry.data["masked"]) == ("司法机关调取", False)
    exports.write_export(clear.pk)
    assert "19900270001" in (home / "exports" / f"cases-{clear.pk}.csv").read_text()


def test_a_protected_identity_is_in_no_export(district: District, home):
    call = Call(district.people["agent"], MONDAY)
    actions.accept_case(call, district.intake(marks=["sensitive"]))
    export = exports.ask_export(district.people["supervisor"], "csv", "", "测试", MONDAY)
    exports.write_export(export.pk)
    text = (home / "exports" / f"cases-{export.pk}.csv").read_text()
    assert "保密" in text and "19900270001" not in text and "王小明" not in text


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("agent", "desk"),
        ("dispatcher", "dispatch-queue"),
        ("unit", "inbox"),
        ("unit_leader", "inbox"),
        ("supervisor", "supervision"),
        ("follow_up", "follow-up"),
        ("analyst", "overview"),
        ("administrator", "people:accounts"),
    ],
)
def test_home_leads_to_where_the_role_begins(district: District, role: str, name: str):
    answer = browser(district, role).get("/")
    assert answer.status_code == 302 and answer["Location"] == reverse(name)


def test_health_says_ok():
    assert Client().get("/health/").content == b"ok\n"


def test_a_file_is_given_only_while_the_rights_last(district: District, cases: list[Case], home):
    person = browser(district, "supervisor")
    for reason in ("", "司法机关调取"):
        person.post("/exports/", {"format": "csv", "unmasked_reason": reason})
    masked, clear = Export.objects.order_by("pk")
    for export in (masked, clear):
        exports.write_export(export.pk)
        assert person.get(f"/exports/{export.pk}/file/").status_code == 200
    mine = Grant.objects.filter(account=clear.account)
    mine.update(role="analyst")
    assert [person.get(f"/exports/{one.pk}/file/").status_code for one in (masked, clear)] == [200, 403]
    mine.update(role="leader")
    assert person.get(f"/exports/{masked.pk}/file/").status_code == 403
