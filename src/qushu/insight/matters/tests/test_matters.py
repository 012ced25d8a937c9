"""Matters in the database: cases join as they arrive, people's decisions bind, and two at once don't both win."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from qushu.cases.actions import accept_case
from qushu.cases.contact import Contact
from qushu.cases.models import Case
from qushu.cases.tests.district import MONDAY, District
from qushu.insight.belonging.following import QUOTED
from qushu.insight.matters import actions, following_up, reading
from qushu.insight.matters.actions import By
from qushu.insight.matters.arriving import join_new
from qushu.insight.matters.building import build
from qushu.insight.matters.checking import agreement
from qushu.insight.matters.keeping import refresh
from qushu.insight.matters.models import (
    Charge,
    Face,
    FaceKey,
    FollowUpLink,
    Matter,
    MatterEvent,
    Membership,
    Repeat,
    RepeatCase,
    Watch,
)
from qushu.insight.matters.repeating import find_repeats
from qushu.kernel.errors import Forbidden, Refused, Stale
from qushu.people.models import AuditEntry, Notice

NOW = MONDAY + timedelta(days=1)
TEXT = "水岸国际三号楼电梯频繁故障，老人被困，物业公司一直没有维修。"


def call(district: District, number: int, text: str = TEXT, phone: int | None = None, **more: object) -> Case:
    """A case that was accepted `number` minutes after Monday nine o'clock."""
    contact = Contact(f"王{number}", f"1990027{phone if phone is not None else number:04d}")
    facts = {"text": text, "contact": contact, "kind": "complaint", **more}
    return accept_case(district.call("agent", timedelta(minutes=number)), district.intake(**facts))


def matter_of(district: District, count: int = 3) -> Matter:
    """A matter of so many calls of different people."""
    for number in range(count):
        call(district, number)
    for number, other in enumerate(("路灯不亮影响晚上出行", "咨询社保卡如何补办手续", "河边垃圾堆放无人清运"), 50):
        call(district, number, other)
    join_new(NOW)
    return Matter.objects.get()


def by(district: District, matter: Matter, role: str = "supervisor") -> By:
    return By(district.people[role], NOW, matter.version)


def numbers(matter: Matter) -> list[str]:
    found = Membership.objects.filter(matter=matter, removed_at__isnull=True)
    return list(found.order_by("accepted_at").values_list("case__number", flat=True))


def test_three_people_make_a_matter_and_its_figures_are_counted(district: District) -> None:
    matter = matter_of(district)
    assert (matter.people, matter.cases, matter.state, matter.changed) == (3, 3, "open", False)
    assert matter.areas == [district.community.pk]
    assert "电梯" in matter.keywords
    assert "电梯" in matter.title


def test_the_next_caller_joins_with_a_reason_and_followers_are_told_once(district: District) -> None:
    matter = matter_of(district)
    actions.follow(district.people["analyst"], matter, True, NOW)
    late = [call(district, 60), call(district, 61)]
    join_new(NOW)
    matter.refresh_from_db()
    assert (matter.people, matter.cases) == (5, 5)
    row = Membership.objects.get(case=late[0])
    assert "故障" in row.reason
    assert "同一社区" in row.reason
    assert row.added_by is None
    account = district.people["analyst"].account_id
    assert Notice.objects.filter(account=account, text__contains="新增 2 件").count() == 1


def test_one_trouble_at_one_estate_comes_together_in_other_words_and_without_titles(district: District) -> None:
    told = {"place": "水岸国际3栋", "category_id": district.category.pk}
    roof = (
        "来电人反映：水岸国际顶楼漏水，家中墙面发霉。",
        "水岸国际屋面防水失效，一下雨就渗到楼下。",
        "市民来电反映：水岸国际外墙渗水，维修资金迟迟用不了。",
    )
    for number, text in enumerate(roof):
        call(district, number, text, **told)
    call(district, 9, "水岸国际门口摊贩占道，晚上无法通行。", place="水岸国际门口")
    others = ("路灯不亮影响晚上出行", "咨询社保卡如何补办手续", "河边垃圾堆放无人清运", "公交车等了很久没有来")
    for number in range(24):  # a name says the more, the fewer say it
        call(district, 20 + number, others[number % 4], phone=100 + number % 4)
    join_new(NOW)
    matter = Matter.objects.get()
    assert matter.cases == 3
    assert matter.title.startswith("水岸国际")  # what is said, without who reports it
    assert not any(word.startswith("@") for word in matter.keywords)
    assert all("同一地点的同类问题" in row.reason for row in Membership.objects.all())


