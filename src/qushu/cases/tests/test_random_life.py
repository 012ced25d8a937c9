"""Random people make random moves on cases that are merged, split, pressed and voided; whatever they do, it holds together."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from qushu.cases import actions
from qushu.cases.actions.merging import NO_PARENT
from qushu.cases.actions.moving import make_move
from qushu.cases.models import Assignment, Case, Clock, History, Review, Supervision
from qushu.cases.overdue import CLOCK, overdue, running_late
from qushu.cases.proof import verify_cases
from qushu.kernel.errors import Refused, Stale
from qushu.kernel.lifecycle import SAME, lifecycle
from qushu.kernel.models import OutboxMessage

from .entries import entries_with_wrong_facets
from .random_moves import VERBS, attempts

ROLES = ["agent", "dispatcher", "unit", "unit_leader", "other_unit", "supervisor", "follow_up", "leader"]
FINAL = {"declined", "void"}
WITH_UNIT = {
    "dispatched",
    "acknowledged",
    "in_hand",
    "return_asked",
    "extension_asked",
    "shelving_asked",
    "shelved",
    "reopened",
}
WAITS_FOR = {"return_asked": {"return"}, "extension_asked": {"extension"}, "shelving_asked": {"shelve"}}
picks = st.integers(min_value=0, max_value=50)
roles = st.sampled_from(ROLES)
verbs = st.sampled_from(VERBS)
hours = st.integers(min_value=0, max_value=40).map(lambda many: timedelta(hours=many))
WORKS = [
    ("register", "agent"), ("dispatch", "dispatcher"), ("acknowledge", "unit"), ("contact", "unit"), ("resolve", "unit"),
    ("discontent", "follow_up"), ("reopen", "follow_up"),
]  # fmt: skip


class Lives(RuleBasedStateMachine):
    """Some cases of one district. `made` counts what was accepted; `touched` are the cases that the last rule may have moved."""

    def __init__(self, district):
        super().__init__()
        self.district, self.elapsed, self.keys = district, timedelta(), 0
        self.savepoint = transaction.savepoint()
        self.cases, self.touched, self.used = [], set(), []
        self.accept("agent", timedelta())
        self.accept("agent", timedelta())

    def teardown(self):
        try:
            assert [finding for chunk in verify_cases(self.cases) for finding in chunk.findings] == []
            assert Case.objects.count() == len(self.cases), "nothing lost, nothing twice"
            self.touched = set(self.cases)
            self.everything_holds()
        finally:
            transaction.savepoint_rollback(self.savepoint)

    # — what people do —

    @rule(role=st.sampled_from(["agent", "dispatcher", "supervisor"]), later=hours)
    def accept(self, role, later):
        self.elapsed += later
        call = self.call(role)
        case = actions.accept_case(call, self.district.intake())
        assert actions.accept_case(call, self.district.intake()).pk == case.pk, "sent twice, accepted once"
        self.cases.append(case.pk)
        self.touched.add(case.pk)

    @rule(pick=picks, steps=st.integers(min_value=1, max_value=len(WORKS)))
    def work_on(self, pick, steps):
        """The usual way, as far as it goes: without it chance would seldom come beyond dispatch."""
        for verb, role in WORKS[:steps]:
            self.attempt(verb, role, self.case(pick), timedelta(hours=1))

    @rule(verb=verbs, role=roles, pick=picks, later=hours)
    def move(self, verb, role, pick, later):
        self.attempt(verb, role, self.case(pick), later)

    @rule(role=roles, pick=picks, other=picks)
    def merge(self, role, pick, other):
        self.touched |= set(self.cases)
        self.refused_changes_nothing(
            lambda: actions.merge_case(self.call(role), self.case(pick), self.case(other)), self.case(pick)
        )

    @precondition(lambda self: Case.objects.filter(state="merged").exists())
    @rule(role=roles, pick=picks)
    def unmerge(self, role, pick):
        merged = list(Case.objects.filter(state="merged").order_by("pk").values_list("pk", flat=True))
        self.attempt("unmerge", role, merged[pick % len(merged)], timedelta())

    @precondition(lambda self: len(self.cases) < 8)
    @rule(role=roles, pick=picks)
    def split(self, role, pick):
        call, case_id, parts = self.call(role), self.case(pick), [actions.Part("路灯", "市民另反映路灯不亮。")]
        made = self.refused_changes_nothing(lambda: actions.split_case(call, case_id, parts), case_id)
        if made:
            assert [one.pk for one in actions.split_case(call, case_id, parts)] == [one.pk for one in made]
            self.cases += [one.pk for one in made]
            self.touched |= {one.pk for one in made}

    @precondition(lambda self: self.used)
    @rule(pick=picks)
    def send_again(self, pick):
        """A form that is sent again with its key does nothing, whatever happened since."""
        verb, role, case_id, key = self.used[pick % len(self.used)]
        before = History.objects.count()
        self.refused_changes_nothing(attempts(self.district, case_id, self.call(role, key=key))[verb], case_id)
        assert History.objects.count() == before

    @rule(role=roles, pick=picks)
    def from_a_stale_page(self, role, pick):
        """Somebody acts on what was shown before somebody else noted something."""
        case_id = self.case(pick)
        seen = Case.objects.get(pk=case_id).seq
        if not self.attempt("note", "agent", case_id, timedelta()):
            return
        before = History.objects.count()
        call = self.call(role, seen_seq=seen)
        with pytest.raises(Stale):
            make_move(call, case_id, "note", lambda step: step.record.update(words="x"))
        assert History.objects.count() == before

    @rule(later=hours)
    def climb(self, later):
        self.elapsed += later
        self.touched |= set(self.cases)
        actions.climb_ladder(self.call("supervisor").now)
        assert actions.climb_ladder(self.call("supervisor").now) == 0

    # — how —

    def case(self, pick):
        return self.cases[pick % len(self.cases)]

    def call(self, role, key=None, **more):
        self.keys += 1
        return self.district.call(role, self.elapsed, request_key=key or f"k{self.keys}", **more)

    def attempt(self, verb, role, case_id, later):
        self.elapsed += later
        call = self.call(role)
        self.touched |= {case_id, *Case.objects.filter(parent=case_id).values_list("pk", flat=True)}
        before = Case.objects.get(pk=case_id)
        made = self.refused_changes_nothing(lambda: attempts(self.district, case_id, call)[verb](), case_id)
        if made is not None and History.objects.filter(request_key=call.request_key).exists():
            self.used.append((verb, role, case_id, call.request_key))
            leads = before.lead_unit_id in self.district.people[role].unit_ids
            row = History.objects.get(request_key=call.request_key)
            assert leads or role not in ("unit", "unit_leader", "other_unit") or row.move in ("assist", "note")
        return made

    def refused_changes_nothing(self, act, case_id):
        before = (Case.objects.get(pk=case_id).seq, History.objects.count())
        self.touched.add(case_id)
        try:
            return act()
        except Refused:
            assert (Case.objects.get(pk=case_id).seq, History.objects.count()) == before
            return None

    # — what holds —

    @invariant()
    def everything_holds(self):
        for case_id in sorted(self.touched):
            self.holds(Case.objects.select_related("parent").get(pk=case_id))
        self.touched = set()
        assert not entries_with_wrong_facets()

    def holds(self, case):
        life = lifecycle(case.lifecycle)
        rows = list(History.objects.filter(case=case).order_by("seq"))
        assert [row.seq for row in rows] == list(range(1, case.seq + 1))
        assert rows[-1].to_state == case.state, "no state without history"
        assert all(later.from_state == earlier.to_state for earlier, later in zip(rows, rows[1:], strict=False))
        assert all(row.from_state in life.moves[row.move].froms for row in rows)
        assert OutboxMessage.objects.filter(key=case.number).count() == len(rows)
        self.clocks_hold(case, life)
        self.parts_hold(case)
        if case.state == "merged":
            assert case.parent.closed_at is None and case.parent.state not in NO_PARENT, "merged into what goes on"
        if case.state in FINAL | {"merged"}:
            assert not Supervision.objects.filter(case=case, closed_at__isnull=True).exists()
        if case.state not in FINAL:
            ways = {
                move.code
                for actor in self.district.people.values()
                for move in actions.allowed_moves(actor, case)
                if not move.by_review and move.to != SAME
            }
            assert ways, f"no dead end: {case.state}"

    def clocks_hold(self, case, life):
        running = list(Clock.objects.filter(case=case, stopped_at__isnull=True))
        assert len({clock.name for clock in running}) == len(running), "no clock twice"
        assert all(clock.rule_id is not None for clock in case.clocks.all()), "no clock without a rule"
        if case.closed_at is not None or not life.states[case.state].open:
            assert not running
        nearest = min((clock.due_at for clock in running if clock.paused_at is None), default=None)
        assert case.due_at == nearest
        resolving = [clock.due_at for clock in running if clock.name == CLOCK]
        for moment in {self.call("supervisor").now, *resolving, *(due + timedelta(seconds=1) for due in resolving)}:
            by_clock = Clock.objects.filter(running_late(moment), case=case, name=CLOCK).exists()
            assert Case.objects.filter(overdue(moment), pk=case.pk).exists() == by_clock, "overdue as its clocks say"

    def parts_hold(self, case):
        leads = Assignment.objects.filter(case=case, ended_at__isnull=True, part="lead")
        if case.state in WITH_UNIT:
            assert [lead.unit_id for lead in leads] == [case.lead_unit_id]
        open_reviews = Review.objects.filter(case=case, decided_at__isnull=True).exclude(kind="exclude")
        assert set(open_reviews.values_list("kind", flat=True)) == WAITS_FOR.get(case.state, set())


@pytest.mark.django_db
def test_no_order_of_moves_breaks_what_holds(district):
    run_state_machine_as_test(
        lambda: Lives(district),
        settings=settings(
            max_examples=20, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
