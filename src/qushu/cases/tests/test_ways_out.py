"""No dead ends: what happens to a main case happens to those in it; requests are taken back; orders end with a case."""

from datetime import timedelta

import pytest

from qushu.cases import actions
from qushu.cases.actions.merging import FOLLOWED, NO_PARENT
from qushu.cases.models import Case, History, Supervision
from qushu.kernel.errors import Forbidden, Refused
from qushu.kernel.lifecycle import BACK, SAME, lifecycle
from qushu.people.models import Account
from qushu.people.tests.staff import log_in

from .test_life import dispatched, in_hand, registered

HOUR = timedelta(hours=1)
FINAL = {"declined", "void"}
TABLE = lifecycle("hotline")


def accepted(district):
    return actions.accept_case(district.call("agent"), district.intake())


def merged(district, child, parent):
    return actions.merge_case(district.call("dispatcher", 4 * HOUR), child.pk, parent.pk)


def moves_of(case):
    return list(History.objects.filter(case=case).order_by("seq").values_list("move", flat=True))


def running(case):
    return set(case.clocks.filter(stopped_at__isnull=True).values_list("name", flat=True))


# — the table —


def _exits(state):
    return [move for move in TABLE.moves_from(state) if move.to not in (SAME, state)]


def test_only_final_states_have_no_way_out():
    assert {code for code in TABLE.states if not _exits(code)} == FINAL


def test_every_state_but_a_final_one_can_be_left_by_a_person_whatever_others_do():
    stuck = {code for code in TABLE.states if not [move for move in _exits(code) if not move.by_review]}
    assert stuck == FINAL


def test_from_every_open_state_an_end_can_be_reached():
    ends = {code for code, state in TABLE.states.items() if not state.open} - {"merged"}
    reaching, before = set(ends), set()
    while reaching != before:
        before = set(reaching)
        reaching |= {code for code in TABLE.states if any(move.to in reaching for move in _exits(code))}
        # What goes back ends where it came from, or where the table says instead.
        reaching |= {
            code
            for code in TABLE.states
            if any(move.to == BACK and _back(move, code) & reaching for move in _exits(code))
        }
    assert reaching == set(TABLE.states)


def _back(move, state):
    return {move.back_to(origin) for enters in TABLE.moves.values() if enters.to == state for origin in enters.froms}


def test_every_move_that_ends_a_main_case_moves_those_in_it():
    may_hold = TABLE.open_states - set(NO_PARENT)
    leaving = {
        code
        for code, move in TABLE.moves.items()
        if move.froms & may_hold and move.to not in (SAME, BACK) and move.to not in may_hold
    }
    assert leaving - {"merge", "archive"} == set(FOLLOWED)  # `merge` takes them along; an archived case never held one


# — merged cases —


@pytest.mark.parametrize("make", [accepted, registered, dispatched, in_hand])
@pytest.mark.django_db
def test_a_voided_main_case_frees_those_in_it(district, make):
    parent, child = registered(district), make(district)
    merged(district, child, parent)
    actions.void_case(district.call("supervisor", 5 * HOUR), parent.pk, district.reason("void"))
    child.refresh_from_db()
    assert child.state == ("accepted" if make is accepted else "registered")
    assert (child.parent_id, child.lead_unit_id, running(child)) == (None, None, {"dispatch"})
    assert child.clocks.get(stopped_at__isnull=True).started_at == district.call("supervisor", 5 * HOUR).now
    assert child.history.get(move="unmerge").record == {"parent": parent.number, "words": f"主件 {parent.number} 作废"}


@pytest.mark.django_db
def test_an_answer_at_once_answers_those_in_it(district):
    parent, child = accepted(district), registered(district)
    merged(district, child, parent)
    actions.answer_case(district.call("agent", 5 * HOUR), parent.pk, "周一恢复供水。")
    child.refresh_from_db()
    assert (child.state, child.result, running(child)) == ("resolved", "explained", {"follow_up"})
    assert child.statement.answer == "周一恢复供水。"


