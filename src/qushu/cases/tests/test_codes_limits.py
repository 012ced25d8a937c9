"""办理限额: figures of the process are rows; a change counts at once or from its moment on, and the past by what counted."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.cases import actions as moves
from qushu.cases.codes import actions
from qushu.cases.codes.queries.limits import limit_lines
from qushu.cases.codes.sheets.limits import LIMITS, limit_rows
from qushu.cases.limits import ALWAYS, KINDS, Limits, spans_of, spans_words
from qushu.cases.models import Limit, Review
from qushu.cases.rulebook import rulebook
from qushu.cases.seed import seed_limits
from qushu.kernel.calendar import SHANGHAI
from qushu.kernel.errors import Forbidden, Refused
from qushu.people.models import AuditEntry, Notice
from qushu.people.sheets.imports import apply_rows

from .codes import as_administrator
from .district import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def admin(district):
    return district.people["administrator"]


@pytest.fixture
def in_hand(district):
    """A case that the water company has since Monday nine o'clock."""
    case = moves.accept_case(district.call("agent"), district.intake())
    moves.register_case(district.call("agent"), case.pk, district.category.pk, district.community.pk, "help", "general")
    moves.dispatch_case(district.call("dispatcher"), case.pk, district.water.pk, [], "请办理")
    return moves.acknowledge_case(district.call("unit", HOUR), case.pk)


def resolved(district, case):
    moves.record_contact(district.call("unit", 2 * HOUR), case.pk, "电话", "已联系")
    return moves.resolve_case(district.call("unit", 3 * HOUR), case.pk, "已修好。", "solved")


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), min_size=1), st.integers(-5, 60))
def test_the_value_at_a_moment_is_the_newest_that_had_begun(rows, day):
    limits = Limits.of(("call_tries", ALWAYS + DAY * since, str(value)) for since, value in rows)
    begun = [row for row in sorted((since, str(value)) for since, value in rows) if row[0] <= day]
    expected = begun[-1][1] if begun else min((since, str(value)) for since, value in rows)[1]
    assert limits.at("call_tries", ALWAYS + DAY * day) == int(expected)


@pytest.mark.parametrize("text", ["", "09:00", "09:00-09:00", "12:00-09:00", "09:00-12:00 11:00-13:00", "9-25", "a-b"])
def test_hours_that_make_no_sense_are_refused(text):
    with pytest.raises(ValueError, match=r"."):
        spans_of(text)


def test_hours_are_read_as_people_write_them():
    assert spans_words(spans_of("9:00–12:00、14：00-17:30")) == "09:00-12:00 14:00-17:30"


@pytest.mark.django_db
def test_a_fresh_centre_has_every_limit_and_seeding_again_changes_none(district, admin):
    assert set(Limit.objects.values_list("code", flat=True)) == set(KINDS)
    actions.change_limit(admin, "call_tries", "5", None, MONDAY)
    assert seed_limits() == 0
    Limit.objects.filter(code="repeat_days").delete()
    assert seed_limits() == 1


@pytest.mark.django_db
def test_a_limit_that_a_newer_version_brought_counts_by_its_default_before_it_is_seeded(db):
    assert rulebook().limits.at("extension_days", MONDAY) == 10


@pytest.mark.django_db
def test_a_return_may_be_asked_for_as_long_as_counted_at_its_dispatch(district, admin, in_hand):
    actions.change_limit(admin, "return_days", "3", MONDAY + DAY, MONDAY)
    with pytest.raises(Refused, match="派单后 1 个工作日"):
        moves.ask_return(district.call("unit", 2 * DAY), in_hand.pk, district.reason("return"), "不归我")
    later = moves.accept_case(district.call("agent", DAY), district.intake())
    moves.register_case(
        district.call("agent", DAY), later.pk, district.category.pk, district.community.pk, "help", "general"
    )
    moves.dispatch_case(district.call("dispatcher", DAY + HOUR), later.pk, district.water.pk, [], "请办理")
    moves.acknowledge_case(district.call("unit", DAY + HOUR), later.pk)
    asked = moves.ask_return(district.call("unit", 4 * DAY), later.pk, district.reason("return"), "不归我")
    assert asked.state == "return_asked"


