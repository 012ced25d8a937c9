"""The rule of matters: who may change it, what is refused, what is audited, and that a try-out keeps nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qushu.cases.actions import accept_case
from qushu.cases.contact import Contact
from qushu.cases.models import Case
from qushu.cases.tests.district import MONDAY, District
from qushu.insight.matters.actions_rule import BOUNDS, change_rule
from qushu.insight.matters.joining import Limits
from qushu.insight.matters.models import Face, Matter, MatterRule, WordWeights
from qushu.insight.matters.reading import rule
from qushu.insight.matters.trying import try_out
from qushu.kernel.errors import Forbidden, Refused
from qushu.people.models import Account, AuditEntry, Grant
from qushu.people.tests.staff import log_in

NOW = MONDAY + timedelta(days=1)
SAID = {"people": 3, "join": 0.5, "days": 60, "organised": 3, "repeats": 3, "repeat_days": 30}


def as_role(role: str) -> Client:
    return log_in(Account.objects.get(username=f"t-{role}"))


def figures() -> dict[str, float]:
    return {name: getattr(rule(), name) for name in BOUNDS}


def calls(district: District, count: int = 3) -> None:
    for number in range(count):
        contact = Contact(f"王{number}", f"1990027{number:04d}")
        text = "水岸国际三号楼电梯频繁故障，老人被困，物业公司一直没有维修。"
        accept_case(
            district.call("agent", timedelta(minutes=number)),
            district.intake(text=text, contact=contact, kind="complaint"),
        )


def test_a_try_out_compares_with_the_rule_in_force_and_keeps_nothing(district: District) -> None:
    calls(district)
    found = try_out(Limits(people=4), NOW)
    assert (found.cases, found.present.matters, found.present.joined) == (3, 1, 3)
    assert "电梯" in found.present.largest[0][0]
    assert (found.tried.matters, found.tried.joined, found.tried.largest) == (0, 0, [])
    assert not any(table.objects.exists() for table in (Matter, Face, WordWeights))
    assert figures() == SAID


def test_without_cases_there_is_nothing_to_try(district: District) -> None:
    found = try_out(Limits(), NOW)
    assert (found.cases, found.since, found.tried.matters) == (0, None, 0)
    page = as_role("analyst").post(reverse("matter-rule"), SAID | {"try": "1"}).content.decode()
    assert "无从试算" in page


def test_a_change_is_kept_once_and_audited_with_what_was_before(district: District) -> None:
    change_rule(district.people["analyst"], SAID | {"join": 0.6}, NOW)
    change_rule(district.people["analyst"], SAID | {"join": 0.7}, NOW)
    assert MatterRule.objects.get().join == 0.7
    entry = AuditEntry.objects.filter(action="matter_rule.changed").latest("pk")
    assert entry.data == {"join": ["0.6", "0.7"]}


@pytest.mark.parametrize("name", BOUNDS)
def test_a_figure_that_makes_no_sense_is_refused(district: District, name: str) -> None:
    for value in (BOUNDS[name][0] - 0.1, BOUNDS[name][1] + 1):
        with pytest.raises(Refused, match="没有保存"):
            change_rule(district.people["analyst"], SAID | {name: value}, NOW)
    assert figures() == SAID


def test_nothing_changed_is_said(district: District) -> None:
    with pytest.raises(Refused, match="没有改动"):
        change_rule(district.people["analyst"], SAID, NOW)
    assert not AuditEntry.objects.filter(action="matter_rule.changed").exists()


def test_who_may_not_is_refused(district: District) -> None:
    with pytest.raises(Forbidden):
        change_rule(district.people["supervisor"], SAID | {"people": 5}, NOW)
    assert as_role("supervisor").get(reverse("matter-rule")).status_code == 403
    assert reverse("matter-rule") not in as_role("supervisor").get(reverse("matters")).content.decode()


@pytest.mark.parametrize("role", ["analyst", "administrator"])
def test_the_page_tries_out_refuses_and_saves(district: District, role: str) -> None:
    calls(district)
    Case.objects.update(accepted_at=timezone.now())
    client, address = as_role(role), reverse("matter-rule")
    assert "归入相似度" in client.get(address).content.decode()
    tried = client.post(address, SAID | {"people": 5, "try": "1"}).content.decode()
    assert "没有保存规则" in tried
    assert ("电梯" in tried) == (role == "analyst")
    assert figures() == SAID
    wrong = client.post(address, SAID | {"join": 3})
    assert wrong.status_code == 422
    assert "应在 0.2 到 0.95 之间" in wrong.content.decode()
    assert client.post(address, SAID).status_code == 422
    saved = client.post(address, SAID | {"people": 5}, follow=True).content.decode()
    assert "规则已保存" in saved
    assert MatterRule.objects.get().people == 5


def test_who_reads_the_cases_of_a_unit_is_shown_no_titles_of_all(district: District) -> None:
    calls(district)
    Case.objects.update(accepted_at=timezone.now())
    account = Account.objects.get(username="t-unit")
    Grant.objects.create(account=account, role="administrator")
    tried = log_in(account).post(reverse("matter-rule"), SAID | {"people": 5, "try": "1"}).content.decode()
    assert "没有保存规则" in tried
    assert "电梯" not in tried


def test_the_next_cases_follow_the_changed_rule(district: District) -> None:
    from qushu.insight.matters.arriving import join_new

    change_rule(district.people["analyst"], SAID | {"people": 4}, timezone.now())
    calls(district)
    join_new(NOW)
    assert not Matter.objects.exists()