@pytest.mark.django_db
def test_a_declined_main_case_declines_those_in_it_on_the_same_ground(district):
    parent, child = registered(district), registered(district)
    merged(district, child, parent)
    actions.decline_case(district.call("agent", 5 * HOUR), parent.pk, district.reason("decline"), "已起诉")
    child.refresh_from_db()
    ground = parent.history.get(move="decline").record
    assert (child.state, child.closed_at) == ("declined", district.call("agent", 5 * HOUR).now)
    assert child.history.get(move="take_decline").record == ground | {"parent": parent.number}
    page = log_in(Account.objects.get(username="t-agent")).get(f"/cases/{child.number}/").content.decode()
    assert f"主件 {parent.number} 不予受理" in page and ground["way"] in page


@pytest.mark.django_db
def test_those_in_a_merged_case_go_along_with_a_word_in_their_history(district):
    grandchild, child, parent = (registered(district) for _ in range(3))
    merged(district, grandchild, child)
    merged(district, child, parent)
    grandchild.refresh_from_db()
    assert (grandchild.parent_id, grandchild.state) == (parent.pk, "merged")
    assert moves_of(grandchild)[-2:] == ["merge", "merge_along"]
    actions.void_case(district.call("supervisor", 5 * HOUR), parent.pk, district.reason("void"))
    assert set(Case.objects.filter(pk__in=[child.pk, grandchild.pk]).values_list("state", flat=True)) == {"registered"}


@pytest.mark.django_db
def test_a_dispatcher_takes_a_case_out_again(district):
    parent, child = in_hand(district), dispatched(district)
    merged(district, child, parent)
    with pytest.raises(Refused, match="原因"):
        actions.unmerge_case(district.call("dispatcher", 5 * HOUR), child.pk, " ")
    with pytest.raises(Forbidden):
        actions.unmerge_case(district.call("agent", 5 * HOUR), child.pk, "不是同一件事")
    client = log_in(Account.objects.get(username="t-dispatcher"))
    assert "撤销并单" in client.get(f"/cases/{child.number}/").content.decode()
    client.post(f"/cases/{child.number}/moves/unmerge/", {"words": "不是同一件事", "request_key": "k"})
    child.refresh_from_db()
    assert (child.state, child.parent_id, child.lead_unit_id, running(child)) == (
        "registered",
        None,
        None,
        {"dispatch"},
    )
    case = actions.dispatch_case(district.call("dispatcher", 6 * HOUR), child.pk, district.housing.pk)
    assert case.state == "dispatched"
    actions.resolve_case(district.call("unit", 7 * HOUR), parent.pk, "已修复", "solved")
    assert Case.objects.get(pk=child.pk).state == "dispatched"


@pytest.mark.django_db
def test_an_answer_that_is_sent_again_answers_nobody_who_came_later(district):
    parent = in_hand(district)
    actions.resolve_case(district.call("unit", 5 * HOUR, request_key="r"), parent.pk, "已修复", "solved")
    actions.follow_up_case(district.call("follow_up", 6 * HOUR), parent.pk, reached=True, solved=False, satisfaction=1)
    actions.reopen_case(district.call("follow_up", 6 * HOUR), parent.pk, district.reason("reopen"), "又漏了")
    child = registered(district)
    merged(district, child, parent)
    actions.resolve_case(district.call("unit", 7 * HOUR, request_key="r"), parent.pk, "已修复", "solved")
    assert Case.objects.get(pk=child.pk).state == "merged"


# — requests —


def ask(district, case, kind):
    call = district.call("unit", 4 * HOUR)
    later = case.clocks.get(name="resolve").due_at + timedelta(days=3)
    return {
        "return": lambda: actions.ask_return(call, case.pk, district.reason("return"), "不属我单位"),
        "extension": lambda: actions.ask_extension(call, case.pk, district.reason("extension"), "等配件", later),
        "shelve": lambda: actions.ask_shelving(call, case.pk, district.reason("shelve"), "明年改造", later.date()),
    }[kind]()