def test_looking_twice_changes_nothing(district: District) -> None:
    matter_of(district)
    before = list(Membership.objects.values_list("pk", "matter", "case"))
    assert join_new(NOW) == 0
    assert list(Membership.objects.values_list("pk", "matter", "case")) == before


def test_the_whole_history_gives_the_same_matter_and_may_be_run_again(district: District) -> None:
    for number in range(4):
        call(district, number)
    first = build(30, NOW, NOW)
    assert (first.found, first.joined) == (1, 4)
    assert build(30, NOW, NOW).joined == 0
    assert Matter.objects.get().people == 4
    assert Face.objects.count() == 4
    assert not FaceKey.objects.exists()


def test_a_case_that_a_person_took_out_is_never_put_back(district: District) -> None:
    matter = matter_of(district, 4)
    case = Case.objects.get(number=numbers(matter)[0])
    actions.remove_cases(by(district, matter), matter.pk, [case.pk])
    Face.objects.filter(pk=case.pk).delete()
    join_new(NOW)
    build(30, NOW, NOW)
    matter.refresh_from_db()
    assert case.number not in numbers(matter)
    assert matter.cases == 3
    assert matter.version == 2


def test_a_person_may_put_it_back(district: District) -> None:
    matter = matter_of(district, 4)
    case = Case.objects.get(number=numbers(matter)[0])
    matter = actions.remove_cases(by(district, matter), matter.pk, [case.pk])
    matter = actions.add_case(by(district, matter), matter.pk, case.number)
    assert matter.cases == 4
    assert Membership.objects.get(matter=matter, case=case).added_by_id == district.people["supervisor"].account_id


def test_a_case_is_in_one_matter_only(district: District) -> None:
    matter = matter_of(district, 5)
    picked = Membership.objects.filter(matter=matter).values_list("case_id", flat=True)[:2]
    fresh = actions.split(by(district, matter), matter.pk, list(picked), "二号楼电梯")
    with pytest.raises(Refused, match="已在事项"):
        actions.add_case(By(district.people["supervisor"], NOW, 2), matter.pk, numbers(fresh)[0])


def test_splitting_parts_the_members_and_the_machine_keeps_it_so(district: District) -> None:
    matter = matter_of(district, 5)
    picked = list(Membership.objects.filter(matter=matter).values_list("case_id", flat=True)[:2])
    fresh = actions.split(by(district, matter), matter.pk, picked, "二号楼电梯")
    build(30, NOW, NOW)
    matter.refresh_from_db()
    assert (matter.cases, fresh.cases, fresh.title) == (3, 2, "二号楼电梯")
    assert not set(numbers(matter)) & set(numbers(fresh))


def test_all_members_cannot_be_split_off(district: District) -> None:
    matter = matter_of(district)
    everything = list(Membership.objects.values_list("case_id", flat=True))
    with pytest.raises(Refused, match="至少要留一件"):
        actions.split(by(district, matter), matter.pk, everything, "")
    assert Matter.objects.count() == 1


def test_merging_brings_members_together_and_what_was_taken_out_of_either_stays_out(district: District) -> None:
    matter = matter_of(district, 6)
    ids = list(Membership.objects.filter(matter=matter).order_by("pk").values_list("case_id", flat=True))
    other = actions.split(by(district, matter), matter.pk, ids[:3], "另一件")
    actions.remove_cases(by(district, other), other.pk, ids[:1])
    matter.refresh_from_db()
    actions.merge(by(district, matter), matter.pk, other.pk)
    other.refresh_from_db()
    matter.refresh_from_db()
    present = set(Membership.objects.filter(matter=matter, removed_at__isnull=True).values_list("case_id", flat=True))
    assert present == set(ids[3:])  # 1 and 2 were split off this matter by a person: they stay out of it
    assert (other.state, other.into_id, other.cases) == ("closed", matter.pk, 0)
    with pytest.raises(Refused, match="已并入"):
        actions.note(by(district, other), other.pk, "晚了")


