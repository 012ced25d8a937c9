"""What a rate is, where a centre sets it: rows with dates. The past and frozen months stay; what lies ahead counts anew."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.codes.actions import change_limit, withdraw_limit
from qushu.cases.limits import KINDS
from qushu.cases.models import Limit
from qushu.hotline.assessment import queries
from qushu.hotline.assessment.counting import count_cases
from qushu.hotline.assessment.definitions import BY_TYPE, words_of
from qushu.hotline.assessment.freezing import counts_of_today, freeze_period, frozen_counts
from qushu.hotline.assessment.measures import MEASURES, VOLUMES
from qushu.hotline.assessment.periods import Period
from qushu.hotline.assessment.queries import counts, rows_of
from qushu.hotline.assessment.rules import Count
from qushu.hotline.measures import _rate_of
from qushu.hotline.models import AssessmentScheme, UncountedCase
from qushu.hotline.seed import seed_schemes
from qushu.kernel.errors import Refused
from qushu.kernel.measures import Span
from qushu.people.models import Account
from qushu.people.tests.staff import log_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def lived(district, begins: timedelta, kind: str = "complaint", satisfaction: int = 4):
    """A case of the water works, resolved in an hour and judged the day after; begun so long after Monday, 4 March."""
    case = actions.accept_case(district.call("agent", begins), district.intake())
    facts = (district.category.pk, district.community.pk, kind, "general")
    actions.register_case(district.call("agent", begins), case.pk, *facts)
    actions.dispatch_case(district.call("dispatcher", begins), case.pk, district.water.pk)
    actions.acknowledge_case(district.call("unit", begins), case.pk)
    actions.resolve_case(district.call("unit", begins + HOUR), case.pk, "已处理", "solved")
    actions.follow_up_case(
        district.call("follow_up", begins + DAY), case.pk, reached=True, solved=True, satisfaction=satisfaction
    )
    return case


@pytest.fixture(params=["marks", "counts", "rows"])
def way(request, monkeypatch):
    """From what the page counts: marks of changed cases, what is folded, or the rows themselves."""
    if request.param == "rows":
        monkeypatch.setattr(queries, "MOST_UNCOUNTED", -1)
    return request.param


def figures(district, way, code):
    """The water works' figure of March, and whether it opens as many rows and is what the ledger reads."""
    if way == "counts":
        count_cases()
    start = district.call("agent").now.replace(hour=16, day=29, month=2)
    period = Period(start, start + 31 * DAY, start + 60 * DAY)
    found = counts(district.people["supervisor"], "unit", period)[district.water.pk][code]
    for half, number in (("part", found.part), ("whole", found.whole)):
        rows = rows_of(district.people["supervisor"], MEASURES[code], "unit", None, period, half)
        assert rows.count() == number
    read = _rate_of(MEASURES[code], Span(start.date() + DAY, start.date() + 31 * DAY, start + 60 * DAY))
    assert read.value == found.rate
    return found


def test_the_grade_from_which_a_citizen_is_satisfied_counts_from_its_day_on(district, way):
    lived(district, timedelta(0), satisfaction=4)
    assert figures(district, way, "satisfied") == Count(1, 1)
    admin, now = district.people["administrator"], district.call("agent", 5 * DAY).now
    change_limit(admin, "satisfied_from", "5", None, now)
    lived(district, 6 * DAY, satisfaction=4)
    lived(district, 6 * DAY, satisfaction=5)
    assert figures(district, way, "satisfied") == Count(2, 3)


@pytest.mark.parametrize("code", ["on_time", "solved"])
def test_types_that_a_rate_leaves_out_are_in_neither_half_from_the_day_on(district, way, code):
    lived(district, timedelta(0), "praise")
    admin = district.people["administrator"]
    change_limit(admin, f"unjudged_{code}", "表扬、建议", None, district.call("agent", 10 * DAY).now)
    lived(district, 11 * DAY, "praise")
    lived(district, 11 * DAY, "complaint")
    assert figures(district, way, code) == Count(2, 2)
    assert figures(district, way, "satisfied").whole == 3  # another rate is what it was


def test_a_change_marks_what_lies_ahead_of_it_for_the_counts_and_the_withdrawal_does_so_too(district):
    case = actions.accept_case(actions.Call(district.people["agent"], timezone.now()), district.intake())
    actions.register_case(
        actions.Call(district.people["agent"], timezone.now()),
        case.pk, district.category.pk, district.community.pk, "praise", "general",
    )  # fmt: skip
    actions.dispatch_case(actions.Call(district.people["dispatcher"], timezone.now()), case.pk, district.water.pk)
    count_cases()
    admin = district.people["administrator"]
    limit = change_limit(admin, "unjudged_on_time", "praise", timezone.now() + HOUR, timezone.now())
    assert set(UncountedCase.objects.values_list("case_id", flat=True)) == {case.pk}
    count_cases()
    withdraw_limit(admin, limit.pk, timezone.now())
    assert set(UncountedCase.objects.values_list("case_id", flat=True)) == {case.pk}
    count_cases()
    change_limit(admin, "call_tries", "4", None, timezone.now())
    assert not UncountedCase.objects.exists()


def test_a_frozen_month_and_what_it_is_today_stay_the_same(district):
    seed_schemes()
    lived(district, timedelta(0), "praise", 4)
    scheme = AssessmentScheme.objects.filter(subject="unit").latest("effective_from")
    start = district.call("agent").now
    period = freeze_period(
        district.people["supervisor"], scheme.pk, start.date().replace(day=1), start.date().replace(day=31), start + 60 * DAY
    )  # fmt: skip
    line = period.lines.get(subject_id=district.water.pk)
    before = frozen_counts(line)
    later = start + 61 * DAY
    for code, value in (("satisfied_from", "5"), ("unjudged_solved", "praise"), ("unjudged_on_time", "praise")):
        change_limit(district.people["administrator"], code, value, None, later)
    assert counts_of_today(line, later) == frozen_counts(line) == before


def test_the_page_says_what_counts(district):
    admin = district.people["administrator"]
    start = district.call("agent").now
    change_limit(admin, "unjudged_satisfied", "praise", None, start)
    said = words_of(Period(start - 3 * DAY, start + 3 * DAY, start + 4 * DAY))
    assert said[0] == "满意的起点：4 分"
    assert said[1] == "满意率不计：表扬（2024-03-04 09:00 起）"
    page = log_in(Account.objects.get(username="t-supervisor")).get("/assessment/")
    assert page.status_code == 200


def test_an_administrator_chooses_the_types_and_a_wrong_one_is_refused(district):
    browser = log_in(Account.objects.get(username="t-administrator"))
    assert "表扬" in browser.get("/admin/clocks/limits/unjudged_solved/").content.decode()
    browser.post("/admin/clocks/limits/unjudged_solved/", {"value": ["praise", "consultation"]})
    assert Limit.objects.filter(code="unjudged_solved").latest("effective_from").value == "consultation praise"
    browser.post("/admin/clocks/limits/unjudged_solved/", {"value": [], "reason": "不再区分"})
    assert Limit.objects.filter(code="unjudged_solved").latest("effective_from").value == "none"
    with pytest.raises(Refused, match="只能在这些当中选"):
        change_limit(
            district.people["administrator"], "unjudged_solved", "红烧", None, district.call("agent", 900 * DAY).now
        )


def test_volumes_count_every_case_and_every_definition_has_its_limit():
    assert set(BY_TYPE) == set(MEASURES) - set(VOLUMES)
    assert {f"unjudged_{code}" for code in BY_TYPE} | {"satisfied_from"} <= set(KINDS)
