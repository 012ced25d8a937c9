"""What is kept is dropped when a statement changes a watched table, and asked for once by what only reads."""

from datetime import date

import pytest

from qushu.kernel.kept import Kept, once, one_look
from qushu.kernel.models import CalendarDay

pytestmark = pytest.mark.django_db
DAY = date(2031, 5, 1)


@pytest.fixture
def days() -> Kept[int]:
    return Kept(("kernel_calendarday",), lambda: CalendarDay.objects.filter(day=DAY).count())


def test_a_change_counts_at_once(days):
    assert days.get() == 0
    CalendarDay.objects.create(day=DAY, is_working=False, name="测")
    assert days.get() == 1


def test_a_page_that_only_reads_asks_once(days, django_assert_num_queries):
    days.get()
    other = Kept(("kernel_calendaryear",), lambda: "kept")
    other.get()
    with django_assert_num_queries(1), one_look():
        assert (days.get(), other.get(), days.get()) == (0, "kept", 0)
    with django_assert_num_queries(2):
        days.get(), days.get()


def test_the_look_ends_with_its_block(days):
    with one_look():
        assert days.get() == 0
    CalendarDay.objects.create(day=DAY, is_working=False, name="测")
    with one_look():
        assert days.get() == 1


def test_what_parts_of_a_page_share_is_read_once_a_look_and_each_time_outside_of_one():
    reads = []

    def ask(key):
        return once(key, lambda: reads.append(key) or len(reads))

    with one_look():
        assert (ask("a"), ask("a"), ask("b")) == (1, 1, 2)
    with one_look():
        assert ask("a") == 3
    assert (ask("a"), ask("a")) == (4, 5)
