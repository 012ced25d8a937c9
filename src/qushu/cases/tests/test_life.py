"""The life of a case, told step by step."""

from datetime import timedelta

import pytest

from qushu.cases import actions
from qushu.cases.models import Case, Clock, History, Supervision
from qushu.kernel.errors import Forbidden, Refused, Stale
from qushu.kernel.models import OutboxMessage

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def registered(district, **intake):
    case = actions.accept_case(district.call("agent"), district.intake(**intake))
    return actions.register_case(
        district.call("agent"), case.pk, district.category.pk, district.community.pk, "complaint", "general"
    )


def dispatched(district, **intake):
    case = registered(district, **intake)
    return actions.dispatch_case(district.call("dispatcher", HOUR), case.pk, district.water.pk, [district.housing.pk])


def in_hand(district):
    case = dispatched(district)
    actions.acknowledge_case(district.call("unit", 2 * HOUR), case.pk)
    return actions.record_contact(district.call("unit", 3 * HOUR), case.pk, "电话", "已联系，明天上门")


def resolved(district):
    case = in_hand(district)
    return actions.resolve_case(district.call("unit", DAY), case.pk, "管道已修复，积水已清。", "solved")


def test_a_whole_life_leaves_one_history_row_and_one_message_a_move(district):
    case = resolved(district)
    actions.follow_up_case(district.call("follow_up", 2 * DAY), case.pk, reached=True, solved=True, satisfaction=5)
    case = actions.close_case(district.call("follow_up", 2 * DAY), case.pk, "回访满意")
    moves = ["accept", "register", "dispatch", "acknowledge", "contact", "resolve", "follow_up", "close"]
    assert list(History.objects.filter(case=case).order_by("seq").values_list("move", flat=True)) == moves
    assert list(OutboxMessage.objects.filter(key=case.number).order_by("id").values_list("topic", flat=True)) == [
        f"case.{move}" for move in moves
    ]
    assert (case.state, case.satisfaction, case.due_at) == ("closed", 5, None)
    assert not Clock.objects.filter(case=case, stopped_at__isnull=True).exists()
    assert set(Clock.objects.filter(case=case).values_list("name", "met")) == {
        ("dispatch", True),
        ("acknowledge", True),
        ("contact", True),
        ("resolve", True),
        ("follow_up", True),
    }


def test_the_nearest_running_clock_stands_on_the_case(district):
    case = dispatched(district)
    nearest = Clock.objects.filter(case=case, stopped_at__isnull=True).order_by("due_at").first()
    assert (case.due_at, case.due_clock) == (nearest.due_at, nearest.name)


def test_only_the_own_unit_acknowledges(district):
    case = actions.dispatch_case(district.call("dispatcher"), registered(district).pk, district.water.pk)
    with pytest.raises(Forbidden):
        actions.acknowledge_case(district.call("other_unit", HOUR), case.pk)
    assert Case.objects.get(pk=case.pk).state == "dispatched"


def test_a_move_made_twice_with_one_key_happens_once(district):
    case = dispatched(district)
    first = actions.acknowledge_case(district.call("unit", HOUR, request_key="k1"), case.pk)
    again = actions.acknowledge_case(district.call("unit", 2 * HOUR, request_key="k1"), case.pk)
    assert (first.seq, again.seq, again.acknowledged_at) == (4, 4, first.acknowledged_at)


def test_accepting_twice_with_one_key_gives_one_case(district):
    first = actions.accept_case(district.call("agent", request_key="a"), district.intake())
    assert actions.accept_case(district.call("agent", request_key="a"), district.intake()).pk == first.pk
    gone = district.intake(area_id=10**9)
    assert actions.accept_case(district.call("agent", request_key="a"), gone).pk == first.pk
    assert Case.objects.count() == 1


def test_whoever_comes_second_is_told_who_did_what(district):
    case = dispatched(district)
    actions.acknowledge_case(district.call("unit", HOUR), case.pk)
    with pytest.raises(Stale, match="测试承办单位已签收"):
        actions.redispatch_case(district.call("dispatcher", HOUR, seen_seq=case.seq), case.pk, district.housing.pk)


def test_a_wrong_state_refuses_and_changes_nothing(district):
    case = registered(district)
    with pytest.raises(Refused, match="已立案"):
        actions.follow_up_case(district.call("follow_up"), case.pk, reached=False)
    assert History.objects.filter(case=case).count() == 2


