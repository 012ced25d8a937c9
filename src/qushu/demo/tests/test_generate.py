"""The pure generator: deterministic in any order, shaped like a year of calls, legal lives, planted things present."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from itertools import islice

import pytest

from qushu.demo.draw import District
from qushu.demo.generate import cut_of, generate, told
from qushu.demo.plan import day_of, hour_of
from qushu.demo.story import CaseStory
from qushu.demo.words import compose
from qushu.hotline.lifecycle import HOTLINE
from qushu.kernel.lifecycle import BACK, SAME

from .paper import END, START, paper_world

CASES = 6_000


@pytest.fixture(scope="module")
def district() -> District:
    return District(2024, CASES, START, END, paper_world())


@pytest.fixture(scope="module")
def stories(district: District) -> list[CaseStory]:
    return list(told(district, range(CASES)))


def digest(stories: Iterable[CaseStory]) -> str:
    told_of = hashlib.sha256()
    for story in sorted(stories, key=lambda story: story.id):
        rows = (story.steps, story.clocks, story.parts, story.asked, story.calls, story.pressed)
        told_of.update(repr((story.number, story.words, story.state, story.times, rows)).encode())
    return told_of.hexdigest()


def test_the_same_seed_gives_the_same_stories_whatever_the_order_of_chunks() -> None:
    def fresh() -> District:
        return District(7, 2_000, START, END, paper_world())

    at_once = digest(generate(7, 2_000, START, END, paper_world()))
    chunks = [range(1_500, 2_000), range(700), range(700, 1_500)]
    by_chunks = digest(story for chunk in chunks for story in told(fresh(), chunk))
    assert at_once == by_chunks
    assert at_once != digest(generate(8, 2_000, START, END, paper_world()))


def test_generating_is_lazy_so_ten_million_cases_need_no_more_memory() -> None:
    first = list(islice(generate(1, 10_000_000, START, END, paper_world()), 3))
    assert [story.id for story in first] == [1, 2, 3]
    assert day_of(first[0].core.moment) == START


def test_cases_come_in_order_of_time_and_fill_the_year(stories: list[CaseStory]) -> None:
    moments = [story.core.moment for story in stories]
    assert moments == sorted(moments)
    days = {day_of(moment) for moment in moments}
    assert min(days) == START and max(days) == END
    assert len(days) > 360


def test_numbers_are_unique_and_tell_the_day(stories: list[CaseStory]) -> None:
    assert len({story.number for story in stories}) == CASES
    for story in stories[::500]:
        assert story.number == f"HY{day_of(story.core.moment):%y%m%d}{story.id:07d}"


def test_calls_follow_the_hours_and_the_week(stories: list[CaseStory]) -> None:
    hours = Counter(hour_of(story.core.moment) for story in stories)
    assert hours[10] > 4 * hours[23] > 0
    assert hours[10] > hours[12] < hours[15]
    weekdays = Counter(day_of(story.core.moment).weekday() for story in stories)
    assert weekdays[0] > weekdays[5] > 0


def test_noise_comes_by_night_and_heating_in_winter(stories: list[CaseStory], district: District) -> None:
    leaves = district.world.leaves
    by_night = [story for story in stories if hour_of(story.core.moment) >= 21]
    noise = sum(leaves[story.core.leaf].code.startswith("02") for story in by_night) / len(by_night)
    overall = sum(leaves[story.core.leaf].code.startswith("02") for story in stories) / len(stories)
    assert noise > 1.4 * overall
    heating = [day_of(s.core.moment).month for s in stories if leaves[s.core.leaf].code.startswith("0404")]
    assert heating and sum(month in (11, 12, 1, 2, 3) for month in heating) / len(heating) > 0.9


def test_titles_and_statements_have_a_persons_length(stories: list[CaseStory]) -> None:
    assert all(6 <= len(story.words.title) <= 30 for story in stories)
    lengths = sorted(len(story.words.text) for story in stories)
    assert lengths[0] >= 25 and lengths[-1] <= 200
    assert lengths[len(lengths) // 2] >= 50
    assert len({story.words.text for story in stories}) > 0.97 * CASES
    assert not [story for story in stories if "{" in story.words.text or "，，" in story.words.text]


def test_most_cases_are_on_time_and_most_citizens_satisfied(stories: list[CaseStory]) -> None:
    resolved = [
        clock.met for story in stories for clock in story.clocks if clock.name == "resolve" and clock.met is not None
    ]
    assert 0.94 < sum(resolved) / len(resolved) < 0.985
    judged = [story.satisfaction for story in stories if story.satisfaction is not None]
    assert 0.87 < sum(grade >= 4 for grade in judged) / len(judged) < 0.94
    totals = Counter[str]()
    for story in stories:
        totals.update(story.counts)
    assert 0.025 < totals["return"] / CASES < 0.06
    assert 0.03 < totals["extension"] / CASES < 0.07
    assert 0.01 < totals["reopen"] / CASES < 0.04


def test_the_newest_cases_are_caught_in_many_states(district: District) -> None:
    big = District(2024, 163_000, START, END, paper_world())
    last_days = Counter(story.state for story in told(big, range(160_500, 163_000)))
    assert {"accepted", "registered", "dispatched", "acknowledged", "in_hand", "resolved", "closed"} <= set(last_days)
    assert last_days["in_hand"] > 300


def test_nothing_is_told_that_lies_after_the_period(stories: list[CaseStory], district: District) -> None:
    cut = cut_of(district)
    for story in stories:
        assert all(step.at <= cut for step in story.steps)
        assert all(clock.stopped is None or clock.stopped <= cut for clock in story.clocks)
        assert all(asked.decided is None or asked.decided <= cut for asked in story.asked)
        assert all(call.at <= cut for call in story.calls)
        assert all(order.at <= cut for order in story.pressed)


def test_steps_follow_each_other_in_time_and_state(stories: list[CaseStory]) -> None:
    for story in stories:
        assert [step.at for step in story.steps] == sorted(step.at for step in story.steps)
        assert [step.before for step in story.steps] == ["", *(step.after for step in story.steps[:-1])]
        assert story.state == story.steps[-1].after


def test_every_life_is_legal_by_the_table_of_moves(stories: list[CaseStory]) -> None:
    seen: set[str] = set()
    for story in stories:
        state, asked_from, clocks = "", "", Counter[str]()
        for step in story.steps:
            move = HOTLINE.move(step.move, state)
            wanted = {BACK: asked_from, SAME: state}.get(move.to, move.to)
            assert step.after == wanted, (step, story.number)
            assert set(move.needs) <= set(step.record), (step, move.needs)
            asked_from = state if move.to.endswith("_asked") else asked_from
            state = step.after
            clocks.update(move.starts)
            seen.add(step.move)
        assert Counter(clock.name for clock in story.clocks) == clocks
    assert seen >= {"accept", "answer", "register", "dispatch", "ask_return", "approve_return", "refuse_return"}
    assert seen >= {"ask_extension", "shelve", "resume", "resolve", "try_call", "follow_up", "close", "reopen", "merge"}


def test_one_clock_of_a_name_runs_at_a_time_and_one_lead_unit_works(stories: list[CaseStory]) -> None:
    for story in stories:
        running = [clock.name for clock in story.clocks if clock.stopped is None]
        assert len(running) == len(set(running))
        assert all(clock.due > clock.started for clock in story.clocks)
        leads = [part.unit for part in story.parts if part.lead and part.ended is None]
        assert len(leads) <= 1
        assert (
            story.state in ("closed", "merged", "declined", "void", "answered")
            or leads == [story.lead_unit]
            or not leads
        )
        if story.state in ("closed", "declined", "void", "merged"):
            assert not running


def test_planted_things_are_in_the_data(stories: list[CaseStory], district: District) -> None:
    planted = [story for story in stories if story.core.planted is not None]
    assert len(planted) == len(district.planted_at) == sum(len(thing.times) for thing in district.planted)
    for which, thing in enumerate(district.planted):
        calls = [story for story in planted if story.core.planted and story.core.planted[0] == which]
        assert len(calls) >= 5
        assert len({story.core.caller.number for story in calls}) == len(calls)
        if thing.sort == "surge":
            assert calls[-1].core.moment - calls[0].core.moment < timedelta(days=6).total_seconds()


def test_a_full_year_has_enough_matters_and_surges() -> None:
    full = District(2024, 163_000, START, END, paper_world())
    matters = [thing for thing in full.planted if thing.sort == "matter"]
    surges = [thing for thing in full.planted if thing.sort == "surge"]
    assert len(matters) >= 150 and len(surges) >= 12
    assert all(5 <= len(thing.times) <= 120 for thing in matters)
    assert max(len(thing.times) for thing in matters) > 60
    assert full.people > 70_000


def test_few_people_call_often_and_numbers_are_invented(stories: list[CaseStory]) -> None:
    calls = Counter(story.core.caller.number for story in stories)
    assert calls.most_common(1)[0][1] >= 8
    assert sum(count <= 2 for count in calls.values()) > 0.5 * len(calls)
    assert all(story.core.caller.phone.startswith("1990027") for story in stories)


def test_a_call_may_ask_about_an_earlier_case(stories: list[CaseStory], district: District) -> None:
    again = [story for story in stories if story.core.again is not None]
    assert 0.01 < len(again) / CASES < 0.05
    for story in again[:50]:
        earlier = stories[story.core.again or 0]
        assert earlier.core.caller == story.core.caller
        assert earlier.number in story.words.text or earlier.words.title in story.words.text
        assert earlier.core.moment < story.core.moment


def test_a_case_drawn_twice_is_the_same(district: District) -> None:
    one, two = district.core(321), district.core(321)
    assert compose(district, one) == compose(district, two)
    assert asdict(one.caller) == asdict(two.caller)
