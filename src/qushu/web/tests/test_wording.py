"""How times, spans and figures are written for people."""

from datetime import UTC, datetime, timedelta

import pytest

from qushu.web import wording
from qushu.web.tests.drawing import draw

NOON = datetime(2024, 3, 5, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=30), "不到 1 分钟"),
        (timedelta(minutes=5), "5 分钟"),
        (timedelta(hours=2, minutes=13), "2 小时 13 分"),
        (timedelta(hours=2), "2 小时"),
        (timedelta(days=1, hours=3, minutes=59), "1 天 3 小时"),
        (timedelta(days=4), "4 天"),
        (timedelta(hours=-2), "2 小时"),
    ],
)
def test_a_span_is_told_in_its_two_largest_parts(span: timedelta, words: str) -> None:
    assert wording.span_words(span) == words


def test_times_are_shown_on_the_clock_of_shanghai_and_naive_ones_are_refused() -> None:
    assert draw("{{ at|shanghai }}", at=NOON) == "2024-03-05 12:00"
    assert draw("{{ at|shanghai }}", at=None) == ""
    with pytest.raises(ValueError, match="aware"):
        wording.in_shanghai(datetime(2024, 3, 5))


def test_a_deadline_says_how_much_is_left_and_presses_when_little_is() -> None:
    far = wording.deadline_words(NOON + timedelta(hours=5), NOON)
    near = wording.deadline_words(NOON + timedelta(hours=2, minutes=13), NOON)
    late = wording.deadline_words(NOON - timedelta(days=1, hours=3), NOON)
    assert (far.words, far.press) == ("剩 5 小时", "calm")
    assert (near.words, near.press) == ("剩 2 小时 13 分", "soon")
    assert (late.words, late.press) == ("超 1 天 3 小时", "late")


def test_a_deadline_whose_start_is_known_presses_at_eighty_percent_of_its_time() -> None:
    due, started = NOON + timedelta(hours=10), NOON
    assert wording.deadline_words(due, NOON + timedelta(hours=7, minutes=59), started).press == "calm"
    assert wording.deadline_words(due, NOON + timedelta(hours=8), started).press == "soon"


def test_a_deadline_at_its_very_moment_is_not_late_yet() -> None:
    assert wording.deadline_words(NOON, NOON).press == "soon"
    assert wording.deadline_words(NOON, NOON, stopped=NOON).words == "按时"


def test_a_stopped_clock_says_whether_it_was_in_time() -> None:
    kept = wording.deadline_words(NOON, NOON + timedelta(days=9), stopped=NOON - timedelta(minutes=1))
    missed = wording.deadline_words(NOON, NOON + timedelta(days=9), stopped=NOON + timedelta(hours=1))
    assert kept.press == "kept"
    assert missed.words == "超时 1 小时"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ 0.9345|percent }}", "93.5%"),
        ("{{ 1|percent:0 }}", "100%"),
        ("{{ None|percent }}", "—"),
        ("{{ 163000|wan }}", "16.3 万"),
        ("{{ 9999|wan }}", "9,999"),
        ("{{ 400000000|wan }}", "40,000 万"),
        ("{{ 163000|thousands }}", "163,000"),
        ("{{ 3.50|figure }}", "3.5"),
        ("{{ 7980|duration_zh }}", "2 小时 13 分"),
        ("{{ None|duration_zh }}", "—"),
    ],
)
def test_figures_are_written_as_people_read_them(source: str, words: str) -> None:
    assert draw(source) == words
