"""The ladder is configured while clocks run: they go on from their next step, nothing is pressed twice or made up for."""

from datetime import timedelta

import psycopg
import pytest

from qushu.cases import actions as moves
from qushu.cases.codes import actions
from qushu.cases.codes.actions import StepFacts
from qushu.cases.models import Clock, LadderStep, Supervision
from qushu.cases.rulebook import rulebook
from qushu.kernel.errors import Forbidden, Refused
from qushu.people.models import AuditEntry, Notice, Role

from .codes import as_administrator, own_address
from .district import MONDAY, make_district

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def admin(district):
    return district.people["administrator"]


@pytest.fixture
def clock(district):
    """Five working days from Monday: half of it on Wednesday, all on the next Monday."""
    case = moves.accept_case(district.call("agent"), district.intake())
    moves.register_case(district.call("agent"), case.pk, district.category.pk, district.community.pk, "help", "general")
    moves.dispatch_case(district.call("dispatcher"), case.pk, district.water.pk, [], "请办理")
    return Clock.objects.get(case=case, name="resolve")


def facts(step: LadderStep, **changes: object) -> StepFacts:
    return StepFacts(**({name: getattr(step, name) for name in StepFacts.__dataclass_fields__} | changes))


def step(percent: int | None = None, overdue: int | None = None) -> LadderStep:
    return LadderStep.objects.get(clock="resolve", percent=percent, overdue_amount=overdue)


def pressed() -> int:
    return Notice.objects.filter(text__contains="时限：已用").count()


def test_a_step_put_later_presses_later(district, admin, clock):
    before = clock.next_step_at
    _, count = actions.change_step(admin, step(50).pk, facts(step(50), percent=70), MONDAY)
    clock.refresh_from_db()
    assert count == 1 and clock.next_step_at > before
    moves.climb_ladder(before + HOUR)
    assert pressed() == 0
    moves.climb_ladder(clock.next_step_at)
    assert pressed() == 1


def test_a_new_earlier_step_presses_clocks_that_have_not_come_to_it(district, admin, clock):
    before = clock.next_step_at
    actions.add_step(admin, StepFacts("resolve", 20, None, "remind", "unit"), MONDAY)
    clock.refresh_from_db()
    assert clock.next_step_at < before
    moves.climb_ladder(before)
    assert pressed() == 2  # the new one and that at half of the time


def test_a_step_whose_moment_has_passed_is_not_made_up_for(district, admin, clock):
    now = clock.next_step_at - HOUR
    actions.add_step(admin, StepFacts("resolve", 20, None, "remind", "unit"), now)
    moves.climb_ladder(now + timedelta(minutes=30))
    assert pressed() == 0
    clock.refresh_from_db()
    moves.climb_ladder(clock.next_step_at)
    assert pressed() == 1


def test_what_was_climbed_is_not_climbed_again_after_the_numbers_changed(district, admin, clock):
    moves.climb_ladder(clock.next_step_at)
    assert pressed() == 1
    clock.refresh_from_db()
    actions.add_step(admin, StepFacts("resolve", 10, None, "remind", "unit"), clock.started_at + 3 * DAY)
    actions.change_step(admin, step(80).pk, facts(step(80), receiver="unit"), clock.started_at + 3 * DAY)
    moves.climb_ladder(clock.started_at + 3 * DAY)
    assert pressed() == 1
    moves.climb_ladder(clock.due_at - HOUR)
    assert pressed() == 1 and Supervision.objects.filter(level="urge").count() == 1
    moves.climb_ladder(clock.due_at + HOUR)
    assert Supervision.objects.filter(level="supervise").count() == 1


def test_a_step_that_was_due_and_not_taken_is_taken(district, admin, clock):
    now = clock.next_step_at + HOUR
    actions.change_step(admin, step(80).pk, facts(step(80), percent=90), now)
    moves.climb_ladder(now)
    assert pressed() == 1


def test_a_step_that_is_switched_off_does_not_press(district, admin, clock):
    for one in LadderStep.objects.filter(clock="resolve"):
        actions.change_step(admin, one.pk, facts(one, active=False), MONDAY)
    clock.refresh_from_db()
    assert clock.next_step_at is None
    assert moves.climb_ladder(clock.due_at + 30 * DAY) == 0
    actions.change_step(admin, step(overdue=0).pk, facts(step(overdue=0), active=True), MONDAY)
    clock.refresh_from_db()
    assert clock.next_step_at == clock.due_at
    assert moves.climb_ladder(clock.due_at) == 1


def test_a_paused_clock_has_no_next_step_and_a_stopped_one_is_left_alone(district, admin, clock):
    Clock.objects.filter(pk=clock.pk).update(paused_at=MONDAY, next_step_at=None)
    actions.add_step(admin, StepFacts("resolve", 20, None, "remind", "unit"), MONDAY)
    clock.refresh_from_db()
    assert clock.next_step_at is None
    Clock.objects.filter(pk=clock.pk).update(paused_at=None, stopped_at=MONDAY, met=True, ladder_order=1)
    _, count = actions.add_step(admin, StepFacts("resolve", 30, None, "remind", "unit"), MONDAY)
    clock.refresh_from_db()
    assert count == 0 and clock.ladder_order == 1


