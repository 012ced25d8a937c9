"""Geometry of the server-drawn charts."""

import pytest

from qushu.web import charts
from qushu.web.tests.drawing import draw


@pytest.mark.parametrize("top", [0, 1, 3, 7, 9.5, 100, 246, 12480, 163000])
def test_a_scale_reaches_the_highest_value_with_at_most_five_steps(top: float) -> None:
    end, ticks = charts.scale(0, top)
    assert end >= top
    assert 2 <= len(ticks) <= 6
    assert ticks[0].at == 0
    assert ticks[-1].words == "0"


def test_a_scale_of_whole_things_has_no_fractions() -> None:
    assert [tick.words for tick in charts.scale(0, 2, whole=True)[1]] == ["2", "1", "0"]


def test_a_missing_month_is_a_gap_and_not_a_fall_to_zero() -> None:
    (line,), _, _ = charts.lines([("满意率", [90.0, None, 92.0])], ["1 月", "2 月", "3 月"], low=80)
    assert line.path.count("M") == 2
    assert [value for _, _, _, value, _ in line.points] == [90.0, 92.0]


def test_empty_charts_are_drawn_without_failing() -> None:
    assert "没有数据" in draw("{% bar_chart rows %}", rows=[])
    draw("{% column_chart rows %}{% line_chart rows labels %}", rows=[], labels=[])
