"""What follows the unit's answer: shelved cases come back, calls end in closing or reopening, orders are closed."""

from datetime import timedelta

import pytest

from qushu.cases import actions
from qushu.cases.actions import after_move
from qushu.cases.actions.moving import _followers
from qushu.cases.models import Case, History, LadderStep, Supervision
from qushu.cases.telling import tell
from qushu.kernel.errors import Refused
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.models import OutboxMessage
from qushu.people.access import SYSTEM
from qushu.people.actions.notices import mark_all_read
from qushu.people.actors import actor_for
from qushu.people.models import Notice
from qushu.people.queries import unread_notices
from qushu.people.tests.staff import make_account
from qushu.places.models import Area

from .district import MONDAY, District

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def with_unit(district: District) -> Case:
    agent = district.call("agent")
    case = actions.accept_case(agent, district.intake())
    actions.register_case(agent, case.pk, district.category.pk, district.community.pk, "help", "general")
    actions.dispatch_case(district.call("dispatcher"), case.pk, district.water.pk)
    return actions.acknowledge_case(district.call("unit", HOUR), case.pk)


def resolved(district: District) -> Case:
    case = with_unit(district)
    return actions.resolve_case(district.call("unit", 2 * HOUR), case.pk, "已修复", "solved")


def shelved(district: District) -> Case:
    case = with_unit(district)
    day = (MONDAY + 10 * DAY).date()
    actions.ask_shelving(district.call("unit", HOUR), case.pk, district.reason("shelve"), "列入明年计划", day)
    return actions.decide_review(district.call("supervisor", 2 * HOUR), case.reviews.get().pk, True, "同意")


def test_a_shelved_case_comes_back_on_its_day_and_its_unit_is_told(district: District):
    case = shelved(district)
    assert actions.bring_back_shelved(MONDAY + 9 * DAY) == 0
    assert actions.bring_back_shelved(MONDAY + 10 * DAY) == 1
    case.refresh_from_db()
    row = History.objects.filter(case=case).latest("seq")
    assert (case.state, row.move, row.actor_name) == ("in_hand", "resume", "系统")
    assert "复核日期 2024-03-14" in row.record["ground"]
    assert not case.clocks.filter(paused_at__isnull=False).exists() and case.due_at is not None
    assert Notice.objects.filter(unit=district.water, text__contains="挂账复核日期已到").count() == 1
    assert OutboxMessage.objects.filter(key=case.number, topic="case.resume").count() == 1


def test_what_came_back_once_or_was_resumed_by_hand_does_not_come_back_again(district: District):
    case = shelved(district)
    actions.resume_case(district.call("unit", 3 * DAY), case.pk, "资金已到位")
    assert actions.bring_back_shelved(MONDAY + 11 * DAY) == 0
    assert History.objects.filter(case=case, move="resume").count() == 1


def test_a_dissatisfied_citizens_case_is_reopened_with_the_call_and_the_units_leader_is_told(district: District):
    case = resolved(district)
    call = district.call("follow_up", DAY, request_key="call-1")
    for _ in range(2):  # sent twice, made once
        actions.judge_case(
            call, case.pk, solved=False, satisfaction=1, words="又漏水了", reopen_reason_id=district.reason("reopen")
        )
    case.refresh_from_db()
    moves = list(History.objects.filter(case=case).order_by("seq").values_list("move", flat=True))
    said = History.objects.get(case=case, move="follow_up").record
    assert moves[-2:] == ["follow_up", "reopen"] and (case.state, case.reopen_count) == ("reopened", 1)
    assert said == {"reached": True, "solved": False, "satisfaction": 1, "words": "又漏水了"}
    told = Notice.objects.get(unit=district.water, role="unit_leader", urgent=True, text__contains="重办件")
    assert told in unread_notices(district.people["unit_leader"])
    assert told not in unread_notices(district.people["unit"])


def test_a_content_citizens_case_is_closed_with_the_call_but_never_reopened(district: District):
    case = resolved(district)
    said = {"solved": True, "satisfaction": 5}
    with pytest.raises(Refused, match="不需要重办"):
        actions.judge_case(district.call("follow_up", DAY), case.pk, **said, reopen_reason_id=district.reason("reopen"))
    assert Case.objects.get(pk=case.pk).state == "resolved"
    assert actions.judge_case(district.call("follow_up", DAY), case.pk, **said, ground="回访完成").state == "closed"


