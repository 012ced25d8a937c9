"""What belongs to no unit, street, category or agent has a line of its own, so that every table adds up to all there is."""

import importlib
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from qushu.cases import actions
from qushu.cases.rules import SHANGHAI
from qushu.hotline.assessment import queries
from qushu.hotline.assessment.choice import choose, read_table
from qushu.hotline.assessment.counting import count_cases
from qushu.hotline.assessment.freezing import correct_line, freeze_period
from qushu.hotline.assessment.measures import MEASURES, NOBODY, NOBODY_NAMES, SUBJECTS
from qushu.hotline.assessment.periods import month_of
from qushu.hotline.models import AreaCount, AssessmentCount, AssessmentLine, AssessmentScheme
from qushu.hotline.seed import seed_schemes
from qushu.kernel.tables import read_table as read_file
from qushu.people.access import CITIZEN, Scope

from .working import call, client, dispatched, past_due, registered

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["marked", "counted"])
def mixed(district, request):
    """Five cases of today: of a unit, late; registered only; of nobody and nowhere; of a citizen; answered at once."""
    seed_schemes()
    past_due(dispatched(district))
    registered(district)
    actions.accept_case(call(district, "agent"), district.intake(area_id=None))
    actions.accept_case(actions.Call(CITIZEN, timezone.now()), district.intake(channel="mailbox"))
    answered = actions.accept_case(call(district, "agent"), district.intake())
    actions.answer_case(call(district, "agent"), answered.pk, "请拨打供水热线")
    if request.param == "counted":
        count_cases()
    return district


def today():
    return timezone.localdate(timezone.now(), SHANGHAI)


def table_of(district, subject, **more):
    return read_table(district.people["supervisor"], choose(subject, today(), today(), **more), timezone.now())


@pytest.mark.parametrize(("subject", "of_nobody"), [("unit", 4), ("street", 1), ("category", 3), ("agent", 1)])
def test_lines_add_up_to_all_there_is_and_nobody_is_neither_scored_nor_ranked(mixed, subject, of_nobody):
    table = table_of(mixed, subject)
    last = table.rows[-1].line
    assert (last.subject_id, last.name) == (NOBODY, NOBODY_NAMES[subject])
    assert last.counts["overdue"].volume == of_nobody
    assert (last.rank, last.score, last.tier) == (None, None, "")
    assert set(last.points.values()) <= {None}
    assert table.total.volumes["overdue"] == sum(row.volumes["overdue"] for row in table.rows) == 5
    assert table.total.line.counts["overdue"].part == 1


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("counts", ["marks", "rows"])
def test_the_page_shows_the_line_and_every_figure_of_it_opens_its_rows(mixed, subject, counts, monkeypatch):
    if counts == "rows":
        monkeypatch.setattr(queries, "MOST_UNCOUNTED", -1)
    supervisor = client("supervisor")
    page = supervisor.get("/assessment/", {"subject": subject}).content.decode()
    assert f">{NOBODY_NAMES[subject]}</a>" in page
    links = set(re.findall(rf'href="(/assessment/{subject}/(?:0|-1)/\w+/\w+/[^"]*)">(?:剔除 )?([\d,]+)</a>', page))
    assert any("/-1/overdue/" in address for address, _ in links)
    for address, figure in links:
        opened = supervisor.get(address.replace("&amp;", "&")).content.decode()
        assert opened.count("data-href=") == int(figure), address
    assert supervisor.get(f"/assessment/trend/{subject}/-1/").status_code == 200


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_file_has_the_line_and_its_sum(mixed, subject):
    answer = client("supervisor").get("/assessment/export/csv/", {"subject": subject})
    head, _, rows = answer.content.decode("utf-8-sig").partition("名次,")
    assert head
    lines = [row for _, row in read_file(io.BytesIO(f"名次,{rows}".encode()), "a.csv")]
    accepted = {line[SUBJECTS[subject]]: int(line["受理"]) for line in lines}
    assert accepted.pop("合计") == sum(accepted.values()) == 5
    assert NOBODY_NAMES[subject] in accepted


