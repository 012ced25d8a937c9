"""Last year's bindings are proposed for the next year's targets in one act, and decided by another person in one act."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from qushu.ledger.actions import keep_document
from qushu.ledger.indicators.actions import decide_binding, decide_bindings, propose_binding
from qushu.ledger.indicators.carrying import carried_over
from qushu.ledger.models import Binding, BudgetDocument, Reading, Target
from qushu.ledger.tests.made_document import made_document
from qushu.people.access import SYSTEM, Actor, GrantValue
from qushu.people.models import Account, AuditEntry
from qushu.people.tests.staff import log_in, make_account

NOW = timezone.now
ADDRESS = "/ledger/targets/bindings/"


def actor(account: Account) -> Actor:
    (grant,) = account.grants.values_list("role", flat=True)
    return Actor(account.name, (GrantValue(grant),), account.pk)


@pytest.fixture
def people(db: None) -> tuple[Account, Account]:
    return make_account("analyst"), make_account("leader")


def kept(folder: Path, text: str) -> BudgetDocument:
    path = folder / f"{len(text)}-{abs(hash(text))}.txt"
    path.write_text(text, encoding="utf-8")
    return keep_document(SYSTEM, path, NOW())


def in_percent(document: BudgetDocument) -> list[Target]:
    return list(document.targets.filter(unit="%", scope="annual").order_by("place"))


@pytest.fixture
def years(people: tuple[Account, Account], tmp_path: Path) -> tuple[BudgetDocument, BudgetDocument]:
    """A year with two targets bound, and the next, in which one of them promises something else."""
    analyst, leader = map(actor, people)
    before = kept(tmp_path, made_document())
    for target in in_percent(before)[:2]:
        asked = propose_binding(analyst, target.pk, "hotline.on_time_rate", NOW())
        decide_binding(leader, asked.pk, True, "", NOW())
    after = kept(tmp_path, made_document().replace("2025", "2026"))
    Target.objects.filter(pk=in_percent(after)[1].pk).update(number=Decimal(77))
    return before, after


def test_targets_of_the_next_year_take_up_what_measured_them(years: tuple[BudgetDocument, BudgetDocument]) -> None:
    before, after = years
    carried = carried_over(after)
    assert [one.target for one in carried] == in_percent(after)[:2]
    assert [one.former for one in carried] == in_percent(before)[:2]
    assert [(one.measure, one.changed) for one in carried] == [
        ("hotline.on_time_rate", False),
        ("hotline.on_time_rate", True),
    ]
    assert carried_over(before) == []


def test_another_unit_or_a_measure_that_is_gone_is_not_taken_up(years: tuple[BudgetDocument, BudgetDocument]) -> None:
    one, other = carried_over(years[1])
    Target.objects.filter(pk=one.target.pk).update(unit="件")
    Binding.objects.filter(target=other.former).update(measure="hotline.gone")
    assert carried_over(years[1]) == []


def test_two_people_carry_them_over_in_two_acts(
    years: tuple[BudgetDocument, BudgetDocument], people: tuple[Account, Account]
) -> None:
    after = years[1]
    analyst, leader = map(log_in, people)
    targets = [one.target.pk for one in carried_over(after)]
    assert "沿用上年的绑定" in analyst.get(ADDRESS, {"document": after.pk}).text
    assert "已提出 2 项绑定" in act(analyst, after, "propose", targets)
    assert carried_over(after) == []
    asked = list(Binding.objects.filter(target__in=targets, approved__isnull=True).values_list("pk", flat=True))
    assert len(asked) == 2
    assert "提出绑定的人不能自己审核通过" in act(analyst, after, "approve", asked)
    assert "已通过 2 项，并已测量 1 个指标" in act(leader, after, "approve", asked)
    assert set(Binding.objects.filter(pk__in=asked).values_list("approved", "decided_by")) == {(True, people[1].pk)}
    assert Reading.objects.filter(measure="hotline.on_time_rate", year=2026).exists()
    subjects = AuditEntry.objects.filter(action="target.binding_approved").values_list("subject", flat=True)
    assert {f"target:{pk}" for pk in targets} <= set(subjects)


def test_where_one_cannot_be_done_none_is(
    years: tuple[BudgetDocument, BudgetDocument], people: tuple[Account, Account]
) -> None:
    after = years[1]
    analyst, leader = map(log_in, people)
    first, second = (one.target.pk for one in carried_over(after))
    own = propose_binding(actor(people[1]), first, "hotline.on_time_rate", NOW())
    assert "已经有了绑定" in act(analyst, after, "propose", [first, second])
    assert "没有勾选" in act(analyst, after, "propose", [])
    assert Binding.objects.filter(target__document=after).count() == 1
    other = propose_binding(actor(people[0]), second, "hotline.on_time_rate", NOW())
    assert "不能自己审核通过" in act(leader, after, "approve", [other.pk, own.pk])
    assert not Binding.objects.filter(target__document=after, approved__isnull=False).exists()
    assert len(decide_bindings(actor(people[1]), [own.pk, other.pk], False, "再议", NOW())) == 2


def test_only_who_binds_opens_the_page(years: tuple[BudgetDocument, BudgetDocument]) -> None:
    for role in ("agent", "supervisor"):
        assert log_in(make_account(role)).get(ADDRESS).status_code == 403


def act(client: Client, document: BudgetDocument, do: str, picked: list[int]) -> str:
    said = {"document": document.pk, "do": do, "pick": picked}
    return client.post(ADDRESS, said, follow=True).content.decode()
