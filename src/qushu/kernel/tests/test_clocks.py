"""Clocks: deadlines, what moves them, which rule sets them, and the ladder."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.kernel.calendar import SHANGHAI, WorkCalendar, seed_calendar
from qushu.kernel.clocks import (
    ClockRule,
    Measure,
    RuleTable,
    Shift,
    Step,
    deadline,
    next_step,
    paused_time,
    portion,
    portion_until,
    shift_deadline,
    time_between,
)

CHINA = seed_calendar()
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
MEASURES = st.sampled_from(list(Measure))
STARTS = st.datetimes(datetime(2023, 12, 15), datetime(2024, 12, 20)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)
CALENDARS = st.one_of(
    st.just(CHINA),
    st.builds(WorkCalendar, st.dictionaries(st.dates(date(2024, 1, 1), date(2024, 4, 1)), st.booleans(), max_size=30)),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def rule(number: int = 12, amount: int = 120, measure: Measure = Measure.working_minutes, **rest: object) -> ClockRule:
    fields = {"clock": "acknowledge", "priority": number, "effective_from": SINCE} | rest
    return ClockRule(id=number, amount=amount, measure=measure, **fields)  # type: ignore[arg-type]


# deadlines


def test_natural_minutes_run_through_nights_and_holidays() -> None:
    assert deadline(at("2024-02-09 23:00"), 1440, Measure.natural_minutes, CHINA) == at("2024-02-10 23:00")


def test_working_measures_follow_the_calendar() -> None:
    assert deadline(at("2024-03-08 16:30"), 120, Measure.working_minutes, CHINA) == at("2024-03-11 10:00")
    assert deadline(at("2024-03-08 16:30"), 1, Measure.working_days, CHINA) == at("2024-03-11 17:30")


def test_a_measure_as_it_is_stored_works_as_well() -> None:
    start = at("2024-03-08 16:30")
    for measure in Measure:
        assert deadline(start, 3, str(measure), CHINA) == deadline(start, 3, measure, CHINA)  # type: ignore[arg-type]


@pytest.mark.parametrize("measure", list(Measure))
def test_a_deadline_before_its_start_is_refused(measure: Measure) -> None:
    with pytest.raises(ValueError, match="before its start"):
        deadline(at("2024-03-08 16:30"), -1, measure, CHINA)


def test_half_of_the_time_is_half_of_the_working_time() -> None:
    assert portion(at("2024-03-08 16:30"), 120, Measure.working_minutes, CHINA, 50) == at("2024-03-08 17:30")
    assert portion(at("2024-03-08 16:30"), 120, Measure.natural_minutes, CHINA, 50) == at("2024-03-08 17:30")


@pytest.mark.parametrize("percent", [-1, 101])
def test_portions_outside_of_the_whole_are_refused(percent: int) -> None:
    with pytest.raises(ValueError, match="percent"):
        portion(at("2024-03-08 16:30"), 120, Measure.working_minutes, CHINA, percent)


@given(CALENDARS, STARTS, st.integers(0, 3000), MEASURES, st.integers(0, 100), st.integers(0, 100))
def test_portions_lie_between_start_and_deadline_in_order(
    calendar: WorkCalendar, start: datetime, amount: int, measure: Measure, one: int, two: int
) -> None:
    amount = amount % 30 if measure == Measure.working_days else amount
    due = deadline(start, amount, measure, calendar)
    early, late = (portion(start, amount, measure, calendar, percent) for percent in sorted((one, two)))
    assert start <= early <= late <= due or amount == 0
    assert portion(start, amount, measure, calendar, 100) == due


@given(CALENDARS, STARTS, st.integers(1, 3000), MEASURES, st.timedeltas(timedelta(), timedelta(20)), st.integers(0, 99))
def test_a_pause_moves_the_rest_of_the_ladder_with_the_deadline(
    calendar: WorkCalendar, start: datetime, amount: int, measure: Measure, length: timedelta, percent: int
) -> None:
    amount = amount % 20 + 1 if measure == Measure.working_days else amount
    due = deadline(start, amount, measure, calendar)
    pause = Shift("pause", start, start + length)
    later = shift_deadline(due, pause, measure, calendar)
    paused = paused_time([pause], measure, calendar, start)
    before, after = (
        portion(start, amount, measure, calendar, percent),
        portion_until(start, later, measure, calendar, percent, paused),
    )
    assert time_between(before, after, measure, calendar) == paused
    assert time_between(due, later, measure, calendar) == paused


# what moves a deadline


def test_an_extension_moves_to_the_date_given_or_by_working_days() -> None:
    due = at("2024-03-08 17:30")
    given_date = Shift("extension", at("2024-03-06 10:00"), at("2024-03-20 17:30"))
    assert shift_deadline(due, given_date, Measure.working_days, CHINA) == at("2024-03-20 17:30")
    by_days = Shift("extension", at("2024-03-06 10:00"), added=3)
    assert shift_deadline(due, by_days, Measure.working_days, CHINA) == at("2024-03-13 17:30")
    by_minutes = Shift("extension", at("2024-03-06 10:00"), added=90, added_measure=Measure.natural_minutes)
    assert shift_deadline(due, by_minutes, Measure.natural_minutes, CHINA) == at("2024-03-08 19:00")


def test_an_extension_backwards_is_refused() -> None:
    back = Shift("extension", at("2024-03-06 10:00"), at("2024-03-07 17:30"))
    with pytest.raises(ValueError, match="forward"):
        shift_deadline(at("2024-03-08 17:30"), back, Measure.working_days, CHINA)


def test_a_pause_adds_the_working_time_that_passed() -> None:
    pause = Shift("pause", at("2024-03-06 10:00"), at("2024-03-08 10:00"))
    assert shift_deadline(at("2024-03-08 17:30"), pause, Measure.working_days, CHINA) == at("2024-03-12 17:30")
    assert shift_deadline(at("2024-03-08 16:30"), pause, Measure.natural_minutes, CHINA) == at("2024-03-10 16:30")


def test_a_pause_over_the_weekend_moves_nothing_in_working_time() -> None:
    pause = Shift("pause", at("2024-03-09 10:00"), at("2024-03-10 10:00"))
    assert shift_deadline(at("2024-03-12 17:30"), pause, Measure.working_days, CHINA) == at("2024-03-12 17:30")


def test_a_pause_that_lasts_has_no_deadline_yet_but_counts_until_now() -> None:
    pause = Shift("pause", at("2024-03-06 10:00"))
    with pytest.raises(ValueError, match="still lasts"):
        shift_deadline(at("2024-03-08 17:30"), pause, Measure.working_days, CHINA)
    assert paused_time([pause], Measure.working_minutes, CHINA, at("2024-03-06 11:00")) == timedelta(hours=1)


def test_extensions_are_no_pauses() -> None:
    extension = Shift("extension", at("2024-03-06 10:00"), at("2024-03-20 17:30"))
    assert paused_time([extension], Measure.working_minutes, CHINA, at("2024-03-20 11:00")) == timedelta()


# rules


def find(table: RuleTable, **asked: object) -> int | None:
    question = {"clock": "resolve", "kind": "complaint", "urgency": "general", "category_id": 7, "channel": "12345"}
    found = table.find(**(question | {"at": at("2024-03-08 10:00")} | asked))  # type: ignore[arg-type]
    return found.id if found else None


def test_the_first_rule_by_priority_wins() -> None:
    table = RuleTable([rule(3, clock="resolve"), rule(1, clock="resolve", kind="help"), rule(2, clock="resolve")])
    assert find(table) == 2
    assert find(table, kind="help") == 1
    assert find(table, clock="contact") is None


def test_every_field_of_a_rule_narrows_it() -> None:
    narrow = {"kind": "complaint", "urgency": "general", "category_ids": frozenset({7, 8}), "channel": "12345"}
    table = RuleTable([rule(1, clock="resolve", **narrow), rule(9, clock="resolve")])
    assert find(table) == 1
    assert find(table, category_id=8) == 1
    for other in (
        {"kind": "help"},
        {"urgency": "urgent"},
        {"category_id": 9},
        {"channel": "web"},
        {"category_id": None},
    ):
        assert find(table, **other) == 9, other
    assert find(table, kind=None) == find(table, channel=None) == find(table, category_id=None) == 9


def test_a_rule_is_in_force_from_its_first_moment_until_just_before_its_last() -> None:
    start, end = at("2024-03-01 00:00"), at("2024-04-01 00:00")
    table = RuleTable([rule(1, clock="resolve", effective_from=start, effective_to=end), rule(2, clock="resolve")])
    moments = [start - timedelta(microseconds=1), start, end - timedelta(microseconds=1), end]
    assert [find(table, at=moment) for moment in moments] == [2, 1, 1, 2]


def test_rules_of_one_priority_go_by_their_number() -> None:
    table = RuleTable([rule(5, clock="resolve", priority=1), rule(4, clock="resolve", priority=1)])
    assert find(table) == 4


OPTIONAL = st.sampled_from([None, "a", "b"])
RULES = st.lists(
    st.builds(
        ClockRule,
        id=st.integers(1, 9),
        priority=st.integers(1, 4),
        clock=st.sampled_from(["resolve", "contact"]),
        amount=st.just(1),
        measure=MEASURES,
        effective_from=STARTS,
        effective_to=st.one_of(st.none(), STARTS),
        kind=OPTIONAL,
        urgency=OPTIONAL,
        channel=OPTIONAL,
        category_ids=st.one_of(st.none(), st.frozensets(st.integers(1, 3))),
    ),
    max_size=12,
)


@given(RULES, st.sampled_from(["resolve", "contact"]), OPTIONAL, OPTIONAL, OPTIONAL, st.integers(1, 3), STARTS)
def test_the_index_finds_what_reading_the_table_finds(
    rules: list[ClockRule], clock: str, kind: str, urgency: str, channel: str, category: int, moment: datetime
) -> None:
    def matches(one: ClockRule) -> bool:
        fits = one.clock == clock and one.kind in (None, kind) and one.urgency in (None, urgency)
        fits = fits and one.channel in (None, channel) and (one.category_ids is None or category in one.category_ids)
        return fits and one.effective_from <= moment and (one.effective_to is None or moment < one.effective_to)

    expected = next((one for one in sorted(rules, key=lambda one: (one.priority, one.id)) if matches(one)), None)
    table = RuleTable(rules)
    for _ in range(2):  # the second time from the index
        assert table.find(clock, kind, urgency, category, channel, moment) == expected


# the ladder

LADDER = [
    Step(2, "urge", "unit_leader", percent=80),
    Step(1, "remind", "unit", percent=50),
    Step(4, "escalate", "leader", overdue=1),
    Step(3, "supervise", "unit", overdue=0),
]


def test_the_ladder_goes_step_by_step_past_the_deadline() -> None:
    start, due = at("2024-03-04 09:00"), at("2024-03-08 17:30")
    steps = [next_step(LADDER, order, start, due, Measure.working_days, CHINA) for order in range(4)]
    assert [(step.action, moment) for step, moment in filter(None, steps)] == [
        ("remind", at("2024-03-06 14:15")),
        ("urge", at("2024-03-07 17:30")),
        ("supervise", due),
        ("escalate", at("2024-03-11 17:30")),
    ]
    assert next_step(LADDER, 4, start, due, Measure.working_days, CHINA) is None


def test_a_step_says_when_it_is_due_in_one_way_only() -> None:
    for both_or_none in ({}, {"percent": 50, "overdue": 1}):
        with pytest.raises(ValueError, match="either"):
            Step(1, "remind", "unit", **both_or_none)


@given(CALENDARS, STARTS, st.integers(1, 20), MEASURES)
def test_steps_come_in_order_of_time(calendar: WorkCalendar, start: datetime, amount: int, measure: Measure) -> None:
    due = deadline(start, amount, measure, calendar)
    moments = []
    order = 0
    while following := next_step(LADDER, order, start, due, measure, calendar):
        order = following[0].order
        moments.append(following[1])
    assert len(moments) == 4
    assert moments == sorted(moments)
