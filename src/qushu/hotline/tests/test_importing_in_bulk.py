"""Imports of many rows: built by other processes, whole chunks, the same rows that the actions write."""

import csv
from datetime import datetime

import pytest
from django.db import DataError, connection
from django.utils import timezone

from qushu.cases import actions as cases
from qushu.cases.models import Case, Clock, History
from qushu.cases.proof import verify_cases
from qushu.cases.tests.entries import entries_with_wrong_facets
from qushu.hotline.importing import actions as importing
from qushu.hotline.importing import import_file, pipeline
from qushu.hotline.importing.building import Builder
from qushu.hotline.importing.keeping import Keeper
from qushu.hotline.importing.mapping import read_mapping
from qushu.hotline.models import FeedBatch, FeedRow, FeedSource
from qushu.kernel.models import OutboxMessage
from qushu.people.access import SYSTEM

MAPPING = """
name = "测试"
source = "bulk"
until = "{until}"
[fields]
ref = {{ column = "ref" }}
accepted_at = {{ column = "at" }}
channel = {{ value = "12345" }}
category = {{ columns = ["c1", "c2", "c3"] }}
street = {{ column = "street" }}
community = {{ column = "community" }}
unit = {{ column = "unit" }}
text = {{ column = "text" }}
phone = {{ column = "phone" }}
"""
HEADINGS = ["ref", "at", "c1", "c2", "c3", "street", "community", "unit", "text", "phone"]


@pytest.fixture
def bring(tmp_path, district):
    """Imports so many rows; `change` may alter a row by its number."""

    def bring(count, until="dispatched", change=lambda number, row: row):
        (tmp_path / "m.toml").write_text(MAPPING.format(until=until), encoding="utf-8")
        levels = [*district.category.full_name.split(" / "), "", ""][:3]
        place = [district.street.name, district.community.name, district.water.name]
        with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            for number in range(count):
                said = "门口\t路面\\有坑。\n第二行"
                row = [f"r{number}", "2024-03-01T09:30:00", *levels, *place, said, f"1990027{number:04d}"]
                writer.writerow(change(number, row))
        now = district.call("agent").now
        return import_file(SYSTEM, tmp_path / "rows.csv", read_mapping(str(tmp_path / "m.toml")), now)

    return bring


def _telling(import_rows, told):
    """The import, with its progress written down."""
    return lambda *given: import_rows(*given[:-1], lambda done, total: told.append(done))


def counted(monkeypatch, kind, name):
    """The method goes on as it is; each call is written down."""
    calls, method = [], getattr(kind, name)
    monkeypatch.setattr(kind, name, lambda self, *given: (calls.append(given), method(self, *given))[1])
    return calls


@pytest.fixture
def small_chunks(monkeypatch):
    """So that few rows make many chunks."""
    monkeypatch.setattr(importing, "CHUNK", 5)
    monkeypatch.setattr(pipeline, "ALONE", 100)


def test_what_another_process_builds_is_what_this_one_builds(bring, small_chunks, monkeypatch):
    monkeypatch.setattr(pipeline, "ALONE", 2)
    monkeypatch.setattr(pipeline, "is_there", lambda begun: begun.result() is False)
    built_here = counted(monkeypatch, Builder, "build")
    done = bring(23)
    assert (done.accepted, done.unchanged, done.refused) == (23, 0, 0)
    assert len(built_here) == 2
    assert set(Case.objects.values_list("state", "seq", "due_clock")) == {("dispatched", 3, "acknowledge")}
    assert set(Case.objects.values_list("statement__text", flat=True)) == {"门口 路面\\有坑。\n第二行"}
    assert History.objects.count() == OutboxMessage.objects.count() == 3 * 23
    assert [finding for chunk in verify_cases() for finding in chunk.findings] == []
    assert not entries_with_wrong_facets()
    again = bring(25)
    assert (again.accepted, again.unchanged) == (2, 23)


def test_until_the_other_process_is_there_rows_are_built_here(bring, small_chunks, monkeypatch):
    monkeypatch.setattr(pipeline, "ALONE", 1)
    monkeypatch.setattr(pipeline, "is_there", lambda begun: False)
    built_here = counted(monkeypatch, Builder, "build")
    assert bring(23).accepted == 23
    assert len(built_here) == 5


def test_progress_counts_rows_that_are_there_already_too(bring, small_chunks, monkeypatch):
    told = []
    monkeypatch.setattr(importing, "import_rows", _telling(importing.import_rows, told))
    bring(12)
    bring(12)
    assert told == [5, 10, 12, 5, 10, 12]


def test_words_wait_for_each_other_and_none_is_left_waiting(bring, small_chunks, monkeypatch):
    waiting = []
    place = importing.place_words

    def placed():
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('entry_words')")
            waiting.append(cursor.fetchone()[0])
        place()

    monkeypatch.setattr(importing, "WORDS_OF", 10)
    monkeypatch.setattr(importing, "place_words", placed)
    bring(17)
    assert len(waiting) == 2 and all(waiting)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('entry_words')")
        assert cursor.fetchone() == (0,)


