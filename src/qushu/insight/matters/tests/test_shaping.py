"""When and where the members of a matter are, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.insight.matters.shaping import HEIGHT, MOST_PLACES, WIDTH, Placed, places, spot_map, timeline

MONDAY = date(2024, 3, 4)


def placed(lat: float, lon: float) -> Placed:
    return Placed(lat, lon, "HY1 停水", "/cases/HY1/")


def test_each_day_is_a_column_that_leads_to_its_cases_and_empty_days_lead_nowhere() -> None:
    rows, by_week = timeline([MONDAY, MONDAY, MONDAY + timedelta(days=2)])
    assert not by_week
    assert rows == [
        ("03-04", 2, "?from=2024-03-04&days=1#members"),
        ("03-05", 0, ""),
        ("03-06", 1, "?from=2024-03-06&days=1#members"),
    ]


def test_a_long_time_is_shown_by_weeks_from_monday() -> None:
    rows, by_week = timeline([MONDAY + timedelta(days=2), MONDAY + timedelta(days=60)])
    assert by_week
    assert rows[0] == ("03-04", 1, "?from=2024-03-04&days=7#members")
    assert len(rows) == 9
    assert timeline([]) == ([], False)


@given(st.lists(st.dates(date(2023, 1, 1), date(2024, 12, 31)), min_size=1, max_size=40))
def test_no_case_is_lost_on_the_timeline(days: list[date]) -> None:
    rows, _ = timeline(days)
    assert sum(count for _, count, _ in rows) == len(days)


def test_places_are_the_largest_first_and_bounded() -> None:
    counts = {number: number for number in range(1, 30)}
    found = places(counts, {29: "建桥街道"}, "street")
    assert found[0] == ("建桥街道", 29, "?street=29#members")
    assert found[1][0] == "未知"
    assert len(found) == MOST_PLACES


def test_the_map_is_to_scale_with_north_up() -> None:
    found = spot_map([placed(30.55, 114.20), placed(30.56, 114.20), placed(30.55, 114.21)])
    assert found is not None
    south, north, east = found.dots
    assert north.y < south.y == east.y
    assert south.x == north.x < east.x
    per_metre = WIDTH / found.metres
    assert (south.y - north.y) / per_metre == pytest.approx(1113.2, rel=0.01)
    assert (east.x - south.x) / per_metre == pytest.approx(1113.2 * 0.861, rel=0.01)


def test_one_door_is_a_point_in_the_middle_and_no_case_no_map() -> None:
    found = spot_map([placed(30.55, 114.20)] * 3)
    assert found is not None
    assert {(dot.x, dot.y) for dot in found.dots} == {(WIDTH / 2, HEIGHT / 2)}
    assert 100 < found.metres < 1000
    assert spot_map([]) is None


@given(st.lists(st.tuples(st.floats(-60, 60), st.floats(-179, 179)), min_size=1, max_size=30))
def test_every_point_lies_on_the_map(points: list[tuple[float, float]]) -> None:
    found = spot_map([placed(*one) for one in points])
    assert found is not None
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in found.dots)
