"""Surges of a loaded past stand among the warnings, once, told to nobody; what the service saw itself isn't found again."""

from datetime import timedelta

import pytest

from qushu.cases.models import Case
from qushu.cases.rules import SHANGHAI
from qushu.cases.tests.district import MONDAY, District
from qushu.insight.measures import _warnings
from qushu.insight.warnings.actions import acknowledge, conclude, press_unanswered
from qushu.insight.warnings.hindsight import look_at_past, newest_case, pass_over, past_waits
from qushu.insight.warnings.models import PastLook, Telling, Tuning, Warning, WarningRule
from qushu.insight.warnings.queries import filter_warnings
from qushu.insight.warnings.watching import watch_surges
from qushu.kernel.errors import Refused
from qushu.kernel.measures import Span
from qushu.kernel.models import OutboxMessage
from qushu.people.models import Notice
from qushu.places.models import Area

from .putting import every, put_cases

pytestmark = pytest.mark.django_db
NOON = MONDAY + timedelta(days=35, hours=3)
LATER = MONDAY + timedelta(days=45)


@pytest.fixture
def past(district: District) -> District:
    """Six weeks with a case every two hours, in three communities by turns, and twenty within an hour of one day."""
    areas = list(Area.objects.filter(level="community").order_by("code")[:3])
    for nth, area in enumerate(areas):
        put_cases(district, every(MONDAY + timedelta(hours=2 * nth), 6, 4 * 44), area)
    put_cases(district, every(NOON, 0.05, 20))
    return district


def test_a_surge_of_the_past_is_written_once_and_told_to_nobody(past: District) -> None:
    assert past_waits(LATER)
    assert look_at_past(LATER) == 1
    warning = Warning.objects.get()
    assert warning.hindsight and warning.state == "closed" and not warning.outcome
    assert warning.area == past.community and warning.observed >= 20 == warning.rows.count() - (warning.observed - 20)
    assert NOON < warning.raised_at <= NOON + timedelta(hours=2) < warning.ended_at < LATER  # type: ignore[operator]
    assert past.community.name in warning.ground and max(one["n"] for one in warning.chart["days"]) >= 20
    history = list(warning.events.order_by("id").values_list("what", "at"))
    assert history[0] == ("raised", warning.raised_at) and history[-1] == ("ended", warning.ended_at)
    assert [at for _, at in history] == sorted(at for _, at in history)
    assert warning.level == len([what for what, _ in history if what == "risen"]) + _first_level(warning)
    assert press_unanswered(LATER) == 0
    for kept in (Telling, Notice, OutboxMessage):
        assert not kept.objects.filter(**{"warning": warning} if kept is Telling else {}).exists()
    assert not past_waits(LATER) and look_at_past(LATER) == 0
    assert PastLook.objects.count() == 2 and Warning.objects.count() == 1


def _first_level(warning: Warning) -> int:
    words = warning.events.order_by("id").values_list("words", flat=True)[0]
    return ["蓝色", "黄色", "橙色", "红色"].index(words[:2])


def test_what_the_service_saw_is_not_found_again_and_what_runs_is_left_to_it(past: District) -> None:
    watch_surges(NOON + timedelta(hours=1, minutes=5))
    seen = Warning.objects.get()
    assert look_at_past(LATER) == 0 and Warning.objects.get() == seen
    Warning.objects.all().delete()
    assert look_at_past(NOON + timedelta(hours=2)) == 0  # it still runs


def test_a_rule_that_is_off_finds_nothing(past: District) -> None:
    WarningRule.objects.filter(kind="surge").update(active=False)
    assert look_at_past(LATER) == 0 and not past_waits(LATER)


def test_what_comes_day_by_day_does_not_wait_but_an_import_does(district: District) -> None:
    assert not past_waits(MONDAY)
    put_cases(district, [MONDAY - timedelta(days=3)])
    look_at_past(MONDAY)
    put_cases(district, [MONDAY + timedelta(days=1)])
    before = PastLook.objects.get().newest_case
    assert not past_waits(MONDAY + timedelta(days=9))
    assert PastLook.objects.get().newest_case == before  # asking moves nothing
    pass_over(newest_case(), MONDAY + timedelta(days=9))
    looked = PastLook.objects.get()
    assert looked.newest_case == Case.objects.latest("pk").pk and looked.looked_at == MONDAY + timedelta(days=9)
    put_cases(district, [MONDAY + timedelta(days=2)])  # of a file, a week late
    assert past_waits(MONDAY + timedelta(days=9))


def test_a_file_of_years_ago_has_its_surges_too(past: District) -> None:
    years_later = MONDAY + timedelta(days=3000)
    assert past_waits(years_later) and look_at_past(years_later) == 1
    warning = Warning.objects.get()
    assert warning.hindsight and NOON < warning.raised_at <= NOON + timedelta(hours=2)
    assert not past_waits(years_later)


def test_people_conclude_it_without_a_clock_and_the_series_learns(past: District) -> None:
    look_at_past(LATER)
    warning = Warning.objects.get()
    with pytest.raises(Refused, match="补看"):
        acknowledge(past.people["supervisor"], warning.pk, LATER)
    conclude(past.people["supervisor"], warning.pk, "true", "", LATER)
    warning.refresh_from_db()
    assert warning.outcome == "true" and warning.acknowledged_at is None
    assert Tuning.objects.get(series=warning.series).true == 1


def test_it_counts_for_no_promise_and_can_be_told_apart(past: District) -> None:
    look_at_past(LATER)
    span = Span(MONDAY.date(), LATER.date(), LATER)
    assert _warnings(span).count() == 0
    everything = Warning.objects.all()
    assert [filter_warnings(everything, {"found": value}).count() for value in ("then", "after", "?", "")] == [
        0,
        1,
        0,
        1,
    ]


def test_cases_of_which_only_the_day_is_known_are_no_surge_at_midnight(district: District) -> None:
    midnight = MONDAY.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    areas = list(Area.objects.filter(level="community").order_by("code")[:3])
    for day in range(44):
        for nth in range(20 + day % 5):
            put_cases(district, [midnight + timedelta(days=day)], areas[nth % 3])
    look_at_past(LATER)
    assert list(Warning.objects.values_list("ground", "raised_at")) == []
