"""`/api/v1`: tokens and scopes, request keys, problem details, paging, what was seen, and one whole life."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from qushu.cases.models import Case, History, Reason
from qushu.cases.tests.district import District
from qushu.hotline.api.forgetting import forget_requests
from qushu.hotline.models import ApiRequest, FeedSource
from qushu.people.actors import actor_for
from qushu.people.models import Account, ApiToken, AuditEntry, Grant
from qushu.people.tests.staff import make_account
from qushu.people.tokens import SCOPES, make_token
from qushu.places.models import Area

pytestmark = pytest.mark.django_db
CASE = {"channel": "12345", "text": "市民来电反映：钟家村社区门口自来水管爆裂，电话 13800138000，请尽快维修。"}


class Caller:
    """Another system: a token of the account that the district has for a role."""

    def __init__(self, district: District, role: str, *scopes: str) -> None:
        boss = Account.objects.filter(username="t-boss").first() or make_account("administrator", username="t-boss")
        account = Account.objects.get(pk=district.people[role].account_id)
        chosen = list(scopes) or list(SCOPES)
        self.token, self.secret = make_token(actor_for(boss), role, chosen, account, None, timezone.now())
        self.client = Client()

    def ask(self, method: str, path: str, body: object = None, **headers: str):
        given = {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"}
        given |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        data = json.dumps(body) if body is not None else ""
        return self.client.generic(method, f"/api/v1{path}", data, content_type="application/json", **given)

    def get(self, path: str, **headers: str):
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: object, **headers: str):
        return self.ask("POST", path, body, **headers)


def accept(caller: Caller, **more: object):
    answer = caller.post("/cases", CASE | more)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def assert_problem(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["code"] == code, said
    assert {"type", "title", "status", "detail", "instance"} <= said.keys()
    return said


def test_a_whole_life_over_the_api(district: District):
    agent, dispatcher = Caller(district, "agent"), Caller(district, "dispatcher")
    unit, caller_back = Caller(district, "unit"), Caller(district, "follow_up")
    made = accept(agent, area=district.community.code, contact={"phone": "13900139000", "name": "王小明"})
    assert (made["state"]["code"], made["contact"]["phone"]) == ("accepted", "139****9000")
    address = f"/cases/{made['number']}"
    steps = [
        (agent, "register", {"category": district.category.code, "kind": "help"}, "registered"),
        (dispatcher, "dispatch", {"lead_unit": district.water.code, "instruction": "请核实"}, "dispatched"),
        (unit, "acknowledge", {}, "acknowledged"),
        (unit, "contact-citizen", {"words": "已电话联系，半小时内到现场。"}, "in_hand"),
        (unit, "resolve", {"answer": "水管已更换，路面积水已清理，今后每周巡查。", "result": "solved"}, "resolved"),
        (caller_back, "follow-up", {"reached": True, "solved": True, "satisfaction": 5}, "followed_up"),
        (caller_back, "close", {"ground": "市民满意"}, "closed"),
    ]
    for caller, move, body, state in steps:
        answer = caller.post(f"{address}/{move}", body)
        assert answer.status_code == 200, answer.content.decode()
        assert answer.json()["state"]["code"] == state
        assert answer["ETag"] == f'"{answer.json()["seq"]}"'
    history = agent.get(f"{address}/history").json()
    assert [row["move"] for row in history] == [
        "accept", "register", "dispatch", "acknowledge", "contact", "resolve", "follow_up", "close",
    ]  # fmt: skip
    clocks = agent.get(f"{address}/clocks").json()
    assert {one["name"] for one in clocks} >= {"dispatch", "acknowledge", "resolve"}
    assert all(one["met"] and one["explanation"] for one in clocks)


def test_without_a_token_or_with_a_bad_one_nothing_is_told(district: District):
    answer = Client().get("/api/v1/cases")
    assert_problem(answer, 401, "no_token")
    assert answer["WWW-Authenticate"] == "Bearer"
    caller = Caller(district, "agent")
    ApiToken.objects.update(revoked_at=timezone.now())
    assert_problem(caller.get("/cases"), 401, "no_token")


def test_each_scope_opens_its_own_and_no_more(district: District):
    number = accept(Caller(district, "agent"))["number"]
    reveal = {"field": "phone", "reason": "核实"}
    tries = {
        "case.read": ("GET", f"/cases/{number}", None),
        "case.write": ("POST", f"/cases/{number}/note", {"words": "已转告"}),
        "code.read": ("GET", "/codes/units", None),
        "contact.read": ("POST", f"/cases/{number}/contact", reveal),
    }
    for scope in tries:
        caller = Caller(district, "supervisor", scope)
        for wanted, (method, path, body) in tries.items():
            answer = caller.ask(method, path, body)
            if wanted == scope:
                assert answer.status_code == 200, answer.content.decode()
            else:
                assert_problem(answer, 403, "scope")


def test_a_token_does_no_more_than_its_account_may(district: District):
    number = accept(Caller(district, "agent"))["number"]
    stranger = Caller(district, "other_unit")
    assert_problem(stranger.get(f"/cases/{number}"), 404, "missing")
    assert_problem(stranger.post(f"/cases/{number}/note", {"words": "x"}), 404, "missing")
    assert stranger.get("/cases").json()["cases"] == []
    assert_problem(Caller(district, "agent").post(f"/cases/{number}/void", {"reason": "test"}), 403, "forbidden")
    assert Case.objects.get().state == "accepted"


def test_personal_data_is_masked_and_one_field_is_revealed_with_a_reason(district: District):
    desk, plain = Caller(district, "agent"), Caller(district, "agent", "case.read")
    number = accept(desk, contact={"phone": "13900139000", "name": "王小明"})["number"]
    for caller in (desk, plain):
        said = json.dumps(caller.get(f"/cases/{number}").json())
        assert "13800138000" not in said and "13900139000" not in said
    told = desk.post(f"/cases/{number}/contact", {"field": "phone", "reason": "回电核实地址"})
    assert told.json() == {"field": "phone", "value": "13900139000"}
    entry = AuditEntry.objects.get(action="contact.revealed")
    assert (entry.subject, entry.reason) == (f"case:{number}", "回电核实地址")
    words = desk.post(f"/cases/{number}/contact", {"field": "words", "reason": "核对内容"}).json()["value"]
    assert "诉求内容：" in words and "13800138000" in words
    assert plain.post(f"/cases/{number}/contact", {"field": "words", "reason": "核对内容"}).status_code == 403
    assert_problem(desk.post(f"/cases/{number}/contact", {"field": "phone", "reason": " "}), 422, "empty")


def test_a_sealed_identity_is_not_even_shown_masked(district: District):
    agent = Caller(district, "agent")
    number = accept(agent, contact={"phone": "13900139000"})["number"]
    Case.objects.update(marks=["sensitive"])
    assert agent.get(f"/cases/{number}").json()["contact"] is None
    assert_problem(agent.post(f"/cases/{number}/contact", {"field": "phone", "reason": "看看"}), 403, "forbidden")


def test_the_same_request_key_accepts_one_case(district: District):
    caller = Caller(district, "agent")
    first = caller.post("/cases", CASE, idempotency_key="order-1")
    again = caller.post("/cases", CASE, idempotency_key="order-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    assert Case.objects.count() == 1


def test_a_request_that_is_repeated_after_its_area_is_gone_finds_its_case(district: District):
    caller, said = Caller(district, "agent"), CASE | {"area": district.community.code}
    first = caller.post("/cases", said, idempotency_key="order-1")
    Area.objects.filter(pk=district.community.pk).update(code="renamed")
    again = caller.post("/cases", said, idempotency_key="order-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    assert_problem(caller.post("/cases", said, idempotency_key="order-2"), 422, "unknown_area")


def test_a_request_key_with_another_body_or_address_is_refused(district: District):
    caller = Caller(district, "agent")
    number = caller.post("/cases", CASE, idempotency_key="k").json()["number"]
    assert_problem(caller.post("/cases", CASE | {"text": "另一件事"}, idempotency_key="k"), 422, "key_reused")
    assert_problem(caller.post(f"/cases/{number}/note", CASE, idempotency_key="k"), 422, "invalid")
    assert_problem(caller.post(f"/cases/{number}/note", {"words": "一"}, idempotency_key="k"), 422, "key_reused")
    assert_problem(caller.post("/cases", CASE, idempotency_key="两"), 400, "bad_key")
    assert Case.objects.count() == 1


def test_two_tokens_may_use_the_same_request_key(district: District):
    one, other = Caller(district, "agent"), Caller(district, "supervisor")
    numbers = {caller.post("/cases", CASE, idempotency_key="1").json()["number"] for caller in (one, other)}
    assert len(numbers) == 2


def test_a_request_that_was_refused_leaves_its_key_free(district: District):
    caller = Caller(district, "agent")
    assert_problem(caller.post("/cases", CASE | {"channel": "pigeon"}, idempotency_key="k"), 422, "unknown_channel")
    assert caller.post("/cases", CASE, idempotency_key="k").status_code == 201


def test_a_move_with_the_same_key_happens_once(district: District):
    caller = Caller(district, "agent")
    number = accept(caller)["number"]
    for _ in range(2):
        assert caller.post(f"/cases/{number}/note", {"words": "再次来电"}, idempotency_key="n1").status_code == 200
    assert History.objects.filter(move="note").count() == 1


def test_old_request_keys_are_forgotten(district: District):
    caller = Caller(district, "agent")
    caller.post("/cases", CASE, idempotency_key="k")
    assert forget_requests(timezone.now()) == 0
    assert forget_requests(timezone.now() + timedelta(days=31)) == 1
    assert not ApiRequest.objects.exists()


def test_what_was_seen_must_still_be_so(district: District):
    caller = Caller(district, "agent")
    number = accept(caller)["number"]
    tag = caller.get(f"/cases/{number}")["ETag"]
    assert caller.post(f"/cases/{number}/note", {"words": "一"}, if_match=tag).status_code == 200
    said = assert_problem(caller.post(f"/cases/{number}/note", {"words": "二"}, if_match=tag), 412, "stale")
    assert "备注" in said["detail"]
    assert_problem(caller.post(f"/cases/{number}/note", {"words": "三"}, if_match="x"), 400, "bad_tag")
    assert History.objects.filter(move="note").count() == 1


def test_a_reference_opens_no_case_that_the_token_may_not_read(district: District):
    elsewhere = Area.objects.filter(level="street").exclude(pk=district.street.pk)[0]
    made = accept(Caller(district, "agent"), area=district.community.code, source="city", source_ref="A-1")
    Grant.objects.filter(account__username="t-dispatcher").update(area=elsewhere)
    limited = Caller(district, "dispatcher")
    sent = CASE | {"area": elsewhere.code, "source": "city", "source_ref": "A-1"}
    said = assert_problem(limited.post("/cases", sent, idempotency_key="k-1"), 409, "known")
    assert made["number"] not in str(said)
    own = sent | {"source_ref": "A-2"}
    first = limited.post("/cases", own, idempotency_key="k-1")
    Case.objects.filter(number=first.json()["number"]).update(area=district.community, street=district.street)
    assert limited.post("/cases", own, idempotency_key="k-1").json()["number"] == first.json()["number"]


def test_only_who_may_push_speaks_for_a_registered_source(district: District):
    FeedSource.objects.create(code="city", name="市平台", mapping="city_platform")
    stranger, pusher = Caller(district, "agent", "case.write"), Caller(district, "agent", "case.write", "feed.push")
    sent = CASE | {"source": "city", "source_ref": "A-1"}
    assert_problem(stranger.post("/cases", sent), 403, "scope")
    assert not Case.objects.exists()
    assert pusher.post("/cases", sent).status_code == 201
    assert stranger.post("/cases", sent | {"source": "elsewhere"}).status_code == 201


def test_the_same_source_and_reference_are_one_case(district: District):
    caller = Caller(district, "agent")
    sent = {"source": "city", "source_ref": "A-1"}
    assert caller.post("/cases", CASE | sent).status_code == 201
    assert caller.post("/cases", CASE | sent).status_code == 200
    assert Case.objects.count() == 1


def test_a_wrong_state_or_value_is_a_problem_that_names_it(district: District):
    caller = Caller(district, "dispatcher")
    number = accept(caller)["number"]
    to_water = {"lead_unit": district.water.code}
    assert_problem(caller.post(f"/cases/{number}/dispatch", to_water), 409, "wrong_state")
    said = assert_problem(caller.post(f"/cases/{number}/register", {"category": "nix"}), 422, "unknown_category")
    assert said["field"] == "category"
    said = assert_problem(caller.post("/cases", {"text": "没有渠道", "colour": "red"}), 422, "invalid")
    assert {one["at"][-1] for one in said["errors"]} == {"channel", "colour"}
    assert_problem(caller.ask("POST", "/cases", "["), 422, "invalid")


def test_what_is_no_address_or_no_method_is_a_problem_too(district: District):
    caller = Caller(district, "agent")
    assert_problem(caller.get("/nothing"), 404, "no_such_address")
    answer = caller.ask("DELETE", "/cases")
    assert_problem(answer, 405, "method")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_the_list_pages_by_key_and_keeps_its_filters(district: District):
    caller = Caller(district, "agent")
    made = [accept(caller, urgency="urgent" if turn % 2 else "general")["number"] for turn in range(5)]
    seen, address = [], "/cases?size=1&urgency=general"
    while address:
        said = caller.get(address).json()
        seen += [one["number"] for one in said["cases"]]
        address = said["next"] and said["next"].removeprefix("/api/v1")
    assert seen == [made[4], made[2], made[0]]
    assert_problem(caller.get("/cases?after=xx"), 400, "bad_cursor")
    assert_problem(caller.get("/cases?unit=nix"), 422, "unknown_unit")
    assert_problem(caller.get("/cases?colour=red"), 422, "invalid")
    today = timezone.localdate()
    assert len(caller.get(f"/cases?accepted_from={today}&accepted_to={today}&open=true").json()["cases"]) == 5


def test_a_return_is_asked_and_decided_with_codes(district: District):
    dispatcher, unit, supervisor = (Caller(district, role) for role in ("dispatcher", "unit", "supervisor"))
    number = accept(dispatcher, category=district.category.code, area=district.community.code)["number"]
    dispatcher.post(f"/cases/{number}/register", {"category": district.category.code})
    dispatcher.post(f"/cases/{number}/dispatch", {"lead_unit": district.water.code})
    code = Reason.objects.filter(move="return").values_list("code", flat=True)[0]
    asked = unit.post(f"/cases/{number}/ask-return", {"reason": code, "words": "不属于供水"})
    assert asked.json()["state"]["code"] == "return_asked", asked.content.decode()
    decided = supervisor.post(f"/cases/{number}/decide", {"request": "return", "approved": True, "remark": "同意"})
    assert decided.json()["state"]["code"] == "registered"
    assert_problem(supervisor.post(f"/cases/{number}/decide", {"request": "return", "approved": True}), 404, "missing")


def test_a_file_is_kept_and_given_back(district: District):
    caller = Caller(district, "agent")
    number = accept(caller)["number"]
    address = f"/api/v1/cases/{number}/attachments"
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {caller.secret}"}
    from django.core.files.uploadedfile import SimpleUploadedFile

    pdf = SimpleUploadedFile("说明.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")
    kept = caller.client.post(address, {"file": pdf}, **bearer)
    assert kept.status_code == 201, kept.content.decode()
    listed = caller.get(f"/cases/{number}/attachments").json()
    assert [one["name"] for one in listed] == ["说明.pdf"]
    given = caller.client.get(f"{address}/{listed[0]['id']}", **bearer)
    assert b"".join(given.streaming_content) == b"%PDF-1.4\n%%EOF"
    script = SimpleUploadedFile("a.pdf", b"<script>", "application/pdf")
    answer = caller.client.post(address, {"file": script}, **bearer)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def test_code_tables_are_told_by_code(district: District):
    caller = Caller(district, "agent", "code.read")
    assert district.water.code in {one["code"] for one in caller.get("/codes/units").json()}
    assert district.category.code in {one["code"] for one in caller.get("/codes/categories").json()}
    assert district.community.code in {one["code"] for one in caller.get("/codes/areas").json()}
    assert "12345" in {one["code"] for one in caller.get("/codes/channels").json()}
    assert {one["request"] for one in caller.get("/codes/reasons").json()} >= {"return", "extension", "reopen"}
    assert "closed" in {one["code"] for one in caller.get("/codes/lifecycle").json()["states"]}


def test_too_many_requests_wait(district: District, settings):
    settings.QUSHU_API_PER_MINUTE = 2
    caller = Caller(district, "agent")
    answers = [caller.get("/codes/channels") for _ in range(5)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert 0 < int(refused[0]["Retry-After"]) <= 60


def test_a_failure_of_ours_is_a_problem_without_our_secrets(district: District, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object) -> None:
        raise RuntimeError("the database password is secret")

    caller = Caller(district, "agent")
    monkeypatch.setattr("qushu.cases.actions.accept_case", fail)
    said = assert_problem(caller.post("/cases", CASE), 500, "failed")
    assert "secret" not in json.dumps(said)
