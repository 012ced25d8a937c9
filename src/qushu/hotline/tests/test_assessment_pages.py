"""The assessment in the browser's terms: who sees it, what it shows, what a figure opens."""

import re

import pytest
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.actions import Call
from qushu.hotline.seed import seed_hotline
from qushu.people.models import Account
from qushu.people.tests.staff import log_in


def client(role):
    return log_in(Account.objects.get(username=f"t-{role}"))


@pytest.fixture
def handled(district):
    """A case handled today, in time and to somebody's content."""
    seed_hotline()

    def call(role):
        return Call(district.people[role], timezone.now())

    case = actions.accept_case(call("agent"), district.intake())
    facts = (district.category.pk, district.community.pk, "complaint", "urgent")
    actions.register_case(call("agent"), case.pk, *facts)
    actions.dispatch_case(call("dispatcher"), case.pk, district.water.pk)
    actions.acknowledge_case(call("unit"), case.pk)
    actions.resolve_case(call("unit"), case.pk, "已修复", "solved")
    return actions.follow_up_case(call("follow_up"), case.pk, reached=True, solved=True, satisfaction=5)


def test_each_role_gets_what_the_matrix_says(district):
    for role in ("unit", "unit_leader", "supervisor", "analyst", "leader"):
        assert client(role).get("/assessment/").status_code == 200, role
    for role in ("agent", "dispatcher", "follow_up"):
        assert client(role).get("/assessment/").status_code == 403, role


def test_a_rate_stands_there_and_its_figures_open_the_case(district, handled):
    supervisor = client("supervisor")
    page = supervisor.get("/assessment/").content.decode()
    assert district.water.name in page
    assert "100.00%" in page
    link = re.search(r'href="(/assessment/unit/\d+/satisfied/part/[^"]*)"', page)[1].replace("&amp;", "&")
    assert handled.number in supervisor.get(link).content.decode()


def test_another_unit_sees_neither_line_nor_rows(district, handled):
    other = log_in(Account.objects.get(username="t-other"))
    assert district.water.name not in other.get("/assessment/").content.decode()
    address = f"/assessment/unit/{district.water.pk}/satisfied/whole/"
    assert handled.number not in other.get(address).content.decode()


def test_a_period_that_ends_before_it_begins_is_refused_with_words(district):
    page = client("supervisor").get("/assessment/?first=2024-03-05&last=2024-03-01")
    assert page.status_code == 422
    assert "结束日期" in page.content.decode()


def test_a_figure_that_does_not_exist_is_not_found(district):
    assert client("supervisor").get("/assessment/unit/1/luck/part/").status_code == 404
