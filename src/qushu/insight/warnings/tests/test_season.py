"""What rises every year in the same weeks raises nothing; a surge on top of it does."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest

from qushu.cases.tests.district import MONDAY as WORKED_MONDAY
from qushu.cases.tests.district import District
from qushu.insight.warnings.baseline import Baseline
from qushu.insight.warnings.calendar_effects import DayKinds, chinese_kinds
from qushu.insight.warnings.following import REMEMBERED_DAYS, Outcome, Running, follow, left_out
from qushu.insight.warnings.models import Warning
from qushu.insight.warnings.profile import DAY, EPOCH, HOUR
from qushu.insight.warnings.season import YEAR, same_days
from qushu.insight.warnings.series import Cases, Family, Series
from qushu.insight.warnings.settings import Settings
from qushu.insight.warnings.watching import watch_surges

from .made import MONDAY, cases_of, chance, surge
from .putting import every, put_cases

RISES = 70
"""The day (from MONDAY) on which category 4 begins to rise, in the first year; in the second 52 weeks later."""
HEATING = Series(Family(1, 0), 4, 0)
Rows = list[tuple[int, int, int]]


@pytest.fixture(scope="module")
def usual() -> Rows:
    return chance(weeks=64, a_day=60, seed=21)


def risen(first: int, days: int = 21, a_day: int = 15) -> Rows:
    """More of category 4 in all places, day after day; without it there are five a day."""
    rng = np.random.default_rng(first)
    at = MONDAY + first * DAY + rng.integers(0, days * DAY, days * a_day)
    return [(int(moment), 4, int(place)) for moment, place in zip(at, rng.integers(0, 8, at.size), strict=True)]


def watched(cases: Cases, first: int, last: int) -> Iterator[Outcome]:
    """What every third hour finds, from the beginning of one day to that of another."""
    running: list[Running] = []
    ended: list[tuple[int, Running]] = []
    for now in range(MONDAY + first * DAY, MONDAY + last * DAY, 3 * HOUR):
        past = [one for at, one in ended if now - at < REMEMBERED_DAYS * DAY]
        if now % DAY == 0 or now == MONDAY + first * DAY:
            base = Baseline(cases, now, DayKinds(), Settings(), left_out(cases, [*running, *past], now))
        outcome = follow(base, now, running, past)
        ended += [(now, one) for one in outcome.ended]
        running = list(outcome.running)
        for alarm in outcome.new:
            running.append(Running(alarm.start, alarm.series, alarm.start, alarm, alarm.level, alarm.strength, alarm))
        yield outcome


def of_heating(cases: Cases, first: int, last: int) -> list[Series]:
    return [one.series for outcome in watched(cases, first, last) for one in outcome.new if one.series.category == 4]


def season_of(rows: Rows, day: int) -> float:
    """The factor of category 4 on a day."""
    base = Baseline(cases_of(rows), MONDAY + day * DAY, DayKinds(), Settings())
    return base.season.factor(1, 4)[0]


def test_a_rise_that_comes_every_year_is_no_alarm_in_the_second(usual: Rows) -> None:
    first, second = risen(RISES, a_day=30), risen(RISES + YEAR, a_day=30)
    assert of_heating(cases_of(usual + first + second), RISES + YEAR, RISES + YEAR + 6) == []
    assert of_heating(cases_of(usual + second), RISES + YEAR, RISES + YEAR + 6) != []


def test_a_surge_on_top_of_the_season_is_an_alarm_whose_expectation_holds_the_season(usual: Rows) -> None:
    rows = usual + risen(RISES) + risen(RISES + YEAR) + surge(RISES + YEAR + 4, 60, category=4, places=[2])
    cases = cases_of(rows)
    found = [one for outcome in watched(cases, RISES + YEAR + 4, RISES + YEAR + 5) for one in outcome.new]
    assert [(one.series.category, one.series.place) for one in found] == [(4, 2)]
    assert found[0].season > 1.5


def test_a_surge_of_a_day_last_year_is_no_season(usual: Rows) -> None:
    before = surge(RISES + 3, 200, category=4, places=[2], hours=20)
    assert season_of(usual + before, RISES + YEAR) < 1.25 < 2 < season_of(usual + risen(RISES), RISES + YEAR + 3)
    rows = usual + before + surge(RISES + YEAR + 3, 40, category=4, places=[2])
    found = [one for outcome in watched(cases_of(rows), RISES + YEAR + 3, RISES + YEAR + 4) for one in outcome.new]
    assert [one.series.category for one in found] == [4]


def test_a_quiet_season_last_year_expects_no_less(usual: Rows) -> None:
    busy_before = risen(RISES - 56, days=48)
    assert season_of(usual + busy_before, RISES + YEAR) == 1.0


def test_without_last_years_weeks_nothing_is_added(usual: Rows) -> None:
    first = [row for row in usual + risen(RISES) if row[0] >= MONDAY + (RISES - 20) * DAY]
    assert season_of(first, RISES + YEAR + 3) == 1.0


def test_a_growing_category_has_no_season(usual: Rows) -> None:
    """Twice as many this year, evenly: last year is held against itself."""
    assert season_of(usual + risen(300, days=140, a_day=5), RISES + YEAR) == pytest.approx(1.0, abs=0.15)


def test_days_near_the_spring_festival_are_those_near_last_years_too() -> None:
    cases = cases_of(chance(8, 20, 3))
    profile = Baseline(cases, MONDAY + 50 * DAY, chinese_kinds(), Settings()).profile
    number = lambda day: day.toordinal() - EPOCH  # noqa: E731
    eve = date(2026, 2, 14)  # the first listed day off is 2026-02-16, the year before 2025-01-28
    assert same_days(number(eve), profile) == [number(eve) - YEAR, number(date(2025, 1, 26))]
    assert same_days(number(eve - timedelta(20)), profile) == [number(eve - timedelta(20)) - YEAR]


@pytest.mark.django_db
def test_the_service_reads_last_years_weeks_and_says_so(district: District) -> None:
    now = WORKED_MONDAY + timedelta(days=YEAR + 60)
    for year in (0, YEAR):
        put_cases(district, every(WORKED_MONDAY + timedelta(days=year), 12, 2 * 60))
    rises = WORKED_MONDAY + timedelta(days=54)
    put_cases(district, every(rises, 2, 12 * 16))
    put_cases(district, every(now - timedelta(hours=2), 0.05, 40))
    watch_surges(now)
    ground = Warning.objects.get().ground
    assert "去年同期升高到平时的" in ground and "已计入" in ground
