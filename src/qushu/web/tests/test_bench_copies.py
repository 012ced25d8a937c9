"""Cases that the bench copies are found, counted and listed as those they are copies of."""

import pytest

from qushu.cases.models import Case, Clock, History, SearchEntry, Statement
from qushu.cases.rules import case_id_of
from qushu.cases.tests.district import make_district
from qushu.cases.tests.entries import entries_with_wrong_facets
from qushu.hotline.assessment.counting import count_cases
from qushu.hotline.models import AssessmentCount
from qushu.hotline.tests.working import dispatched, resolved
from qushu.web.bench.copies import copy_cases


@pytest.mark.django_db(transaction=True)
def test_every_case_stands_as_often_as_asked() -> None:
    district = make_district()
    for make in (dispatched, resolved, resolved):
        make(district)
    count_cases()
    clocks, steps = Clock.objects.count(), History.objects.count()
    counted = {one.pk: one.counts for one in AssessmentCount.objects.all()}
    assert any(any(counts) for counts in counted.values())

    copy_cases(3, lambda words: None)

    cases = list(Case.objects.order_by("pk"))
    assert len(cases) == 9
    assert len({case.number for case in cases}) == 9
    assert all(case_id_of(case.number, "HY") == case.pk for case in cases)
    assert Clock.objects.count() == 3 * clocks
    assert History.objects.count() == steps
    assert SearchEntry.objects.count() == 9
    assert not entries_with_wrong_facets()
    assert Statement.objects.filter(sealed__isnull=False).count() == 3
    for one in AssessmentCount.objects.all():
        assert one.counts == [3 * count for count in counted[one.pk]]
    assert not count_cases()
    assert dispatched(district).pk > cases[-1].pk