def test_of_two_who_saw_the_same_version_one_wins(district: District) -> None:
    matter = matter_of(district)
    actions.retitle(by(district, matter), matter.pk, "水岸国际电梯")
    with pytest.raises(Stale):
        actions.retitle(by(district, matter), matter.pk, "别的名字")
    matter.refresh_from_db()
    assert matter.title == "水岸国际电梯"


def test_a_title_that_a_person_gave_stays(district: District) -> None:
    matter = matter_of(district)
    actions.retitle(by(district, matter), matter.pk, "水岸国际电梯")
    call(district, 60)
    join_new(NOW)
    matter.refresh_from_db()
    assert (matter.title, matter.cases) == ("水岸国际电梯", 4)


def test_everything_people_do_is_in_the_history_and_in_the_audit_trail(district: District) -> None:
    matter = matter_of(district)
    matter = actions.set_state(by(district, matter), matter.pk, "watched")
    matter = actions.note(by(district, matter), matter.pk, "已约谈物业")
    matter = actions.assign(by(district, matter), matter.pk, "三日内答复", unit_id=district.water.pk, account_id=None)
    matter = actions.set_state(by(district, matter), matter.pk, "dispersed", "电梯已更换")
    told = list(MatterEvent.objects.filter(matter=matter).order_by("pk").values_list("what", flat=True))
    assert told == ["found", "watched", "noted", "assigned", "dispersed"]
    kept = AuditEntry.objects.filter(subject=f"matter:{matter.pk}").order_by("pk").values_list("action", flat=True)
    assert list(kept) == ["matter.watched", "matter.noted", "matter.assigned", "matter.dispersed"]
    assert Notice.objects.filter(unit=district.water).count() == 1


def test_a_charge_is_done_by_who_was_charged_and_once(district: District) -> None:
    matter = matter_of(district)
    actions.assign(by(district, matter), matter.pk, "三日内答复", unit_id=district.water.pk, account_id=None)
    charge = Charge.objects.get()
    with pytest.raises(Forbidden):
        actions.finish_charge(district.people["other_unit"], charge.pk, "好了", NOW)
    actions.finish_charge(district.people["unit"], charge.pk, "已更换电梯", NOW)
    with pytest.raises(Refused, match="已经办完"):
        actions.finish_charge(district.people["supervisor"], charge.pk, "好了", NOW)


@pytest.mark.parametrize("role", ["unit", "leader", "agent", "follow_up", "administrator"])
def test_who_may_not_change_matters_changes_nothing(district: District, role: str) -> None:
    matter = matter_of(district)
    with pytest.raises(Forbidden):
        actions.retitle(by(district, matter, role), matter.pk, "别的名字")
    with pytest.raises(Forbidden):
        actions.remove_cases(by(district, matter, role), matter.pk, [1])
    assert MatterEvent.objects.filter(matter=matter).count() == 1


def test_dispersing_needs_a_ground_and_following_can_end(district: District) -> None:
    matter = matter_of(district)
    with pytest.raises(Refused, match="依据"):
        actions.set_state(by(district, matter), matter.pk, "dispersed")
    actions.follow(district.people["leader"], matter, True, NOW)
    actions.follow(district.people["leader"], matter, True, NOW)
    assert Watch.objects.count() == 1
    actions.follow(district.people["leader"], matter, False, NOW)
    assert Watch.objects.count() == 0


def test_one_person_who_calls_three_times_is_a_repeat_caller_and_no_matter(district: District) -> None:
    for number in range(3):
        call(district, number, phone=7)
    call(district, 9, "河边垃圾堆放无人清运，气味难闻。", phone=7)
    join_new(NOW)
    assert Matter.objects.count() == 0
    assert find_repeats(NOW) == 1
    assert Repeat.objects.get().cases == 3
    assert find_repeats(NOW) == 1
    assert Repeat.objects.count() == 1