def test_an_approved_return_goes_back_to_dispatch_with_new_clocks(district):
    case = dispatched(district)
    actions.ask_return(
        district.call("unit", 2 * HOUR), case.pk, district.reason("return"), "不属我单位", district.housing.pk
    )
    review = case.reviews.get()
    case = actions.decide_review(district.call("supervisor", 3 * HOUR), review.pk, True, "同意")
    assert (case.state, case.return_count, case.lead_unit_id, case.due_clock) == ("registered", 1, None, "dispatch")
    assert case.assignments.get(unit=district.water).ended_by_return
    assert not case.assignments.filter(ended_at__isnull=True).exists()


def test_a_refused_return_goes_back_to_where_it_was_asked(district):
    case = in_hand(district)
    actions.ask_return(district.call("unit", 3 * HOUR), case.pk, district.reason("return"), "不属我单位")
    case = actions.decide_review(district.call("supervisor", 4 * HOUR), case.reviews.get().pk, False, "属你单位职责")
    assert case.state == "in_hand"


def test_a_return_after_one_working_day_is_too_late(district):
    case = dispatched(district)
    with pytest.raises(Refused, match="1 个工作日"):
        actions.ask_return(district.call("unit", 2 * DAY), case.pk, district.reason("return"), "不属我单位")


def test_after_two_returns_only_a_supervisor_names_the_unit(district):
    case = dispatched(district)
    Case.objects.filter(pk=case.pk).update(state="registered", return_count=2)
    with pytest.raises(Refused, match="督办员"):
        actions.dispatch_case(district.call("dispatcher", HOUR), case.pk, district.housing.pk)


def test_an_approved_extension_moves_the_deadline_and_explains_it(district):
    case = in_hand(district)
    clock = case.clocks.get(name="resolve")
    later = clock.due_at + 3 * DAY
    actions.ask_extension(district.call("unit", 4 * HOUR), case.pk, district.reason("extension"), "等配件", later)
    case = actions.decide_review(district.call("supervisor", 5 * HOUR), case.reviews.get().pk, True, "同意")
    clock.refresh_from_db()
    assert (case.state, case.extension_count, clock.due_at) == ("in_hand", 1, later)
    assert clock.shifts.get().due_after == later


def test_an_extension_asked_on_the_last_day_is_refused(district):
    case = in_hand(district)
    clock = case.clocks.get(name="resolve")
    after = clock.due_at - HOUR - district.call("unit").now
    with pytest.raises(Refused, match="到期前"):
        actions.ask_extension(
            district.call("unit", after), case.pk, district.reason("extension"), "x", clock.due_at + DAY
        )


def test_shelving_stops_the_clocks_and_resuming_moves_the_deadline(district):
    case = in_hand(district)
    due = case.clocks.get(name="resolve").due_at
    call = district.call("unit", DAY)
    actions.ask_shelving(call, case.pk, district.reason("shelve"), "列入明年改造", (call.now + 30 * DAY).date())
    case = actions.decide_review(district.call("supervisor", DAY), case.reviews.get().pk, True, "")
    assert (case.state, case.due_at) == ("shelved", None)
    case = actions.resume_case(district.call("supervisor", 8 * DAY), case.pk, "改造提前")
    assert case.clocks.get(name="resolve").due_at > due + 6 * DAY
    assert case.due_at is not None


def test_the_parents_answer_answers_the_children_and_each_citizen_judges_alone(district):
    parent, child = in_hand(district), registered(district)
    child = actions.merge_case(district.call("dispatcher", 4 * HOUR), child.pk, parent.pk)
    assert (child.state, child.parent_id, child.due_at) == ("merged", parent.pk, None)
    actions.resolve_case(district.call("unit", DAY), parent.pk, "已修复", "solved")
    child.refresh_from_db()
    assert (child.state, child.statement.answer, child.due_clock) == ("resolved", "已修复", "follow_up")
    actions.follow_up_case(district.call("follow_up", DAY), child.pk, reached=True, solved=False, satisfaction=1)
    assert Case.objects.get(pk=parent.pk).satisfaction is None


def test_the_third_call_in_vain_closes_the_case_unjudged(district):
    case = resolved(district)
    for hours in (1, 4, 8):
        case = actions.try_call(district.call("follow_up", DAY + hours * HOUR), case.pk, "无人接听")
    assert (case.state, case.call_attempts, case.satisfaction) == ("closed", 3, None)


