from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import PoissonRegressor

from qushu.insight.warnings.calendar_effects import DayKinds, chinese_kinds, us_kinds
from qushu.insight.warnings.ears import ears
from qushu.insight.warnings.forecasting import (
    RIDGE,
    _poisson_ridge,
    features,
    fit_daily,
    forecast_month,
    same_weekday_mean,
)

MONDAY = date(2024, 1, 1)
WEEK = [120, 110, 100, 100, 95, 40, 30]


def made_days(count: int, noise: float = 0.05, seed: int = 1) -> list[float]:
    rng = np.random.default_rng(seed)
    return [WEEK[day % 7] * float(rng.normal(1, noise)) for day in range(count)]


def test_the_week_is_learned() -> None:
    model = fit_daily(made_days(70), MONDAY, DayKinds())
    ahead = model.mean([MONDAY + timedelta(98 + day) for day in range(7)])
    assert np.abs(ahead / np.array(WEEK) - 1).max() < 0.1


def test_a_storm_in_the_past_does_not_raise_the_forecast() -> None:
    days = made_days(70)
    days[50] *= 6
    calm, stormy = (fit_daily(some, MONDAY, DayKinds()) for some in (made_days(70), days))
    of_that_weekday = [MONDAY + timedelta(84 + 50 % 7)]
    assert stormy.mean(of_that_weekday)[0] < 1.2 * calm.mean(of_that_weekday)[0]


def test_a_holiday_is_expected_like_a_sunday_even_before_one_was_seen() -> None:
    holiday = MONDAY + timedelta(77)
    model = fit_daily(made_days(70), MONDAY, DayKinds({holiday: False}))
    assert model.mean([holiday])[0] == pytest.approx(30, rel=0.2)


def test_the_band_holds_most_days() -> None:
    days = made_days(140, noise=0.12, seed=4)
    model = fit_daily(days[:112], MONDAY, DayKinds())
    expected = model.expect([MONDAY + timedelta(112 + day) for day in range(28)], outside=0.02)
    outside = sum(not one.low <= days[112 + n] <= one.high for n, one in enumerate(expected))
    assert outside <= 3


def test_the_regression_has_the_minimum_of_the_known_library() -> None:
    rows = features([MONDAY + timedelta(day) for day in range(90)], chinese_kinds(), with_season=True)
    values, weights = np.array(made_days(90)) / 80, np.linspace(0.2, 1.0, 90)
    known = PoissonRegressor(alpha=RIDGE, max_iter=3000, tol=1e-10).fit(rows, values, sample_weight=weights)
    coefficients, intercept = _poisson_ridge(rows, values, weights)
    ours = np.exp(rows @ coefficients + intercept)
    assert ours == pytest.approx(known.predict(rows), rel=1e-3)


def test_too_short_a_past_is_refused() -> None:
    with pytest.raises(ValueError, match="14 days"):
        fit_daily([1.0] * 10, MONDAY, DayKinds())


@given(st.integers(1, 28), st.integers(40, 80))
@settings(max_examples=30)
def test_the_reference_looks_only_at_the_same_weekday(ahead: int, known: int) -> None:
    values = [float(WEEK[day % 7]) for day in range(known)]
    assert same_weekday_mean(values, ahead) == WEEK[(known - 1 + ahead) % 7]


def test_a_month_is_forecast_from_season_and_level() -> None:
    season = [0.8, 0.7, 1.0, 1.1, 1.2, 1.1, 1.2, 1.2, 1.0, 1.0, 0.9, 0.8]
    counts = {
        year * 12 + month: 1000.0 * season[month] * 1.05 ** (year - 2018)
        for year in range(2018, 2024)
        for month in range(12)
    }
    for month in (2023 * 12 + 1, 2023 * 12 + 6):
        assert forecast_month(counts, month, 1, DayKinds()) == pytest.approx(counts[month], rel=0.08)


def test_nothing_after_the_origin_is_looked_at() -> None:
    counts = {2020 * 12 + month: 100.0 + month for month in range(36)}
    spoiled = counts | {2020 * 12 + month: 9999.0 for month in range(30, 36)}
    assert forecast_month(counts, 2020 * 12 + 30, 1, DayKinds()) == forecast_month(
        spoiled, 2020 * 12 + 30, 1, DayKinds()
    )


def test_an_incomplete_month_does_not_pull_the_level_down() -> None:
    counts = {2020 * 12 + month: 1000.0 for month in range(36)}
    thin = counts | {2020 * 12 + 35: 90.0}
    assert forecast_month(thin, 2020 * 12 + 36, 1, DayKinds()) == pytest.approx(1000, rel=0.1)


def test_holidays_of_the_calendars() -> None:
    us, cn = us_kinds(), chinese_kinds()
    assert all(
        us.is_holiday(day) for day in (date(2011, 7, 4), date(2011, 9, 5), date(2011, 10, 10), date(2011, 11, 24))
    )
    assert us.is_holiday(date(2021, 12, 24))  # Christmas on a Saturday is observed on Friday
    assert not us.is_holiday(date(2011, 8, 28))
    assert date(2024, 2, 12) in cn.festival
    assert cn.kind(date(2024, 2, 12)) == 6
    assert cn.is_worked(date(2024, 2, 4))  # a Sunday that was worked for the Spring Festival
    assert cn.kind(date(2024, 2, 4)) < 5
    assert cn.after_holiday(date(2024, 2, 18))
    assert us.worked_days(date(2011, 9, 1), 30) == 21


def test_ears_raises_on_a_leap_and_not_on_noise() -> None:
    rng = np.random.default_rng(2)
    days = list(rng.poisson(50, 60))
    days[40] = 200
    found = ears(days)
    assert 40 in found.c1
    assert 40 in found.c2
    assert 40 in found.c3
    assert len(found.c2) <= 6
