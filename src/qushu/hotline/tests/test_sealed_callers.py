"""A sealed identity can't be confirmed by typing its number: not at the desk, in the list, or in the API's filter."""

import pytest
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.models import Case
from qushu.cases.queries import caller_token, callers_known, filter_cases, visible_cases
from qushu.cases.tests.district import MONDAY
from qushu.hotline.desk.queries import cases_of_caller
from qushu.people.models import Account
from qushu.people.tests.staff import log_in

pytestmark = pytest.mark.django_db
PHONE = "19900270001"


@pytest.fixture
def cases(district) -> tuple[Case, Case]:
    """One sealed case and one open one of the same number."""
    sealed = actions.accept_case(district.call("agent"), district.intake(marks=("sensitive",)))
    known = actions.accept_case(district.call("agent"), district.intake())
    return sealed, known


def found(district, role: str, **asked: str) -> set[int]:
    actor = district.people[role]
    return set(filter_cases(visible_cases(actor), asked, MONDAY, actor).values_list("pk", flat=True))


@pytest.mark.parametrize("role", ["agent", "dispatcher", "follow_up"])
def test_who_may_not_read_sealed_callers_finds_only_the_others(district, cases, role):
    sealed, known = cases
    assert found(district, role, phone=PHONE) == found(district, role, caller=caller_token(PHONE)) == {known.pk}
    assert set(cases_of_caller(district.people[role], PHONE)) == {known}
    assert sealed.pk in found(district, role)  # it stays in the list as a case


def test_a_supervisor_finds_both(district, cases):
    assert found(district, "supervisor", caller=caller_token(PHONE)) == {case.pk for case in cases}


def test_a_unit_finds_the_sealed_cases_that_it_handles(district, cases):
    sealed, _ = cases
    unit = district.people["unit"]
    assert not callers_known(Case.objects.filter(pk=sealed.pk), unit).exists()
    Case.objects.filter(pk=sealed.pk).update(lead_unit=district.water)
    assert callers_known(Case.objects.filter(pk=sealed.pk), unit).exists()


def test_the_search_box_tells_nothing_of_a_sealed_case(district, cases):
    sealed, known = cases
    client = log_in(Account.objects.get(username="t-agent"))
    page = client.post("/cases/search/", {"q": PHONE}, follow=True).content.decode()
    assert known.number in page and sealed.number not in page
    desk = client.post("/desk/caller/", {"phone": PHONE}).content.decode()
    assert "1 件" in desk and sealed.number not in desk


def test_the_page_of_an_open_case_does_not_name_the_sealed_one_of_its_caller(district, cases):
    sealed, known = cases
    for role, told in (("agent", False), ("dispatcher", False), ("supervisor", True)):
        page = log_in(Account.objects.get(username=f"t-{role}")).get(f"/cases/{known.number}/").content.decode()
        assert (sealed.number in page) == told, role


@pytest.mark.parametrize("picked", [0, 1])
def test_merging_offers_no_case_because_a_sealed_one_has_the_same_caller(district, cases, picked):
    Case.objects.update(accepted_at=timezone.now())
    Case.objects.filter(pk=cases[1].pk).update(area=None)  # alike by nothing but who called
    other = cases[1 - picked]
    for role, told in (("dispatcher", False), ("supervisor", True)):
        client = log_in(Account.objects.get(username=f"t-{role}"))
        page = client.post("/cases/merge/", {"pick": cases[picked].pk}).content.decode()
        assert (other.number in page) == told, role
