"""Matters as series of their own: warned of when many people join beyond the matter's own pace."""

from datetime import datetime, timedelta

import pytest

from qushu.cases.tests.district import MONDAY, District
from qushu.insight.matters.models import Matter, Membership
from qushu.insight.warnings.actions import conclude
from qushu.insight.warnings.growing import watch_matters
from qushu.insight.warnings.models import Warning, WarningRule
from qushu.insight.warnings.trying import try_out
from qushu.people.models import Account, Notice
from qushu.people.tests.staff import log_in

from .putting import every, put_cases

pytestmark = pytest.mark.django_db


def matter_with(district: District, moments: list[datetime], one_caller: bool = False, **facts: object) -> Matter:
    matter = Matter.objects.create(
        title="水岸国际电梯故障",
        first_at=min(moments),
        last_at=max(moments),
        people=len(moments),
        created_at=MONDAY,
        **facts,
    )
    for number, moment in enumerate(moments):
        caller = b"%016d" % (0 if one_caller else number)
        [case] = put_cases(district, [moment], caller_index=caller)
        Membership.objects.create(matter=matter, case=case, accepted_at=moment, reason="", added_at=moment)
    return matter


def test_a_matter_that_many_join_is_warned_of_once_with_its_cases(district: District) -> None:
    matter = matter_with(district, every(MONDAY - timedelta(hours=20), 2, 9))
    assert watch_matters(MONDAY) == watch_matters(MONDAY + timedelta(minutes=5)) == 1
    warning = Warning.objects.get()
    assert (warning.level, warning.observed, warning.rows.count()) == (0, 9, 9)
    assert warning.title == f"全区 多人反映（{matter.number}）"  # not the citizens' words
    assert warning.ground == f"事项 {matter.number} 3 天内有 9 个号码反映，此前没有；累计 9 人。"
    assert Notice.objects.filter(text__contains=matter.number).exists()


def test_one_caller_again_and_again_is_not_many(district: District) -> None:
    matter_with(district, every(MONDAY - timedelta(hours=20), 2, 9), one_caller=True)
    assert watch_matters(MONDAY) == 0


def test_a_matter_that_goes_on_at_its_pace_is_not_warned_of(district: District) -> None:
    matter_with(district, every(MONDAY - timedelta(days=15), 6, 60))
    assert watch_matters(MONDAY) == 0


def test_words_of_threat_raise_the_level_and_stand_in_the_ground(district: District) -> None:
    matter_with(district, every(MONDAY - timedelta(hours=20), 2, 9), threats=["拉横幅"])
    watch_matters(MONDAY)
    warning = Warning.objects.get()
    assert warning.level == 1
    assert "过激言词“拉横幅”" in warning.ground


def test_it_ends_when_nobody_joins_any_more_and_what_was_merged_away_says_nothing(district: District) -> None:
    matter = matter_with(district, every(MONDAY - timedelta(hours=20), 2, 9))
    watch_matters(MONDAY)
    assert watch_matters(MONDAY + timedelta(days=4)) == 0
    assert Warning.objects.get().ended_at is not None
    other = matter_with(district, every(MONDAY - timedelta(hours=2), 2, 1))
    Matter.objects.filter(pk=matter.pk).update(state="closed", into=other)
    assert watch_matters(MONDAY) == 0


def test_who_was_taken_out_does_not_count_and_a_switched_off_rule_says_nothing(district: District) -> None:
    matter = matter_with(district, every(MONDAY - timedelta(hours=20), 2, 9))
    WarningRule.objects.filter(kind="matter").update(active=False)
    assert watch_matters(MONDAY) == 0
    WarningRule.objects.filter(kind="matter").update(active=True)
    row = matter.members.order_by("pk")[:2]
    account = district.people["supervisor"].account_id
    Membership.objects.filter(pk__in=row.values("pk")).update(removed_at=MONDAY, removed_by=account)
    assert watch_matters(MONDAY) == 0


def test_a_try_out_shows_the_matters_of_the_last_days(district: District) -> None:
    matter = matter_with(district, every(MONDAY - timedelta(days=9), 2, 9))
    rule = WarningRule.objects.get(kind="matter")
    assert [(row.title, row.observed) for row in try_out(rule, MONDAY).rows] == [
        (f"全区 多人反映（{matter.number}）", 9)
    ]
    rule.least = 10
    assert try_out(rule, MONDAY).rows == []


def test_a_false_alarm_makes_this_matter_need_twice_as_many(district: District) -> None:
    matter = matter_with(district, every(MONDAY - timedelta(hours=20), 2, 9))
    watch_matters(MONDAY)
    conclude(district.people["supervisor"], Warning.objects.get().pk, "false", "同一单位组织的问卷", MONDAY)
    Warning.objects.update(ended_at=MONDAY)
    assert watch_matters(MONDAY + timedelta(minutes=5)) == 0
    for number in range(100, 108):
        [case] = put_cases(district, [MONDAY], caller_index=b"%016d" % number)
        Membership.objects.create(matter=matter, case=case, accepted_at=MONDAY, reason="", added_at=MONDAY)
    assert watch_matters(MONDAY + timedelta(minutes=10)) == 1


@pytest.mark.parametrize(("role", "linked"), [("supervisor", True), ("administrator", False)])
def test_its_page_leads_to_the_matter_for_who_may_read_it(district: District, role: str, linked: bool) -> None:
    matter = matter_with(district, every(MONDAY - timedelta(hours=20), 2, 9))
    watch_matters(MONDAY)
    page = log_in(Account.objects.get(username=f"t-{role}")).get(f"/warnings/{Warning.objects.get().pk}/")
    assert (f"/matters/{matter.pk}/" in page.content.decode()) is linked
