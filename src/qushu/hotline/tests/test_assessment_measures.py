"""Rates count what they say, and every figure opens exactly the rows behind it."""

from datetime import datetime, timedelta

import pytest

from qushu.cases import actions
from qushu.cases.models import Case
from qushu.hotline.assessment.counting import count_cases
from qushu.hotline.assessment.measures import MEASURES, SUBJECTS
from qushu.hotline.assessment.periods import Period
from qushu.hotline.assessment.queries import counts, readable, rows_of
from qushu.hotline.assessment.rules import Count
from qushu.hotline.models import AssessmentCount, CountedCase, UncountedCase
from qushu.kernel.tests.grounds import Ground
from qushu.people.access import Actor, GrantValue

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIGURES = {
    "part": lambda count: count.part,
    "whole": lambda count: count.whole,
    "excluded": lambda count: count.excluded,
}


@pytest.fixture(scope="session")
def on_march(on_district):
    return Ground("march", make_march, on_district)


def make_march(district):
    """Four cases: one well handled, one late and dissatisfied and reopened, one returned, one still open and late."""
    good, bad, returned, forgotten = (_dispatched(district) for _ in range(4))
    _resolve(district, good, DAY)
    actions.follow_up_case(district.call("follow_up", DAY), good.pk, reached=True, solved=True, satisfaction=5)
    _resolve(district, bad, 20 * DAY)
    actions.follow_up_case(district.call("follow_up", 20 * DAY), bad.pk, reached=True, solved=False, satisfaction=1)
    actions.reopen_case(district.call("follow_up", 20 * DAY), bad.pk, district.reason("reopen"), "没修好")
    actions.ask_return(district.call("unit", 2 * HOUR), returned.pk, district.reason("return"), "不属我单位")
    actions.decide_review(district.call("supervisor", 3 * HOUR), returned.reviews.get().pk, True, "同意")
    assert forgotten.closed_at is None


@pytest.fixture(params=["marked", "counted"])
def march(on_march, district, request):
    """Once with figures mended by the marks of the moves, once with everything folded into the counts."""
    start = district.call("agent").now.replace(hour=16, day=29, month=2)  # midnight of 1 March in Shanghai
    if request.param == "counted":
        assert count_cases() == 4
        assert not UncountedCase.objects.exists()
    return Period(start, start + 31 * DAY, start + 40 * DAY)


def _dispatched(district):
    case = actions.accept_case(district.call("agent"), district.intake())
    actions.register_case(
        district.call("agent"), case.pk, district.category.pk, district.community.pk, "complaint", "general"
    )
    return actions.dispatch_case(district.call("dispatcher", HOUR), case.pk, district.water.pk)


def _resolve(district, case, after):
    actions.acknowledge_case(district.call("unit", 90 * timedelta(minutes=1)), case.pk)
    actions.record_contact(district.call("unit", 3 * HOUR), case.pk, "电话", "已联系")
    actions.resolve_case(district.call("unit", after), case.pk, "已处理", "solved")


def of_water(district, period, role="supervisor"):
    return counts(district.people[role], "unit", period)[district.water.pk]


def test_the_rates_of_a_unit(district, march):
    water = of_water(district, march)
    assert water["on_time"] == Count(1, 4)  # in time; late; open and late; the reopened round, due again and late
    assert water["return"] == Count(1, 4)
    assert water["wrong_return"] == Count(0, 1)
    assert water["reopen"] == Count(1, 2)


def test_the_judgement_of_a_round_stands_after_the_case_was_reopened(district, march):
    water = of_water(district, march)
    assert water["solved"] == Count(1, 2)
    assert water["satisfied"] == Count(1, 2)
    reopened = Case.objects.get(reopen_count=1)
    assert reopened.satisfaction is None
    _resolve(district, reopened, 25 * DAY)
    actions.follow_up_case(district.call("follow_up", 25 * DAY), reopened.pk, reached=True, solved=True, satisfaction=4)
    assert of_water(district, march)["satisfied"] == Count(2, 3)


def test_nobody_reached_is_no_judgement(district, march):
    before = of_water(district, march)["satisfied"]
    case = _dispatched(district)
    _resolve(district, case, DAY)
    actions.follow_up_case(district.call("follow_up", DAY), case.pk, reached=False)
    assert of_water(district, march)["satisfied"] == before


def test_a_request_that_waits_is_asked_and_one_that_a_redispatch_settled_is_not_refused(district, march):
    refused, waiting, settled = (_dispatched(district) for _ in range(3))
    for case in (refused, waiting, settled):
        actions.ask_return(district.call("unit", 2 * HOUR), case.pk, district.reason("return"), "不属我单位")
    actions.decide_review(district.call("supervisor", 3 * HOUR), refused.reviews.get().pk, False, "属你单位")
    actions.redispatch_case(district.call("dispatcher", 4 * HOUR), settled.pk, district.housing.pk, reason="改派")
    assert of_water(district, march)["wrong_return"] == Count(1, 4)


def test_a_reopened_case_that_goes_back_to_its_unit_is_no_dispatch(district, march):
    case = _dispatched(district)
    _resolve(district, case, DAY)
    actions.follow_up_case(district.call("follow_up", DAY), case.pk, reached=True, solved=False, satisfaction=2)
    actions.close_case(district.call("follow_up", DAY), case.pk, "回访完成")
    actions.reopen_case(district.call("follow_up", 2 * DAY), case.pk, district.reason("reopen"), "没修好")
    assert case.assignments.filter(part="lead").count() == 2
    assert of_water(district, march)["return"].whole == 5


