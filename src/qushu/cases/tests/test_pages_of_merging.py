"""Merging from a page: the parent is found by number, words or phone, and nothing of the search is in an address."""

import pytest
from django.test import Client
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.contact import Contact
from qushu.cases.models import Case
from qushu.people.models import Account
from qushu.people.tests.staff import log_in

from .district import District

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispatcher(district: District) -> Client:
    return log_in(Account.objects.get(pk=district.people["dispatcher"].account_id))


def registered(district: District, **facts: object) -> Case:
    case = actions.accept_case(district.call("agent"), district.intake(**facts))
    return actions.register_case(
        district.call("agent"), case.pk, district.category.pk, district.community.pk, "help", "general"
    )


def numbers_of(answer) -> set[str]:
    return {case.number for case in answer.context["found"]}


@pytest.mark.parametrize("how", ["number", "words", "phone"])
def test_the_parent_is_found_by_number_words_and_phone(district: District, dispatcher: Client, how: str):
    parent = registered(district, text="门口的路灯坏了。", contact=Contact("李四", "19900279999"))
    other = registered(district, text="楼道堆物无人清理。", contact=Contact("赵五", "19900278888"))
    child = registered(district)
    said = {"number": parent.number, "words": "路灯", "phone": "199 0027 9999"}[how]
    answer = dispatcher.post("/cases/merge/", {"pick": child.pk, "q": said})
    assert parent.number in numbers_of(answer) and other.number not in numbers_of(answer)


def test_without_a_search_open_cases_of_the_caller_and_the_place_are_offered(district: District, dispatcher: Client):
    child, same = registered(district), registered(district)
    for case in (child, same):
        Case.objects.filter(pk=case.pk).update(accepted_at=timezone.now())
    assert numbers_of(dispatcher.post("/cases/merge/", {"pick": child.pk})) == {same.number}


def test_picked_cases_are_merged_and_one_that_changed_meanwhile_is_not(district: District, dispatcher: Client):
    parent, first, second = registered(district), registered(district), registered(district)
    actions.note_case(district.call("agent"), second.pk, "市民又来电")
    seen = {f"seen-{case.pk}": case.seq for case in (first, second)}
    picked = {"pick": [first.pk, second.pk], "parent": parent.pk, "request_key": "k"} | seen
    answer = dispatcher.post("/cases/merge/", picked, follow=True).content.decode()
    assert "已把 1 件并入" in answer and "已备注" in answer
    assert Case.objects.get(pk=first.pk).parent_id == parent.pk
    assert Case.objects.get(pk=second.pk).state == "registered"


def test_who_may_not_merge_is_refused_and_an_unknown_parent_changes_nothing(district: District, dispatcher: Client):
    child = registered(district)
    agent = log_in(Account.objects.get(pk=district.people["agent"].account_id))
    assert agent.post("/cases/merge/", {"pick": child.pk}).status_code == 403
    answer = dispatcher.post("/cases/merge/", {"pick": child.pk, "parent": 10**9}, follow=True)
    assert "没有这个主件" in answer.content.decode()
    assert Case.objects.get(pk=child.pk).state == "registered"
