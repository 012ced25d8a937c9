import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from qushu.insight.warnings.tails import band, by_chance_a_week, lower_tail, overdispersion_of, upper_tail

means = st.floats(0.01, 500)
counts = st.integers(0, 1000)
extras = st.floats(0.01, 3)


def of(tail: object, *values: float) -> float:
    return float(tail(*(np.array([value]) for value in values))[0])  # type: ignore[operator]


@given(counts, means, extras)
def test_the_tail_is_the_negative_binomials(count: int, mean: float, extra: float) -> None:
    size = 1 / extra
    known = nbinom.sf(count - 1, size, size / (size + mean))
    assert of(upper_tail, count, mean, extra) == pytest.approx(known, rel=1e-6, abs=1e-300)


@given(counts, means, extras)
def test_more_cases_are_never_likelier(count: int, mean: float, extra: float) -> None:
    assert of(upper_tail, count + 1, mean, extra) <= of(upper_tail, count, mean, extra)
    assert of(lower_tail, count, mean, extra) <= of(lower_tail, count + 1, mean, extra) + 1e-12


def test_without_overdispersion_it_is_poissons() -> None:
    assert of(upper_tail, 12, 4.0, 0.0) == pytest.approx(poisson.sf(11, 4.0), rel=1e-3)


@given(st.floats(0.5, 300), extras)
def test_the_band_holds_what_it_says(mean: float, extra: float) -> None:
    low, high = band(mean, extra, 0.02)
    assert low <= mean <= high + 1
    assert of(upper_tail, high + 1, mean, extra) <= 0.0101
    assert low == 0 or of(lower_tail, low - 1, mean, extra) <= 0.0101


def test_chance_over_many_series_grows_with_their_number_and_with_short_windows() -> None:
    one = by_chance_a_week(np.array([1e-6]), np.array([100]), np.array([24]), 4, 6)[0]
    assert by_chance_a_week(np.array([1e-6]), np.array([200]), np.array([24]), 4, 6)[0] == pytest.approx(2 * one)
    assert by_chance_a_week(np.array([1e-6]), np.array([100]), np.array([1]), 4, 6)[0] == pytest.approx(24 * one)


def test_overdispersion_of_chance_is_small_and_of_batches_large() -> None:
    rng = np.random.default_rng(1)
    assert overdispersion_of(rng.poisson(50, 500)) < 0.01
    assert overdispersion_of(np.tile([0, 0, 0, 40], 20)) > 2
    assert overdispersion_of([]) == overdispersion_of([3]) == 0.0