def test_overdue_is_judged_as_of_the_end_of_the_period(district, march):
    late = Case.objects.get(reopen_count=1)  # resolved on the 24th, its first deadline was the 11th
    until = {day: Period(march.start, march.start + day * DAY, march.now) for day in (5, 15, 31)}
    assert of_water(district, until[5])["overdue"].part == 0
    assert of_water(district, until[15])["overdue"].part == 2  # this one and the forgotten
    assert of_water(district, until[31])["overdue"].part == 2  # the forgotten, and the reopened round
    supervisor = district.people["supervisor"]
    behind = rows_of(supervisor, MEASURES["overdue"], "unit", [district.water.pk], until[15], "part")
    assert late in behind


def test_a_clock_that_stood_still_when_it_ran_out_is_not_late(district, march):
    before = of_water(district, march)["on_time"]
    case = _dispatched(district)
    actions.acknowledge_case(district.call("unit", 2 * HOUR), case.pk)
    review_on = (march.start + 60 * DAY).date()
    actions.ask_shelving(district.call("unit", DAY), case.pk, district.reason("shelve"), "等管网改造", review_on)
    actions.decide_review(district.call("supervisor", DAY), case.reviews.get().pk, True, "同意")
    assert of_water(district, march)["on_time"] == before


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_figure_is_the_number_of_the_rows_it_opens(district, march, subject):
    actor, seen = district.people["supervisor"], 0
    for subject_id, of in counts(actor, subject, march).items():
        for code, count in of.items():
            for half, figure in FIGURES.items():
                assert rows_of(actor, MEASURES[code], subject, [subject_id], march, half).count() == figure(count)
                seen += figure(count)
            assert rows_of(actor, MEASURES[code], subject, [subject_id], march, "all").count() == count.volume
    assert seen >= 20


def test_an_excluded_case_leaves_both_figures_and_is_counted_beside(district, march):
    late = Case.objects.get(reopen_count=1)
    actions.ask_exclusion(
        district.call("unit_leader", 21 * DAY), late.pk, district.reason("exclude"), "市政改造", "on_time"
    )
    actions.decide_review(district.call("supervisor", 21 * DAY), late.reviews.get().pk, True, "同意")
    water = of_water(district, march)
    assert water["on_time"] == Count(1, 2, 2)
    assert water["reopen"] == Count(1, 2)
    left_out = rows_of(district.people["supervisor"], MEASURES["on_time"], "unit", None, march, "excluded")
    assert {row.case_id for row in left_out} == {late.pk}


def test_a_unit_sees_only_its_own_figures_and_they_are_those_it_is_judged_by(district, march):
    assert counts(district.people["other_unit"], "unit", march) == {}
    assert counts(district.people["unit"], "unit", march) == {district.water.pk: of_water(district, march)}
    for subject in ("street", "category", "agent"):
        assert len(counts(district.people["unit"], subject, march)) == 1
        assert counts(district.people["other_unit"], subject, march) == {}


def test_a_unit_that_returned_a_case_sees_that_it_did_but_can_no_longer_open_it(district, march):
    unit = district.people["unit"]
    rows = list(rows_of(unit, MEASURES["return"], "unit", [district.water.pk], march, "part"))
    assert len(rows) == 1
    assert readable(unit, [rows[0].case_id]) == set()
    assert readable(district.people["supervisor"], [rows[0].case_id]) == {rows[0].case_id}


def test_who_is_responsible_for_a_street_sees_its_cases_only(district, march):
    def of_area(area_id):
        return Actor("街道分析员", (GrantValue("analyst", area_id=area_id),), None)

    mine = counts(of_area(district.street.pk), "street", march)
    assert set(mine) == {district.street.pk}
    assert counts(of_area(district.community.pk), "unit", march)[district.water.pk] == of_water(district, march)
    assert counts(of_area(district.category.pk + 10_000), "street", march) == {}


def test_a_period_counts_what_was_due_in_it(district, march):
    later = Period(march.end + 100 * DAY, march.end + 130 * DAY, march.end + 130 * DAY)
    assert isinstance(later.start, datetime)
    assert counts(district.people["supervisor"], "unit", later) == {}


def test_a_corrected_category_takes_the_figures_with_it(district, march):
    supervisor = district.people["supervisor"]
    before = counts(supervisor, "category", march)
    case = Case.objects.get(reopen_count=1)
    other = type(district.category).objects.filter(level=3).order_by("-code").first()
    actions.correct_case(district.call("agent", 21 * DAY), case.pk, category_id=other.pk)
    after = counts(supervisor, "category", march)
    assert after[other.pk]["satisfied"] == Count(0, 1)
    assert after[district.category.pk]["satisfied"] == Count(1, 1)
    assert before[district.category.pk]["satisfied"] == Count(1, 2)
    count_cases()
    assert counts(supervisor, "category", march) == after


def test_counting_again_changes_nothing(district, march):
    count_cases()
    kept = set(AssessmentCount.objects.values_list("subject", "grain", "starts_on", "subject_id"))
    figures = counts(district.people["supervisor"], "unit", march)
    UncountedCase.objects.bulk_create(UncountedCase(case_id=pk) for pk in Case.objects.values_list("pk", flat=True))
    assert count_cases() == 4
    assert set(AssessmentCount.objects.values_list("subject", "grain", "starts_on", "subject_id")) == kept
    assert counts(district.people["supervisor"], "unit", march) == figures
    assert CountedCase.objects.count() == 4
