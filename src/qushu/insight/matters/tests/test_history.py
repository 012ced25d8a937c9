"""Cases that came with a past are found waiting once, and joined; those that came day by day aren't looked at again."""

from datetime import timedelta

import pytest

from qushu.cases.models import Case
from qushu.cases.tests.district import MONDAY, District
from qushu.insight.matters.arriving import LOOK_BACK, join_new
from qushu.insight.matters.faces import forget_faces
from qushu.insight.matters.history import history_waits, look_at_history, newest_settled, pass_over
from qushu.insight.matters.models import HistoryLook, Matter

from .test_matters import call

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=60)


def test_a_loaded_past_waits_until_it_was_looked_at(district: District) -> None:
    assert not history_waits(LATER)
    for number in range(3):
        call(district, number)
    assert history_waits(LATER)
    found = look_at_history(400, LATER)
    assert (found["found"], found["joined"]) == (1, 3) and Matter.objects.get().people == 3
    assert not history_waits(LATER)
    call(district, 3)  # a second import
    assert history_waits(LATER)


def test_what_came_day_by_day_does_not_wait(district: District) -> None:
    call(district, 0)
    look_at_history(400, MONDAY)
    looked = HistoryLook.objects.get()
    case = call(district, 1, "路灯不亮影响晚上出行")
    join_new(MONDAY + timedelta(hours=1))
    assert not history_waits(MONDAY + timedelta(hours=1))
    pass_over(newest_settled(MONDAY + timedelta(hours=1)))
    looked.refresh_from_db()
    assert looked.newest_case < case.pk  # it may still be one of those that nobody saw
    after = MONDAY + LOOK_BACK + timedelta(days=1)
    assert not history_waits(after)
    looked.refresh_from_db()
    assert looked.newest_case < case.pk  # asking moves nothing
    pass_over(newest_settled(after))
    looked.refresh_from_db()
    assert looked.newest_case == case.pk
    forget_faces(LATER)
    assert not history_waits(LATER)


def test_praise_waits_for_nothing(district: District) -> None:
    call(district, 0)
    assert history_waits(LATER)
    Case.objects.update(kind="praise")
    assert not history_waits(LATER)


def test_a_file_of_years_ago_has_its_matters_too_which_are_quiet_by_now(district: District) -> None:
    for number in range(3):
        call(district, number)
    years_later = MONDAY + timedelta(days=3000)
    assert history_waits(years_later)
    look_at_history(400, years_later)
    matter = Matter.objects.get()
    assert (matter.people, matter.state) == (3, Matter.State.dispersed)
    assert not history_waits(years_later)
    assert look_at_history(400, years_later)["read"] == 3  # asked again by hand, the same days are read
