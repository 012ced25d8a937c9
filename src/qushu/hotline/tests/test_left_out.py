"""剔除, from the form to the figures: what may be asked for is what is measured, and an approval takes the case out of it."""

from datetime import datetime, timedelta

import pytest

from qushu.cases import actions
from qushu.cases.forms_unit import AskExclusionForm
from qushu.cases.models import History
from qushu.cases.rules import SHANGHAI
from qushu.cases.telling import LINES, Names
from qushu.hotline.assessment.measures import MEASURES
from qushu.hotline.assessment.periods import Period
from qushu.hotline.assessment.queries import counts
from qushu.kernel.errors import Refused

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MARCH = Period(*(datetime(2024, month, 1, tzinfo=SHANGHAI) for month in (3, 4, 4)))


@pytest.fixture
def judged(district):
    """A case that every measure judges: returned once by mistake, asked to return again, late, reopened."""
    case = actions.accept_case(district.call("agent"), district.intake())
    facts = (district.category.pk, district.community.pk, "complaint", "general")
    actions.register_case(district.call("agent"), case.pk, *facts)
    actions.dispatch_case(district.call("dispatcher", HOUR), case.pk, district.water.pk)
    actions.acknowledge_case(district.call("unit", 2 * HOUR), case.pk)
    actions.ask_return(district.call("unit", 3 * HOUR), case.pk, district.reason("return"), "不归我们管")
    actions.decide_review(district.call("supervisor", 4 * HOUR), case.reviews.get().pk, False, "归你们管")
    actions.record_contact(district.call("unit", 5 * HOUR), case.pk, "电话", "已联系")
    actions.resolve_case(district.call("unit", DAY), case.pk, "已处理", "solved")
    actions.follow_up_case(district.call("follow_up", DAY + HOUR), case.pk, reached=True, solved=True, satisfaction=5)
    return case


def figures(district):
    return counts(district.people["supervisor"], "unit", MARCH)[district.water.pk]


def ask(district, case, measure):
    form = AskExclusionForm({"reason": district.reason("exclude"), "measure": measure, "words": "市政改造"}, case=case)
    assert form.is_valid(), form.errors
    form.perform(district.call("unit_leader", 2 * DAY))
    return case.reviews.get(kind="exclude")


def test_what_may_be_asked_for_is_every_measure_that_is_assessed_or_all(district, judged):
    offered = AskExclusionForm(case=judged).fields["measure"].choices
    assert dict(offered) == {"": "全部指标"} | {code: one.name for code, one in MEASURES.items()}


@pytest.mark.parametrize("measure", MEASURES)
def test_an_approved_exclusion_takes_the_case_out_of_its_measure_and_of_no_other(district, judged, measure):
    before = figures(district)
    review = ask(district, judged, measure)
    assert figures(district) == before
    actions.decide_review(district.call("supervisor", 2 * DAY), review.pk, True, "同意")
    after = figures(district)
    assert before[measure].whole == 1
    assert (after[measure].whole, after[measure].excluded) == (0, 1)
    assert {code: one for code, one in after.items() if code != measure} == {
        code: one for code, one in before.items() if code != measure
    }


def test_without_a_measure_it_is_taken_out_of_all(district, judged):
    actions.decide_review(district.call("supervisor", 2 * DAY), ask(district, judged, "").pk, True, "同意")
    assert {(one.part, one.whole, one.excluded) for one in figures(district).values()} == {(0, 0, 1)}


def test_what_was_asked_stands_in_the_history_in_words(district, judged):
    ask(district, judged, "wrong_return")
    said = History.objects.get(case=judged, move="ask_exclusion").record
    assert "不计入错误退单率。" in LINES["ask_exclusion"](said, Names({}, {}, {}, {}))


def test_a_measure_that_does_not_exist_is_refused_and_nothing_is_asked(district, judged):
    with pytest.raises(Refused, match="没有这项考核指标"):
        actions.ask_exclusion(
            district.call("unit_leader", 2 * DAY), judged.pk, district.reason("exclude"), "改造", "response"
        )
    assert not judged.reviews.filter(kind="exclude").exists()
