"""A tampered history is found and named."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from qushu.cases import actions
from qushu.cases.contact import Contact, caller_index, open_contact, seal_contact
from qushu.cases.models import Case, History, Seal
from qushu.cases.proof import seal_days, verify_cases, verify_seals
from qushu.cases.rules import chained_fields, history_hash

DAY = timedelta(days=1)


def found():
    return [finding for chunk in verify_cases() for finding in chunk.findings]


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


@pytest.mark.parametrize("table", ["cases_history", "cases_seal", "people_auditentry", "cases_history, cases_case"])
def test_the_database_refuses_to_empty_a_table_of_proof(case, table):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table} CASCADE")
    assert History.objects.filter(case=case).count() == 3


def test_every_table_whose_rows_the_database_keeps_refuses_to_be_emptied(case):
    """Whatever refuses to delete a row (a trigger before DELETE, for each row) refuses TRUNCATE, too."""
    row, before, delete, truncate = 1, 2, 8, 32
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, bool_or(tgtype & %s > 0) FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid::regclass::text NOT LIKE 'procrastinate%%' GROUP BY 1 HAVING bool_or(tgtype & %s = %s)",
            [truncate, row | before | delete, row | before | delete],
        )
        found = dict(cursor.fetchall())
    assert {"cases_history", "reports_version", "ledger_evaluation_evaluation", "ledger_reading"} <= set(found)
    assert [table for table, refuses in found.items() if not refuses] == []
    for table in found:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_the_first_row_holds_what_was_said_by_whom_and_when(case, district):
    row = case.history.get(seq=1)
    assert row.record["words_digest"] == hashlib.new("sm3", case.statement.text.encode()).hexdigest()
    assert len(bytes.fromhex(row.record["caller_digest"])) == 32
    assert "19900270001" not in str(row.record) and caller_index("19900270001").hex() not in str(row.record)
    assert row.at == case.accepted_at
    other = actions.accept_case(district.call("agent"), district.intake())
    assert other.history.get(seq=1).record["caller_digest"] != row.record["caller_digest"], (
        "callers can't be joined by it"
    )


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE cases_statement SET text = text || '。' WHERE case_id = %s", "诉求原文与受理时的摘要不符"),
        ("UPDATE cases_statement SET sealed = NULL WHERE case_id = %s", "来电人信息与受理时的摘要不符"),
        ("UPDATE cases_statement SET sealed = sealed || '\\x00' WHERE case_id = %s", "来电人信息被改动，打不开"),
        ("DELETE FROM cases_statement WHERE case_id = %s", "诉求原文缺失"),
    ],
)
def test_other_words_or_another_caller_are_found(case, sql, what):
    tamper(sql, case.pk)
    assert [(one.subject, one.what) for one in found()] == [(case.number, what)]


def test_another_caller_sealed_with_our_own_key_is_found(case):
    tamper(
        "UPDATE cases_statement SET sealed = %s WHERE case_id = %s", seal_contact(case.number, Contact("别人")), case.pk
    )
    assert [one.what for one in found()] == ["来电人信息与受理时的摘要不符"]


def test_a_data_key_that_was_changed_is_no_finding(case):
    resealed = seal_contact(case.number, open_contact(case.number, case.statement.sealed))
    assert resealed != bytes(case.statement.sealed)
    tamper("UPDATE cases_statement SET sealed = %s WHERE case_id = %s", resealed, case.pk)
    assert found() == []


def test_a_file_leaves_its_digest_in_the_history_and_another_one_is_found(case, district, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = actions.add_attachment(district.call("agent"), case, "说明.pdf", b"%PDF-1.4 said", case.state)
    row = case.history.get(move="attach")
    assert row.record["digest"] == bytes(kept.digest).hex() == hashlib.new("sm3", b"%PDF-1.4 said").hexdigest()
    assert found() == []
    tamper("UPDATE cases_attachment SET digest = '\\x00' WHERE id = %s", kept.pk)
    assert [one.what for one in found()] == ["附件“说明.pdf”与上传时的摘要不符"]
    tamper("DELETE FROM cases_attachment WHERE id = %s", kept.pk)
    assert [one.what for one in found()] == ["附件“说明.pdf”缺失"]


def test_cases_of_before_are_said_to_be_without_a_digest(case, monkeypatch):
    assert [chunk.unsworn for chunk in verify_cases()] == [0]
    # As histories were written before: the same chain over a record without digests.
    row = case.history.get(seq=1)
    old = {"channel": row.record["channel"]}
    fields = chained_fields(
        case.pk,
        1,
        row.move,
        ("", "accepted"),
        row.at,
        row.recorded_at,
        (row.actor_id, row.actor_name, row.unit_id),
        old,
        None,
    )
    head = history_hash(b"", fields)
    tamper("DELETE FROM cases_history WHERE case_id = %s AND seq > 1", case.pk)
    tamper("UPDATE cases_history SET record = %s, hash = %s WHERE case_id = %s", json.dumps(old), head, case.pk)
    Case.objects.filter(pk=case.pk).update(seq=1, head=head)
    tamper("UPDATE cases_statement SET text = '别的话' WHERE case_id = %s", case.pk)
    chunk = next(verify_cases())
    assert (chunk.findings, chunk.unsworn) == ([], 1)


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
