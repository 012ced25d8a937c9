from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.insight.warnings.charting import draw
from qushu.insight.warnings.models import Kind
from qushu.insight.warnings.ruling import (
    DEFAULTS,
    LEAST_FACTOR,
    MEANINGS,
    MOST_FACTOR,
    answer_due,
    count_level,
    emergency_ground,
    emergency_level,
    needed,
    surge_ground,
    surge_settings,
    tuned,
    tuning_words,
)

NOW = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


def test_every_kind_has_a_rule_and_its_meanings() -> None:
    assert set(DEFAULTS) == set(MEANINGS) == set(Kind.values)


@given(st.lists(st.sampled_from(["true", "false", "known"]), max_size=40))
def test_answers_tune_within_bounds(answers: list[str]) -> None:
    factor = 1.0
    for answer in answers:
        factor = tuned("surge", factor, answer)
        assert LEAST_FACTOR <= factor <= MOST_FACTOR


def test_a_false_alarm_makes_stricter_a_true_one_looser_a_known_one_nothing() -> None:
    assert tuned("surge", 1.0, "false") > 1.0 > tuned("surge", 1.0, "true")
    assert tuned("surge", 3.0, "known") == 3.0
    assert tuning_words("surge", 1.0, 0, 0) == ""
    assert "误报 2 次" in tuning_words("surge", 16.0, 2, 0)
    assert "放宽" in tuning_words("surge", 0.5, 0, 1)


def test_higher_levels_must_be_answered_sooner() -> None:
    dues = [answer_due(NOW, 120, level) for level in range(4)]
    assert dues == sorted(dues, reverse=True)
    assert answer_due(NOW, 10, 3) == NOW + timedelta(minutes=5)


def test_levels_ask_for_more_cases_and_rarer_chances() -> None:
    settings = surge_settings(6, 2.0, 24, 0.1, {})
    assert settings.least == (6, 10, 20, 40)
    assert list(settings.a_week) == sorted(settings.a_week, reverse=True)
    assert settings.windows == (1, 3, 6, 12, 24)
    assert [count_level(n, 20) for n in (20, 40, 80, 400)] == [0, 1, 2, 3]


def test_the_ground_of_a_surge_is_one_sentence_with_its_numbers() -> None:
    said = surge_ground("桃花岛社区", "燃气泄漏", 3, 45, 0.02, 1e-20)
    assert (
        said
        == "桃花岛社区“燃气泄漏” 3 小时内 45 件，按近八周、星期和时段预期不到 0.1 件；全区所有序列中，偶然出现这样的情况一百年以上才有一次。"
    )
    assert "（10 倍）" in surge_ground("全区", "停水", 72, 100, 10.0, 0.01)
    assert "3 天" in surge_ground("全区", "停水", 72, 100, 10.0, 0.01)


def test_an_emergency_is_red_when_it_is_major_and_urgent_or_three_cases_say_so() -> None:
    assert emergency_level(1, major=True, urgent=True) == emergency_level(3, major=False, urgent=False) == 3
    assert emergency_level(1, major=True, urgent=False) == emergency_level(1, major=False, urgent=True) == 2
    assert emergency_level(1, major=False, urgent=False) == 1
    assert "等 2 件" in emergency_ground("钟家村社区", ["起火"], ["HY1", "HY2"])
    assert "地点待核实" in emergency_ground("", ["起火"], ["HY1"])


def test_the_chart_says_which_points_left_the_band() -> None:
    points = [
        {"at": int(NOW.timestamp()) + n * 86400, "n": n * 10, "mean": 5.0, "low": 2, "high": 25} for n in range(5)
    ]
    drawing = draw(points, "件数", False, "/cases/?category=3")
    assert drawing is not None
    assert [bar.above for bar in drawing.bars] == [False, False, False, True, True]
    assert drawing.bars[0].href == "/cases/?category=3&from=2026-03-04&to=2026-03-04"
    assert "03-07" in drawing.said
    assert max(bar.height for bar in drawing.bars) <= 100
    assert draw([], "件数", False) is None


def test_what_is_counted_needs_more_cases_and_is_never_looser_than_its_rule() -> None:
    assert tuned("repeat", 1.0, "false") == 4.0
    assert tuned("repeat", 1.0, "true") == 1.0
    assert needed(5, 4.0) == 10
    assert "按规则的 2 倍计" in tuning_words("repeat", 4.0, 1, 0)


@pytest.mark.parametrize("kind", ["safety", "traffic", "forecast"])
def test_a_false_emergency_makes_the_next_no_harder(kind: str) -> None:
    assert tuned(kind, 1.0, "false") == 1.0