def test_a_row_refused_while_others_are_written_is_kept_the_next_time(db):
    source = FeedSource.objects.create(code="bulk", name="测试", mapping="bulk", active=False)
    batch, told = FeedBatch.objects.create(source=source, name="f", digest=b"", started_at=timezone.now()), []
    keeper = Keeper(batch, told.append)
    keeper.refuse(1, "a", {"ref": "a"}, "没有诉求内容")
    keeper.write()
    keeper.refuse(2, "b", {"ref": "b"}, "没有诉求内容")
    keeper.written()
    assert [[one.line for one in outcomes] for outcomes in told] == [[1]]
    keeper.finish(timezone.now())
    assert [[one.line for one in outcomes] for outcomes in told] == [[1], [2]]
    assert batch.refused == FeedRow.objects.filter(batch=batch).count() == 2


def test_an_imported_case_is_the_one_that_the_actions_would_have_made(bring, district):
    bring(1)
    imported = Case.objects.get()
    call = district.call("agent")
    facts = district.intake(
        text="门口 路面\\有坑。\n第二行",
        occurred=imported.accepted_at,
        source="hand",
        source_ref="r0",
        category_id=None,
    )
    made = cases.accept_case(call, facts)
    cases.register_case(call, made.pk, district.category.pk, district.community.pk, "help", "general")
    cases.dispatch_case(district.call("dispatcher"), made.pk, district.water.pk)
    made.refresh_from_db()
    same = (
        "state", "kind", "urgency", "channel_id", "category_id", "street_id", "area_id", "lead_unit_id", "title", "marks",
        "accepted_at", "registered_at", "dispatched_at", "due_at", "due_clock", "overdue_from", "seq", "generated",
        "reopen_count",
    )  # fmt: skip
    assert [getattr(imported, name) for name in same] == [getattr(made, name) for name in same]
    columns = ("name", "round", "rule_id", "unit_id", "amount", "measure", "started_at", "due_at", "stopped_at", "met")
    theirs, ours = (
        list(Clock.objects.filter(case=case).order_by("name").values_list(*columns, "next_step_at"))
        for case in (made, imported)
    )
    assert ours == theirs
    moves = ("seq", "move", "from_state", "to_state", "at", "recorded_at")
    theirs, ours = (list(case.history.order_by("seq").values_list(*moves)) for case in (made, imported))
    assert ours == theirs


def test_a_reference_twice_in_a_file_makes_one_case_whatever_the_chunk(bring, small_chunks):
    done = bring(12, change=lambda number, row: ["same" if number in (0, 1, 11) else row[0], *row[1:]])
    assert (done.accepted, done.unchanged) == (10, 2)


def test_a_row_that_the_database_refuses_is_found_and_stops_no_other(bring, small_chunks, monkeypatch):
    copy_in = importing.copy_in

    def picky(lines):
        if any(b"\tr7\t" in block for block in lines.values()):
            raise DataError("no r7 here")
        copy_in(lines)

    monkeypatch.setattr(importing, "copy_in", picky)
    done = bring(12)
    assert (done.accepted, done.refused) == (11, 1)
    row = FeedRow.objects.get()
    assert (row.ref, row.line) == ("r7", 16)
    assert "no r7 here" in row.reason


def test_an_import_that_breaks_off_leaves_whole_chunks_and_the_next_goes_on(bring, small_chunks, monkeypatch):
    copy_in, written = importing.copy_in, []

    def breaks(lines):
        if len(written) == 2:
            raise OSError("the plug was pulled")
        written.append(lines)
        copy_in(lines)

    monkeypatch.setattr(importing, "copy_in", breaks)
    with pytest.raises(OSError, match="plug"):
        bring(23)
    batch = FeedBatch.objects.get()
    assert (Case.objects.count(), batch.accepted, batch.finished_at) == (10, 10, None)
    monkeypatch.setattr(importing, "copy_in", copy_in)
    done = bring(23)
    assert (done.accepted, done.unchanged) == (13, 10)
    assert [finding for chunk in verify_cases() for finding in chunk.findings] == []


def test_a_file_that_breaks_off_says_so_and_keeps_what_was_read(tmp_path, district):
    (tmp_path / "m.toml").write_text(MAPPING.format(until="accepted"), encoding="utf-8")
    (tmp_path / "rows.json").write_text('[{"ref": "1"', encoding="utf-8")
    with pytest.raises(importing.BadTable):
        import_file(SYSTEM, tmp_path / "rows.json", read_mapping(str(tmp_path / "m.toml")), district.call("agent").now)
    batch = FeedBatch.objects.get()
    assert "JSON" in batch.error
    assert batch.finished_at is not None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ref": "x" * 81}, "编号有 81 个字符"),
        ({"text": "长" * 10_001}, "最多 10000 字"),
        ({"at": "2999-01-01"}, "在将来"),
        ({"lon": "east"}, "不是数字"),
        ({"lat": "91"}, "超出范围"),
        ({"community": "没有的社区"}, "没有“没有的社区”这个区域"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_with_words(tmp_path, district, changes, says):
    more = 'lon = { column = "lon" }\nlat = { column = "lat" }\n'
    (tmp_path / "m.toml").write_text(MAPPING.format(until="accepted") + more, encoding="utf-8")
    row = {"ref": "1", "at": datetime(2024, 3, 1).isoformat(), "text": "路灯不亮", "street": district.street.name}
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*HEADINGS, "lon", "lat"])
        writer.writeheader()
        writer.writerow(row | changes)
    mapping = read_mapping(str(tmp_path / "m.toml"))
    import_file(SYSTEM, tmp_path / "rows.csv", mapping, district.call("agent").now)
    assert says in FeedRow.objects.get().reason
    assert Case.objects.count() == 0