def test_who_asks_the_same_again_is_a_repeat_caller_wherever_the_question_is_noted(district: District) -> None:
    question = "咨询身份证遗失以后怎样补办，需要什么材料。"
    for number, area in enumerate((district.community, None, district.community)):
        call(district, number, question, phone=7, kind="consultation", area_id=area.pk if area else None)
    assert find_repeats(NOW) == 1
    assert Repeat.objects.get().cases == 3


def test_how_repeat_callers_are_told_is_counted_against_what_was_planted() -> None:
    things = [frozenset({1, 2, 3}), frozenset({4, 5, 6}), frozenset({7})]
    found = [frozenset({1, 2, 3, 9}), frozenset({4, 7, 10})]
    assert agreement(things[:2], things, found) == {"recall": 0.5, "precision": 0.5}
    assert agreement([], things, []) == {"recall": None, "precision": None}


def test_a_sealed_case_is_not_told_of_by_an_open_one_of_its_caller(district: District) -> None:
    for number in range(3):
        call(district, number, phone=7)
    sealed = call(district, 4, phone=7, marks=("sensitive",))
    find_repeats(NOW)
    assert sealed.pk not in RepeatCase.objects.values_list("case", flat=True)
    later = call(district, 30, f"还是电梯的事，{TEXT}上次的编号是{sealed.number}。", phone=7)
    for role, told in (("dispatcher", False), ("supervisor", True)):
        found = {one.case.pk: one.reason for one in following_up.candidates(district.people[role], later)}
        assert ("同一号码" in found[sealed.pk]) == told, found


def test_sealed_cases_of_one_caller_are_a_repeat_of_their_own(district: District) -> None:
    for number in range(6):
        call(district, number, phone=7, marks=("sensitive",) * (number % 2))
    assert find_repeats(NOW) == 2
    for repeat in Repeat.objects.all():
        assert len({tuple(row.case.marks) for row in repeat.rows.all()}) == 1


def test_a_matter_is_not_called_as_a_sealed_caller_called_it(district: District) -> None:
    for number in range(3):
        call(district, number, title=f"水岸国际电梯故障困人第{number}次")
    call(district, 9, title="王某举报物业电梯故障", marks=("sensitive",))
    join_new(NOW)
    matter = Matter.objects.get()
    assert matter.cases == 4
    Case.objects.exclude(marks=["sensitive"]).update(marks=["sensitive"])
    refresh([matter.pk], reading.learn_weights(NOW), NOW)
    matter.refresh_from_db()
    assert matter.title == "未命名事项"


def test_a_call_that_quotes_a_number_may_ask_about_that_order(district: District) -> None:
    earlier = call(district, 1)
    later = call(district, 30, f"上次反映的{earlier.number}一直没有人联系我，请问进展如何。", phone=99)
    [found] = following_up.candidates(district.people["supervisor"], later)
    assert found.case == earlier
    assert found.score >= QUOTED
    assert found.reason.startswith("提到了它的编号")
    following_up.decide(district.people["supervisor"], later, earlier.number, True, NOW)
    following_up.decide(district.people["supervisor"], later, earlier.number, False, NOW)
    assert FollowUpLink.objects.get().accepted is False


def test_the_same_number_on_the_same_thing_may_ask_about_it_and_on_another_thing_does_not(district: District) -> None:
    call(district, 1, phone=5)
    call(district, 2, "河边垃圾堆放无人清运，气味难闻。", phone=5)
    later = call(district, 30, TEXT + "请尽快处理。", phone=5)
    reading.learn_weights(NOW)
    found = following_up.candidates(district.people["supervisor"], later)
    assert [one.case.statement.text for one in found] == [TEXT]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_no_case_twice() -> None:
    from qushu.cases.tests.district import make_district

    district = make_district()
    for number in range(8):
        call(district, number)
    reading.learn_weights(NOW)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            join_new(NOW)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Matter.objects.count() == 1
    assert Matter.objects.get().cases == 8
    assert Membership.objects.filter(removed_at__isnull=True).count() == 8
    assert connection.is_usable()
