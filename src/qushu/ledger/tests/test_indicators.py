"""Targets that measure themselves: units, pace, binding by two people, readings that open their rows, statements."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from qushu.cases.actions import accept_case
from qushu.cases.models import Case
from qushu.cases.tests.district import District
from qushu.hotline.assessment.periods import period_of
from qushu.hotline.assessment.queries import counts
from qushu.kernel.errors import Forbidden, Refused
from qushu.kernel.measures import MEASURES, Span
from qushu.ledger.actions import drop_document, keep_document
from qushu.ledger.indicators.actions import (
    Definition,
    decide_binding,
    define_indicator,
    propose_binding,
    state_value,
    take_readings,
)
from qushu.ledger.indicators.queries import known_of, suggestions
from qushu.ledger.indicators.rules import Pace, convert, likeness, standing
from qushu.ledger.models import Binding, Reading, Target
from qushu.people.access import SYSTEM, Actor, GrantValue
from qushu.people.models import Account, AuditEntry
from qushu.people.tests.staff import log_in, make_account

from .made_document import made_document

NOW = timezone.now
ACCEPTED = "热线受理诉求件数量"


def person(role: str) -> Actor:
    account = make_account(role)
    return Actor(account.name, (GrantValue(role),), account.pk)


@pytest.fixture
def target(db: None, tmp_path: Path) -> Target:
    path = tmp_path / "b.txt"
    text = made_document().replace("全年完成月报数量 12 篇", f"{ACCEPTED} ≥ 0.0002 万件")
    path.write_text(text, encoding="utf-8")
    document = keep_document(SYSTEM, path, NOW())
    return Target.objects.get(document=document, name=ACCEPTED, project__code="42010524031T000000201")


def bound(target: Target, measure: str = "hotline.accepted") -> Binding:
    asked = propose_binding(person("analyst"), target.pk, measure, NOW())
    return decide_binding(person("leader"), asked.pk, True, "同意", NOW())


# rules


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "found"),
    [("163000", "件", "万件", "16.3"), ("2", "小时", "分钟", "120"), ("5", "件", "万", "0.0005"), ("5", "%", "%", "5")],
)
def test_units_are_converted(value: str, unit: str, wanted: str, found: str) -> None:
    assert convert(Decimal(value), unit, wanted) == Decimal(found)


def test_what_measures_different_things_is_not_converted() -> None:
    assert convert(Decimal(1), "件", "%") is None
    assert convert(Decimal(1), "件", "分钟") is None
    assert convert(Decimal(1), "%", "万") is None


def test_the_years_share_that_has_passed() -> None:
    assert Pace.of(2024, date(2023, 12, 31)).share == 0
    assert Pace.of(2024, date(2024, 12, 31)).share == 1
    assert Pace.of(2024, date(2026, 1, 1)).share == 1
    assert Pace.of(2025, date(2025, 7, 2)).share == Decimal("0.5014")


def test_a_sum_is_held_against_the_pace_of_the_year() -> None:
    half = Pace(Decimal("0.5"))
    wanted = Decimal(150_000)
    on_pace = standing(">=", wanted, Decimal(80_000), True, half, Decimal(440), 182)
    slow = standing(">=", wanted, Decimal(70_000), True, half, Decimal(400), 182)
    behind = standing(">=", wanted, Decimal(20_000), True, half, Decimal(100), 182)
    assert [one.light for one in (on_pace, slow, behind)] == ["good", "warn", "late"]
    assert on_pace.low is not None
    assert on_pace.low <= (on_pace.forecast or 0) <= (on_pace.high or 0)


def test_a_rate_is_held_against_its_target_all_year() -> None:
    half = Pace(Decimal("0.5"))
    lights = [standing(">=", Decimal(90), Decimal(value), False, half, None, 100).light for value in (95, 89, 80)]
    assert lights == ["good", "warn", "late"]
    assert standing("<=", Decimal(5), Decimal(6), False, half, None, 100).light == "warn"


@given(
    wanted=st.decimals(1, 10**6, places=2),
    value=st.decimals(0, 10**6, places=2),
    share=st.decimals("0.01", "0.99", places=2),
    day=st.decimals(0, 10**4, places=2),
)
def test_more_is_never_a_worse_light_for_at_least(
    wanted: Decimal, value: Decimal, share: Decimal, day: Decimal
) -> None:
    order = {"late": 0, "warn": 1, "good": 2}
    lights = [standing(">=", wanted, value + more, True, Pace(share), day, 100).light for more in (Decimal(0), wanted)]
    assert order[lights[0]] <= order[lights[1]]


def test_names_that_mean_the_same_are_alike() -> None:
    assert likeness("全年接受投诉案件", ("全年接受投诉案件",)) == 1
    assert likeness("市民热线工作群众满意度", ("热线群众满意度",)) > likeness("对口帮扶工作满意度", ("热线群众满意度",))


# binding


def test_a_measure_with_the_same_unit_and_a_like_name_is_suggested(target: Target) -> None:
    assert [measure.code for measure, _ in suggestions(target)][0] == "hotline.accepted"


def test_a_binding_needs_two_people(target: Target) -> None:
    analyst = person("analyst")
    asked = propose_binding(analyst, target.pk, "hotline.accepted", NOW())
    with pytest.raises(Refused, match="另一位同事"):
        decide_binding(analyst, asked.pk, True, "", NOW())
    assert decide_binding(person("leader"), asked.pk, True, "", NOW()).approved is True
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"target.binding_proposed", "target.binding_approved"} <= actions


def test_a_measure_of_another_kind_cannot_be_bound(target: Target) -> None:
    with pytest.raises(Refused, match="不能绑定"):
        propose_binding(person("analyst"), target.pk, "hotline.satisfaction", NOW())
    assert not Binding.objects.exists()


def test_only_one_request_waits_and_one_binding_is_in_force(target: Target) -> None:
    first = bound(target)
    other = define_indicator(person("analyst"), Definition("file", "台账件数", "件", "more", "月报台账"), NOW()).code
    propose_binding(person("analyst"), target.pk, other, NOW())
    with pytest.raises(Refused, match="待审核"):
        propose_binding(person("analyst"), target.pk, other, NOW())
    second = Binding.objects.get(approved__isnull=True)
    decide_binding(person("leader"), second.pk, True, "", NOW())
    first.refresh_from_db()
    assert first.approved is False
    with pytest.raises(Refused, match="审核过"):
        decide_binding(person("leader"), second.pk, True, "", NOW())


def test_the_binding_in_force_is_not_asked_for_again(target: Target) -> None:
    bound(target)
    with pytest.raises(Refused, match="已经以“受理诉求件”测量"):
        propose_binding(person("analyst"), target.pk, "hotline.accepted", NOW())


def test_an_agent_neither_binds_nor_states(target: Target) -> None:
    agent = person("agent")
    with pytest.raises(Forbidden):
        propose_binding(agent, target.pk, "hotline.accepted", NOW())
    with pytest.raises(Forbidden):
        state_value(agent, target.pk, 2025, Decimal(1), "", "台账", NOW())


# readings


def test_a_bound_target_is_measured_by_the_running_system(target: Target, district: District) -> None:
    for number in range(3):
        accept_case(district.call("agent", timedelta(minutes=number)), district.intake())
    bound(target)
    take_readings(2024, NOW())
    (known,) = known_of([target], 2024, NOW())
    assert (known.source, known.value) == ("measured", Decimal("0.0003"))
    assert known.standing.light == "good"
    assert known.reading is not None
    assert known.reading.rows == 3
    assert "from=2024-01-01" in known.rows_address


def test_the_hash_changes_with_the_rows_and_only_with_them(district: District) -> None:
    accept_case(district.call("agent"), district.intake())
    span = Span(date(2024, 1, 1), date(2024, 12, 31), NOW())
    before = MEASURES["hotline.accepted"].read(span)
    assert MEASURES["hotline.accepted"].read(span) == before
    accept_case(district.call("agent", timedelta(hours=1)), district.intake())
    assert MEASURES["hotline.accepted"].read(span).digest != before.digest


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("hotline.on_time_rate", "on_time"),
        ("hotline.acknowledge_rate", "acknowledge"),
        ("hotline.satisfaction", "satisfied"),
    ],
)
def test_a_rate_is_the_assessments(code: str, name: str, district: District) -> None:
    for number in range(4):
        accept_case(district.call("agent", timedelta(minutes=number)), district.intake())
    assert Case.objects.count() == 4
    now = NOW()
    first, last = date(2024, 1, 1), date(2024, 12, 31)
    found = MEASURES[code].read(Span(first, last, now))
    assessed = counts(district.people["supervisor"], "unit", period_of(first, last, now))
    whole = sum(line[name].whole for line in assessed.values() if name in line)
    assert found.rows == whole


def test_every_measure_can_be_read_without_any_case(db: None) -> None:
    take_readings(2024, NOW())
    assert set(Reading.objects.values_list("measure", flat=True)) == set(MEASURES)
    assert Reading.objects.get(measure="hotline.on_time_rate").value is None


def test_a_year_before_the_first_case_is_unknown_and_the_page_says_why(target: Target, district: District) -> None:
    accept_case(district.call("agent"), district.intake())
    bound(target)
    take_readings(2023, NOW())
    (known,) = known_of([target], 2023, NOW())
    assert (known.source, known.value) == ("none", None)
    page = log_in(make_account("leader")).get(f"/ledger/targets/{target.pk}/?year=2023").text
    assert "市民热线：受理诉求件，2023 年没有可计的数据" in page


def test_an_old_reading_of_this_year_says_so(target: Target) -> None:
    bound(target)
    now = NOW().replace(month=6, day=15)
    take_readings(now.year, now)
    assert [known_of([target], now.year, now + timedelta(days=days))[0].stale for days in (1, 2)] == [False, True]


# statements


def test_what_a_person_states_is_marked_as_stated(target: Target) -> None:
    state_value(person("analyst"), target.pk, 2025, Decimal("0.0002"), "", "月报存档，综合科", NOW())
    (known,) = known_of([target], 2025, NOW())
    assert (known.source, known.standing.light) == ("stated", "good")


def test_a_statement_needs_a_value_and_its_evidence(target: Target) -> None:
    for value, evidence in ((None, "台账"), (Decimal(1), " ")):
        with pytest.raises(Refused, match="什么也没有保存"):
            state_value(person("analyst"), target.pk, 2025, value, "", evidence, NOW())


def test_a_measured_value_goes_before_a_stated_one(target: Target, district: District) -> None:
    accept_case(district.call("agent"), district.intake())
    state_value(person("analyst"), target.pk, 2024, Decimal(9), "", "台账", NOW())
    bound(target)
    take_readings(2024, NOW())
    assert known_of([target], 2024, NOW())[0].source == "measured"


def test_a_document_with_statements_is_not_dropped(target: Target) -> None:
    state_value(person("analyst"), target.pk, 2025, Decimal(1), "", "台账", NOW())
    with pytest.raises(Refused, match="不能删除"):
        drop_document(SYSTEM, target.document_id, NOW())


# pages


def test_two_people_bind_and_the_page_shows_the_measured_value(target: Target, district: District) -> None:
    accept_case(district.call("agent"), district.intake())
    analyst, leader = (log_in(make_account(role)) for role in ("analyst", "leader"))
    address = f"/ledger/targets/{target.pk}/"
    assert analyst.post(f"{address}bind/", {"measure": "hotline.accepted", "year": 2024}).status_code == 302
    binding = Binding.objects.get()
    answer = leader.post(f"{address}bindings/{binding.pk}/", {"do": "approve", "year": 2024}, follow=True)
    assert "系统测得" in answer.text
    listed = leader.get("/ledger/targets/?source=measured&year=2024").text
    assert ACCEPTED in listed
    assert "运营商处置链路故障满意度" not in listed


def test_the_page_speaks_in_the_words_of_the_field(target: Target) -> None:
    propose_binding(person("analyst"), target.pk, "hotline.accepted", NOW())
    target.former = [[">=", "13", "万件"], None]
    target.save()
    page = log_in(make_account("leader")).get(f"/ledger/targets/{target.pk}/").text
    assert "提出以“市民热线：受理诉求件”测量" in page and "≥ 13 万件，无" in page


def test_the_budget_page_reads_an_upload_and_shows_what_it_found(db: None) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    administrator = log_in(make_account("administrator"))
    assert "还没有预算文件" in administrator.get("/ledger/").text
    upload = SimpleUploadedFile("预算.txt", made_document(network={"item": "79"}).encode())
    answer = administrator.post("/ledger/", {"file": upload}, follow=True).text
    assert "通信链路租赁费" in answer
    assert "明细合计 79" in answer
    again = SimpleUploadedFile("预算.txt", made_document(network={"item": "79"}).encode())
    assert "什么也没有改变" in administrator.post("/ledger/", {"file": again}, follow=True).text


def test_a_file_that_is_no_budget_is_refused_on_the_form(db: None) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    administrator = log_in(make_account("administrator"))
    answer = administrator.post("/ledger/", {"file": SimpleUploadedFile("a.txt", "没有".encode())})
    assert answer.status_code == 422
    assert "没有找到" in answer.text


def test_pages_open_for_those_who_read_the_budget_and_for_nobody_else(target: Target) -> None:
    pages = ["/ledger/", "/ledger/targets/", f"/ledger/targets/{target.pk}/"]
    pages.append(f"/ledger/documents/{target.document_id}/projects/42010524031T000000201/")
    reader, agent = log_in(make_account("leader")), log_in(make_account("agent"))
    assert [reader.get(page).status_code for page in pages] == [200] * 4
    assert [agent.get(page).status_code for page in pages] == [403] * 4
    assert Account.objects.count() == 2
