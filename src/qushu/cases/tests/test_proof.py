"""A tampered history is found and named."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from qushu.cases import actions
from qushu.cases.models import History, Seal
from qushu.cases.proof import seal_days, verify_cases, verify_seals

DAY = timedelta(days=1)


def found():
    return [finding for _, findings in verify_cases() for finding in findings]


def tamper(sql, *params):
    """What somebody with the database's own password could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def case(district):
    made = actions.accept_case(district.call("agent"), district.intake())
    made = actions.register_case(
        district.call("agent"), made.pk, district.category.pk, district.community.pk, "help", "general"
    )
    return actions.dispatch_case(district.call("dispatcher", request_key="d"), made.pk, district.water.pk)


def test_an_honest_history_has_no_findings(case):
    assert found() == []


def test_the_database_itself_refuses_to_change_history(case):
    for write in (History.objects.filter(case=case).delete, lambda: History.objects.filter(case=case).update(move="x")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            write()


@pytest.mark.parametrize(
    ("sql", "seq", "kind"),
    [
        ("UPDATE cases_history SET actor_name = '别人' WHERE case_id = %s AND seq = 2", 2, "被改动"),
        ("UPDATE cases_history SET record = record || '{\"x\": 1}' WHERE case_id = %s AND seq = 1", 1, "被改动"),
        ("UPDATE cases_history SET at = at + interval '1 microsecond' WHERE case_id = %s AND seq = 3", 3, "被改动"),
        ("DELETE FROM cases_history WHERE case_id = %s AND seq = 2", 2, "缺失"),
        ("DELETE FROM cases_history WHERE case_id = %s AND seq = 3", 3, "缺失"),
    ],
)
def test_a_tampered_row_is_named(case, sql, seq, kind):
    tamper(sql, case.pk)
    findings = found()
    assert [finding.subject for finding in findings] == [case.number]
    assert f"第 {seq} 行{kind}" in findings[0].what


def test_an_inserted_row_is_named(case):
    tamper(
        "INSERT INTO cases_history (case_id, seq, move, from_state, to_state, at, recorded_at, actor_name, record, "
        "prev_hash, hash) SELECT case_id, 4, 'close', 'dispatched', 'closed', at, recorded_at, '别人', '{}', hash, hash "
        "FROM cases_history WHERE case_id = %s AND seq = 3",
        case.pk,
    )
    assert "第 4 行是事后插入的" in found()[0].what


def test_a_sealed_day_is_sealed_once_and_tells_when_its_rows_change(case, district):
    tomorrow = district.call("agent").now + DAY
    assert len(seal_days(tomorrow)) == 1
    assert seal_days(tomorrow) == []
    assert list(verify_seals()) == []
    tamper("UPDATE cases_history SET hash = prev_hash WHERE case_id = %s AND seq = 3", case.pk)
    assert [finding.subject for finding in verify_seals()] == [str(Seal.objects.get().day)]


def test_days_without_moves_are_sealed_too(case, district):
    assert [seal.rows for seal in seal_days(district.call("agent").now + 3 * DAY)] == [3, 0, 0]
