"""值班表 and 交接班: who may be where when, what is marked, and that nothing written is changed afterwards."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from qushu.cases import actions as case_actions
from qushu.hotline.duty import actions, handing, queries
from qushu.hotline.duty.actions import ShiftFacts
from qushu.hotline.duty.rules import Pattern, day_of, gaps, month_of, span_words, turns_of, week_of
from qushu.hotline.duty.sheet import rows_of
from qushu.hotline.models import DutyShift, Handover
from qushu.kernel.calendar import SHANGHAI
from qushu.kernel.errors import Forbidden, Missing, Refused, Stale
from qushu.people.models import AuditEntry, Notice
from qushu.people.sheets import SHEETS, apply_rows, rehearse_rows

DAY = date(2024, 3, 4)


def at(hour: int, day: int = 0) -> datetime:
    return datetime.combine(DAY, time(), SHANGHAI) + timedelta(days=day, hours=hour)


def facts(person, begins: int, ends: int, post: str = "desk") -> ShiftFacts:
    return ShiftFacts(person.account_id, post, at(begins), at(ends))


def pattern(people, **changes) -> Pattern:
    kept = {"first": DAY, "days": 4, "begins": time(8), "hours": 8, "seats": 1, "people": people}
    return Pattern(**(kept | changes))


# the rules


def test_three_shifts_and_four_people_move_everybody_by_one_shift_a_day():
    turns = turns_of(pattern([1, 2, 3, 4]))
    assert len(turns) == 12
    assert [turn.account_id for turn in turns[:5]] == [1, 2, 3, 4, 1]
    assert turns[0].starts_at == at(8) and turns[0].ends_at == turns[1].starts_at == at(16)


def test_a_pattern_leaves_no_hour_uncovered_and_gives_nobody_two_shifts_at_once():
    turns = turns_of(pattern([1, 2, 3, 4, 5], days=10, seats=2))
    assert gaps(at(8), at(8, 10), [(turn.starts_at, turn.ends_at) for turn in turns]) == []
    seen = {(turn.account_id, turn.starts_at) for turn in turns}
    assert len(seen) == len(turns) == 10 * 3 * 2


@pytest.mark.parametrize(
    "wrong", [{"hours": 7}, {"hours": 0}, {"days": 0}, {"days": 93}, {"seats": 3}, {"people": [1, 1]}]
)
def test_a_pattern_that_makes_no_roster_says_why(wrong):
    broken = pattern([1, 2], **wrong) if "people" not in wrong else pattern(**wrong)
    assert broken.fault
    with pytest.raises(ValueError, match="."):
        turns_of(broken)


def test_gaps_are_what_no_shift_covers_and_touching_shifts_leave_none():
    since, until = day_of(DAY)
    assert gaps(since, until, [(at(8), at(16)), (at(16), at(30))]) == [(at(0), at(8))]
    assert gaps(since, until, [(at(8), at(12)), (at(9), at(10)), (at(13), at(20))]) == [
        (at(0), at(8)),
        (at(12), at(13)),
        (at(20), at(24)),
    ]
    assert gaps(since, until, []) == [(since, until)]
    assert gaps(since, until, [(at(-8), at(32))]) == []


def test_a_span_is_told_as_people_say_it():
    assert span_words((at(8), at(16))) == "08:00–16:00"
    assert span_words((at(16), at(24))) == "16:00–24:00"
    assert span_words((at(16), at(32))) == "16:00–次日 08:00"
    assert span_words((at(8), at(24 * 6))) == "08:00–03-10 00:00"
    assert len(week_of(DAY)) == 7 and week_of(DAY)[0].weekday() == 0
    assert [month_of(date(2024, 2, 9))[n].day for n in (0, -1)] == [1, 29]


# the roster


def test_two_shifts_of_one_person_that_overlap_are_refused_and_the_database_agrees(district):
    boss, agent = district.people["supervisor"], district.people["agent"]
    actions.add_shift(boss, facts(agent, 8, 16), at(0))
    with pytest.raises(Refused, match="重叠"):
        actions.add_shift(boss, facts(agent, 15, 20, "lead"), at(0))
    with pytest.raises(IntegrityError, match="duty_no_overlap"), transaction.atomic():
        DutyShift.objects.create(**vars(facts(agent, 15, 20, "lead")))
    actions.add_shift(boss, facts(agent, 16, 24), at(0))
    assert DutyShift.objects.count() == 2
    assert AuditEntry.objects.filter(action="duty.added").count() == 2


@pytest.mark.parametrize(
    ("begins", "ends", "post"), [(8, 8, "desk"), (9, 8, "desk"), (0, 25, "lead"), (0, 169, "leader"), (8, 9, "x")]
)
def test_a_shift_that_can_not_be_is_refused(district, begins, ends, post):
    with pytest.raises(Refused):
        actions.add_shift(district.people["supervisor"], facts(district.people["agent"], begins, ends, post), at(0))
    assert not DutyShift.objects.exists()


def test_only_those_who_keep_the_roster_write_it(district):
    for role, person in district.people.items():
        if role in ("supervisor", "administrator"):
            continue
        with pytest.raises(Forbidden):
            actions.add_shift(person, facts(district.people["agent"], 8, 16), at(0))
        with pytest.raises(Forbidden):
            actions.save_turns(person, pattern([district.people["agent"].account_id]), "desk", at(0))


def test_a_pattern_is_saved_as_a_whole_or_not_at_all(district):
    boss = district.people["supervisor"]
    people = [district.people[role].account_id for role in ("agent", "dispatcher", "follow_up", "leader")]
    actions.add_shift(boss, facts(district.people["dispatcher"], 17, 18, "lead"), at(0))
    planned = actions.plan_turns(boss, pattern(people), "desk")
    assert len(planned) == 12 and [bool(one.clash) for one in planned].count(True) == 1
    with pytest.raises(Refused, match="整个班表都没有保存"):
        actions.save_turns(boss, pattern(people), "desk", at(0))
    assert DutyShift.objects.count() == 1
    assert actions.save_turns(boss, pattern(people, first=date(2024, 4, 1)), "desk", at(0)) == 12
    entry = AuditEntry.objects.get(action="duty.planned")
    assert entry.data["rows"] == 12 and len(entry.data["people"]) == 4


def test_a_change_needs_a_reason_and_says_in_the_audit_what_was_before(district):
    boss, agent = district.people["supervisor"], district.people["agent"]
    shift = actions.add_shift(boss, facts(agent, 8, 16), at(0))
    other = facts(district.people["follow_up"], 8, 16)
    with pytest.raises(Refused, match="原因"):
        actions.change_shift(boss, shift.pk, other, "  ", at(1))
    actions.change_shift(boss, shift.pk, other, "请假", at(1))
    entry = AuditEntry.objects.get(action="duty.changed")
    assert entry.reason == "请假" and entry.data["person"] == ["测试坐席", "测试回访员"]
    with pytest.raises(Stale):
        actions.change_shift(boss, shift.pk, facts(agent, 9, 16), "又改", at(1), seen=facts(agent, 8, 16))
    actions.remove_shift(boss, shift.pk, "撤岗", at(2))
    assert not DutyShift.objects.exists() and AuditEntry.objects.filter(action="duty.removed", reason="撤岗").exists()
    with pytest.raises(Missing):
        actions.remove_shift(boss, shift.pk, "撤岗", at(2))


def test_who_is_on_now_and_which_hours_nobody_has(district):
    boss = district.people["supervisor"]
    actions.add_shift(boss, facts(district.people["agent"], 8, 16), at(0))
    actions.add_shift(boss, facts(district.people["dispatcher"], 0, 24, "lead"), at(0))
    assert [one.account.name for one in queries.on_duty(at(9))] == ["测试派单员", "测试坐席"]
    assert [one.account.name for one in queries.on_duty(at(16))] == ["测试派单员"], (
        "a shift ends before its last moment"
    )
    desk, lead, leader = queries.roster([DAY])[0].cells
    assert desk.missing == ["00:00–08:00", "16:00–24:00"]
    assert (lead.missing, leader.missing) == ([], ["全天"])
    assert [part.words for part in desk.parts] == ["08:00–16:00"]


def test_a_shift_from_the_day_before_covers_the_morning(district):
    actions.add_shift(district.people["supervisor"], facts(district.people["agent"], 16, 32), at(0))
    first, second = queries.roster([DAY, DAY + timedelta(days=1)])
    assert first.cells[0].missing == ["00:00–16:00"]
    assert second.cells[0].missing == ["08:00–24:00"] and second.cells[0].parts == []


def test_the_roster_travels_as_a_table_and_back(district):
    boss, sheet = district.people["supervisor"], SHEETS["duty"]
    rows = [
        (2, {"账号": "t-agent", "岗位": "坐席", "开始": "2024-03-04 08:00", "结束": "2024/03/04 16:00"}),
        (3, {"账号": "t-agent", "岗位": "值班长", "开始": "2024-03-04 16:00", "结束": "2024-03-05 00:00:00"}),
    ]
    assert rehearse_rows(sheet, boss, rows, at(0)).counts["new"] == 2
    assert not DutyShift.objects.exists()
    apply_rows(sheet, boss, rows, at(0))
    there = list(DutyShift.objects.order_by("starts_at").values_list("post", "ends_at"))
    assert there == [("desk", at(16)), ("lead", at(24))]
    again = list(enumerate(rows_of(DutyShift.objects.select_related("account").order_by("starts_at")), 2))
    assert rehearse_rows(sheet, boss, again, at(0)).counts == {"new": 0, "change": 0, "same": 2, "broken": 0}
    rows[1][1]["岗位"] = "坐席"
    assert apply_rows(sheet, boss, rows, at(0)).counts["change"] == 1
    wrong = [
        (2, {"账号": "nobody", "岗位": "坐席", "开始": "2024-03-04 08:00", "结束": "2024-03-04 16:00"}),
        (3, {"账号": "t-agent", "岗位": "坐席", "开始": "八点", "结束": "2024-03-04 16:00"}),
        (4, {"账号": "t-agent", "岗位": "坐席", "开始": "2024-03-04 09:00", "结束": "2024-03-04 10:00"}),
    ]
    assert rehearse_rows(sheet, boss, wrong, at(0)).counts["broken"] == 3


# the log


@pytest.fixture
def handed(district):
    """The agent's shift from eight to four, handed over at half past four."""
    boss, agent = district.people["supervisor"], district.people["agent"]
    shift = actions.add_shift(boss, facts(agent, 8, 16), at(0))
    actions.add_shift(boss, facts(district.people["dispatcher"], 16, 24), at(0))
    case = case_actions.accept_case(district.call("agent"), district.intake())
    now = at(16) + timedelta(minutes=5)
    written = handing.write_handover(agent, shift.pk, "平稳", "水管未修好", [case.number, case.number], now)
    return written, shift, case


