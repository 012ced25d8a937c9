"""The desk: a call becomes a case in one go, nothing typed is lost, and what is shown beside the form has its reason."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.actions import Call
from qushu.cases.contact import open_contact
from qushu.cases.models import Case, Category, Reason
from qushu.cases.tests.district import District
from qushu.hotline.models import CatalogueEntry, Draft, Knowledge, UrgentWord
from qushu.hotline.suggestions import SUGGESTER
from qushu.kernel.text import tsvector_of
from qushu.people.models import Account
from qushu.people.tests.staff import log_in

pytestmark = pytest.mark.django_db
KEY = "desk-0123456789abcdef"
WORDS = "钟家村社区门口自来水管爆裂，积水很深，希望尽快维修。"


@pytest.fixture
def agent(district: District) -> Client:
    return log_in(Account.objects.get(pk=district.people["agent"].account_id))


def call_of(district: District, **more: object) -> dict[str, object]:
    return {
        "form_key": KEY,
        "do": "register",
        "channel": "12345",
        "phone": "199 0027 0001",
        "name": "王小明",
        "address": "钟家村1号",
        "text": WORDS,
        "area": district.community.pk,
        "place": "社区正门",
        "category": district.category.pk,
        "kind": "help",
        "urgency": "utilities",
        "marks": ["group"],
    } | more


@pytest.mark.parametrize(("role", "status"), [("agent", 200), ("supervisor", 200), ("dispatcher", 403), ("unit", 403)])
def test_the_desk_by_role(district: District, role: str, status: int):
    person = log_in(Account.objects.get(pk=district.people[role].account_id))
    assert person.get("/desk/").status_code == status


def test_a_call_is_accepted_and_registered_with_everything_said(district: District, agent: Client):
    answer = agent.post("/desk/", call_of(district), follow=True)
    case = Case.objects.get()
    assert f'data-draft-done="{KEY}"' in answer.content.decode() and case.number in answer.content.decode()
    assert (case.state, case.kind, case.urgency, case.marks) == ("registered", "help", "utilities", ["group"])
    assert (case.category, case.area, case.street) == (district.category, district.community, district.street)
    assert (case.statement.text, case.statement.place) == (WORDS, "社区正门")
    contact = open_contact(case.number, case.statement.sealed)
    assert (contact.name, contact.phone, contact.address) == ("王小明", "199 0027 0001", "钟家村1号")
    assert [row.move for row in case.history.order_by("seq")] == ["accept", "register"]


def test_a_call_sent_twice_is_one_case(district: District, agent: Client):
    agent.post("/desk/", call_of(district))
    agent.post("/desk/", call_of(district))
    assert Case.objects.count() == 1 and Case.objects.get().history.count() == 2


def test_a_form_that_was_saved_does_not_swallow_the_next_call(district: District, agent: Client):
    agent.post("/desk/", call_of(district))
    assert f'value="{KEY}"' not in agent.get("/desk/", {"draft": KEY}).content.decode()
    other = call_of(district, text="楼上装修噪声太大", do="accept")
    answer = agent.post("/desk/", other)
    text = answer.content.decode()
    assert answer.status_code == 422 and "楼上装修噪声太大" in text and "还没有保存" in text
    assert Case.objects.count() == 1
    fresh = re.search(r'name="form_key" value="(desk-[0-9a-f]{16})"', text)[1]
    agent.post("/desk/", other | {"form_key": fresh})
    assert sorted(case.state for case in Case.objects.all()) == ["accepted", "registered"]


def test_without_a_category_nothing_is_saved_and_everything_stays(district: District, agent: Client):
    answer = agent.post("/desk/", call_of(district, category=""))
    assert answer.status_code == 422 and WORDS in answer.content.decode() and "立案须选类别" in answer.content.decode()
    assert not Case.objects.exists()
    agent.post("/desk/", call_of(district, category="", do="accept"))
    assert Case.objects.get().state == "accepted"


def test_an_answer_at_once_closes_the_case_and_counts_the_knowledge(district: District, agent: Client):
    entry = Knowledge.objects.create(
        title="停水后多久恢复", answer="抢修一般四小时内恢复。", keywords="停水 水管爆裂",
        valid_from=timezone.localdate(), written_at=timezone.now(), words=tsvector_of(["停水"]),
    )  # fmt: skip
    agent.post("/desk/", call_of(district, do="answer", answer=entry.answer, knowledge=entry.pk))
    case = Case.objects.get()
    entry.refresh_from_db()
    assert (case.state, case.statement.answer, entry.uses) == ("closed", "抢修一般四小时内恢复。", 1)


def test_declining_needs_a_ground_from_the_list(district: District, agent: Client):
    assert agent.post("/desk/", call_of(district, do="decline")).status_code == 422
    reason = Reason.objects.filter(move="decline").first()
    agent.post("/desk/", call_of(district, do="decline", reason=reason.pk))
    assert Case.objects.get().state == "declined"


def test_a_draft_survives_and_is_gone_once_the_call_is_saved(district: District, agent: Client):
    typed = {"draft_key": KEY, "phone": "19900270001", "text": "水管爆了，", "marks": ["group", "media"], "area": ""}
    assert agent.post("/desk/draft/", typed).status_code == 204
    assert "水管爆了".encode() not in bytes(Draft.objects.get().sealed)
    listed = agent.get("/desk/").content.decode()
    assert "我的草稿 1" in listed and f"?draft={KEY}" in listed
    resumed = agent.get("/desk/", {"draft": KEY}).content.decode()
    assert "水管爆了，" in resumed and 'value="19900270001"' in resumed
    assert re.search(r'value="media"[^>]*checked', resumed)
    agent.post("/desk/", call_of(district))
    assert not Draft.objects.exists()


def test_a_draft_is_nobody_elses(district: District, agent: Client):
    agent.post("/desk/draft/", {"draft_key": KEY, "text": "只有我看得到"})
    other = log_in(Account.objects.get(pk=district.people["supervisor"].account_id))
    assert "只有我看得到" not in other.get("/desk/", {"draft": KEY}).content.decode()


def test_the_number_shows_the_callers_earlier_cases(district: District, agent: Client):
    case = actions.accept_case(district.call("agent"), district.intake())
    shown = agent.post("/desk/caller/", {"phone": "199-0027-0001"}).content.decode()
    assert case.number in shown and "199" not in shown.replace(case.number, "")
    assert "没有历史诉求" in agent.post("/desk/caller/", {"phone": "19900279999"}).content.decode()


def test_the_third_case_of_a_number_in_thirty_days_is_marked(district: District, agent: Client):
    for n in range(4):
        agent.post("/desk/", call_of(district, form_key=f"desk-{n:016x}", marks=[]))
    assert [case.marks for case in Case.objects.order_by("pk")] == [[], [], ["repeat"], ["repeat"]]
    assert "30 天内 3 件以上" in agent.post("/desk/caller/", {"phone": "19900270001"}).content.decode()


def test_hints_name_category_unit_similar_case_and_emergency_with_reasons(district: District, agent: Client):
    UrgentWord.objects.get_or_create(word="触电", defaults={"mark": "urgent", "emergency_number": "120"})
    burst = Category.objects.get(name="水管爆裂")
    now = timezone.now()
    CatalogueEntry.objects.create(
        category=burst, lead_unit=district.water, legal_basis="《城市供水条例》", effective_from=timezone.localdate()
    )
    case = actions.accept_case(Call(district.people["agent"], now), district.intake())
    said = {"text": "自来水管爆裂，路面积水，有人触电", "area": district.community.pk}
    shown = agent.post("/desk/hints/", said).content.decode()
    assert "120" in shown and "触电" in shown
    assert burst.full_name.replace("&", "&amp;") in shown and "提到“水管爆裂”" in shown
    assert "测试水务集团" in shown and "《城市供水条例》" in shown
    assert case.number in shown and "都提到" in shown


def test_hints_offer_knowledge_in_force_and_not_what_has_ended(district: District, agent: Client):
    today = timezone.localdate()
    for title, ends in (("停水后多久恢复供水", None), ("停水补偿旧办法", today)):
        Knowledge.objects.create(
            title=title, answer=f"口径：{title}", keywords="停水 水管爆裂", valid_from=today, valid_to=ends,
            written_at=timezone.now(), words=tsvector_of(["停水", "水管", "爆裂"]),
        )  # fmt: skip
    shown = agent.post("/desk/hints/", {"text": "家里停水了，说是水管爆裂"}).content.decode()
    assert "口径：停水后多久恢复供水" in shown and "停水补偿旧办法" not in shown


def test_the_suggester_says_nothing_where_it_knows_nothing(district: District):
    assert SUGGESTER.units("您好，谢谢", None, None, timezone.localdate()) == []
    assert SUGGESTER.categories("您好，我要投诉，希望尽快处理，谢谢") == []


def test_a_number_among_the_words_of_a_category_is_no_part_of_a_longer_number(district: District):
    assert [one.name for one in SUGGESTER.categories("打了120，半天没有来")] == [
        "医疗卫生 / 精神卫生与特殊人群 / 急救服务"
    ]
    assert SUGGESTER.categories("住在1203") == []
