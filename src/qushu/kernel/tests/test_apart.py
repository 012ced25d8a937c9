"""What is done in a process of its own: it says its items, raises what it raises, and ends at its limits."""

import itertools

import pytest

from qushu.kernel.apart import TooMuch, apart


def test_items_come_one_after_the_other() -> None:
    assert list(apart("builtins:range", 3)) == [0, 1, 2]


def test_what_it_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(apart("builtins:int", "x"))


def test_what_it_prints_is_no_answer() -> None:
    assert list(apart("builtins:map", print, [1, 2])) == [None, None]


def test_one_that_wants_too_much_memory_is_ended() -> None:
    with pytest.raises(TooMuch):
        list(apart("builtins:bytearray", 600 << 20, memory=500 << 20))


def test_one_that_never_ends_is_ended() -> None:
    with pytest.raises(TooMuch):
        list(apart("builtins:sum", itertools.count(), seconds=1))


def test_one_that_breaks_down_is_noticed() -> None:
    with pytest.raises(TooMuch):
        list(apart("os:abort"))


def test_who_has_heard_enough_ends_it() -> None:
    endless = apart("itertools:count")
    assert [next(endless), next(endless)] == [0, 1]
    endless.close()
