"""Geometry of the server-drawn charts."""

import pytest

from qushu.web import charts, cut_charts
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


def test_a_chart_of_one_day_is_a_bar_in_the_middle() -> None:
    (bar,), _ = charts.columns([("05-24", 42)])
    assert bar.width <= 12.5 and bar.middle == 50.0
    many, _ = charts.columns([(str(day), 1) for day in range(30)])
    assert many[0].x < 1 and many[-1].x + many[-1].width > 99


def test_a_pareto_chart_says_what_its_columns_make_of_the_whole() -> None:
    rows = [(f"类别{number}", 10, "") for number in range(40)]
    assert "只画最大的 20 项，共占 50%" in draw('{% pareto_chart rows "受理量" unit="件" %}', rows=rows)
    assert "只画" not in draw('{% pareto_chart rows "受理量" unit="件" %}', rows=rows[:9])


def test_what_is_put_together_stands_below_the_others_however_much_it_is() -> None:
    rows = [("热线", "其他", 900, ""), ("热线", "区水务局", 5, ""), ("微信", "区教育局", 7, "")]
    nodes, _ = cut_charts.flows(rows)
    assert [node.name for node in nodes if node.anchor == "end"] == ["区教育局", "区水务局", "其他"]


def test_the_names_of_narrow_flows_do_not_lie_upon_each_other() -> None:
    rows = [(f"渠道{left}", "区水务局", 1 if left else 1000, "") for left in range(8)]
    nodes, _ = cut_charts.flows(rows, height=300)
    heights = [node.words_y for node in nodes if node.anchor == "start"]
    assert all(below - above >= 19 for above, below in zip(heights, heights[1:], strict=False))
    assert heights[-1] <= 300