@pytest.mark.django_db
def test_a_review_is_due_by_what_counts_when_it_is_asked(district, admin, in_hand):
    actions.change_limit(admin, "review_minutes", "60", None, MONDAY)
    moves.ask_return(district.call("unit", 2 * HOUR), in_hand.pk, district.reason("return"), "不归我")
    assert Review.objects.get(case=in_hand).due_at == MONDAY + 3 * HOUR


@pytest.mark.django_db
def test_after_so_many_returns_a_supervisor_names_the_unit(district, admin, in_hand):
    actions.change_limit(admin, "returns_most", "1", None, MONDAY)
    moves.ask_return(district.call("unit", 2 * HOUR), in_hand.pk, district.reason("return"), "不归我")
    moves.decide_review(district.call("supervisor", 2 * HOUR), Review.objects.get(case=in_hand).pk, True, "同意")
    with pytest.raises(Refused, match="已退单 1 次"):
        moves.dispatch_case(district.call("dispatcher", 3 * HOUR), in_hand.pk, district.housing.pk)
    actions.change_limit(admin, "returns_most", "2", None, MONDAY + HOUR)
    moves.dispatch_case(district.call("dispatcher", 3 * HOUR), in_hand.pk, district.housing.pk)


@pytest.mark.django_db
def test_an_extension_reaches_as_far_and_comes_as_often_as_the_limits_say(district, admin, in_hand):
    reason, due = district.reason("extension"), in_hand.clocks.get(name="resolve").due_at
    with pytest.raises(Refused, match="最多延 10 个工作日"):
        moves.ask_extension(district.call("unit", 2 * HOUR), in_hand.pk, reason, "等材料", due + 30 * DAY)
    actions.change_limit(admin, "extension_days", "30", None, MONDAY)
    actions.change_limit(admin, "extensions_most", "0", None, MONDAY)
    with pytest.raises(Refused, match="不能再延"):
        moves.ask_extension(district.call("unit", 2 * HOUR), in_hand.pk, reason, "等材料", due + 30 * DAY)
    actions.change_limit(admin, "extensions_most", "2", None, MONDAY + HOUR)
    moves.ask_extension(district.call("unit", 2 * HOUR), in_hand.pk, reason, "等材料", due + 30 * DAY)
    assert Review.objects.get(case=in_hand).new_due_at == due + 30 * DAY


@pytest.mark.django_db
def test_an_extension_is_asked_for_as_long_before_as_the_limit_says(district, admin, in_hand):
    due = in_hand.clocks.get(name="resolve").due_at  # Monday in a week
    actions.change_limit(admin, "extension_notice_days", "4", None, MONDAY)
    with pytest.raises(Refused, match="到期前 4 个工作日"):
        moves.ask_extension(district.call("unit", DAY), in_hand.pk, district.reason("extension"), "等", due + DAY)


@pytest.mark.django_db
def test_calls_in_vain_close_a_case_after_as_many_as_the_limit_says(district, admin, in_hand):
    resolved(district, in_hand)
    actions.change_limit(admin, "call_tries", "2", None, MONDAY)
    assert moves.try_call(district.call("follow_up", 4 * HOUR), in_hand.pk).closed_at is None
    closed = moves.try_call(district.call("follow_up", 7 * HOUR), in_hand.pk)
    assert closed.closed_at and closed.history.get(move="close").record["ground"] == "2 次未联系上"


@pytest.mark.django_db
def test_leaders_are_told_of_as_many_reopenings_as_the_limit_says(district, admin, in_hand):
    resolved(district, in_hand)
    actions.change_limit(admin, "leaders_reopenings", "1", None, MONDAY)
    moves.follow_up_case(district.call("follow_up", 4 * HOUR), in_hand.pk, reached=True, solved=False, satisfaction=1)
    moves.reopen_case(district.call("follow_up", 5 * HOUR), in_hand.pk, district.reason("reopen"), "又漏了")
    assert Notice.objects.filter(text__contains="已重办 1 次").exists()


@pytest.mark.django_db
def test_new_hours_count_from_their_day_and_a_deadline_over_it_by_each_in_turn(district, admin):
    actions.change_limit(admin, "working_hours", "08:00-12:00", datetime(2024, 3, 5, tzinfo=SHANGHAI), MONDAY)
    calendar = rulebook().calendar
    # Monday 16:30: one hour by the old hours, then Tuesday from eight.
    assert calendar.add_working_minutes(MONDAY + 7.5 * HOUR, 120) == datetime(2024, 3, 5, 9, tzinfo=SHANGHAI)
    assert calendar.add_working_minutes(MONDAY, 120) == MONDAY + 2 * HOUR
    assert calendar.end_of_workday(date(2024, 3, 5)) == datetime(2024, 3, 5, 12, tzinfo=SHANGHAI)


