"""Twelve months of one subject: the figures of each month's own page, those of a frozen month as they were frozen; and who
came after a freeze."""

from datetime import date, datetime, timedelta

import pytest

from qushu.cases import actions
from qushu.cases.rules import SHANGHAI
from qushu.hotline.assessment.counting import count_cases
from qushu.hotline.assessment.freezing import correct_line, freeze_period
from qushu.hotline.assessment.measures import SUBJECTS
from qushu.hotline.assessment.periods import month_of, period_of
from qushu.hotline.assessment.queries import counts
from qushu.hotline.assessment.rules import Count
from qushu.hotline.assessment.trend import DRAWN, MONTHS, trend_of
from qushu.hotline.models import AssessmentScheme
from qushu.hotline.seed import seed_schemes
from qushu.kernel.tests.grounds import Ground
from qushu.people.access import Actor, GrantValue
from qushu.people.models import Account
from qushu.people.tests.staff import log_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2024, 6, 20, tzinfo=SHANGHAI)
MARCH = (date(2024, 3, 1), date(2024, 3, 31))


def lived(district, begins: timedelta, unit, satisfaction: int = 5) -> None:
    """A case that is resolved in time and judged, begun so long after the district's Monday in March."""
    case = actions.accept_case(district.call("agent", begins), district.intake())
    facts = (district.category.pk, district.community.pk, "complaint", "general")
    actions.register_case(district.call("agent", begins), case.pk, *facts)
    actions.dispatch_case(district.call("dispatcher", begins + HOUR), case.pk, unit.pk)
    role = "unit" if unit == district.water else "other_unit"
    actions.acknowledge_case(district.call(role, begins + 2 * HOUR), case.pk)
    actions.resolve_case(district.call(role, begins + DAY), case.pk, "已处理", "solved")
    actions.follow_up_case(
        district.call("follow_up", begins + DAY), case.pk, reached=True, solved=True, satisfaction=satisfaction
    )


@pytest.fixture(scope="session")
def on_three_lives(on_district):
    """Two cases in March, one in May; of the water works."""

    def make(district):
        for begins in (timedelta(0), 2 * DAY, 63 * DAY):
            lived(district, begins, district.water)
        return district

    return Ground("three_lives", make, on_district)


@pytest.fixture(params=["marked", "counted"])
def spring(on_three_lives, standing, db, request):
    """Once with figures mended by the marks of the moves, once with everything folded into the counts."""
    if request.param == "counted":
        count_cases()
    return standing["three_lives"]


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("who", ["everything", "area"])
def test_each_point_is_the_figure_of_its_month(spring, subject, who):
    actor = spring.people["supervisor"]
    if who == "area":
        actor = Actor("街道分析员", (GrantValue("analyst", area_id=spring.street.pk),), None)
    ids = list(counts(actor, subject, period_of(*MARCH, NOW)))
    assert ids
    for chosen in (ids, None):
        points = trend_of(actor, subject, chosen, date(2024, 6, 20), NOW)
        assert [one.month for one in points][:: MONTHS - 1] == [date(2023, 7, 1), date(2024, 6, 1)]
        for point in points:
            found = counts(actor, subject, period_of(*month_of(point.month), NOW))
            for code in DRAWN:
                assert point.counts[code] == sum((one[code] for one in found.values()), Count()), (point.month, code)
    assert sum(point.counts["solved"].whole for point in points) == 3


def test_a_unit_that_sees_only_itself_gets_no_trend_of_another(spring):
    other = spring.people["other_unit"]
    points = trend_of(other, "unit", [spring.water.pk], date(2024, 6, 1), NOW)
    assert not any(count.whole for point in points for count in point.counts.values())


@pytest.fixture
def frozen(spring):
    seed_schemes()
    scheme = AssessmentScheme.objects.get(name="承办单位月度考核")
    return freeze_period(spring.people["supervisor"], scheme.pk, *MARCH, NOW)


def test_a_frozen_month_shows_what_was_frozen_with_its_corrections(spring, frozen):
    def march() -> tuple[bool, Count]:
        points = trend_of(spring.people["supervisor"], "unit", [spring.water.pk], date(2024, 6, 1), NOW)
        (one,) = [point for point in points if point.month == MARCH[0]]
        return one.frozen, one.counts["solved"]

    assert march() == (True, Count(2, 2))
    lived(spring, 3 * DAY, spring.water)
    assert march() == (True, Count(2, 2))
    correct_line(spring.people["supervisor"], frozen.lines.get().pk, "solved", "补录", NOW)
    assert march() == (True, Count(3, 3))


def test_the_page_draws_the_lines_and_every_point_leads_to_its_month(spring, frozen):
    client = log_in(Account.objects.get(username="t-supervisor"))
    page = client.get(f"/assessment/trend/unit/{spring.water.pk}/?month=2024-06")
    text = page.content.decode()
    assert page.status_code == 200 and spring.water.name in text and "已固定" in text
    assert text.count("/assessment/?subject=unit&amp;month=2024-05") >= 2
    assert client.get(f"/assessment/trend/category/{spring.category.pk}/?month=2024-06").status_code == 200
    assert client.get("/assessment/trend/street/0/?month=2024-06").status_code == 200
    assert "没有可考核的件" in client.get(f"/assessment/trend/unit/{spring.water.pk}/?month=2020-06").content.decode()
    for wrong in ("nobody/1/", "unit/99999999/", "unit/1/?month=x"):
        assert client.get(f"/assessment/trend/{wrong}").status_code == 404


def test_the_table_leads_to_the_trend_of_each_line(spring):
    client = log_in(Account.objects.get(username="t-supervisor"))
    text = client.get("/assessment/?month=2024-03").content.decode()
    assert f"/assessment/trend/unit/{spring.water.pk}/?month=2024-03" in text
    assert "/assessment/trend/unit/0/?month=2024-03" in text
    inside = client.get(f"/assessment/?month=2024-03&subject=category&within={spring.category.pk}").content.decode()
    assert f"/assessment/trend/category/{spring.category.pk}/?month=2024-03" in inside


def test_the_frozen_page_names_who_has_figures_only_since_the_freeze(spring, frozen):
    client = log_in(Account.objects.get(username="t-supervisor"))
    address = f"/assessment/?first={MARCH[0]}&last={MARCH[1]}&subject=unit&scheme={frozen.scheme_id}"
    assert "固定之后才有数据" not in client.get(address).content.decode()
    lived(spring, 3 * DAY, spring.housing)
    answer = client.get(address)
    assert answer.context["table"].newcomers == [spring.housing.name]
    assert "固定之后才有数据" in answer.content.decode()
    assert [row.line.name for row in answer.context["table"].rows] == [spring.water.name]
    assert "固定之后才有数据" not in client.get(f"{address}&live=1").content.decode()


def test_a_corrected_score_stands_beside_the_frozen_one(spring, frozen):
    client = log_in(Account.objects.get(username="t-supervisor"))
    address = f"/assessment/?first={MARCH[0]}&last={MARCH[1]}&subject=unit&scheme={frozen.scheme_id}"
    line = frozen.lines.get()
    lived(spring, 3 * DAY, spring.water, satisfaction=1)
    corrected = correct_line(spring.people["supervisor"], line.pk, "satisfied", "补录", NOW)
    (row,) = client.get(address).context["table"].rows
    assert (row.line.score, row.score_after) == (line.score, corrected.score_after)
    assert row.score_after < row.line.score
    text = client.get(address).content.decode()
    assert f"已更正</span> {corrected.score_after}" in text and "已更正</span> 66.67% 2 ÷ 3" in text
