"""Faults of the analysis: recorded once, ended, counted by the measure that a target is bound to."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from qushu.insight.faults import watching
from qushu.insight.faults.actions import end_fault, look_at_itself, record_fault
from qushu.insight.faults.models import Fault
from qushu.insight.warnings.models import Warning
from qushu.kernel.errors import Forbidden, Refused
from qushu.kernel.measures import MEASURES, Span
from qushu.lake.models import StaleCase
from qushu.people.access import Actor, GrantValue
from qushu.people.models import AuditEntry, Notice
from qushu.people.tests.staff import log_in, make_account

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR = timedelta(hours=1)


def person(role: str) -> Actor:
    account = make_account(role)
    return Actor(account.name, (GrantValue(role),), account.pk)


def this_year() -> Span:
    return Span(date(NOW.year, 1, 1), timezone.localdate(NOW), NOW)


def test_a_person_records_a_fault_and_ends_it() -> None:
    analyst = person("analyst")
    fault = record_fault(analyst, "search", NOW - HOUR, None, "查询打不开", NOW)
    assert end_fault(analyst, fault.pk, NOW).ended_at == NOW
    with pytest.raises(Refused, match="已经恢复"):
        end_fault(analyst, fault.pk, NOW)
    assert {"fault.recorded", "fault.ended"} <= set(AuditEntry.objects.values_list("action", flat=True))


def test_one_fault_of_a_part_at_a_time() -> None:
    analyst = person("analyst")
    record_fault(analyst, "search", NOW - 2 * HOUR, NOW - HOUR, "查询打不开", NOW)
    with pytest.raises(Refused, match="不重复计"):
        record_fault(analyst, "search", NOW - 3 * HOUR, NOW - 1.5 * HOUR, "又一次", NOW)
    record_fault(analyst, "search", NOW - HOUR / 2, None, "真的又一次", NOW)
    record_fault(analyst, "warnings", NOW - HOUR / 2, None, "另一部分", NOW)
    assert MEASURES["insight.faults"].read(this_year()).value == 3


@pytest.mark.parametrize("times", [(HOUR, None), (-HOUR, -2 * HOUR), (-HOUR, HOUR)])
def test_impossible_times_are_refused(times: tuple[timedelta, timedelta | None]) -> None:
    begun, over = times
    with pytest.raises(Refused, match="时间不对"):
        record_fault(person("analyst"), "all", NOW + begun, None if over is None else NOW + over, "停机", NOW)


def test_an_agent_records_nothing() -> None:
    with pytest.raises(Forbidden):
        record_fault(person("agent"), "all", NOW - HOUR, None, "停机", NOW)


def copy_of(monkeypatch: pytest.MonkeyPatch, age: timedelta, months: bool = True) -> None:
    held = SimpleNamespace(months={"2026-11": "x"} if months else {}, written_at=(NOW - age).timestamp())
    monkeypatch.setattr(watching, "newest", lambda: held)
    monkeypatch.setattr(watching, "ask", lambda *a, **k: [(1,)])


def test_the_system_notes_that_its_copy_stands_still_and_when_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    copy_of(monkeypatch, 2 * HOUR)
    assert look_at_itself(NOW) is None  # nothing waits: an old copy is a quiet night, not a fault
    StaleCase.objects.create(case_id=1)
    assert look_at_itself(NOW) is not None
    assert look_at_itself(NOW + HOUR / 6) is None
    assert Notice.objects.filter(role="administrator", urgent=True).count() == 1
    copy_of(monkeypatch, HOUR / 60)
    look_at_itself(NOW + HOUR / 3)
    assert Fault.objects.get().ended_at == NOW + HOUR / 3


def test_a_copy_that_cannot_be_read_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    copy_of(monkeypatch, HOUR / 60)

    def broken(*args: object, **more: object) -> None:
        raise OSError

    monkeypatch.setattr(watching, "ask", broken)
    fault = look_at_itself(NOW)
    assert fault is not None and "不能读取" in fault.words


def test_a_copy_that_was_never_written_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    copy_of(monkeypatch, 2 * HOUR, months=False)
    assert look_at_itself(NOW) is None


def test_the_page_lists_records_and_ends(client: object) -> None:
    analyst, agent = log_in(make_account("analyst")), log_in(make_account("agent"))
    assert "没有故障" in analyst.get("/faults/").text
    begun = timezone.localtime(timezone.now() - HOUR).strftime("%Y-%m-%dT%H:%M")
    said = {"part": "reports", "started_at": begun, "words": "月报生成失败"}
    assert "月报生成失败" in analyst.post("/faults/", said, follow=True).text
    fault = Fault.objects.get()
    assert "已记为恢复" in analyst.post(f"/faults/{fault.pk}/end/", follow=True).text
    assert "没有故障" in analyst.get("/faults/?part=search").text
    assert (agent.get("/faults/").status_code, agent.post("/faults/", said).status_code) == (403, 403)


def test_warnings_answered_in_time_count_in_the_part_and_late_ones_in_the_whole() -> None:
    for number, (answered, due) in enumerate(((-5, 5), (10, 5), (None, -5), (None, 5))):
        Warning.objects.create(
            kind="surge", series=str(number), title="突发", ground="", level=1, since=NOW, raised_at=NOW - HOUR,
            updated_at=NOW, answer_due_at=NOW + timedelta(minutes=due),
            acknowledged_at=None if answered is None else NOW + timedelta(minutes=answered),
        )  # fmt: skip
    found = MEASURES["insight.answered_in_time"].read(this_year())
    assert (found.rows, str(found.value)) == (3, "33.33")
    assert MEASURES["insight.warnings"].read(this_year()).rows == 4


@pytest.mark.parametrize("code", ["insight.matters", "insight.warnings", "insight.faults", "insight.answered_in_time"])
def test_the_rows_of_each_measure_can_be_opened(code: str) -> None:
    leader = log_in(make_account("leader"))
    assert leader.get(MEASURES[code].rows_address(this_year())).status_code == 200