def test_what_follows_a_move_fails_together_with_it(district: District):
    case = resolved(district)

    def fail(step: actions.Step) -> None:
        raise Refused("记不下来。")

    after_move("try_call", fail)
    try:
        with pytest.raises(Refused, match="记不下来"):
            actions.try_call(district.call("follow_up", DAY), case.pk)
    finally:
        _followers["try_call"].remove(fail)
    assert Case.objects.get(pk=case.pk).call_attempts == 0
    assert not History.objects.filter(case=case, move="try_call").exists()


def test_an_order_is_closed_once_and_without_an_answer_only_with_words(district: District):
    case = with_unit(district)
    supervisor = district.call("supervisor", DAY)
    actions.supervise_case(supervisor, case.pk, "urge", "请抓紧")
    order = Supervision.objects.get()
    with pytest.raises(Refused, match="还没有回复"):
        actions.close_supervision(supervisor, order.pk)
    actions.answer_supervision(district.call("unit", DAY), order.pk, "今天完成")
    actions.close_supervision(supervisor, order.pk)
    order.refresh_from_db()
    assert order.closed_at == supervisor.now and order.closed_by_id == supervisor.actor.account_id
    assert History.objects.filter(case=case).latest("seq").move == "close_supervision"
    with pytest.raises(Refused, match="已经销号"):
        actions.close_supervision(supervisor, order.pk, "再销一次")


def test_a_unit_may_not_close_an_order_nor_answer_a_closed_one(district: District):
    case = with_unit(district)
    actions.supervise_case(district.call("supervisor", DAY), case.pk, "urge", "请抓紧")
    order = Supervision.objects.get()
    with pytest.raises(Refused):
        actions.close_supervision(district.call("unit", DAY), order.pk, "自己销号")
    actions.close_supervision(district.call("supervisor", DAY), order.pk, "误发")
    with pytest.raises(Refused, match="已经销号"):
        actions.answer_supervision(district.call("unit", DAY), order.pk, "收到")


def test_a_further_contact_is_told_as_one_until_the_case_is_taken_up_anew(district: District):
    case = with_unit(district)
    for hours in (2, 3):
        actions.record_contact(district.call("unit", hours * HOUR), case.pk, "电话", "已联系")
    actions.resolve_case(district.call("unit", 4 * HOUR), case.pk, "已修复", "solved")
    actions.judge_case(
        district.call("follow_up", DAY),
        case.pk,
        solved=False,
        satisfaction=2,
        reopen_reason_id=district.reason("reopen"),
    )
    actions.acknowledge_case(district.call("unit", DAY + HOUR), case.pk)
    actions.record_contact(district.call("unit", DAY + 2 * HOUR), case.pk, "上门", "再看现场")
    told = [one.title for one in tell(case.history.all(), lifecycle("hotline")) if "联系" in one.title]
    assert told == ["首次联系", "再次联系", "首次联系"]  # the newest first


def test_the_ladder_tells_the_handler_first_and_the_units_leader_at_four_fifths(district: District):
    case = with_unit(district)
    clock = case.clocks.get(name="resolve")
    leader, clerk = district.people["unit_leader"], district.people["unit"]

    def told(actor) -> list[str]:
        return [one.text for one in unread_notices(actor) if "办结时限" in one.text or one.text.startswith("催办")]

    steps = {step.percent: step for step in LadderStep.objects.filter(clock="resolve", percent__isnull=False)}
    assert {percent: step.receiver for percent, step in steps.items()} == {50: "unit", 80: "unit_leader"}
    actions.climb_ladder(clock.due_at - timedelta(hours=1))
    for_clerk, for_leader = set(told(clerk)), set(told(leader))
    assert for_clerk < for_leader, "what only the leader reads"
    mark_all_read(clerk, Notice.objects.latest("pk").pk, clock.due_at)
    assert set(told(leader)) == for_leader - for_clerk


def test_a_leader_of_one_street_is_told_of_no_case_of_another(district: District):
    case = with_unit(district)
    elsewhere = Area.objects.filter(level="street").exclude(pk=district.street.pk)[0]
    here, there = (make_account("leader", area=street) for street in (district.street, elsewhere))
    actions.supervise_case(actions.Call(SYSTEM, MONDAY + DAY), case.pk, "urge", "请抓紧办理", None, "leader")
    told = {one.pk: [notice.text for notice in unread_notices(actor_for(one))] for one in (here, there)}
    assert case.number in told[here.pk][0] and told[there.pk] == []
