"""Whoever sees an area reads from stored counts of months, and sees what counting the rows themselves gives."""

from datetime import date, datetime, timedelta

import pytest

from qushu.cases import actions
from qushu.cases.models import Case
from qushu.cases.rules import SHANGHAI
from qushu.hotline.assessment import counting, queries
from qushu.hotline.assessment.counting import count_cases
from qushu.hotline.assessment.measures import SUBJECTS
from qushu.hotline.assessment.periods import period_of
from qushu.hotline.models import AreaCount, AssessmentCount, CountedCase, UncountedCase
from qushu.people.access import Scope
from qushu.places.models import Area

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2024, 4, 20, tzinfo=SHANGHAI)
PERIODS = [
    (date(2024, 3, 1), date(2024, 3, 31)),
    (date(2024, 2, 10), date(2024, 4, 15)),
    (date(2024, 3, 4), date(2024, 3, 20)),
]


@pytest.fixture
def elsewhere(district) -> Area:
    """A community of another street."""
    return Area.objects.filter(level="community").exclude(parent=district.street).first()


@pytest.fixture
def counted(district, elsewhere):
    """Cases of two streets, folded into the counts."""
    for place in (district.community, district.community, elsewhere):
        case = actions.accept_case(district.call("agent"), district.intake())
        actions.register_case(district.call("agent"), case.pk, district.category.pk, place.pk, "complaint", "general")
        actions.dispatch_case(district.call("dispatcher", HOUR), case.pk, district.water.pk)
    actions.acknowledge_case(district.call("unit", 2 * HOUR), Case.objects.earliest("pk").pk)
    count_cases()


def areas(*ids: int) -> Scope:
    return Scope(area_ids=frozenset(ids))


def same_as_the_rows(reach: Scope) -> int:
    """Compares every subject and period; how many figures there are."""
    seen = 0
    for first, last in PERIODS:
        period = period_of(first, last, NOW)
        for subject in SUBJECTS:
            found = queries.counts_within(reach, subject, period)
            assert found == queries._counted_anew(subject, period, reach)
            seen += sum(count.volume for one in found.values() for count in one.values())
    return seen


def test_a_street_a_community_and_two_areas_at_once_are_read_from_the_counts(district, elsewhere, counted):
    assert same_as_the_rows(areas(district.street.pk)) == same_as_the_rows(areas(district.community.pk)) > 0
    assert same_as_the_rows(areas(elsewhere.pk)) > 0
    assert same_as_the_rows(areas(district.community.pk, elsewhere.pk)) == same_as_the_rows(Scope(everything=True))


def test_a_month_of_an_area_is_not_counted_anew(district, counted, monkeypatch):
    monkeypatch.setattr(queries, "_counted_anew", lambda *given: pytest.fail("counted anew"))
    period = period_of(*PERIODS[0], NOW)
    assert queries.counts_within(areas(district.street.pk), "unit", period)[district.water.pk]["overdue"].whole == 2


def test_what_moved_since_is_mended_also_when_the_case_moved_to_another_street(district, elsewhere, counted):
    case = Case.objects.earliest("pk")
    before = same_as_the_rows(areas(elsewhere.pk))
    actions.correct_case(district.call("agent", 3 * HOUR), case.pk, area_id=elsewhere.pk)
    assert UncountedCase.objects.exists()
    moved = same_as_the_rows(areas(elsewhere.pk))
    assert moved > before
    left = same_as_the_rows(areas(district.street.pk))
    count_cases()
    assert (same_as_the_rows(areas(elsewhere.pk)), same_as_the_rows(areas(district.street.pk))) == (moved, left)


def test_counting_in_many_portions_gives_what_one_portion_gives(district, counted, monkeypatch):
    def stored() -> list[set[tuple[object, ...]]]:
        return [
            {tuple(map(str, row)) for row in model.objects.values_list(*fields)}
            for model, fields in (
                (AssessmentCount, ("subject", "grain", "starts_on", "subject_id", "unit_id", "counts")),
                (AreaCount, ("subject", "starts_on", "street_id", "area_id", "subject_id", "counts")),
                (CountedCase, ("case_id", "street_id", "area_id", "days")),
            )
        ]

    once = stored()
    assert all(once)
    for model in (AssessmentCount, AreaCount, CountedCase):
        model.objects.all().delete()
    UncountedCase.objects.bulk_create(UncountedCase(case_id=pk) for pk in Case.objects.values_list("pk", flat=True))
    monkeypatch.setattr(counting, "AT_ONCE", 1)
    told: list[int] = []
    assert count_cases(told.append) == 3
    assert told == [1, 2, 3]
    assert stored() == once


def test_who_sees_units_and_areas_sees_each_judgement_once(district, counted):
    both = Scope(unit_ids=frozenset({district.water.pk}), area_ids=frozenset({district.street.pk}))
    period = period_of(*PERIODS[0], NOW)
    assert queries.counts_within(both, "unit", period)[district.water.pk]["overdue"].whole == 3
