"""What somebody types into an address is read or left alone; nothing breaks on it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.kernel.asked import BIGGEST_ID, FIRST_DAY, LAST_DAY, day_in, number_in, start_of
from qushu.kernel.calendar import SHANGHAI


@given(st.text())
def test_any_text_is_a_number_that_a_column_holds_or_none(text):
    number = number_in(text)
    assert number is None or (0 <= number <= BIGGEST_ID and int(text) == number)


@pytest.mark.parametrize("text", ["", "²", "１", "-1", "1.0", " 1", "9223372036854775808", "9" * 5000, "٣"])
def test_what_is_no_number(text):
    assert number_in(text) is None


@given(st.integers(0, BIGGEST_ID))
def test_every_number_is_read_as_it_is_written(number):
    assert number_in(str(number)) == number


@pytest.mark.parametrize(("text", "read"), [("1999", None), ("2000", 2000), ("2100", 2100), ("2101", None)])
def test_a_number_lies_between_its_bounds(text, read):
    assert number_in(text, 2100, 2000) == read


@given(st.text())
def test_any_text_is_a_day_or_none(text):
    day = day_in(text)
    assert day is None or FIRST_DAY <= day <= LAST_DAY


@pytest.mark.parametrize("text", ["", "2024-13-01", "2024-02-30", "9999-12-31", "0001-01-01", "2024-1-1", "²"])
def test_what_is_no_day(text):
    assert day_in(text) is None


@given(st.dates(FIRST_DAY, LAST_DAY))
def test_every_day_is_read_and_its_end_is_a_moment(day):
    assert day_in(day.isoformat()) == day
    assert start_of(day, 1) > start_of(day)


def test_a_day_begins_at_midnight_in_shanghai():
    assert start_of(date(2024, 3, 4)) == datetime(2024, 3, 4, tzinfo=SHANGHAI)
