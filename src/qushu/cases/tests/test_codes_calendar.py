"""The working calendar: days are toggled, years adopted, a missing one is seen, and every process counts by it at once."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from qushu.cases import actions as moves
from qushu.cases.codes import actions
from qushu.cases.codes.queries.calendar import calendar_year, clocks_across, missing_years
from qushu.cases.models import Clock
from qushu.cases.rulebook import rulebook
from qushu.kernel.errors import Forbidden, Refused
from qushu.kernel.models import CalendarDay, CalendarYear
from qushu.people.models import Account, AuditEntry, Role
from qushu.people.tests.staff import log_in

from .codes import as_administrator, own_address
from .district import MONDAY, make_district

pytestmark = pytest.mark.django_db
TUESDAY, SATURDAY = date(2024, 3, 5), date(2024, 3, 9)


@pytest.fixture
def admin(district):
    return district.people["administrator"]


def dispatched(district):
    case = moves.accept_case(district.call("agent"), district.intake())
    moves.register_case(district.call("agent"), case.pk, district.category.pk, district.community.pk, "help", "general")
    return moves.dispatch_case(district.call("dispatcher"), case.pk, district.water.pk, [], "请办理")


def test_a_day_off_moves_what_starts_later_and_nothing_that_runs(district, admin):
    running = Clock.objects.get(case=dispatched(district), name="resolve")
    changed = actions.set_days(admin, TUESDAY, TUESDAY, False, "全区停电", "检修", MONDAY)
    assert changed == [TUESDAY]
    later = Clock.objects.get(case=dispatched(district), name="resolve")
    assert later.due_at == running.due_at + timedelta(days=1)
    assert Clock.objects.get(pk=running.pk).due_at == running.due_at


def test_a_range_is_worked_or_not_and_only_differing_days_are_kept(district, admin):
    days = actions.set_days(admin, TUESDAY, SATURDAY, False, "", "会议", MONDAY)
    assert [day.day for day in days] == [5, 6, 7, 8]
    assert CalendarDay.objects.filter(day=SATURDAY).count() == 0
    actions.set_days(admin, SATURDAY, SATURDAY, True, "补班", "会议", MONDAY)
    calendar = rulebook().calendar
    assert calendar.is_workday(SATURDAY) and not calendar.is_workday(TUESDAY)
    assert calendar.names[SATURDAY] == "补班"


def test_days_go_back_to_their_days_of_the_week(district, admin):
    actions.set_days(admin, TUESDAY, SATURDAY, False, "", "会议", MONDAY)
    assert len(actions.set_days(admin, TUESDAY, SATURDAY, None, "", "取消", MONDAY)) == 4
    assert not CalendarDay.objects.filter(day__range=(TUESDAY, SATURDAY)).exists()


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (SATURDAY, TUESDAY, "x"),
        (TUESDAY, TUESDAY + timedelta(days=200), "x"),
        (date(1999, 1, 1), date(1999, 1, 1), "x"),
        (TUESDAY, TUESDAY, "  "),
    ],
)
def test_a_range_out_of_reach_or_without_a_reason_is_refused(district, admin, first, last, reason):
    before = CalendarDay.objects.count()
    with pytest.raises(Refused):
        actions.set_days(admin, first, last, False, "", reason, MONDAY)
    assert CalendarDay.objects.count() == before


def test_what_is_so_already_is_refused(district, admin):
    with pytest.raises(Refused, match="已经是这样"):
        actions.set_days(admin, TUESDAY, TUESDAY, True, "", "x", MONDAY)


@pytest.mark.parametrize("role", [role for role in Role.values if role != "administrator"])
def test_nobody_else_may_change_the_calendar(district, role):
    with pytest.raises(Forbidden):
        actions.set_days(district.people[role], TUESDAY, TUESDAY, False, "", "x", MONDAY)
    with pytest.raises(Forbidden):
        actions.adopt_year(district.people[role], 2027, "通知", MONDAY)
    assert rulebook().calendar.is_workday(TUESDAY)


def test_a_change_is_audited_with_what_the_days_were(district, admin):
    actions.set_days(admin, date(2024, 2, 12), date(2024, 2, 12), True, "", "值守", MONDAY)
    entry = AuditEntry.objects.get(action="calendar.changed")
    assert (entry.subject, entry.reason) == ("calendar:2024", "值守")
    assert entry.data["before"] == "2024-02-12 休息（春节）"


def test_a_published_year_is_adopted_with_its_days(district, admin):
    CalendarYear.objects.filter(year=2024).delete()
    CalendarDay.objects.filter(day__year=2024).delete()
    assert not rulebook().calendar.is_workday(date(2024, 2, 4))
    assert not rulebook().calendar.knows(2024)
    assert actions.adopt_year(admin, 2024, "", MONDAY) > 20
    assert rulebook().calendar.knows(2024) and rulebook().calendar.is_workday(date(2024, 2, 4))
    with pytest.raises(Refused, match="已经录入"):
        actions.adopt_year(admin, 2024, "", MONDAY)


def test_a_year_that_is_not_published_needs_its_source(district, admin):
    with pytest.raises(Refused, match="出处"):
        actions.adopt_year(admin, 2060, " ", MONDAY)
    actions.set_days(admin, date(2060, 1, 1), date(2060, 1, 1), False, "元旦", "通知", MONDAY)
    assert actions.adopt_year(admin, 2060, "国办发明电〔2059〕1号", MONDAY) == 1
    assert rulebook().calendar.knows(2060)


def test_next_year_is_missed_from_november_on(district):
    last = max(CalendarYear.objects.values_list("year", flat=True))
    october, november = datetime(last, 10, 31, tzinfo=UTC), datetime(last, 11, 1, tzinfo=UTC)
    assert missing_years(rulebook(), october) == []
    assert missing_years(rulebook(), november) == [last + 1]
    assert missing_years(rulebook(), datetime(last + 1, 3, 1, tzinfo=UTC)) == [last + 1]


def test_a_missing_year_is_seen_by_those_who_can_do_something_about_it(district):
    CalendarYear.objects.all().delete()
    year = str(timezone.localdate().year)
    for role, sees in (("administrator", True), ("supervisor", True), ("agent", False)):
        words = log_in(Account.objects.get(username=f"t-{role}")).get("/account/").content.decode()
        assert ("工作日历不全" in words and year in words) is sees, role
        assert ("去录入" in words) is (role == "administrator")


def test_a_change_counts_at_once_in_another_connection(transactional_db):
    """Two processes: the other one keeps its rulebook, and asks for the version before it trusts what it keeps."""
    district = make_district()
    script = (
        "import django, sys; django.setup()\n"
        "from datetime import datetime, UTC\n"
        "from qushu.cases.rulebook import rulebook\n"
        "for line in sys.stdin:\n"
        "    print(rulebook().calendar.add_working_days(datetime(2024, 3, 4, 1, tzinfo=UTC), 1).isoformat(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"QUSHU_DATABASE_URL": own_address()},
    ) as other:

        def deadline() -> str:
            other.stdin.write("\n")
            other.stdin.flush()
            return other.stdout.readline().strip()[:10]

        assert deadline() == "2024-03-05"
        actions.set_days(district.people["administrator"], TUESDAY, TUESDAY, False, "", "检修", MONDAY)
        assert deadline() == "2024-03-06"
        other.stdin.close()


def test_running_clocks_across_changed_days_are_counted(district):
    dispatched(district)
    assert clocks_across(TUESDAY, TUESDAY, MONDAY) == 1  # the day's deadline to resolve; acknowledging is due on Monday
    assert clocks_across(TUESDAY, TUESDAY, MONDAY + timedelta(days=30)) == 0
    assert clocks_across(date(2025, 1, 1), date(2025, 1, 2), MONDAY) == 0


def test_a_year_is_shown_as_twelve_months(district):
    year = calendar_year(2024)
    assert [month.number for month in year.months] == list(range(1, 13))
    assert sum(day is not None for month in year.months for week in month.weeks for day in week) == 366
    assert year.known and year.workdays == sum(
        rulebook().calendar.is_workday(date(2024, 1, 1) + timedelta(days=n)) for n in range(366)
    )
    assert "2 月 12 日，休息，春节" in [day.words for day in year.special]


def test_the_page_toggles_a_day_and_says_what_runs_across_it(district):
    browser = as_administrator()
    filled = browser.get("/admin/calendar/?day=2026-05-06").content.decode()
    assert 'value="2026-05-06"' in filled and "工作日历 2026 年" in filled
    said = {"first": "2026-05-06", "state": "off", "name": "区庆", "reason": "区政府通知"}
    answer = browser.post("/admin/calendar/?year=2026", said, follow=True)
    assert answer.status_code == 200 and "5 月 6 日，休息，区庆" in answer.content.decode()
    assert browser.post("/admin/calendar/?year=2026", said).status_code == 422


@pytest.mark.parametrize("query", ["year=abc", "year=99999", "day=2026-02-31", "day=x", "year=1"])
def test_a_strange_address_shows_a_year(district, query):
    assert as_administrator().get(f"/admin/calendar/?{query}").status_code == 200


def test_a_missing_year_is_adopted_on_the_page(district):
    browser = as_administrator()
    assert "还没有录入这一年的节假日" in browser.get("/admin/calendar/?year=2060").content.decode()
    refused = browser.post("/admin/calendar/2060/adopt/", {"source": ""}, follow=True).content.decode()
    assert "出处" in refused and not CalendarYear.objects.filter(year=2060).exists()
    browser.post("/admin/calendar/2060/adopt/", {"source": "通知"})
    assert CalendarYear.objects.get(year=2060).source == "通知"
    assert Client().post("/admin/calendar/2061/adopt/", {"source": "通知"}).status_code == 302
    assert not CalendarYear.objects.filter(year=2061).exists()
