"""The loader on a real PostgreSQL: counts, constraints, chains, broken-off loads, clearing."""

import json
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import connection

from qushu.cases.models import Assignment, Case, Clock, History, Statement
from qushu.cases.overdue import CLOCK, running_late
from qushu.cases.rules import chained_fields
from qushu.cases.tests.entries import entries_with_wrong_facets
from qushu.demo import load as loading
from qushu.demo.clear import clear_district
from qushu.demo.load import AlreadyLoaded, Loaded, load_district
from qushu.demo.models import Load, LoadedChunk
from qushu.demo.rows import COLUMNS
from qushu.hotline.models import FollowUpCall
from qushu.kernel.chain import Row, verify
from qushu.people.models import Unit

UNTIL = date(2024, 11, 29)
CASES = 3_000
NOT_GENERATED = {
    "cases_case": {"parent_id", "split_from_id"},  # nothing is merged or split
    "cases_supervision": {"closed_by_id", "closed_at", "closing_words"},  # orders stay open until their case ends
}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "CHUNK", 500)


def load(cases: int = CASES, **others: object) -> Loaded:
    return load_district(cases, 2024, UNTIL, processes=2, **others)  # type: ignore[arg-type]


def test_a_district_is_loaded_whole_and_its_constraints_and_chains_hold(small_chunks: None) -> None:
    seen: list[tuple[int, int]] = []
    loaded = load(progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (CASES, CASES)
    assert (
        Case.objects.filter(generated=True).count() == CASES == Statement.objects.count() == loaded.counts["cases_case"]
    )
    for table, count in loaded.counts.items():
        assert _count(table) == count
    assert Unit.objects.exclude(kind="community").count() > 70
    assert not entries_with_wrong_facets()
    _every_reference_leads_somewhere()
    _every_column_is_written()
    _chains_hold()
    _words_are_indexed()
    assert not Case.objects.filter(state="merged", parent=None).exists()
    _planted_numbers_exist()
    _new_rows_get_ids_beyond()


def test_lists_agree_with_what_hangs_on_the_cases(small_chunks: None) -> None:
    load()
    running = Clock.objects.filter(stopped_at=None, paused_at=None)
    for clock in running.order_by("case_id", "due_at").distinct("case_id").select_related("case")[:200]:
        assert (clock.case.due_at, clock.case.due_clock) == (clock.due_at, clock.name)
    assert not Case.objects.filter(due_at__isnull=False).exclude(clocks__in=running).exists()
    can_be_late = Clock.objects.filter(running_late(datetime(2100, 1, 1, tzinfo=UTC)), name=CLOCK)
    by_clock = set(can_be_late.values_list("case_id", "due_at"))
    assert by_clock == set(Case.objects.filter(overdue_from__isnull=False).values_list("pk", "overdue_from")) != set()
    leads = Assignment.objects.filter(part="lead", ended_at=None).select_related("case")
    assert all(part.case.lead_unit_id == part.unit_id for part in leads)
    for case in Case.objects.filter(satisfaction__isnull=False)[:200]:
        call = FollowUpCall.objects.filter(case=case).latest("at")
        assert (call.satisfaction, call.solved) == (case.satisfaction, case.solved)
    assert not running.filter(
        next_step_at__lt=Load.objects.get().begun_at, due_at__gt=Load.objects.get().begun_at
    ).exists()


def test_a_second_load_is_refused_and_says_so_unless_asked_for(small_chunks: None) -> None:
    load(600)
    with pytest.raises(AlreadyLoaded, match="nothing was changed"):
        load(600)
    assert Case.objects.count() == 600
    load(600, add=True)
    assert Case.objects.count() == 1_200
    _chains_hold()


def test_a_load_that_was_broken_off_goes_on_where_it_stopped(
    small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PulledPlug(RuntimeError):
        pass

    def pull(done: int, total: int) -> None:
        if done >= 1_000:
            raise PulledPlug

    with pytest.raises(PulledPlug):
        load(progress=pull)
    half = Case.objects.count()
    assert 1_000 <= half < CASES and half % 500 == 0 == CASES % 500
    assert LoadedChunk.objects.count() == half // 500
    load()
    assert Case.objects.count() == CASES
    assert Load.objects.get().finished_at is not None
    _chains_hold()
    _words_are_indexed()


def test_a_broken_off_load_with_other_parameters_is_removed_first(small_chunks: None) -> None:
    def pull(done: int, total: int) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        load(progress=pull)
    load(700)
    assert Case.objects.count() == 700
    assert Load.objects.count() == 1


def test_clearing_removes_generated_cases_and_leaves_real_ones(small_chunks: None) -> None:
    load(700)
    real = Case.objects.create(
        number="REAL1", state="accepted", channel_id="12345", accepted_at=Load.objects.get().begun_at
    )
    assert clear_district() == 700
    assert list(Case.objects.all()) == [real]
    assert History.objects.count() == Clock.objects.count() == Load.objects.count() == 0
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        load(600, add=True)
        cursor.execute("DELETE FROM cases_history")


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _every_reference_leads_somewhere() -> None:
    """The loader doesn't check references row by row, so all of them are checked here at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text, a.attname, f.attname FROM pg_constraint "
            "JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1] "
            "JOIN pg_attribute f ON f.attrelid = confrelid AND f.attnum = confkey[1] "
            "WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [list(COLUMNS)],
        )
        found = cursor.fetchall()
        assert len(found) > 20
        for table, target, column, key in found:
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL "
                f"AND NOT EXISTS (SELECT 1 FROM {target} t WHERE t.{key} = {table}.{column})"
            )
            assert cursor.fetchone()[0] == 0, (table, column)


def _every_column_is_written() -> None:
    with connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            known = {column.name for column in connection.introspection.get_table_description(cursor, table)}
            assert set(columns.split()) <= known
            assert known - set(columns.split()) == NOT_GENERATED.get(table, set())


def _chains_hold() -> None:
    for case in Case.objects.order_by("?")[:150]:
        rows = [
            Row(row.seq, bytes(row.prev_hash), bytes(row.hash), _fields(row)) for row in case.history.order_by("seq")
        ]
        assert verify(rows, (case.seq, bytes(case.head))) == []


def _fields(row: History) -> dict[str, object]:
    actor = (row.actor_id, row.actor_name, row.unit_id)
    states = (row.from_state, row.to_state)
    return chained_fields(row.case_id, row.seq, row.move, states, row.at, row.recorded_at, actor, row.record, None)


def _planted_numbers_exist() -> None:
    planted = json.loads((settings.HOME / "demo" / "planted.json").read_text(encoding="utf-8"))
    assert len(planted["surges"]) >= 12 and planted["matters"]
    for thing in planted["surges"] + planted["matters"]:
        found = Case.objects.filter(number__in=thing["numbers"], category__code=thing["category"]).count()
        assert found == len(thing["numbers"]) >= 5
    callers = [caller for caller in planted["repeat_callers"] if caller["numbers"]]
    assert callers and len(callers[0]["numbers"]) == len(set(callers[0]["numbers"]))


def _new_rows_get_ids_beyond() -> None:
    newest = Case.objects.latest("id")
    case = Case.objects.create(number="NEW1", state="accepted", channel_id="12345", accepted_at=newest.accepted_at)
    assert case.pk > newest.pk


def _words_are_indexed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('entry_words') IS NOT NULL")
        assert cursor.fetchone() == (True,)