def test_a_dissatisfied_citizen_reopens_with_new_clocks(district):
    case = resolved(district)
    actions.follow_up_case(district.call("follow_up", 2 * DAY), case.pk, reached=True, solved=False, satisfaction=1)
    case = actions.reopen_case(district.call("follow_up", 2 * DAY), case.pk, district.reason("reopen"), "又漏了")
    assert (case.state, case.reopen_count, case.lead_unit) == ("reopened", 1, district.water)
    assert set(case.clocks.filter(stopped_at__isnull=True).values_list("name", "round")) == {
        ("acknowledge", 2),
        ("contact", 2),
        ("resolve", 2),
    }
    case = actions.acknowledge_case(district.call("unit", 2 * DAY + HOUR), case.pk)
    assert case.state == "acknowledged"


def test_splitting_makes_cases_of_the_same_caller(district):
    case = registered(district)
    parts = actions.split_case(
        district.call("dispatcher", request_key="s"), case.pk, [actions.Part("路灯不亮", "市民另反映路灯不亮。")]
    )
    assert parts[0].split_from_id == case.pk
    assert bytes(parts[0].caller_index) == bytes(case.caller_index)
    again = actions.split_case(
        district.call("dispatcher", request_key="s"), case.pk, [actions.Part("路灯不亮", "市民另反映路灯不亮。")]
    )
    assert [part.pk for part in again] == [part.pk for part in parts]


def test_the_ladder_presses_by_itself_and_only_once(district):
    case = in_hand(district)
    late = case.clocks.get(name="resolve").due_at + 5 * DAY
    assert actions.climb_ladder(late) > 0
    assert actions.climb_ladder(late) == 0
    levels = list(Supervision.objects.filter(case=case).order_by("id").values_list("level", flat=True))
    assert levels == ["urge", "supervise", "escalate"]
    assert Case.objects.get(pk=case.pk).supervision_level == 3


def test_an_answer_at_once_closes(district):
    case = actions.accept_case(district.call("agent"), district.intake(kind="consultation"))
    case = actions.answer_case(district.call("agent"), case.pk, "工作日九点至五点半办理。")
    assert (case.state, case.result, case.due_at) == ("closed", "explained", None)


def test_revealing_a_phone_is_audited_and_needs_a_reason(district):
    from qushu.people.models import AuditEntry

    case = registered(district)
    with pytest.raises(Refused, match="原因"):
        actions.reveal(district.call("agent"), case, "phone", " ")
    assert actions.reveal(district.call("agent"), case, "phone", "核实地址") == "19900270001"
    assert AuditEntry.objects.get(action="contact.revealed").reason == "核实地址"
    with pytest.raises(Forbidden):
        actions.reveal(district.call("analyst"), case, "phone", "好奇")


def test_voiding_settles_what_was_asked(district):
    case = dispatched(district)
    actions.ask_return(district.call("unit", 2 * HOUR), case.pk, district.reason("return"), "不属我单位")
    case = actions.void_case(district.call("supervisor", 3 * HOUR), case.pk, district.reason("void"))
    assert (case.state, case.reviews.get().approved) == ("void", False)
    assert not case.assignments.filter(ended_at__isnull=True).exists()


def test_a_unit_with_open_cases_cannot_be_closed(district):
    from qushu.cases.apps import open_cases_of

    case = dispatched(district)
    assert "1 件" in open_cases_of(district.water)
    actions.void_case(district.call("supervisor", 2 * HOUR), case.pk, district.reason("void"))
    assert open_cases_of(district.water) == ""


def test_a_request_key_is_no_pass_for_another_case_or_move(district):
    first, second = dispatched(district), dispatched(district)
    actions.acknowledge_case(district.call("unit", HOUR, request_key="k"), first.pk)
    with pytest.raises(Refused, match="请求标识"):
        actions.acknowledge_case(district.call("unit", HOUR, request_key="k"), second.pk)
    with pytest.raises(Refused, match="请求标识"):
        actions.record_contact(district.call("unit", HOUR, request_key="k"), first.pk, "电话", "已联系")
    with pytest.raises(Refused, match="请求标识"):
        actions.accept_case(district.call("agent", request_key="k"), district.intake())
    assert Case.objects.get(pk=second.pk).state == "dispatched"
