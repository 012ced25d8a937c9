"""Rates count what they say, and every figure opens exactly the rows behind it."""

from datetime import datetime, timedelta

import pytest

from qushu.cases import actions
from qushu.cases.models import Case
from qushu.hotline.assessment.measures import MEASURES, SUBJECTS, Period, counts, excluded, rows_behind
from qushu.hotline.assessment.rules import Count

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def march(district):
    """Four cases: one well handled, one late and dissatisfied and reopened, one returned, one still open and late."""
    start = district.call("agent").now - 3 * DAY
    good, bad, returned, forgotten = (_dispatched(district) for _ in range(4))
    _resolve(district, good, DAY)
    actions.follow_up_case(district.call("follow_up", DAY), good.pk, reached=True, solved=True, satisfaction=5)
    _resolve(district, bad, 20 * DAY)
    actions.follow_up_case(district.call("follow_up", 20 * DAY), bad.pk, reached=True, solved=False, satisfaction=1)
    actions.reopen_case(district.call("follow_up", 20 * DAY), bad.pk, district.reason("reopen"), "没修好")
    actions.ask_return(district.call("unit", 2 * HOUR), returned.pk, district.reason("return"), "不属我单位")
    actions.decide_review(district.call("supervisor", 3 * HOUR), returned.reviews.get().pk, True, "同意")
    assert forgotten.closed_at is None
    return Period(start, start + 30 * DAY, start + 30 * DAY)


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


def test_the_rates_of_a_unit(district, march):
    of = {code: counts(district.people["supervisor"], measure, "unit", march) for code, measure in MEASURES.items()}
    water = {code: found.get(district.water.pk) for code, found in of.items()}
    assert water["on_time"] == Count(1, 4)  # in time; late; open and late; the reopened round, due again and late
    assert water["solved"] == Count(1, 1)  # a reopened case's old judgement is gone with its follow-up
    assert water["satisfied"] == Count(1, 1)
    assert water["return"] == Count(1, 4)
    assert water["wrong_return"] == Count(0, 1)
    assert water["reopen"] == Count(1, 2)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_figure_opens_its_rows(district, march, subject):
    actor, seen = district.people["supervisor"], 0
    for measure in MEASURES.values():
        for subject_id, count in counts(actor, measure, subject, march).items():
            whole = rows_behind(actor, measure, subject, subject_id, march, part_only=False)
            part = rows_behind(actor, measure, subject, subject_id, march, part_only=True)
            assert 0 < whole.count() <= count.whole
            assert part.count() <= count.part
            assert (part.count() == 0) == (count.part == 0)
            seen += 1
    assert seen >= 7


def test_an_excluded_case_leaves_both_figures_and_is_counted_beside(district, march):
    late = Case.objects.get(reopen_count=1)
    actions.ask_exclusion(
        district.call("unit_leader", 21 * DAY), late.pk, district.reason("exclude"), "市政改造", "on_time"
    )
    actions.decide_review(district.call("supervisor", 21 * DAY), late.reviews.get().pk, True, "同意")
    supervisor, measure = district.people["supervisor"], MEASURES["on_time"]
    assert counts(supervisor, measure, "unit", march)[district.water.pk] == Count(1, 2)
    assert excluded(supervisor, measure, "unit", march) == {district.water.pk: 2}
    assert counts(supervisor, MEASURES["reopen"], "unit", march)[district.water.pk] == Count(1, 2)


def test_a_unit_sees_only_its_own_figures(district, march):
    assert counts(district.people["other_unit"], MEASURES["on_time"], "unit", march) == {}
    assert set(counts(district.people["unit"], MEASURES["on_time"], "unit", march)) == {district.water.pk}


def test_a_period_counts_what_was_due_in_it(district, march):
    later = Period(march.end + 100 * DAY, march.end + 130 * DAY, march.end + 130 * DAY)
    assert isinstance(later.start, datetime)
    assert counts(district.people["supervisor"], MEASURES["on_time"], "unit", later) == {}
