"""The fast deadlines give what the kernel's give."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qushu.demo.deadlines import Deadlines
from qushu.kernel import clocks
from qushu.kernel.calendar import seed_calendar

from .paper import END, START

CALENDAR = seed_calendar()
DEADLINES = Deadlines.between(START - timedelta(days=30), END + timedelta(days=400), dict(CALENDAR.days))
moments = st.integers(
    int(datetime(2023, 12, 1, tzinfo=UTC).timestamp()), int(datetime(2024, 11, 30, tzinfo=UTC).timestamp())
)
measures = st.sampled_from(["natural_minutes", "working_minutes", "working_days"])


def utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@given(start=moments, amount=st.integers(1, 40), minutes=st.integers(1, 3000), measure=measures)
def test_a_deadline_is_the_kernels(start: int, amount: int, minutes: int, measure: str) -> None:
    given_amount = amount if measure == "working_days" else minutes
    due = clocks.deadline(utc(start), given_amount, clocks.Measure(measure), CALENDAR)
    assert utc(DEADLINES.due(start, given_amount, measure)) == due


@given(start=moments, amount=st.integers(1, 20), wait=st.integers(0, 40 * 86400), length=st.integers(60, 60 * 86400))
def test_a_pause_moves_a_deadline_as_the_kernel_does(start: int, amount: int, wait: int, length: int) -> None:
    due = DEADLINES.due(start, amount, "working_days")
    since, until = start + wait, start + wait + length
    pause = clocks.Shift("pause", utc(since), utc(until))
    moved = clocks.shift_deadline(utc(due), pause, clocks.Measure.working_days, CALENDAR)
    assert utc(DEADLINES.after_pause(due, since, until)) == moved


@given(start=moments, amount=st.integers(1, 20), percent=st.sampled_from([50, 80]), measure=measures)
def test_a_step_of_the_ladder_is_due_when_the_kernel_says(start: int, amount: int, percent: int, measure: str) -> None:
    due = DEADLINES.due(start, amount, measure)
    wanted = clocks.portion_until(utc(start), utc(due), clocks.Measure(measure), CALENDAR, percent)
    assert abs(utc(DEADLINES.portion(start, due, measure, percent)) - wanted) < timedelta(seconds=1.5)


@given(moment=moments)
def test_people_are_at_work_in_working_time(moment: int) -> None:
    at = DEADLINES.at_work(moment)
    assert at >= moment
    assert CALENDAR.is_workday((utc(at) + timedelta(hours=8)).date())
    assert 9 <= (utc(at) + timedelta(hours=8)).hour < 18