def test_a_handover_counts_what_stands_at_that_moment_and_names_its_cases_once(district, handed):
    written, _, case = handed
    assert written.figures["accepted"] == 1
    assert set(written.figures) == set(queries.FIGURES)
    assert written.notable == [case.number]
    notice = Notice.objects.get(account_id=district.people["dispatcher"].account_id)
    assert "请接班" in notice.text and notice.link == f"/handover/{written.pk}/"


def test_a_handover_is_taken_over_once_and_not_by_its_writer(district, handed):
    written, agent, comer = handed[0], district.people["agent"], district.people["dispatcher"]
    with pytest.raises(Refused, match="自己"):
        handing.take_over(agent, written.pk, "", at(17))
    taken = handing.take_over(comer, written.pk, "已知悉", at(17))
    assert (taken.taken_by_id, taken.remark) == (comer.account_id, "已知悉")
    with pytest.raises(Refused, match="已经接班"):
        handing.take_over(district.people["supervisor"], written.pk, "", at(18))
    with pytest.raises(Forbidden):
        handing.take_over(district.people["leader"], written.pk, "", at(18))


def test_the_database_refuses_to_change_or_delete_what_was_handed_over(district, handed):
    written = handed[0]
    for change in (
        {"summary": "改过"},
        {"figures": {}},
        {"notable": []},
        {"taken_by_id": district.people["dispatcher"].account_id, "taken_at": at(17), "summary": "改过"},
        {"remark": "没有接班的意见"},
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Handover.objects.filter(pk=written.pk).update(**change)
    handing.take_over(district.people["dispatcher"], written.pk, "", at(17))
    for change in ({"remark": "后来的"}, {"taken_at": None}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Handover.objects.filter(pk=written.pk).update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        written.delete()


def test_an_error_is_corrected_by_a_supplement_that_leaves_the_record_alone(district, handed):
    written = handed[0]
    handing.supplement(district.people["agent"], written.pk, "应为两件", at(18))
    found = queries.handovers(DAY).get()
    assert found.summary == "平稳" and [one.summary for one in found.supplements.all()] == ["应为两件"]
    with pytest.raises(Missing):
        handing.supplement(district.people["agent"], written.supplements.get().pk, "补记的补记", at(18))
    assert not queries.handovers(DAY + timedelta(days=1)).exists()


def test_a_handover_that_can_not_be_is_refused_and_nothing_is_kept(district, handed):
    shift, agent = handed[1], district.people["agent"]
    early = actions.add_shift(district.people["supervisor"], facts(agent, 32, 40), at(0))
    for who, which, words, cases in (
        (agent, shift.pk, "再交一次", []),
        (agent, early.pk, "还没上班", []),
        (agent, None, "  ", []),
        (agent, None, "平稳", ["HY209901010000001"]),
        (district.people["follow_up"], shift.pk, "别人的班", []),
    ):
        with pytest.raises(Refused):
            handing.write_handover(who, which, words, "", cases, at(17))
    with pytest.raises(Forbidden):
        handing.write_handover(district.people["unit"], None, "平稳", "", [], at(17))
    assert Handover.objects.count() == 1


def test_a_shift_that_was_handed_over_stays_on_the_roster_as_it_was(district, handed):
    boss, shift = district.people["supervisor"], handed[1]
    with pytest.raises(Refused, match="已经交接"):
        actions.remove_shift(boss, shift.pk, "删", at(18))
    with pytest.raises(Refused, match="已经交接"):
        actions.change_shift(boss, shift.pk, facts(district.people["leader"], 8, 16), "换人", at(18))


def test_a_shift_without_handover_is_told_until_somebody_writes_it(district):
    boss, agent = district.people["supervisor"], district.people["agent"]
    shift = actions.add_shift(boss, facts(agent, 8, 16), at(0))
    actions.add_shift(boss, facts(district.people["dispatcher"], 8, 16, "lead"), at(0))
    actions.add_shift(boss, facts(district.people["leader"], 0, 16, "leader"), at(0))
    assert queries.unhanded(at(16)) == [], "half an hour is left for writing"
    (found,) = queries.unhanded(at(17))
    assert (found.people, found.words) == ("测试派单员、测试坐席", "03-04 08:00–16:00")
    assert queries.unhanded(at(16, 3)) == []
    handing.write_handover(boss, shift.pk, "代写", "", [], at(17))
    assert queries.unhanded(at(17)) == []


def test_it_is_told_to_the_lead_who_is_on_and_to_those_who_keep_the_roster(district):
    boss, lead = district.people["supervisor"], district.people["dispatcher"]
    actions.add_shift(boss, facts(lead, 16, 24, "lead"), at(0))
    assert queries.told_of_unhanded(lead, at(17)) and queries.told_of_unhanded(boss, at(17))
    assert not queries.told_of_unhanded(lead, at(25))
    assert not queries.told_of_unhanded(district.people["agent"], at(17))