@pytest.mark.django_db
@pytest.mark.parametrize("since", [MONDAY, datetime(2024, 3, 5, 9, tzinfo=SHANGHAI)])
def test_hours_change_only_at_a_coming_midnight(district, admin, since):
    with pytest.raises(Refused, match="零点"):
        actions.change_limit(admin, "working_hours", "08:00-12:00", since, MONDAY)


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["", "0", "21", "²", "１", "-1", "3.5", "三", "9" * 30])
def test_values_out_of_range_are_refused_with_the_range(district, admin, value):
    with pytest.raises(Refused, match="1 到 20"):
        actions.change_limit(admin, "call_tries", value, None, MONDAY)


@pytest.mark.django_db
def test_a_planned_value_is_shown_may_be_withdrawn_and_the_past_stays(district, admin):
    first = actions.change_limit(admin, "call_tries", "4", None, MONDAY)
    planned = actions.change_limit(admin, "call_tries", "5", MONDAY + DAY, MONDAY + HOUR)
    with pytest.raises(Refused, match="已经安排"):
        actions.change_limit(admin, "call_tries", "6", MONDAY + DAY, MONDAY + HOUR)
    with pytest.raises(Refused, match="已经是这样"):
        actions.change_limit(admin, "call_tries", "4", None, MONDAY + HOUR)
    line = next(line for line in limit_lines(MONDAY + HOUR) if line.code == "call_tries")
    assert [(value.words, value.standing) for value in line.values] == [
        ("5 次", "planned"),
        ("4 次", "now"),
        ("3 次", "past"),
    ]
    limits = rulebook().limits
    assert [limits.at("call_tries", MONDAY + n * DAY) for n in (-1, 0, 1)] == [3, 4, 5]
    actions.withdraw_limit(admin, planned.pk, MONDAY + HOUR)
    assert rulebook().limits.at("call_tries", MONDAY + DAY) == 4
    with pytest.raises(Refused, match="已经生效"):
        actions.withdraw_limit(admin, first.pk, MONDAY + HOUR)
    said = list(AuditEntry.objects.filter(subject="limit:call_tries").order_by("id").values_list("action", flat=True))
    assert said == ["limit.changed", "limit.changed", "limit.withdrawn"]


@pytest.mark.django_db
def test_only_administrators_change_limits(district):
    with pytest.raises(Forbidden):
        actions.change_limit(district.people["supervisor"], "call_tries", "4", None, MONDAY)


@pytest.mark.django_db
def test_the_table_travels_and_comes_back_unchanged(district, admin):
    rows = list(enumerate(limit_rows(), 2))
    assert apply_rows(LIMITS, admin, rows, MONDAY).counts == {"new": 0, "change": 0, "same": len(KINDS), "broken": 0}
    changed = [(2, {"限额": "回访未接通", "数值": "4", "生效": "2024-03-06"})]
    assert apply_rows(LIMITS, admin, changed, MONDAY).counts["change"] == 1
    assert rulebook().limits.at("call_tries", MONDAY + 3 * DAY) == 4


@pytest.mark.django_db
def test_an_administrator_changes_a_limit_on_its_page(district):
    client = as_administrator()
    assert "延期最长" in client.get("/admin/clocks/limits/").content.decode()
    refused = client.post("/admin/clocks/limits/call_tries/", {"value": "²"})
    assert refused.status_code == 422 and "1 到 20" in refused.content.decode()
    assert client.post("/admin/clocks/limits/call_tries/", {"value": "4"}).status_code == 302
    assert "4 次" in client.get("/admin/clocks/limits/call_tries/").content.decode()
    client.post("/admin/clocks/limits/call_tries/", {"value": "5", "since": "2090-01-01T00:00"})
    planned = Limit.objects.get(code="call_tries", value="5")
    assert client.post(f"/admin/clocks/limits/planned/{planned.pk}/withdraw/").status_code == 302
    assert not Limit.objects.filter(pk=planned.pk).exists()
    assert client.get("/admin/clocks/limits/nothing/").status_code == 404
