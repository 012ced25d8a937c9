"""One figure, one definition: the overview, the assessment, the board and the list say the same of the same cases."""

from collections import Counter
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.models import Case, Clock
from qushu.cases.overdue import CLOCK, overdue, running_late
from qushu.cases.rules import SHANGHAI
from qushu.cases.tests.district import District
from qushu.hotline.assessment.choice import choose, read_table
from qushu.hotline.assessment.measures import MEASURES as ASSESSED
from qushu.hotline.assessment.measures import SUBJECTS
from qushu.hotline.assessment.queries import rows_of
from qushu.hotline.duty.queries import figures_at
from qushu.hotline.tests.working import call, client, dispatched, past_due, registered, resolved
from qushu.hotline.work.queries import COUNTED_TABS, board, board_counts, end_of_next_workday, inbox_counts
from qushu.insight.overview.cutting import Question, answer, rows_behind
from qushu.insight.overview.definitions import MEASURES
from qushu.lake.copying import bring_up_to_date
from qushu.people.access import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(district: District) -> dict[str, Case]:
    """Cases of today by what became of them; `late` and `stood late` are overdue, nothing else is."""
    now = timezone.now()
    found = {
        "of nobody": actions.accept_case(call(district, "agent"), district.intake(area_id=None)),
        "not dispatched in time": past_due(registered(district), "dispatch"),
        "not acknowledged in time": past_due(dispatched(district), "acknowledge"),
        "in time": dispatched(district),
        "late": past_due(dispatched(district)),
        "left out": past_due(dispatched(district, district.housing)),
        "resolved late": resolved(district),
        "stood late": past_due(dispatched(district)),
        "stood in time": dispatched(district),
        "merged": past_due(dispatched(district)),
    }
    found["resolved late"].clocks.filter(name="resolve").update(due_at=now - timedelta(hours=2), met=False)
    actions.merge_case(call(district, "dispatcher"), found["merged"].pk, found["in time"].pk)
    actions.ask_exclusion(
        call(district, "supervisor"), found["left out"].pk, district.reason("exclude"), "不可抗力", ""
    )
    actions.decide_review(call(district, "supervisor"), found["left out"].reviews.get(kind="exclude").pk, True, "同意")
    for name in ("stood late", "stood in time"):
        _shelve(district, found[name])
    found["stood in time"].clocks.filter(name="resolve").update(due_at=now, paused_at=now - timedelta(hours=1))
    return found


def _shelve(district: District, case: Case) -> None:
    actions.acknowledge_case(call(district, "unit"), case.pk)
    day = timezone.localdate() + timedelta(days=30)
    actions.ask_shelving(call(district, "unit"), case.pk, district.reason("shelve"), "待立项", day)
    actions.decide_review(call(district, "supervisor"), case.reviews.get(kind="shelve").pk, True, "同意")


OVERDUE = ("late", "left out", "stood late")


def test_what_is_overdue_is_so_everywhere(district: District, cases: dict[str, Case]) -> None:
    now = timezone.now()
    bring_up_to_date(now)
    supervisor, today = district.people["supervisor"], timezone.localdate(now, SHANGHAI)
    wanted = {cases[name].pk for name in OVERDUE}
    period = choose("unit", today - timedelta(days=2), today).period(
        now
    )  # by day of deadline: hours ago may be yesterday
    assessed = rows_of(supervisor, ASSESSED["overdue"], "unit", None, period, "all")
    question = Question(MEASURES["overdue"], today, today)
    listed = client("supervisor").get("/cases/", {"overdue": "on"})
    answers: dict[str, set[Any]] = {
        "clocks": set(Clock.objects.filter(running_late(now), name=CLOCK).values_list("case_id", flat=True)),
        "definition": set(Case.objects.filter(overdue(now)).values_list("pk", flat=True)),
        "board": set(board(supervisor, "late", now).values_list("pk", flat=True)),
        "list": {case.pk for case in listed.context["page"]},
        "assessment": {row.pk for row in assessed if row.slot % 3 != 0},
        "overview": {row[0] for row in rows_behind(question, "all", Scope(everything=True), now, None, 50)},
    }
    assert answers == dict.fromkeys(answers, wanted)
    assert {row.pk for row in assessed if row.slot % 3 == 2} == {cases["left out"].pk}
    assert sum(line.counts["late"] for line in board_counts(supervisor, now)) == len(wanted)
    assert inbox_counts(district.people["unit"], now).late == 2
    assert figures_at(supervisor, (now - timedelta(hours=8), now), now)["overdue"] == len(wanted)


def test_what_ran_past_another_deadline_stands_beside_it_on_the_board(
    district: District, cases: dict[str, Case]
) -> None:
    missed = board(district.people["supervisor"], "missed", timezone.now())
    assert {case.pk for case in missed} == {
        cases["not dispatched in time"].pk,
        cases["not acknowledged in time"].pk,
    }


def test_the_board_counts_by_unit_what_its_lists_hold(district: District, cases: dict[str, Case]) -> None:
    actions.supervise_case(call(district, "supervisor"), cases["late"].pk, "urge", "请抓紧")
    past_due(cases["in time"], at=end_of_next_workday(timezone.now()))
    supervisor, now = district.people["supervisor"], timezone.now()
    listed = {
        (unit_id, tab): count
        for tab in COUNTED_TABS
        for unit_id, count in Counter(board(supervisor, tab, now).values_list("lead_unit_id", flat=True)).items()
    }
    counted = {
        (line.unit_id, tab): count
        for line in board_counts(supervisor, now)
        for tab, count in line.counts.items()
        if count
    }
    assert counted == listed
    assert {tab for _, tab in counted} >= {"late", "missed", "tomorrow", "ladder"}


def test_an_upgrade_learns_it_from_the_clocks(cases: dict[str, Case]) -> None:
    upgrade = import_module("qushu.cases.migrations.0026_overdue_from_of_old_cases")
    known = set(Case.objects.values_list("pk", "overdue_from"))
    Case.objects.update(overdue_from=None)
    for _ in range(2):
        upgrade.fill(None, SimpleNamespace(connection=connection))
        assert set(Case.objects.values_list("pk", "overdue_from")) == known


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_was_accepted_is_as_many_in_every_table_as_on_the_overview(
    district: District, cases: dict[str, Case], subject: str
) -> None:
    now = timezone.now()
    bring_up_to_date(now)
    today = timezone.localdate(now, SHANGHAI)
    table = read_table(district.people["supervisor"], choose(subject, today, today), now)
    counted = answer(Question(MEASURES["count"], today, today), Scope(everything=True), now)
    assert table.total is not None
    assert table.total.volumes["overdue"] == counted.total.whole == len(cases)


@pytest.mark.parametrize("address", ["/supervision/", "/cases/?overdue=on", "/assessment/"])
def test_pages_say_what_overdue_means_and_as_of_when(district: District, cases: dict[str, Case], address: str) -> None:
    page = client("supervisor").get(address).content.decode()
    assert "已过办结时限、还没有办结" in page and "截至" in page
