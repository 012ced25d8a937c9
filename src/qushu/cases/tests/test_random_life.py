"""Random people make random moves; whatever they do, the invariants hold."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.cases import actions
from qushu.cases.models import Assignment, Case, Clock, History, Review
from qushu.cases.proof import verify_cases
from qushu.kernel.errors import Refused
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.models import OutboxMessage

ROLES = ["agent", "dispatcher", "unit", "other_unit", "supervisor", "follow_up", "leader"]
HOURS = st.integers(min_value=0, max_value=60).map(lambda hours: timedelta(hours=hours))


def attempts(district, case_id, call):
    """Every verb with plausible words, by name."""
    reason = district.reason
    open_review = Review.objects.filter(case_id=case_id, decided_at__isnull=True).values_list("pk", flat=True).first()
    later = call.now + timedelta(days=6)
    return {
        "answer": lambda: actions.answer_case(call, case_id, "已答复"),
        "register": lambda: actions.register_case(
            call, case_id, district.category.pk, district.community.pk, "complaint", "general"
        ),
        "correct": lambda: actions.correct_case(call, case_id, urgency="urgent"),
        "decline": lambda: actions.decline_case(call, case_id, reason("decline")),
        "void": lambda: actions.void_case(call, case_id, reason("void")),
        "dispatch": lambda: actions.dispatch_case(call, case_id, district.water.pk, [district.housing.pk]),
        "redispatch": lambda: actions.redispatch_case(call, case_id, district.housing.pk, reason="更合适"),
        "acknowledge": lambda: actions.acknowledge_case(call, case_id),
        "contact": lambda: actions.record_contact(call, case_id, "电话", "已联系"),
        "assist": lambda: actions.assist_case(call, case_id, "协办意见"),
        "ask_return": lambda: actions.ask_return(call, case_id, reason("return"), "不属我单位"),
        "ask_extension": lambda: actions.ask_extension(call, case_id, reason("extension"), "等配件", later),
        "ask_shelving": lambda: actions.ask_shelving(call, case_id, reason("shelve"), "列入计划", later.date()),
        "ask_exclusion": lambda: actions.ask_exclusion(call, case_id, reason("exclude"), "重复", ""),
        "approve": lambda: open_review and actions.decide_review(call, open_review, True, "同意"),
        "refuse": lambda: open_review and actions.decide_review(call, open_review, False, "不同意"),
        "resume": lambda: actions.resume_case(call, case_id, "可以办了"),
        "resolve": lambda: actions.resolve_case(call, case_id, "已修复", "solved"),
        "try_call": lambda: actions.try_call(call, case_id),
        "content": lambda: actions.follow_up_case(call, case_id, reached=True, solved=True, satisfaction=5),
        "discontent": lambda: actions.follow_up_case(call, case_id, reached=True, solved=False, satisfaction=1),
        "close": lambda: actions.close_case(call, case_id, "回访完成"),
        "reopen": lambda: actions.reopen_case(call, case_id, reason("reopen"), "又坏了"),
        "note": lambda: actions.note_case(call, case_id, "记一笔"),
        "urge": lambda: actions.supervise_case(call, case_id, "urge", "请抓紧"),
        "climb": lambda: actions.climb_ladder(call.now),
    }


VERBS = ["register", "dispatch", "acknowledge", "contact", "resolve"] * 3 + [
    "answer", "correct", "decline", "void", "redispatch", "assist", "ask_return", "ask_extension", "ask_shelving",
    "ask_exclusion", "approve", "refuse", "resume", "try_call", "content", "discontent", "close", "reopen", "note",
    "urge", "climb",
]  # fmt: skip


def holds(case_id):
    case = Case.objects.get(pk=case_id)
    life = lifecycle(case.lifecycle)
    rows = list(History.objects.filter(case=case).order_by("seq"))
    assert [row.seq for row in rows] == list(range(1, case.seq + 1))
    assert rows[-1].to_state == case.state
    assert all(later.from_state == earlier.to_state for earlier, later in zip(rows, rows[1:], strict=False))
    assert all(row.from_state in life.moves[row.move].froms for row in rows)
    assert OutboxMessage.objects.filter(key=case.number).count() == len(rows)
    running = Clock.objects.filter(case=case, stopped_at__isnull=True)
    if case.closed_at is not None:
        assert not running.exists()
        assert not life.states[case.state].open
    assert all(clock.rule_id is not None for clock in case.clocks.all())
    nearest = min((clock.due_at for clock in running if clock.paused_at is None), default=None)
    assert case.due_at == nearest
    leads = Assignment.objects.filter(case=case, ended_at__isnull=True, part="lead")
    if case.state in {
        "dispatched",
        "acknowledged",
        "in_hand",
        "return_asked",
        "extension_asked",
        "shelved",
        "reopened",
    }:
        assert [lead.unit_id for lead in leads] == [case.lead_unit_id]
    pending = set(Review.objects.filter(case=case, decided_at__isnull=True).values_list("kind", flat=True)) - {
        "exclude"
    }
    waits = {"return_asked": {"return"}, "extension_asked": {"extension"}, "shelving_asked": {"shelve"}}
    assert pending == waits.get(case.state, set())


@pytest.mark.django_db
def test_no_order_of_moves_breaks_an_invariant(district):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(VERBS), st.sampled_from(ROLES), HOURS), min_size=5, max_size=25))
    def live(moves):
        savepoint = transaction.savepoint()
        try:
            case = actions.accept_case(district.call("agent"), district.intake())
            elapsed = timedelta()
            for verb, role, hours in moves:
                elapsed += hours
                before = Case.objects.get(pk=case.pk).seq
                try:
                    attempts(district, case.pk, district.call(role, elapsed))[verb]()
                except Refused:
                    assert Case.objects.get(pk=case.pk).seq == before
                holds(case.pk)
            assert [finding for _, found in verify_cases([case.pk]) for finding in found] == []
        finally:
            transaction.savepoint_rollback(savepoint)

    live()
