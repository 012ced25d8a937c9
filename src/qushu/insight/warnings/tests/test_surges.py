from collections.abc import Iterator

import numpy as np
import pytest

from qushu.insight.warnings.baseline import Baseline
from qushu.insight.warnings.calendar_effects import DayKinds
from qushu.insight.warnings.following import REMEMBERED_DAYS, Outcome, Running, common, follow, left_out
from qushu.insight.warnings.profile import DAY, HOUR
from qushu.insight.warnings.series import Cases, Family, Series
from qushu.insight.warnings.settings import Settings
from qushu.insight.warnings.surges import find

from .made import MONDAY, cases_of, chance, surge

PLAIN = DayKinds()


def watched(cases: Cases, first: int, last: int, settings: Settings | None = None) -> Iterator[tuple[int, Outcome]]:
    """Every hour from the beginning of one day to that of another: (moment, what was found)."""
    running: list[Running] = []
    ended: list[tuple[int, Running]] = []
    keys = 0
    for now in range(MONDAY + first * DAY, MONDAY + last * DAY, HOUR):
        past = [one for at, one in ended if now - at < REMEMBERED_DAYS * DAY]
        if now % DAY == 0 or now == MONDAY + first * DAY:
            base = Baseline(cases, now, PLAIN, settings or Settings(), left_out(cases, [*running, *past], now))
        outcome = follow(base, now, running, past)
        ended += [(now, one) for one in outcome.ended]
        running = list(outcome.running)
        for alarm in outcome.new:
            running.append(Running(keys, alarm.series, alarm.start, alarm, alarm.level, alarm.strength, alarm))
            keys += 1
        yield now, outcome


@pytest.mark.parametrize("seed", [1, 2])
def test_chance_alone_raises_no_more_than_the_rule_allows(seed: int) -> None:
    cases = cases_of(chance(weeks=8, a_day=60, seed=seed))
    raised = sum(len(outcome.new) for _, outcome in watched(cases, 42, 56))
    assert raised == 0  # two weeks at a tenth of an alarm a week


def test_a_surge_in_one_place_raises_exactly_one_warning_that_names_it() -> None:
    cases = cases_of(chance(10, 60, 5) + surge(62, 25, category=3, places=[2]))
    new = [(now, alarm) for now, outcome in watched(cases, 61, 66) for alarm in outcome.new]
    assert len(new) == 1
    now, alarm = new[0]
    assert alarm.series == Series(Family(1, 1), 3, 2)
    assert now - (MONDAY + 62 * DAY + 12 * HOUR) <= 2 * HOUR
    assert alarm.observed > 5 * alarm.expected


def test_a_surge_in_all_places_is_one_event_of_the_whole_district() -> None:
    cases = cases_of(chance(10, 60, 6) + surge(62, 120, category=4, places=list(range(8))))
    looks = list(watched(cases, 62, 65))
    assert sum(len(outcome.new) for _, outcome in looks) == 1
    at_end = looks[24][1].running
    assert [(event.series.family.place, event.series.category) for event in at_end] == [(0, 4)]


def test_the_level_of_an_event_rises_and_never_falls() -> None:
    cases = cases_of(chance(10, 60, 7) + surge(62, 80, category=1, places=[5], hours=8))
    levels = [outcome.running[0].level for _, outcome in watched(cases, 62, 64) if outcome.running]
    assert levels == sorted(levels)
    assert levels[-1] == 3


def test_an_event_ends_when_it_is_quiet_and_is_not_raised_again() -> None:
    cases = cases_of(chance(10, 60, 8) + surge(62, 60, category=1, places=[5]))
    looks = list(watched(cases, 62, 68))
    assert sum(len(outcome.ended) for _, outcome in looks) == 1
    assert sum(len(outcome.new) for _, outcome in looks) == 1


def test_two_surges_of_different_matters_are_two_events() -> None:
    both = surge(62, 30, category=1, places=[5]) + surge(62, 30, category=9, places=[0])
    cases = cases_of(chance(10, 60, 9) + both)
    assert sum(len(outcome.new) for _, outcome in watched(cases, 62, 64)) == 2


def test_a_past_surge_does_not_become_usual() -> None:
    quiet = chance(10, 60, 10)
    now = MONDAY + 62 * DAY
    series = Series(Family(1, 1), 3, 2)
    rates = []
    for rows in (quiet, quiet + surge(40, 200, category=3, places=[2])):
        cases = cases_of(rows)
        base = Baseline(cases, now, PLAIN, Settings())
        rates.append(base.rate(cases.families.index(series.family), 3 * cases.width + 2, series)[0])
    assert rates[1] < 3 * rates[0]


def test_a_series_that_comes_in_batches_needs_more_to_be_remarkable() -> None:
    batches = [row for week in range(9) for row in surge(week * 7 + 1, 20, category=2, places=[1], hours=1)]
    regular = cases_of(chance(10, 60, 11) + batches + surge(64, 20, category=2, places=[1], hours=1))
    surprising = cases_of(chance(10, 60, 11) + surge(64, 20, category=2, places=[1], hours=1))
    now = MONDAY + 64 * DAY + 14 * HOUR
    chances = []
    for cases in (regular, surprising):
        alarms = find(Baseline(cases, now, PLAIN, Settings()), now)
        mine = [alarm.by_chance for alarm in alarms if alarm.series.category == 2]
        chances.append(min(mine, default=np.inf))
    assert chances[0] > 1e6 * chances[1]


def test_a_series_that_people_called_false_must_be_rarer() -> None:
    cases = cases_of(chance(10, 60, 12) + surge(62, 9, category=3, places=[2]))
    name = Series(Family(1, 1), 3, 2).name
    usual = {a.series.name for _, o in watched(cases, 62, 64) for a in o.new}
    stricter = {a.series.name for _, o in watched(cases, 62, 64, Settings(scales={name: 1e12})) for a in o.new}
    assert name in usual
    assert name not in stricter


def test_series_of_other_categories_have_nothing_in_common() -> None:
    cases = cases_of(chance(2, 60, 13))
    one, other = Series(Family(1, 1), 3, 2), Series(Family(1, 1), 4, 2)
    assert common(cases, one, other) is None
    assert common(cases, one, Series(Family(1, 1), 3, 5)) == Series(Family(1, 0), 3, 0)
    assert common(cases, one, one) == one


def test_nothing_is_raised_without_a_past() -> None:
    cases = cases_of([(MONDAY, 0, 0)])
    assert find(Baseline(cases, MONDAY + DAY, PLAIN, Settings()), MONDAY + DAY) == []
