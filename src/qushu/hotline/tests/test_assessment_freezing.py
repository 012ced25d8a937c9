"""A frozen month stays frozen; what changes later is a correction with its reason; formulas are never edited."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from qushu.cases import actions
from qushu.cases.rules import SHANGHAI
from qushu.hotline.assessment.freezing import correct_line, corrected_counts, freeze_due_months, freeze_period
from qushu.hotline.assessment.rules import Count, PointRule
from qushu.hotline.assessment.schemes import SchemeFacts, make_scheme_version
from qushu.hotline.models import (
    AssessmentLine,
    AssessmentPeriod,
    AssessmentRule,
    AssessmentScheme,
    AssessmentTier,
    Correction,
    FrozenRows,
)
from qushu.hotline.seed import seed_schemes
from qushu.kernel.errors import Forbidden, Refused
from qushu.people.models import AuditEntry

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, LAST = date(2024, 3, 1), date(2024, 3, 31)
IN_APRIL = datetime(2024, 4, 5, 1, 0, tzinfo=SHANGHAI)


@pytest.fixture
def scheme(district):
    seed_schemes()
    return AssessmentScheme.objects.get(name="承办单位月度考核")


@pytest.fixture
def case(district):
    """Resolved in time on a Tuesday in March, the citizen content."""
    case = actions.accept_case(district.call("agent"), district.intake())
    facts = (district.category.pk, district.community.pk, "complaint", "general")
    actions.register_case(district.call("agent"), case.pk, *facts)
    actions.dispatch_case(district.call("dispatcher", HOUR), case.pk, district.water.pk)
    actions.acknowledge_case(district.call("unit", 2 * HOUR), case.pk)
    actions.resolve_case(district.call("unit", DAY), case.pk, "已处理", "solved")
    return actions.follow_up_case(district.call("follow_up", DAY), case.pk, reached=True, solved=True, satisfaction=5)


@pytest.fixture
def frozen(district, scheme, case):
    return freeze_period(district.people["supervisor"], scheme.pk, FIRST, LAST, IN_APRIL)


def exclude(district, case, measure="on_time"):
    actions.ask_exclusion(district.call("unit_leader", 3 * DAY), case.pk, district.reason("exclude"), "改造", measure)
    review = case.reviews.get(kind="exclude")
    actions.decide_review(district.call("supervisor", 4 * DAY), review.pk, True, "同意")


def test_a_freeze_writes_down_figures_points_score_rank_tier_and_the_cases_behind(district, frozen, case):
    line = frozen.lines.get()
    assert (line.subject_name, line.rank, line.tier, line.score) == (district.water.name, 1, "好", Decimal("100.000"))
    assert line.counts["on_time"] == [1, 1, 0]
    assert Decimal(line.points["on_time"]) == 30
    assert line.rows_behind.get(measure="on_time").part == [case.pk]
    overdue = line.rows_behind.get(measure="overdue")
    assert (overdue.part, overdue.others) == ([], [case.pk])
    entry = AuditEntry.objects.get(action="assessment.frozen")
    assert entry.data["rows"] == 1


def test_the_cases_behind_are_as_many_as_the_figure_says(district, frozen):
    for line in frozen.lines.prefetch_related("rows_behind"):
        for rows in line.rows_behind.all():
            part, whole, excluded = line.counts[rows.measure]
            assert (len(rows.part), len(rows.part) + len(rows.others), len(rows.excluded)) == (part, whole, excluded)


def test_later_changes_leave_the_frozen_line_alone_and_a_correction_stands_beside_it(district, frozen, case):
    before = AssessmentLine.objects.values().get()
    exclude(district, case)
    assert AssessmentLine.objects.values().get() == before
    line = frozen.lines.get()
    correction = correct_line(district.people["supervisor"], line.pk, "on_time", "复核后剔除", IN_APRIL)
    assert (correction.before, correction.after) == ([1, 1, 0], [0, 0, 1])
    assert correction.score_after == Decimal("100.000")  # what can't be judged is shared out among the other rules
    assert corrected_counts(line)["on_time"] == Count(0, 0, 1)
    assert AssessmentLine.objects.values().get() == before
    assert AuditEntry.objects.get(action="assessment.corrected").reason == "复核后剔除"


def test_a_correction_needs_a_reason_and_a_difference(district, frozen, case):
    line, supervisor = frozen.lines.get(), district.people["supervisor"]
    with pytest.raises(Refused, match="一致"):
        correct_line(supervisor, line.pk, "on_time", "想改", IN_APRIL)
    exclude(district, case)
    with pytest.raises(Refused, match="更正原因"):
        correct_line(supervisor, line.pk, "on_time", "  ", IN_APRIL)
    correct_line(supervisor, line.pk, "on_time", "复核后剔除", IN_APRIL)
    with pytest.raises(Refused, match="一致"):
        correct_line(supervisor, line.pk, "on_time", "再来一次", IN_APRIL)
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("role", ["unit_leader", "analyst", "leader", "administrator", "agent"])
def test_only_those_whom_the_matrix_names_freeze_and_correct(district, frozen, case, scheme, role):
    exclude(district, case)
    with pytest.raises(Forbidden):
        freeze_period(district.people[role], scheme.pk, FIRST, FIRST, IN_APRIL)
    with pytest.raises(Forbidden):
        correct_line(district.people[role], frozen.lines.get().pk, "on_time", "复核后剔除", IN_APRIL)


def test_a_period_is_frozen_once_and_only_when_it_has_ended(district, frozen, scheme):
    supervisor = district.people["supervisor"]
    with pytest.raises(Refused, match="已按此方案固定"):
        freeze_period(supervisor, scheme.pk, FIRST, LAST, IN_APRIL)
    with pytest.raises(Refused, match="还没有结束"):
        freeze_period(supervisor, scheme.pk, date(2024, 4, 1), date(2024, 4, 5), IN_APRIL)
    assert AssessmentPeriod.objects.count() == 1


def test_the_database_refuses_to_change_what_is_frozen(district, frozen, case):
    exclude(district, case)
    correct_line(district.people["supervisor"], frozen.lines.get().pk, "on_time", "复核后剔除", IN_APRIL)
    tables = (
        AssessmentScheme,
        AssessmentRule,
        AssessmentTier,
        AssessmentPeriod,
        AssessmentLine,
        FrozenRows,
        Correction,
    )
    for table in tables:
        row = table.objects.first()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            table.objects.filter(pk=row.pk).update(id=row.pk)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            table.objects.filter(pk=row.pk)._raw_delete("default")


def test_the_month_that_ended_is_frozen_on_the_day_that_the_scheme_names(district, scheme, case):
    assert scheme.freezes_on_day == 5
    assert freeze_due_months(IN_APRIL - DAY) == []
    done = freeze_due_months(IN_APRIL)
    assert {(one.scheme.name, one.starts_on, one.ends_on) for one in done} == {
        ("承办单位月度考核", FIRST, LAST),
        ("街道月度考核", FIRST, LAST),
    }
    assert all(one.frozen_by is None for one in done)
    assert freeze_due_months(IN_APRIL + DAY) == []


def test_months_that_were_missed_are_frozen_too(district, scheme, case):
    freeze_due_months(IN_APRIL)
    done = freeze_due_months(IN_APRIL.replace(month=7, day=2))
    assert sorted({one.starts_on for one in done}) == [date(2024, 4, 1), date(2024, 5, 1)]


def test_a_month_that_a_person_froze_is_not_frozen_again(district, frozen):
    assert [one.scheme.subject for one in freeze_due_months(IN_APRIL)] == ["street"]


def facts(**changes):
    rule = PointRule("satisfied", Decimal(95), Decimal("0.5"), Decimal("12.5"), Decimal(25))
    said = {"name": "新办法", "subject": "unit", "effective_from": date(2024, 1, 1), "rules": [rule], "tiers": []}
    return SchemeFacts(**(said | changes))


def test_a_change_is_the_next_version(district, scheme):
    administrator = district.people["administrator"]
    first = make_scheme_version(administrator, facts(), IN_APRIL)
    second = make_scheme_version(administrator, facts(effective_from=date(2024, 5, 1)), IN_APRIL)
    assert (first.version, second.version) == (1, 2)
    assert AuditEntry.objects.filter(action="assessment.scheme_made").count() == 2
    with pytest.raises(Forbidden):
        make_scheme_version(district.people["supervisor"], facts(), IN_APRIL)


def test_a_version_never_reaches_into_a_frozen_month(district, frozen, scheme):
    rules = [PointRule("satisfied", Decimal(95), Decimal(1), Decimal(0), Decimal(25))]
    with pytest.raises(Refused, match="已按此方案固定"):
        make_scheme_version(
            district.people["administrator"], facts(name=scheme.name, rules=rules, effective_from=LAST), IN_APRIL
        )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rules": []}, "至少要有一条"),
        ({"rules": [PointRule("satisfied", Decimal(101), Decimal(1), Decimal(0), Decimal(1))]}, "0 与 100"),
        ({"rules": [PointRule("satisfied", Decimal(90), Decimal(-1), Decimal(0), Decimal(1))]}, "扣分不能为负"),
        ({"rules": [PointRule("satisfied", Decimal(90), Decimal(1), Decimal(2), Decimal(1))]}, "最低分不能高于"),
        ({"rules": [PointRule("luck", Decimal(90), Decimal(1), Decimal(0), Decimal(1))]}, "每项指标"),
        ({"rules": [PointRule("solved", Decimal(90), Decimal(1), Decimal(0), Decimal(1))] * 2}, "每项指标"),
        ({"tiers": [(Decimal(80), "好"), (Decimal(80), "坏")]}, "每一档"),
        ({"tier_by": "luck"}, "分档依据"),
        ({"name": " "}, "名称"),
        ({"subject": "street", "name": "承办单位月度考核"}, "不能改对象"),
    ],
)
def test_a_version_that_makes_no_sense_is_refused_with_words(district, scheme, changes, words):
    known = AssessmentScheme.objects.count()
    with pytest.raises(Refused, match=words):
        make_scheme_version(district.people["administrator"], facts(**changes), IN_APRIL)
    assert AssessmentScheme.objects.count() == known


def test_the_published_formulas_are_seeded_with_their_source(district, scheme):
    sources = dict(AssessmentScheme.objects.values_list("name", "source"))
    assert "准格尔旗" in sources["三率综合评价（准格尔旗公式）"]
    assert "连云港" in sources["满意与按时评价（连云港公式）"]
    assert all(one.tiers.count() == 3 for one in AssessmentScheme.objects.all())
