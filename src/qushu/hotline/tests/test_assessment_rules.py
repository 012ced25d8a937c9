"""The published formulas give the published scores."""

from decimal import ROUND_HALF_UP
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.hotline.assessment.rules import Count, PointRule, ranks, score, tier

WUHAN = [(D(85), "好"), (D(75), "合格"), (D(0), "不合格")]  # 2020: ≥85 % good, <75 % fail


def satisfaction(target):
    """连云港: max(12.5, 25 − 0.5 · max(0, T − rate))."""
    return PointRule("satisfied", D(target), D("0.5"), D("12.5"), D(25))


@pytest.mark.parametrize(
    ("target", "rate", "published"),
    [
        (95, "66.67", "12.5"),
        (95, "50", "12.5"),
        (95, "70.59", "12.8"),
        (98, "75", "13.5"),
        (98, "71.43", "12.5"),
        (98, "50", "12.5"),
        (98, "83.33", "17.67"),
        (98, "87.5", "19.75"),
    ],
)
def test_satisfaction_scores_of_lianyungang(target, rate, published):
    points = satisfaction(target).points(D(rate))
    assert points.quantize(D(published), ROUND_HALF_UP) == D(published)


@pytest.mark.parametrize(("rate", "published"), [("66.67", "0"), ("80", "5"), ("89.82", "14.82")])
def test_on_time_scores_of_lianyungang(rate, published):
    assert PointRule("on_time", D(95), D(1), D(0), D(20)).points(D(rate)) == D(published)


def test_the_three_rates_of_zhunge_weigh_30_35_35():
    rules = [
        PointRule(name, D(100), D(1), D(0), D(100), D(weight))
        for name, weight in (("contact", "0.30"), ("solved", "0.35"), ("satisfied", "0.35"))
    ]
    assert score(rules, {"contact": D(100), "solved": D(80), "satisfied": D(90)}) == D("89.500")


def test_nothing_to_judge_is_no_rate_and_no_place():
    assert Count(0, 0).rate is None
    assert score([satisfaction(95)], {"satisfied": None}) is None
    assert ranks([None, D(3), D(5), D(3)]) == [None, 2, 1, 2]


def test_a_rule_without_a_rate_neither_helps_nor_harms():
    rules = [satisfaction(95), PointRule("on_time", D(95), D(1), D(0), D(20))]
    assert score(rules, {"satisfied": D(95), "on_time": None}) == D(45)


@pytest.mark.parametrize(("rate", "name"), [("85", "好"), ("84.99", "合格"), ("75", "合格"), ("74.99", "不合格")])
def test_tiers_of_wuhan(rate, name):
    assert tier(D(rate), WUHAN) == name


def test_rates_are_rounded_half_up_to_two_places():
    assert Count(2, 3).rate == D("66.67")
    assert Count(1, 800).rate == D("0.13")


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.booleans())
def test_a_better_rate_never_gives_fewer_points_and_points_stay_between_floor_and_cap(a, b, less):
    rule = PointRule("x", D(90), D("0.7"), D(3), D(20), less_is_better=less)
    worse, better = sorted((D(a) / 100, D(b) / 100), reverse=less)
    assert D(3) <= rule.points(worse) <= rule.points(better) <= D(20)