def test_clocks_of_another_name_are_left_alone(district, admin, clock):
    before = Clock.objects.get(pk=clock.pk).next_step_at
    _, count = actions.add_step(admin, StepFacts("follow_up", 50, None, "remind", "unit"), MONDAY)
    clock.refresh_from_db()
    assert (count, clock.next_step_at) == (0, before)


def test_steps_stand_in_the_order_of_their_moments(district, admin):
    actions.add_step(admin, StepFacts("resolve", None, 2, "escalate", "leader"), MONDAY)
    actions.add_step(admin, StepFacts("resolve", 95, None, "remind", "unit_leader"), MONDAY)
    actions.add_step(admin, StepFacts("resolve", None, 60, "remind", "supervisor", "natural_minutes"), MONDAY)
    actions.add_step(admin, StepFacts("dispatch", 50, None, "remind", "supervisor"), MONDAY)
    steps = [(one.percent, one.overdue_amount) for one in LadderStep.objects.filter(clock="resolve").order_by("order")]
    assert steps == [(50, None), (80, None), (95, None), (None, 0), (None, 60), (None, 1), (None, 2)]
    assert [one.order for one in rulebook().ladder["resolve"]] == sorted(
        one.order for one in rulebook().ladder["resolve"]
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"percent": None},
        {"overdue_amount": 1},
        {"percent": 0},
        {"percent": 101},
        {"percent": None, "overdue_amount": -1},
        {"clock": "lunch"},
        {"action": "shout"},
        {"receiver": "mayor"},
    ],
)
def test_a_step_that_makes_no_sense_is_refused(district, admin, changes):
    said = {"clock": "resolve", "percent": 10, "overdue_amount": None, "action": "remind", "receiver": "unit"} | changes
    with pytest.raises(Refused):
        actions.add_step(admin, StepFacts(**said), MONDAY)
    assert LadderStep.objects.count() == 4


def test_the_same_step_twice_and_a_change_of_nothing_are_refused(district, admin):
    with pytest.raises(Refused, match="完全相同"):
        actions.add_step(admin, facts(step(50)), MONDAY)
    with pytest.raises(Refused, match="相同"):
        actions.change_step(admin, step(50).pk, facts(step(50)), MONDAY)
    with pytest.raises(Refused, match="不能改"):
        actions.change_step(admin, step(50).pk, facts(step(50), clock="contact"), MONDAY)


@pytest.mark.parametrize("role", [role for role in Role.values if role != "administrator"])
def test_nobody_else_may_change_the_ladder(district, role):
    person = district.people[role]
    with pytest.raises(Forbidden):
        actions.add_step(person, StepFacts("resolve", 10, None, "remind", "unit"), MONDAY)
    with pytest.raises(Forbidden):
        actions.change_step(person, step(50).pk, facts(step(50), percent=10), MONDAY)
    assert step(50).active


def test_a_change_is_audited_with_how_many_clocks_follow(district, admin, clock):
    actions.change_step(admin, step(50).pk, facts(step(50), percent=60), MONDAY, "试行")
    entry = AuditEntry.objects.get(action="ladder.changed")
    assert entry.data["moment"] == ["时限用去 50% 时", "时限用去 60% 时"]
    assert (entry.data["running"], entry.reason) == (1, "试行")


def test_the_pages_add_and_switch_off_a_step(district):
    browser = as_administrator()
    said = {
        "clock": "resolve",
        "percent": "30",
        "overdue_measure": "working_days",
        "action": "remind",
        "receiver": "unit",
        "active": "on",
    }
    assert browser.post("/admin/clocks/ladder/new/", said).status_code == 302
    made = step(30)
    assert "时限用去 30% 时" in browser.get("/admin/clocks/ladder/").content.decode()
    assert browser.post(f"/admin/clocks/ladder/{made.pk}/", said | {"active": ""}).status_code == 302
    assert not step(30).active
    assert browser.post("/admin/clocks/ladder/new/", said | {"overdue_amount": "1"}).status_code == 422


def test_a_clock_that_somebody_holds_makes_the_change_give_way_and_nothing_is_kept(transactional_db):
    district = make_district()
    case = moves.accept_case(district.call("agent"), district.intake())
    held = Clock.objects.get(case=case, name="dispatch")
    facts_of_step = StepFacts("dispatch", 50, None, "remind", "supervisor")
    with psycopg.connect(own_address()) as other:
        other.execute("SELECT id FROM cases_clock WHERE id = %s FOR UPDATE", [held.pk])
        with pytest.raises(Refused, match="再保存一次"):
            actions.add_step(district.people["administrator"], facts_of_step, MONDAY)
    assert LadderStep.objects.count() == 4 and not AuditEntry.objects.exists()
    assert rulebook().ladder.get("dispatch") is None
    actions.add_step(district.people["administrator"], facts_of_step, MONDAY)
    assert Clock.objects.get(pk=held.pk).next_step_at is not None
