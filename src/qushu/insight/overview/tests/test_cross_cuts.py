"""Cross-cuts give the numbers that the case tables and the assessment give, to everybody only their own."""

import shutil
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.cases import actions
from qushu.cases.models import Case
from qushu.cases.tests.district import MONDAY, District
from qushu.hotline.assessment.periods import period_of
from qushu.hotline.assessment.queries import counts_within
from qushu.insight.overview.actions import remove_cut, save_cut, saved_cuts
from qushu.insight.overview.cutting import Question, answer, figures, rows_behind
from qushu.insight.overview.definitions import DIMENSIONS, MEASURES
from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.kernel.tests.grounds import Ground
from qushu.lake import engine
from qushu.lake.copying import bring_up_to_date
from qushu.lake.tests.copies import with_its_copy
from qushu.people.access import Scope, scope
from qushu.people.models import Account, AuditEntry
from qushu.people.tests.staff import log_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 60 * DAY
ALL = Scope(everything=True)
FIRST, LAST = date(2024, 3, 1), date(2024, 5, 31)


@pytest.fixture(scope="session")
def on_seven_cases(on_district: Ground, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground("seven_cases", with_its_copy(make_spring, tmp_path_factory), on_district)


@pytest.fixture
def spring(on_seven_cases: Ground, standing: dict[str, Any], db: None, lake: Path) -> District:
    made, copied = standing["seven_cases"]
    shutil.copytree(copied, lake)
    return made


def make_spring(district: District) -> District:
    """Seven cases: handled in time, late and reopened, returned, forgotten, and three that only came in."""
    for number in range(4):
        start = timedelta(days=number)
        case = actions.accept_case(district.call("agent", start), district.intake())
        actions.register_case(
            district.call("agent", start), case.pk, district.category.pk, district.community.pk, "complaint", "general"
        )
        actions.dispatch_case(district.call("dispatcher", start + HOUR), case.pk, district.water.pk)
        if number == 2:
            actions.ask_return(
                district.call("unit", start + 2 * HOUR), case.pk, district.reason("return"), "不属我单位"
            )
            review = case.reviews.get().pk
            actions.decide_review(district.call("supervisor", start + 3 * HOUR), review, True, "同意")
        if number < 2:
            _resolve(district, case, start + (DAY if number == 0 else 20 * DAY))
            good = number == 0
            call = district.call("follow_up", start + 21 * DAY)
            actions.follow_up_case(call, case.pk, reached=True, solved=good, satisfaction=5 if good else 1)
            if not good:
                actions.reopen_case(call, case.pk, district.reason("reopen"), "没修好")
    for channel in ("12345", "mailbox", "12345"):
        known = Case._meta.get_field("channel").related_model.objects.filter(pk=channel)  # type: ignore[union-attr]
        code = channel if known.exists() else "12345"
        actions.accept_case(district.call("agent", 30 * DAY), district.intake(channel=code))
    bring_up_to_date(NOW)
    return district


def _resolve(district: District, case: Case, at: timedelta) -> None:
    actions.acknowledge_case(district.call("unit", at), case.pk)
    actions.record_contact(district.call("unit", at), case.pk, "电话", "已联系")
    actions.resolve_case(district.call("unit", at), case.pk, "已处理", "solved")


def ask_for(
    measure: str, *by: str, reach: Scope = ALL, filters: Any = (), first: date = FIRST, last: date = LAST
) -> Any:
    return answer(Question(MEASURES[measure], first, last, tuple(DIMENSIONS[one] for one in by), filters), reach, NOW)


RATES = [code for code, one in MEASURES.items() if one.is_rate]


@pytest.mark.parametrize("code", RATES)
@pytest.mark.parametrize("month", [date(2024, 3, 1), date(2024, 4, 1)])
def test_every_rate_of_a_month_is_the_assessments(spring: District, code: str, month: date) -> None:
    last = (month + timedelta(days=31)).replace(day=1) - DAY
    assessed = counts_within(ALL, "unit", period_of(month, last, NOW))
    found = ask_for(code, "unit", first=month, last=last)
    ours = {group.keys[0]: (group.part, group.whole) for group in found.groups if group.keys[0]}
    theirs = {unit: (one[code].part, one[code].whole) for unit, one in assessed.items() if one[code].whole}
    assert ours == theirs


def test_the_fixture_has_something_late_and_something_in_time(spring: District) -> None:
    total = ask_for("on_time").total
    assert 0 < total.part < total.whole


SQL_OF = {
    "channel": "channel_id",
    "kind": "kind",
    "street": "street_id",
    "state": "state",
    "unit": "lead_unit_id",
    "hour": "extract(hour FROM accepted_at AT TIME ZONE 'Asia/Shanghai')::int",
    "weekday": "extract(isodow FROM accepted_at AT TIME ZONE 'Asia/Shanghai')::int",
    "month": "date_trunc('month', accepted_at AT TIME ZONE 'Asia/Shanghai')::date",
    "day": "(accepted_at AT TIME ZONE 'Asia/Shanghai')::date",
    "reopenings": "reopen_count",
    "returns": "return_count",
    "category3": "category_id",
}
WHOLE = {"count": "true", "open": "closed_at IS NULL AND state <> 'merged'", "contact_p50": "contacted_at IS NOT NULL"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_cut_counts_what_sql_on_the_case_table_counts(spring: District, data: st.DataObject) -> None:
    by = data.draw(st.lists(st.sampled_from(sorted(SQL_OF)), max_size=3, unique=True))
    measure = data.draw(st.sampled_from(sorted(WHOLE)))
    first = data.draw(st.dates(date(2024, 3, 1), date(2024, 3, 10)))
    last = data.draw(st.dates(date(2024, 3, 10), date(2024, 4, 30)))
    state = data.draw(st.sampled_from(["", "accepted", "dispatched", "registered"]))
    keys = ", ".join(SQL_OF[one] for one in by)
    narrowed = " AND state = %s" if state else ""
    sql = (
        f"SELECT {keys + ', ' if by else ''}count(*) FROM cases_case WHERE {WHOLE[measure]}"
        f" AND (accepted_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %s AND %s{narrowed}"
    ) + (f" GROUP BY {keys}" if by else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [first, last, *([state] if state else [])])
        wanted = Counter({row[:-1]: row[-1] for row in cursor.fetchall() if row[-1]})
    filters = (("state", state),) if state else ()
    found = ask_for(measure, *by, filters=filters, first=first, last=last)
    assert found.total.whole == sum(wanted.values())
    if by:
        assert Counter({group.keys: group.whole for group in found.groups}) == wanted


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every query that reads files from now on."""
    heard: list[str] = []
    connection_of = engine._connection

    class Listening:
        def execute(self, sql: str, params: list[Any]) -> Any:
            heard.append(sql)
            return connection_of().execute(sql, params)

    monkeypatch.setattr(engine, "_connection", Listening)
    return heard


def test_a_changed_month_is_read_again_and_the_others_are_not(spring: District, asked: list[str]) -> None:
    before = ask_for("open", "state")
    assert ["/2024-03-" in sql and "/2024-04-" in sql for sql in asked] == [True]  # one query for both files
    newest = Case.objects.latest("accepted_at")
    call = spring.call("agent", 31 * DAY)
    actions.register_case(call, newest.pk, spring.category.pk, spring.community.pk, "complaint", "general")
    bring_up_to_date(NOW)
    asked.clear()
    after = ask_for("open", "state")
    assert asked and all("/2024-04-" in sql and "/2024-03-" not in sql for sql in asked)
    assert after.total == before.total
    assert after.groups != before.groups


def test_what_is_settled_is_not_read_again_a_minute_later(spring: District, asked: list[str]) -> None:
    question = Question(MEASURES["on_time"], FIRST, LAST, (DIMENSIONS["unit"],))
    before = answer(question, ALL, NOW)
    asked.clear()
    assert answer(question, ALL, NOW + timedelta(minutes=1)) == before
    assert asked and all("j_on_time_due < TIMESTAMP" in sql for sql in asked)


def test_a_middle_is_the_databases(spring: District) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM resolved_at - accepted_at) / 3600)"
            " FROM cases_case WHERE resolved_at IS NOT NULL"
        )
        (wanted,) = cursor.fetchone()
    found = ask_for("resolve_p90", "unit").total.number
    assert (found is None) == (wanted is None)
    if wanted is not None:
        assert abs(float(found) - float(wanted)) < 0.05


@pytest.mark.parametrize("code", list(MEASURES))
def test_a_figure_opens_as_many_rows_as_it_says(spring: District, code: str) -> None:
    total = ask_for(code).total
    question = Question(MEASURES[code], FIRST, LAST)
    assert len(rows_behind(question, "whole", ALL, NOW, None, 1000)) == total.whole
    if MEASURES[code].is_rate:
        assert len(rows_behind(question, "part", ALL, NOW, None, 1000)) == total.part


def test_rows_come_in_pages_without_gaps(spring: District) -> None:
    question = Question(MEASURES["count"], FIRST, LAST)
    everything = rows_behind(question, "all", ALL, NOW, None, 100)
    found, after = [], None
    while page := rows_behind(question, "all", ALL, NOW, after, 2):
        found += page
        after = (page[-1][0], page[-1][1])
    assert found == everything
    assert len(everything) == 7


def test_a_unit_sees_its_own_rows_only(spring: District) -> None:
    own = scope(spring.people["unit"], "crosscut.use")
    other = scope(spring.people["other_unit"], "crosscut.use")
    mine = Case.objects.filter(lead_unit=spring.water).count()
    assert 0 < mine < 7
    assert ask_for("count", reach=own).total.whole == mine
    assert ask_for("count", reach=other).total.whole == 0
    assert ask_for("on_time", reach=other).total.whole == 0
    assert rows_behind(Question(MEASURES["count"], FIRST, LAST), "all", other, NOW, None, 10) == []


def test_an_area_sees_its_own_rows_only(spring: District) -> None:
    assert ask_for("count", reach=Scope(area_ids=frozenset({spring.street.pk}))).total.whole == 7
    assert ask_for("count", reach=Scope(area_ids=frozenset({spring.street.pk + 1}))).total.whole == 0
    assert ask_for("count", reach=Scope()).total.whole == 0


def test_several_figures_in_one_query_are_those_of_each(spring: District) -> None:
    codes = [code for code, one in MEASURES.items() if one.adds_up]
    (together,) = figures([MEASURES[code] for code in codes], [(FIRST, LAST)], (), ALL, NOW)
    assert together == [ask_for(code).total for code in codes]


def test_what_was_not_named_is_asked_for_by_what_was(spring: District) -> None:
    named = ask_for("count", "state").groups[0]
    rest = ask_for("count", filters=(("state", f"-{named.keys[0]}"),)).total
    assert rest.whole == 7 - named.whole


@pytest.mark.parametrize("value", ["x", "99999999999999999999", "1;2", "'", "٣"])
def test_a_value_that_cannot_be_read_matches_nothing(spring: District, value: str) -> None:
    for name in ("street", "month", "state", "category", "mark"):
        assert ask_for("count", filters=((name, value),)).total.whole == 0


def test_a_saved_cut_is_private_until_it_is_shared(spring: District) -> None:
    analyst, leader = spring.people["analyst"], spring.people["leader"]
    cut = save_cut(analyst, "街道", "by=street", False, NOW)
    assert list(saved_cuts(analyst)) == [cut]
    assert not saved_cuts(leader).exists()
    assert save_cut(analyst, "街道", "by=street", True, NOW).pk == cut.pk
    assert list(saved_cuts(leader)) == [cut]
    with pytest.raises(Missing):
        remove_cut(leader, cut.pk)
    remove_cut(analyst, cut.pk)
    assert not saved_cuts(analyst).exists()


def test_a_cut_without_a_name_or_right_is_not_saved(spring: District) -> None:
    with pytest.raises(Refused):
        save_cut(spring.people["analyst"], " ", "by=street", False, NOW)
    with pytest.raises(Forbidden):
        save_cut(spring.people["agent"], "街道", "by=street", False, NOW)


PERIOD = "first=2024-03-01&last=2024-05-31"
PAGES = [
    "by=hour&by=weekday",
    "by=category2&chart=pareto",
    "by=channel&by=unit&chart=flow",
    "by=street&chart=tiles",
    "by=month&measure=on_time",
    "by=day&by=street&by=kind",
    "by=unit&measure=resolve_p90",
    "measure=satisfied&by=none",
]


@pytest.mark.parametrize("query", PAGES)
def test_every_chart_is_drawn_with_links_to_its_rows(spring: District, query: str) -> None:
    client = log_in(Account.objects.get(username="t-analyst"))
    page = client.get(f"{reverse('cross-cuts')}?{query}&{PERIOD}")
    assert page.status_code == 200
    assert reverse("cut-rows") in page.content.decode()


def test_pages_work_without_any_case(district: District) -> None:
    client = log_in(Account.objects.get(username="t-leader"))
    for name in ("overview", "big-screen", "cross-cuts", "cut-rows", "hot-words"):
        assert client.get(reverse(name)).status_code == 200


def test_the_rows_page_names_the_cases(spring: District) -> None:
    client = log_in(Account.objects.get(username="t-analyst"))
    page = client.get(f"{reverse('cut-rows')}?measure=count&{PERIOD}").content.decode()
    assert all(f"{case.number}" in page for case in Case.objects.all())


def test_files_hold_the_groups_and_are_audited(spring: District) -> None:
    client = log_in(Account.objects.get(username="t-analyst"))
    for form in ("csv", "xlsx"):
        response = client.get(f"{reverse('cut-export', args=[form])}?by=state&measure=count&{PERIOD}")
        assert response.status_code == 200
    text = client.get(f"{reverse('cut-export', args=['csv'])}?by=state&measure=count&{PERIOD}").content.decode()
    assert "合计,7" in text
    assert AuditEntry.objects.filter(action="crosscut.exported").count() == 3
