"""How points are shared and earned: every hundredth counted, nothing earned twice."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.ledger.evaluation.rules import (
    BANDS,
    band_of,
    earned,
    execution_points,
    on_time,
    points_of,
    shared,
    unfit,
    weights_of,
)
from qushu.ledger.evaluation.schemes import book, grade_of, scheme_for, scheme_named
from qushu.ledger.reading.targets import LEVELS_1

TEN = Decimal(10)
HUNDRED = Decimal(100)


def points(operator: str, wanted: str, value: str | None) -> Decimal | None:
    return earned(operator, Decimal(wanted), None if value is None else Decimal(value), TEN, None).points


def test_the_schemes_are_those_of_the_ministry_and_add_up() -> None:
    standard, cost = scheme_named("standard"), scheme_named("cost")
    assert (standard.weights, standard.execution) == ({"产出指标": 50, "效益指标": 30, "满意度指标": 10}, 10)
    assert cost.weights == {"成本指标": 20, "产出指标": 40, "效益指标": 20, "满意度指标": 10}
    assert all("财预" in one.source for one in book().schemes)


def test_a_cost_target_calls_for_the_scheme_with_cost() -> None:
    assert scheme_for({"产出指标", "成本指标"}).code == "cost"
    assert scheme_for({"产出指标"}).code == "standard"


def test_points_of_a_level_are_shared_to_the_hundredth() -> None:
    assert shared(Decimal(50), 3) == [Decimal("16.67"), Decimal("16.67"), Decimal("16.66")]


def test_the_real_project_of_the_hotline_has_ninety_points_for_five_targets() -> None:
    levels = ["产出指标", "产出指标", "产出指标", "效益指标", "满意度指标"]
    assert points_of(scheme_for(levels), levels) == [Decimal(one) for one in ("16.67", "16.67", "16.66", "30", "10")]


def test_points_of_absent_levels_go_to_the_others_in_proportion() -> None:
    found = weights_of(scheme_named("standard"), ["产出指标", "满意度指标"])
    assert found == {"产出指标": Decimal(75), "满意度指标": Decimal(15)}


@given(st.lists(st.sampled_from(LEVELS_1), min_size=1, max_size=20))
def test_the_points_of_all_targets_and_the_execution_are_always_a_hundred(levels: list[str]) -> None:
    scheme = scheme_for(levels)
    assert sum(points_of(scheme, levels)) + scheme.execution == HUNDRED


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        (">=", "15", "16.3", "10"),
        (">=", "15", "12", "8.00"),
        ("=", "100", "98.5", "9.85"),
        ("=", "12", "12", "10"),
        ("<=", "5", "5", "10"),
        ("<=", "5", "6", "8.00"),
        ("<=", "5", "10", "0"),
        ("<=", "5", "99", "0"),
        ("<=", "0", "1", "0"),
        (">=", "15", None, "0"),
        (">=", "0", "0", "10"),
    ],
)
def test_partial_completion_earns_in_proportion(operator: str, wanted: str, value: str | None, expected: str) -> None:
    assert points(operator, wanted, value) == Decimal(expected)


def test_words_are_judged_by_a_person_first() -> None:
    assert earned("text", None, None, TEN, None).points is None
    assert earned("text", None, None, TEN, Decimal(85)).points == Decimal("8.50")
    assert earned("date", None, None, TEN, Decimal(100)).rule == "by_date"


def test_the_reason_is_asked_for_what_misses_is_unknown_or_far_above() -> None:
    assert not earned(">=", TEN, TEN, TEN, None).needs_reason
    for value in ("9.99", "13", None):
        assert earned(">=", TEN, None if value is None else Decimal(value), TEN, None).needs_reason
    assert not earned("<=", TEN, Decimal(1), TEN, None).needs_reason


@given(st.lists(st.sampled_from(LEVELS_1), min_size=1, max_size=20), st.data())
def test_points_move_within_a_level_and_nowhere_else(levels: list[str], data: st.DataObject) -> None:
    scheme = scheme_for(levels)
    points = points_of(scheme, levels)
    assert unfit(scheme, levels, points) == []
    giver, taker = data.draw(st.integers(0, len(levels) - 1)), data.draw(st.integers(0, len(levels) - 1))
    moved = list(points)
    moved[giver] -= Decimal("0.01")
    moved[taker] += Decimal("0.01")
    assert (unfit(scheme, levels, moved) == []) == (levels[giver] == levels[taker])


@pytest.mark.parametrize(
    ("points", "why"),
    [
        (("50", "0"), "大于零"),
        (("25.005", "24.995"), "两位小数"),
        (("30", "30"), "合计 60，应为 50.00"),
        (("20", "20"), "合计 40，应为 50.00"),
    ],
)
def test_points_that_cannot_stand_say_why(points: tuple[str, ...], why: str) -> None:
    levels = ["产出指标", "产出指标", "效益指标", "满意度指标"]
    given = [*map(Decimal, points), Decimal(30), Decimal(10)]
    (said,) = unfit(scheme_for(levels), levels, given)
    assert why in said


@given(
    operator=st.sampled_from([">=", "<=", "="]),
    wanted=st.decimals(0, 10**6, places=2),
    value=st.decimals(0, 10**6, places=2),
    share=st.decimals(0, 50, places=2),
)
def test_nobody_earns_less_than_nothing_or_more_than_all(
    operator: str, wanted: Decimal, value: Decimal, share: Decimal
) -> None:
    found = earned(operator, wanted, value, share, None).points
    assert found is not None
    assert 0 <= found <= share


@given(wanted=st.decimals("0.01", 10**6, places=2), value=st.decimals(0, 10**6, places=2))
def test_doing_better_never_earns_less(wanted: Decimal, value: Decimal) -> None:
    more = value + wanted / 3
    at_least = [earned(">=", wanted, one, TEN, None).points for one in (value, more)]
    at_most = [earned("<=", wanted, one, TEN, None).points for one in (value, more)]
    assert at_least[0] <= at_least[1]  # type: ignore[operator]
    assert at_most[0] >= at_most[1]  # type: ignore[operator]


def test_execution_earns_its_rate_and_never_more_than_all() -> None:
    assert execution_points(TEN, Decimal(2_650_000), Decimal(2_649_000)) == Decimal("10.00")
    assert execution_points(TEN, Decimal(100), Decimal(55)) == Decimal("5.50")
    assert execution_points(TEN, Decimal(100), Decimal(150)) == TEN
    assert execution_points(TEN, Decimal(0), Decimal(0)) == 0


@pytest.mark.parametrize(
    ("percent", "name"), [(100, "达成"), (80, "达成"), (79, "部分达成"), (60, "部分达成"), (0, "未达成")]
)
def test_the_bands_of_words(percent: int, name: str) -> None:
    assert band_of(Decimal(percent)) == name
    assert BANDS[0][1] == 100


@pytest.mark.parametrize(
    ("promised", "done", "expected"),
    [
        ("2024 年底", "2024-12-20", True),
        ("2024年底", "2024年12月31日 完成", True),
        ("2024 年底", "2025.1.3", False),
        ("2024 年底", "已完成", None),
        ("次年 2月底", "2025-02-01", None),
        ("2024 年底", "2024-13-40", None),
    ],
)
def test_days_in_words_are_compared_where_they_can_be_read(promised: str, done: str, expected: bool | None) -> None:
    assert on_time(promised, done) is expected


@pytest.mark.parametrize(
    ("score", "grade"), [("100", "优"), ("90", "优"), ("89.99", "良"), ("60", "中"), ("59.99", "差"), ("0", "差")]
)
def test_grades(score: str, grade: str) -> None:
    assert grade_of(Decimal(score)) == grade
