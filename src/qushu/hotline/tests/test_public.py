"""A citizen without a login: submits, tracks, evaluates; and learns nothing about anybody else."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.actions import Call
from qushu.cases.models import Case
from qushu.kernel.explanation import full_words

from .citizens import filled


@pytest.fixture
def citizen(district):
    return Client()


def test_a_citizen_submits_and_gets_a_receipt(citizen):
    facts = filled(citizen)
    page = citizen.post("/citizen/submit/", facts, follow=True)
    case = Case.objects.get()
    assert case.number in page.content.decode()
    assert case.channel_id == "mailbox"
    assert case.history.get().actor_name == "市民"
    assert "19900270009" not in page.request["PATH_INFO"] + page.content.decode()


def test_what_was_typed_stays_when_something_is_wrong(citizen):
    page = citizen.post("/citizen/submit/", filled(citizen, phone="abc"))
    assert page.status_code == 422
    assert "路灯坏了三天" in page.content.decode()
    assert not Case.objects.exists()


def test_a_wrong_captcha_submits_nothing(citizen):
    assert citizen.post("/citizen/submit/", filled(citizen, captcha_answer="?????")).status_code == 422
    assert not Case.objects.exists()


def test_too_many_submissions_from_one_address_are_stopped(citizen):
    for _ in range(10):
        assert citizen.post("/citizen/submit/", filled(citizen)).status_code == 302
    page = citizen.post("/citizen/submit/", filled(citizen))
    assert page.status_code == 429
    assert "路灯坏了三天" in page.content.decode()
    assert Case.objects.count() == 10


def test_number_and_phone_together_show_where_it_stands(citizen):
    citizen.post("/citizen/submit/", filled(citizen))
    number = Case.objects.get().number
    page = citizen.post("/citizen/track/", {"number": number.lower(), "phone": "19900270009"}).content.decode()
    assert "已收到，正在登记" in page


def test_a_wrong_number_and_a_wrong_phone_get_the_same_answer(citizen):
    citizen.post("/citizen/submit/", filled(citizen))
    number = Case.objects.get().number
    tries = [{"number": number, "phone": "19900270001"}, {"number": "HY2403050000001", "phone": "19900270009"}]
    said = [re.findall("编号和电话对不上[^<]*", citizen.post("/citizen/track/", one).content.decode()) for one in tries]
    assert said[0] == said[1] != []


def judged(client, case, **said):
    """Track the case and judge it with the form that is shown."""
    page = client.post("/citizen/track/", {"number": case.number, "phone": "19900270009"}).content.decode()
    key = re.search(r'name="request_key" value="([^"]+)"', page)[1]
    return client.post("/citizen/evaluate/", {"request_key": key, **said})


def answered_case(district, citizen):
    citizen.post("/citizen/submit/", filled(citizen))
    case = Case.objects.get()

    def call(role):
        return Call(district.people[role], timezone.now())

    actions.register_case(call("agent"), case.pk, district.category.pk, None, "help", "general")
    actions.dispatch_case(call("dispatcher"), case.pk, district.water.pk, (), "内部：请先核实产权")
    actions.acknowledge_case(call("unit"), case.pk)
    return actions.resolve_case(call("unit"), case.pk, "路灯已修好。", "solved")


def test_a_content_citizen_closes_the_case_and_judges_once(district, citizen):
    case = answered_case(district, citizen)
    page = citizen.post("/citizen/track/", {"number": case.number, "phone": "19900270009"}).content.decode()
    assert "路灯已修好。" in page
    assert "内部" not in page
    assert district.water.name not in page
    judged(citizen, case, solved="yes", satisfaction="5")
    case.refresh_from_db()
    assert (case.state, case.satisfaction) == ("closed", 5)
    assert citizen.post("/citizen/evaluate/", {"solved": "no", "satisfaction": "1"}).status_code == 302
    case.refresh_from_db()
    assert case.satisfaction == 5


def test_a_discontented_citizen_leaves_it_to_the_follow_up_desk(district, citizen):
    case = answered_case(district, citizen)
    judged(citizen, case, solved="no", satisfaction="1", words="又坏了")
    case.refresh_from_db()
    assert (case.state, case.solved) == ("followed_up", False)


def test_nobody_evaluates_without_having_tracked(district, citizen):
    case = answered_case(district, citizen)
    assert Client().post("/citizen/evaluate/", {"solved": "yes", "satisfaction": "5"}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == "resolved"


def test_a_phone_cannot_be_guessed_from_many_addresses(citizen):
    citizen.post("/citizen/submit/", filled(citizen))
    number = Case.objects.get().number
    for last in range(20):
        guess = {"number": number, "phone": f"1990028{last:04d}"}
        assert citizen.post("/citizen/track/", guess, REMOTE_ADDR=f"10.0.0.{last}").status_code == 422
    right = {"number": number, "phone": "19900270009"}
    assert citizen.post("/citizen/track/", right, REMOTE_ADDR="10.0.1.1").status_code == 429


def minute(moment):
    """A deadline as citizens read it: to the minute."""
    return full_words(moment.replace(second=0, microsecond=0))


def test_the_receipt_says_what_happens_next_and_by_when(citizen):
    citizen.post("/citizen/submit/", filled(citizen))
    case = Case.objects.get()
    text = citizen.get("/citizen/receipt/").content.decode()
    assert f"最迟 {minute(case.due_at)} 前，转给负责的单位" in text
    assert "5 个工作日内，给您答复" in text
    assert "24 小时内，负责的单位和您联系" in text
    paper = citizen.get("/citizen/receipt/print/").content.decode()
    assert case.number in paper
    assert "19900270009" not in paper + text
    assert "李女士" not in paper + text


def test_a_receipt_is_not_there_for_the_next_person_at_the_computer(citizen, monkeypatch):
    citizen.post("/citizen/submit/", filled(citizen))
    session = citizen.session
    number, given = session["receipt"]
    session["receipt"] = [number, (datetime.fromisoformat(given) - timedelta(hours=1)).isoformat()]
    session.save()
    assert citizen.get("/citizen/receipt/")["Location"] == "/citizen/submit/"
    assert Client().get("/citizen/receipt/print/").status_code == 302


def test_tracking_says_until_when_an_answer_comes(district, citizen):
    citizen.post("/citizen/submit/", filled(citizen))
    case = Case.objects.get()
    call = Call(district.people["agent"], timezone.now())
    actions.register_case(call, case.pk, district.category.pk, None, "help", "general")
    actions.dispatch_case(Call(district.people["dispatcher"], timezone.now()), case.pk, district.water.pk, (), "")
    due = case.clocks.get(name="resolve").due_at
    page = citizen.post("/citizen/track/", {"number": case.number, "phone": "19900270009"}).content.decode()
    assert f"最迟 {minute(due)} 前，给您答复" in page


def test_a_judgement_sent_twice_is_one_judgement_and_both_are_thanked(district, citizen):
    case = answered_case(district, citizen)
    page = citizen.post("/citizen/track/", {"number": case.number, "phone": "19900270009"}).content.decode()
    said = {
        "request_key": re.search(r'name="request_key" value="([^"]+)"', page)[1],
        "solved": "yes",
        "satisfaction": "5",
    }
    twice = Client()
    twice.cookies["sessionid"] = citizen.cookies["sessionid"].value
    before = dict(citizen.session)
    assert citizen.post("/citizen/evaluate/", said)["Location"] == "/citizen/thanks/"
    assert citizen.post("/citizen/evaluate/", said)["Location"] == "/citizen/thanks/"
    session = twice.session  # a second click that was on its way before the first was answered
    session.update(before)
    session.save()
    assert twice.post("/citizen/evaluate/", said, follow=True).status_code == 200
    assert list(case.history.values_list("move", flat=True)).count("follow_up") == 1
    assert case.follow_up_calls.count() == 1


def test_nobody_is_thanked_for_nothing(citizen):
    assert citizen.get("/citizen/thanks/")["Location"] == "/citizen/track/"
