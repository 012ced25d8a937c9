from datetime import timedelta

import pytest

from qushu.people.rules import grant_fault, lock_after, unit_code_fault, username_fault

from .staff import NOON


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, None), (4, None), (5, 15), (6, None), (9, None), (10, 30), (15, 60), (20, 120)]
)
def test_every_fifth_failure_locks_twice_as_long(failures, minutes):
    until = lock_after(failures, NOON)
    assert until == (NOON + timedelta(minutes=minutes) if minutes else None)


def test_a_lock_never_lasts_longer_than_a_day():
    assert lock_after(5000, NOON) == NOON + timedelta(hours=24)


@pytest.mark.parametrize("username", ["zhang.wei", "cgj_1", "a1", "li@hy"])
def test_plain_account_names_are_accepted(username):
    assert username_fault(username) == ""


@pytest.mark.parametrize("username", ["", "a", "_zhang", "张伟", "zhang wei", "x" * 61, "=cmd", "a\n"])
def test_other_account_names_are_refused_in_words(username):
    assert "账号须为" in username_fault(username)


@pytest.mark.parametrize(("code", "right"), [("cgj", True), ("street_420105002", True), ("城管", False), ("-x", False)])
def test_unit_codes_are_letters_and_digits(code, right):
    assert (unit_code_fault(code) == "") is right


def test_a_unit_role_needs_a_unit():
    assert "须指定单位" in grant_fault("unit", None, None)
    assert grant_fault("unit_leader", 3, None) == ""
    assert grant_fault("agent", None, None) == ""


def test_a_grant_is_bound_to_a_unit_or_an_area_but_not_both():
    assert "之一" in grant_fault("analyst", 3, 4)