def test_who_sees_one_unit_sees_nothing_of_nobody(mixed):
    page = client("unit").get("/assessment/").content.decode()
    assert f">{NOBODY_NAMES['unit']}</a>" not in page and f">{mixed.water.name}</a>" in page


def test_who_sees_a_street_sees_what_no_unit_has_there(mixed):
    period = choose("unit", *month_of(today())).period(timezone.now())
    reach = Scope(area_ids=frozenset([mixed.street.pk]))
    found = queries.counts_within(reach, "unit", period)
    assert found == queries._counted_anew("unit", period, reach)
    assert found[NOBODY]["overdue"].volume == 3


def test_a_child_category_has_no_line_of_nobody(mixed):
    top = mixed.category.parent.parent
    assert NOBODY not in {row.line.subject_id for row in table_of(mixed, "category", within=top.pk).rows}
    assert NOBODY in {row.line.subject_id for row in table_of(mixed, "category", level=3).rows}


def test_a_frozen_period_keeps_the_line_and_a_correction_of_it_gives_no_score(mixed):
    later = timezone.now() + timedelta(days=1)
    scheme = AssessmentScheme.objects.filter(subject="unit").latest("effective_from")
    period = freeze_period(mixed.people["supervisor"], scheme.pk, today(), today(), later)
    line = period.lines.get(subject_id=NOBODY)
    assert (line.subject_name, line.score, line.rank, line.tier) == ("未派单", None, None, "")
    page = client("supervisor").get("/assessment/", {"first": today(), "last": today(), "scheme": scheme.pk})
    address = f"/assessment/frozen/{period.pk}/-1/overdue/all/"
    assert address in page.content.decode()
    assert client("supervisor").get(address).content.decode().count("data-href=") == 4
    case = registered(mixed)
    correction = correct_line(mixed.people["supervisor"], line.pk, "overdue", "补录", later)
    assert case and correction.after[1] == 5 and correction.score_after is None


def test_a_period_that_was_frozen_without_the_line_says_so(mixed, monkeypatch):
    later = timezone.now() + timedelta(days=1)
    scheme = AssessmentScheme.objects.filter(subject="unit").latest("effective_from")
    with monkeypatch.context() as then:
        found = queries.cases_behind
        then.setattr(
            "qushu.hotline.assessment.freezing.cases_behind",
            lambda *asked: {key: slots for key, slots in found(*asked).items() if key != NOBODY},
        )
        freeze_period(mixed.people["supervisor"], scheme.pk, today(), today(), later)
    assert not AssessmentLine.objects.filter(subject_id=NOBODY).exists()
    page = client("supervisor").get("/assessment/", {"first": today(), "last": today(), "scheme": scheme.pk})
    assert "固定时没有单列“未派单”" in page.content.decode()


def test_the_upgrade_counts_what_was_counted_before_it(mixed):
    count_cases()
    fields = ("subject", "starts_on", "subject_id", "counts")
    kept = [
        sorted(model.objects.filter(subject_id=NOBODY).values_list(*fields, *more))
        for model, more in ((AssessmentCount, ("grain", "unit_id")), (AreaCount, ("street_id", "area_id")))
    ]
    assert all(kept)
    upgrade = importlib.import_module("qushu.hotline.migrations.0013_counts_of_nobody")
    with connection.cursor() as cursor:
        cursor.execute(upgrade.TAKE_AWAY)
        cursor.execute(upgrade.ADD)
    assert kept == [
        sorted(model.objects.filter(subject_id=NOBODY).values_list(*fields, *more))
        for model, more in ((AssessmentCount, ("grain", "unit_id")), (AreaCount, ("street_id", "area_id")))
    ]


def test_measures_have_a_place_of_their_own_in_the_stored_counts():
    assert sorted(one.place for one in MEASURES.values()) == list(range(len(MEASURES)))
