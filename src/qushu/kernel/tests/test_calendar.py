"""The working calendar: around holidays and make-up workdays, and its laws for any calendar."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qushu.kernel.calendar import SHANGHAI, WorkCalendar, seed_calendar, seed_days, seed_years

CHINA = seed_calendar()
PLAIN = WorkCalendar()
DAYS = st.dates(date(2019, 1, 1), date(2028, 12, 31))
MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2028, 12, 31)).map(lambda moment: moment.replace(tzinfo=SHANGHAI))
SPANS = st.sampled_from(
    [((time(9), time(12)), (time(14), time(17, 30))), ((time(8, 30), time(18)),), ((time(0), time(23, 59)),)]
)
CALENDARS = st.builds(
    WorkCalendar,
    st.dictionaries(st.dates(date(2023, 12, 20), date(2024, 3, 10)), st.booleans(), max_size=40),
    spans=SPANS,
    changes=st.dictionaries(st.dates(date(2023, 12, 20), date(2024, 3, 10)), SPANS, max_size=3).map(
        lambda changes: tuple(sorted(changes.items()))
    ),
)
NEAR = st.datetimes(datetime(2023, 12, 15), datetime(2024, 3, 20)).map(lambda moment: moment.replace(tzinfo=SHANGHAI))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def is_working_moment(calendar: WorkCalendar, moment: datetime) -> bool:
    local = moment.astimezone(SHANGHAI)
    spans = calendar.spans_on(local.date())
    return calendar.is_workday(local.date()) and any(start <= local.time() <= end for start, end in spans)


def test_two_hours_from_friday_afternoon_end_on_monday_morning() -> None:
    assert CHINA.add_working_minutes(at("2024-03-08 16:30"), 120) == at("2024-03-11 10:00")


def test_lunch_is_not_working_time() -> None:
    assert CHINA.add_working_minutes(at("2024-03-08 11:30"), 60) == at("2024-03-08 14:30")


def test_a_deadline_that_uses_up_a_span_ends_with_the_span() -> None:
    assert CHINA.add_working_minutes(at("2024-03-08 16:30"), 60) == at("2024-03-08 17:30")
    assert CHINA.add_working_minutes(at("2024-03-08 11:00"), 60) == at("2024-03-08 12:00")


def test_zero_minutes_are_the_next_moment_of_work() -> None:
    assert CHINA.add_working_minutes(at("2024-03-08 10:00"), 0) == at("2024-03-08 10:00")
    assert CHINA.add_working_minutes(at("2024-03-08 12:30"), 0) == at("2024-03-08 14:00")
    assert CHINA.add_working_minutes(at("2024-03-09 10:00"), 0) == at("2024-03-11 09:00")


SUMMER = ((time(8), time(12)), (time(15), time(18)))
"""Seven hours a day instead of six and a half."""


def test_time_that_passes_over_a_change_of_hours_is_counted_by_each_in_its_turn() -> None:
    calendar = WorkCalendar(changes=((date(2024, 3, 12), SUMMER),))
    # Monday from 16:30: one hour left by the old hours, then Tuesday's seven by the new.
    assert calendar.add_working_minutes(at("2024-03-11 16:30"), 8 * 60) == at("2024-03-12 18:00")
    assert calendar.working_minutes_between(at("2024-03-11 16:30"), at("2024-03-12 18:00")) == 8 * 60
    assert calendar.add_working_days(at("2024-03-11 16:30"), 1) == at("2024-03-12 18:00")
    assert calendar.end_of_workday(date(2024, 3, 11)) == at("2024-03-11 17:30")


def test_a_change_of_hours_on_a_day_of_rest_counts_from_the_next_working_day() -> None:
    calendar = WorkCalendar(changes=((date(2024, 3, 9), SUMMER),))
    assert calendar.add_working_minutes(at("2024-03-08 17:00"), 60) == at("2024-03-11 08:30")


def test_changes_of_hours_must_be_in_order() -> None:
    with pytest.raises(ValueError, match="ascending"):
        WorkCalendar(changes=((date(2024, 3, 9), SUMMER), (date(2024, 3, 9), SUMMER)))


def test_results_are_utc() -> None:
    for moment in (
        CHINA.add_working_minutes(at("2024-03-08 10:00"), 5),
        CHINA.add_working_days(at("2024-03-08 10:00"), 1),
    ):
        assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2024-03-06 10:00", 2, "2024-03-08"),
        ("2024-03-06 23:00", 2, "2024-03-08"),
        ("2024-03-07 10:00", 2, "2024-03-11"),
        ("2024-03-09 10:00", 1, "2024-03-11"),  # from a Saturday the next working day is day 1
        ("2024-02-07 10:00", 2, "2024-02-09"),
        ("2024-02-08 10:00", 5, "2024-02-21"),  # Spring Festival 02-10..02-17, make-up Sunday 02-18
        ("2024-02-02 17:00", 1, "2024-02-04"),  # the make-up Sunday before it
        ("2024-09-30 09:00", 3, "2024-10-10"),  # National Day, make-up workday 10-12 not reached
        ("2024-10-09 09:00", 3, "2024-10-12"),
    ],
)
def test_working_days_skip_holidays_and_use_make_up_days(start: str, days: int, end: str) -> None:
    assert CHINA.add_working_days(at(start), days) == at(f"{end} 17:30")


def test_zero_days_are_the_start_itself() -> None:
    assert CHINA.add_working_days(at("2024-03-09 10:00"), 0) == at("2024-03-09 10:00")


def test_working_minutes_cross_the_spring_festival() -> None:
    assert CHINA.add_working_minutes(at("2024-02-09 17:00"), 60) == at("2024-02-18 09:30")
    assert CHINA.working_minutes_between(at("2024-02-09 17:00"), at("2024-02-18 09:30")) == 60


def test_a_year_without_published_holidays_counts_monday_to_friday_and_says_so() -> None:
    assert CHINA.knows(2024)
    assert not CHINA.knows(2031)
    assert CHINA.is_workday(date(2031, 10, 1))
    assert not CHINA.is_workday(date(2031, 10, 4))
    assert CHINA.unknown_years(at("2026-12-31 10:00"), at("2028-01-01 00:00")) == [2027, 2028]


def test_calendars_work_far_outside_of_what_they_know() -> None:
    assert CHINA.add_working_days(at("1900-01-05 10:00"), 1) == at("1900-01-08 17:30")
    assert CHINA.add_working_days(at("2500-01-01 10:00"), 5) == at("2500-01-08 17:30")


def test_ends_and_starts_of_a_day() -> None:
    assert CHINA.start_of_workday(date(2024, 3, 8)) == at("2024-03-08 09:00")
    assert CHINA.end_of_workday(date(2024, 3, 8)) == at("2024-03-08 17:30")


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CHINA.add_working_minutes(at("2024-03-08 10:00"), -1)
    with pytest.raises(ValueError, match="negative"):
        CHINA.add_working_days(at("2024-03-08 10:00"), -1)


@pytest.mark.parametrize("spans", [(), ((time(12), time(9)),), ((time(9), time(12)), (time(11), time(13)))])
def test_spans_that_overlap_or_are_missing_are_refused(spans: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="spans"):
        WorkCalendar(spans=spans)


def test_naive_moments_are_refused() -> None:
    with pytest.raises(TypeError):
        CHINA.add_working_minutes(datetime(2024, 3, 8), 1)


def test_calendars_are_equal_and_hash_by_what_they_say() -> None:
    assert WorkCalendar({date(2024, 1, 1): False}) == WorkCalendar({date(2024, 1, 1): False})
    assert hash(WorkCalendar({date(2024, 1, 1): False})) == hash(WorkCalendar({date(2024, 1, 1): False}))
    assert WorkCalendar({date(2024, 1, 1): False}) != PLAIN


def test_the_seed_holds_only_days_that_differ_and_names_them() -> None:
    days = list(seed_days())
    assert (date(2024, 2, 12), False, "春节") in days
    assert (date(2024, 2, 18), True, "春节调休") in days
    assert days == sorted(days)
    assert all(PLAIN.is_workday(day) != worked for day, worked, _ in days)
    assert {2018, 2024, 2026} <= set(seed_years())


def test_the_seed_agrees_with_the_package_on_every_day_it_knows() -> None:
    import chinese_calendar

    day = date(min(seed_years()), 1, 1)
    while day.year <= max(seed_years()):
        assert CHINA.is_workday(day) == chinese_calendar.is_workday(day), day
        day += timedelta(1)


@given(CALENDARS, NEAR, st.integers(1, 20_000))
def test_adding_then_measuring_gives_the_same(calendar: WorkCalendar, start: datetime, minutes: int) -> None:
    end = calendar.add_working_minutes(start, minutes)
    assert end > start
    assert calendar.working_minutes_between(start, end) == minutes
    assert is_working_moment(calendar, end)


@given(CALENDARS, NEAR, NEAR, st.integers(0, 5000), st.integers(0, 40))
def test_later_starts_never_end_earlier(
    calendar: WorkCalendar, one: datetime, two: datetime, minutes: int, days: int
) -> None:
    early, late = sorted((one, two))
    assert calendar.add_working_minutes(early, minutes) <= calendar.add_working_minutes(late, minutes)
    assert calendar.add_working_days(early, days) <= calendar.add_working_days(late, days)


@given(CALENDARS, NEAR, st.integers(0, 5000), st.integers(0, 5000))
def test_more_is_never_earlier_and_sums_add_up(calendar: WorkCalendar, start: datetime, one: int, two: int) -> None:
    halfway = calendar.add_working_minutes(start, one)
    assert halfway >= start
    end = calendar.add_working_minutes(start, one + two)
    assert end >= halfway
    if two:
        assert calendar.add_working_minutes(halfway, two) == end


@given(CALENDARS, NEAR, st.integers(1, 60))
def test_working_days_end_on_the_nth_worked_day(calendar: WorkCalendar, start: datetime, days: int) -> None:
    end = calendar.add_working_days(start, days).astimezone(SHANGHAI)
    between = [start.date() + timedelta(n) for n in range(1, (end.date() - start.date()).days + 1)]
    assert sum(map(calendar.is_workday, between)) == days == calendar.workdays_between(start.date(), end.date())
    assert calendar.is_workday(end.date())
    assert end == calendar.end_of_workday(end.date())


@given(CALENDARS, NEAR, st.timedeltas(timedelta(), timedelta(40)))
@example(PLAIN, at("2024-03-08 12:00"), timedelta(hours=2))
def test_spans_are_working_time_and_sum_up(calendar: WorkCalendar, start: datetime, length: timedelta) -> None:
    spans = list(calendar.working_spans(start, start + length))
    assert sum((end - begin for begin, end in spans), timedelta()) == calendar.working_time_between(
        start, start + length
    )
    assert all(start <= begin < end <= start + length for begin, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert all(is_working_moment(calendar, moment) for span in spans for moment in span)


@given(CALENDARS, NEAR, NEAR)
def test_measuring_backwards_is_the_negative(calendar: WorkCalendar, one: datetime, two: datetime) -> None:
    assert calendar.working_minutes_between(one, two) == -calendar.working_minutes_between(two, one)
    assert calendar.working_time_between(one, two) == -calendar.working_time_between(two, one)


@given(MOMENTS, st.integers(1, 400))
def test_the_real_calendar_never_ends_a_term_on_a_holiday(start: datetime, days: int) -> None:
    assert CHINA.is_workday(CHINA.add_working_days(start, days).astimezone(SHANGHAI).date())


@given(DAYS)
def test_any_time_zone_gives_the_same_end(day: date) -> None:
    start = datetime.combine(day, time(23, 30), SHANGHAI)
    assert CHINA.add_working_minutes(start, 30) == CHINA.add_working_minutes(start.astimezone(UTC), 30)
