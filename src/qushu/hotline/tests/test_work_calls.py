"""The follow-up desk: the next call, tries, what citizens said, and a row for every call."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.models import Case, History
from qushu.hotline.models import FollowUpCall
from qushu.people.access import CITIZEN

from .working import call, client, dispatched, resolved

pytestmark = pytest.mark.django_db
CONTENT = {"solved": "1", "satisfaction": "5", "words": "谢谢", "then": "close"}


def listed(caller: Client, tab: str = "") -> list[int]:
    return [row.case.pk for row in caller.get("/follow-up/", {"tab": tab}).context["rows"]]


def page_of(case: Case) -> str:
    return f"/follow-up/{case.number}/"


def test_a_content_citizens_case_is_closed_and_the_next_call_follows(district):
    first, second = resolved(district), resolved(district)
    caller = client("follow_up")
    answer = caller.post(page_of(first), CONTENT)
    assert answer["Location"] == page_of(second)
    assert caller.post(page_of(second), CONTENT)["Location"] == "/follow-up/"
    assert set(Case.objects.values_list("state", flat=True)) == {"closed"}
    made = FollowUpCall.objects.get(case=first)
    assert (made.reached, made.solved, made.satisfaction, made.words) == (True, True, 5, "谢谢")
    assert made.by_id == district.people["follow_up"].account_id


def test_a_dissatisfied_citizens_case_is_reopened_from_the_call(district):
    case = resolved(district)
    said = {"solved": "0", "satisfaction": "1", "words": "又坏了", "then": "reopen"}
    refused = client("follow_up").post(page_of(case), said)
    assert (
        refused.status_code == 422
        and "退回重办须选理由" in refused.content.decode()
        and "又坏了" in refused.content.decode()
    )
    client("follow_up").post(page_of(case), said | {"reason": district.reason("reopen")})
    assert Case.objects.get(pk=case.pk).state == "reopened"
    assert FollowUpCall.objects.filter(case=case).count() == 1


def test_a_dissatisfied_citizens_case_is_not_closed_without_a_word_on_why(district):
    case = resolved(district)
    said = {"solved": "0", "satisfaction": "2", "then": "close"}
    assert client("follow_up").post(page_of(case), said).status_code == 422
    client("follow_up").post(page_of(case), said | {"ground": "诉求超出法定职权，已解释"})
    assert History.objects.filter(case=case).latest("seq").record["ground"] == "诉求超出法定职权，已解释"


def test_tries_are_counted_written_down_and_come_again_after_their_rest(district):
    case, caller = resolved(district), client("follow_up")
    caller.post(page_of(case), {"do": "missed", "words": "无人接听"})
    assert listed(caller) == [] and listed(caller, "resting") == [case.pk]
    row = caller.get("/follow-up/", {"tab": "resting"}).context["rows"][0]
    assert timedelta(hours=1) < row.next_try - timezone.now() <= timedelta(hours=2)
    later = timezone.now() + timedelta(hours=3)
    for hours in (0, 3):
        person = district.people["follow_up"]
        actions.try_call(actions.Call(person, later + timedelta(hours=hours)), case.pk)
    assert Case.objects.get(pk=case.pk).state == "closed"
    assert list(FollowUpCall.objects.filter(case=case).values_list("reached", flat=True)) == [False] * 3


def test_what_a_citizen_judged_on_the_web_waits_until_it_is_reopened_or_closed(district):
    case, caller = resolved(district), client("follow_up")
    actions.follow_up_case(
        actions.Call(CITIZEN, timezone.now()), case.pk, reached=True, solved=False, satisfaction=2, words="没人来"
    )
    text = caller.get("/follow-up/", {"tab": "judged"}).content.decode()
    assert case.number in text and "网上评价" in text and "没人来" in text and "不满意" in text
    made = FollowUpCall.objects.get(case=case)
    assert made.by_id is None and made.satisfaction == 2
    reopen = {"reason": district.reason("reopen"), "words": "市民网上评价不满意"}
    answer = caller.post(f"/cases/{case.number}/moves/reopen/", reopen | {"next": "/follow-up/?tab=judged"})
    assert answer["Location"] == "/follow-up/?tab=judged" and listed(caller, "judged") == []


def test_the_number_is_masked_until_it_is_revealed_with_a_reason(district):
    case, caller = resolved(district), client("follow_up")
    for address in ("/follow-up/", page_of(case)):
        text = caller.get(address).content.decode()
        assert "199****0001" in text and "19900270001" not in text
    assert f"/cases/{case.number}/reveal/phone/" in caller.get(page_of(case)).content.decode()


def test_a_sealed_identity_shows_no_number_to_the_caller(district):
    case, caller = resolved(district), client("follow_up")
    Case.objects.filter(pk=case.pk).update(marks=["sensitive"])
    text = caller.get(page_of(case)).content.decode()
    assert "保密" in text and "0001" not in text.replace(case.number, "")


def test_a_call_that_somebody_else_finished_is_told(district):
    case, caller = resolved(district), client("follow_up")
    seen = case.seq
    actions.try_call(call(district, "supervisor"), case.pk)
    answer = caller.post(page_of(case), CONTENT | {"seen_seq": seen})
    assert answer.status_code == 422 and "回访未接通" in answer.content.decode()
    assert FollowUpCall.objects.filter(case=case).count() == 1


def test_an_unknown_case_and_one_that_is_not_resolved(district):
    caller = client("follow_up")
    assert caller.get("/follow-up/HY2403040000001/").status_code == 404
    case = dispatched(district)
    page = caller.post(page_of(case), CONTENT)
    assert page.status_code == 422 and "不能回访" in page.content.decode()
    assert not FollowUpCall.objects.exists()