@pytest.mark.parametrize("kind", ["return", "extension", "shelve"])
@pytest.mark.django_db
def test_a_unit_takes_its_request_back_and_goes_on(district, kind):
    case = in_hand(district)
    due = case.due_at
    ask(district, case, kind)
    with pytest.raises(Refused, match="申请"):
        actions.resolve_case(district.call("unit", 5 * HOUR), case.pk, "已修复", "solved")
    case = actions.withdraw_request(district.call("unit", 5 * HOUR), case.pk, "配件到了")
    assert (case.state, case.due_at) == ("in_hand", due)
    assert case.history.get(move="withdraw").record == {"request": kind, "words": "配件到了"}
    review = case.reviews.get()
    assert (review.approved, review.remark) == (False, "承办单位撤回：配件到了")
    with pytest.raises(Refused, match="处理过此申请"):
        actions.decide_review(district.call("supervisor", 6 * HOUR), review.pk, True, "")
    ask(district, case, kind)
    actions.withdraw_request(district.call("unit", 6 * HOUR), case.pk)
    assert actions.resolve_case(district.call("unit", 7 * HOUR), case.pk, "已修复", "solved").state == "resolved"


@pytest.mark.django_db
def test_taking_a_request_back_leaves_one_for_exclusion_to_its_reviewer(district):
    case = in_hand(district)
    actions.ask_exclusion(district.call("supervisor", 3 * HOUR), case.pk, district.reason("exclude"), "重复", "")
    ask(district, case, "return")
    actions.withdraw_request(district.call("unit", 5 * HOUR), case.pk)
    assert list(case.reviews.filter(decided_at__isnull=True).values_list("kind", flat=True)) == ["exclude"]


@pytest.mark.django_db
def test_a_request_taken_back_is_offered_on_the_page_and_told(district):
    case = in_hand(district)
    ask(district, case, "return")
    client = log_in(Account.objects.get(username="t-unit"))
    assert "撤回申请" in client.get(f"/cases/{case.number}/").content.decode()
    client.post(f"/cases/{case.number}/moves/withdraw/", {"words": "", "request_key": "w"})
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "撤回退单申请" in page and "办结" in page


# — orders —


@pytest.mark.django_db
def test_orders_end_with_a_case_that_ends_without_an_answer(district):
    for end in ("void", "decline", "merge", "answer"):
        case = accepted(district) if end == "answer" else registered(district)
        actions.supervise_case(district.call("supervisor", HOUR), case.pk, "urge", "请抓紧派单")
        {
            "void": lambda c: actions.void_case(district.call("supervisor", 2 * HOUR), c.pk, district.reason("void")),
            "decline": lambda c: actions.decline_case(
                district.call("agent", 2 * HOUR), c.pk, district.reason("decline")
            ),
            "merge": lambda c: merged(district, c, registered(district)),
            "answer": lambda c: actions.answer_case(district.call("agent", 2 * HOUR), c.pk, "已答复"),
        }[end](case)
        order = Supervision.objects.get(case=case)
        assert order.closed_at is not None and order.closing_words, end
        assert case.history.get(move=end).record["orders"] == [order.number]
    page = log_in(Account.objects.get(username="t-supervisor")).get(f"/cases/{case.number}/").content.decode()
    assert "销号：直接答复" in page


@pytest.mark.django_db
def test_after_two_returns_a_dispatcher_cannot_redispatch_either(district):
    case = dispatched(district)
    Case.objects.filter(pk=case.pk).update(return_count=2)
    with pytest.raises(Refused, match="督办员"):
        actions.redispatch_case(district.call("dispatcher", HOUR), case.pk, district.housing.pk, reason="更合适")
    case = actions.redispatch_case(district.call("supervisor", HOUR), case.pk, district.housing.pk, reason="指定")
    assert case.lead_unit_id == district.housing.pk
