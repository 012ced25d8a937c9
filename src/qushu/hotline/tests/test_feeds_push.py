"""Other systems push cases: signed, taken once, every row answered, the refused kept and settled."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from qushu.cases import actions as cases
from qushu.cases.models import Case, Channel
from qushu.cases.proof import verify_cases
from qushu.hotline.feeds.rules import sign_push
from qushu.hotline.feeds.sources import SourceFacts, add_source
from qushu.hotline.models import FeedBatch, FeedRow, UrgentWord
from qushu.hotline.ways.actions import add_subscriber, deliver_due, relay_outbox
from qushu.people.models import Account, AuditEntry
from qushu.people.tests.staff import log_in

ACCEPT = {
    "orderNo": "S-1",
    "acceptTime": "2024-03-01T09:30:00+08:00",
    "channel": "hotline",
    "type": "投诉",
    "content": "小区门口煤气泄漏，希望尽快处理。",
    "reporter": {"name": "王小明", "phone": "19900270001"},
}


@pytest.fixture
def city(district):
    """A registered source and its secret."""
    Channel.objects.get_or_create(code="city_platform", defaults={"name": "城市平台", "order": 60})
    return add_source(district.people["administrator"], "city", SourceFacts("市平台", "city_platform"), timezone.now())


def order(ref, **changes):
    return ACCEPT | {"orderNo": ref} | changes


def push(secret, said, *, nonce="nonce-0001", at=None, code="city", kind="application/json", signed=None):
    body = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    header = sign_push(secret, int((at or timezone.now()).timestamp()), nonce, signed or body)
    return Client().post(f"/feeds/{code}/", body, content_type=kind, headers={"X-Qushu-Signature": header})


def test_every_row_of_a_push_is_answered(city):
    answer = push(city[1], [order("S-1"), order("S-2", type="唱歌", acceptTime="昨天"), "no object", order("S-1")])
    assert answer.status_code == 200
    receipt = answer.json()
    case = Case.objects.get()
    assert (receipt["accepted"], receipt["unchanged"], receipt["refused"]) == (1, 1, 2)
    assert [(row["line"], row["result"]) for row in receipt["rows"]] == [
        (1, "accepted"),
        (2, "refused"),
        (3, "refused"),
        (4, "unchanged"),
    ]
    assert receipt["rows"][0]["number"] == receipt["rows"][3]["number"] == case.number
    assert "昨天" in receipt["rows"][1]["reason"]
    assert (case.source, case.source_ref, case.kind, "urgent" in case.marks) == ("city", "S-1", "complaint", False)
    assert case.history.get().actor_name == "市平台"
    assert [finding for chunk in verify_cases() for finding in chunk.findings] == []


def test_urgent_words_mark_a_pushed_case(city):
    UrgentWord.objects.create(word="煤气泄漏", mark="urgent", emergency_number="119")
    push(city[1], order("S-9"))
    assert Case.objects.get().marks == ["urgent"]


def test_the_same_push_again_gets_the_same_receipt_and_another_under_its_nonce_is_refused(city):
    at = timezone.now()
    first = push(city[1], [order("S-1")], at=at)
    again = push(city[1], [order("S-1")], at=at)
    assert first.json() == again.json()
    other = push(city[1], [order("S-2")], at=at)
    assert (other.status_code, other.json()["code"]) == (409, "nonce_used")
    assert Case.objects.count() == FeedBatch.objects.count() == 1


def test_the_same_row_under_a_new_nonce_changes_nothing_and_says_so(city):
    number = push(city[1], order("S-1")).json()["rows"][0]["number"]
    before = list(Case.objects.values())
    again = push(city[1], order("S-1", content="别的话"), nonce="nonce-0002").json()
    assert again["rows"] == [{"line": 1, "ref": "S-1", "result": "unchanged", "number": number}]
    assert list(Case.objects.values()) == before


def test_a_push_that_is_not_signed_in_time_by_a_known_source_is_refused(city):
    minutes = timedelta(minutes=6)
    late = push(city[1], order("S-1"), at=timezone.now() - minutes)
    early = push(city[1], order("S-1"), at=timezone.now() + minutes)
    assert [(one.status_code, one.json()["code"]) for one in (late, early)] == [(401, "untimely")] * 2
    wrong = push("another secret", order("S-1"))
    altered = push(city[1], order("S-1"), signed=b"{}")
    stranger = push(city[1], order("S-1"), code="nobody")
    unsigned = Client().post("/feeds/city/", b"{}", content_type="application/json")
    assert {(one.status_code, one.json()["code"]) for one in (wrong, altered, stranger, unsigned)} == {
        (401, "signature")
    }
    assert Case.objects.count() == FeedBatch.objects.count() == 0


def test_a_time_that_no_calendar_has_is_no_signature(city):
    for stamp in ("999999999999", "99999999999", "٣٣٣"):
        signature = f"t={stamp},n=nonce-0001,v1={'0' * 64}"
        answer = Client().post(
            "/feeds/city/", b"{}", content_type="application/json", headers={"X-Qushu-Signature": signature}
        )
        assert answer.status_code == 401, stamp


def test_the_reason_of_a_refused_row_tells_no_number(city):
    shifted = order("S-1", acceptTime="王小明 13812345678")
    assert "13812345678" not in push(city[1], [shifted]).content.decode()
    page = log_in(Account.objects.get(username="t-dispatcher")).get("/ways/rows/").content.decode()
    assert "138****5678" in page and "13812345678" not in page


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 422),
        (b"3", "application/json", 422),
        (b"[]", "application/json", 422),
        (json.dumps([{}] * 1001).encode(), "application/json", 413),
        (b"<a/>", "text/xml", 415),
        (b"\xff\xfe\x00", "text/csv", 422),
    ],
)
def test_what_is_no_table_or_too_large_is_refused_as_a_whole(city, body, kind, status):
    assert push(city[1], body, kind=kind).status_code == status
    assert FeedBatch.objects.count() == 0


def test_csv_is_read_too_and_a_switched_off_source_takes_nothing(city, district):
    table = "orderNo,acceptTime,content\nS-1,2024-03-01T09:30:00,路灯不亮\nS-2,,没有时间\n".encode()
    receipt = push(city[1], table, kind="text/csv").json()
    assert [row["result"] for row in receipt["rows"]] == ["accepted", "refused"]
    administrator = log_in(Account.objects.get(username="t-administrator"))
    administrator.post("/feeds/city/switch/", {"active": "0"})
    assert push(city[1], table, kind="text/csv", nonce="nonce-0002").status_code == 401


def test_a_pushed_case_is_reported_back_with_its_reference_in_order(city, district):
    source, secret = city
    administrator, hook = district.people["administrator"], "https://city.example/hook"
    add_subscriber(administrator, "市平台回传", hook, "x" * 16, [], timezone.now(), source.pk)
    category = district.category
    levels = dict(zip(("level1", "level2", "level3"), category.full_name.split(" / "), strict=False))
    push(secret, order("S-1", category=levels))
    cases.accept_case(district.call("agent"), district.intake())
    relay_outbox(timezone.now())
    got = []
    deliver_due(timezone.now(), lambda url, body, headers: got.append(json.loads(body)) or 200)
    assert [(one["topic"], one["ref"]) for one in got] == [("case.accept", "S-1"), ("case.register", "S-1")]
    assert len({one["number"] for one in got}) == 1


def test_a_refused_row_is_opened_corrected_and_becomes_a_case(city):
    push(city[1], [order("S-1", acceptTime="昨天")])
    row = FeedRow.objects.get()
    assert (row.ref, row.line) == ("S-1", 1)
    administrator = log_in(Account.objects.get(username="t-administrator"))
    address = f"/ways/rows/{row.pk}/"
    assert "19900270001" not in administrator.get(address).content.decode()
    opened = administrator.post(address, {"do": "open"})
    form = opened.context["form"]
    assert "19900270001" in opened.content.decode()
    assert AuditEntry.objects.filter(action="feed.row_opened").count() == 1
    fields = {bound.name: bound.value() or "" for bound in form}
    still = administrator.post(address, fields | {"do": "again"})
    assert still.status_code == 422
    assert "没有受理" in still.content.decode()
    assert FeedRow.objects.count() == FeedBatch.objects.count() == 1
    time = next(bound.name for bound in form if bound.label == "acceptTime")
    assert administrator.post(address, fields | {time: "2024-03-01T09:30:00", "do": "again"}).status_code == 302
    row.refresh_from_db()
    assert row.case == Case.objects.get(source="city", source_ref="S-1")
    assert Case.objects.get().statement.text == ACCEPT["content"]
    again = administrator.post(address, fields | {time: "2024-03-01T09:30:00", "do": "again"})
    assert "已经处理过" in again.content.decode()


def test_a_refused_row_may_be_left_with_a_reason_but_not_without(city):
    push(city[1], ["nothing"])
    row = FeedRow.objects.get()
    administrator = log_in(Account.objects.get(username="t-administrator"))
    assert administrator.post(f"/ways/rows/{row.pk}/", {"do": "settle", "why": " "}).status_code == 422
    administrator.post(f"/ways/rows/{row.pk}/", {"do": "settle", "why": "对方已作废"})
    row.refresh_from_db()
    assert (row.settled_why, row.settled_by.username) == ("对方已作废", "t-administrator")
    assert "没有待处理的行" in administrator.get("/ways/rows/").content.decode()


def test_a_secret_is_shown_once_and_a_new_one_ends_the_old(city, district):
    administrator = log_in(Account.objects.get(username="t-administrator"))
    made = administrator.post("/feeds/", {"code": "district", "name": "区平台", "mapping": "city_platform"})
    first = made.context["secret"]
    assert first in made.content.decode()
    assert first not in administrator.get("/feeds/district/").content.decode()
    second = administrator.post("/feeds/district/secret/").context["secret"]
    assert push(first, order("S-1"), code="district").status_code == 401
    assert push(second, order("S-1"), code="district").status_code == 200
    assert second not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_who_may_read_sees_no_buttons_and_who_may_not_is_kept_out(city):
    push(city[1], ["nothing"])
    row = FeedRow.objects.get()
    dispatcher = log_in(Account.objects.get(username="t-dispatcher"))
    for address in (
        "/feeds/",
        "/feeds/city/",
        "/ways/rows/",
        f"/ways/rows/{row.pk}/",
        f"/ways/batches/{row.batch_id}/",
    ):
        page = dispatcher.get(address)
        assert page.status_code == 200
        assert "更换密钥" not in page.content.decode()
    for address in ("/feeds/city/secret/", "/feeds/city/switch/", "/feeds/city/settings/", f"/ways/rows/{row.pk}/"):
        assert dispatcher.post(address, {"do": "open"}).status_code == 403
    agent = log_in(Account.objects.get(username="t-agent"))
    assert agent.get("/feeds/").status_code == agent.get("/ways/rows/").status_code == 403
