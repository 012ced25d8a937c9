"""The copy holds what the cases are, soon after they move, and a crash in between leaves it readable."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from django.db import connection

from qushu.cases.actions import accept_case, register_case
from qushu.cases.models import Case, Statement
from qushu.cases.tests.district import MONDAY, District
from qushu.hotline.assessment.definitions import in_force
from qushu.lake import copying, facts
from qushu.lake.columns import COLUMNS
from qushu.lake.copying import bring_up_to_date, build
from qushu.lake.engine import ask
from qushu.lake.files import newest
from qushu.lake.models import CopyState, StaleCase

HOUR = timedelta(hours=1)


def accept(district: District, after: timedelta = timedelta()) -> Case:
    return accept_case(district.call("agent", after), district.intake())


def register(district: District, case: Case) -> None:
    call = district.call("agent", HOUR)
    register_case(call, case.pk, district.category.pk, district.community.pk, "help", "general")


def states() -> list[str]:
    return [state for (state,) in ask("SELECT state FROM {cases} WHERE round = 0 ORDER BY case_id")]


def test_without_a_copy_there_are_no_rows(db: None) -> None:
    assert ask("SELECT count(*) FROM {cases}") == [(0,)]


def test_a_case_is_in_the_copy_as_it_is(district: District) -> None:
    case = accept(district)
    bring_up_to_date(MONDAY)
    row = ask("SELECT case_id, accepted_on::VARCHAR, hour, weekday, channel, street, is_open FROM {cases}")
    assert row == [(case.pk, "2024-03-04", 9, 1, "12345", district.street.pk, True)]


def test_a_move_is_in_the_copy_after_the_next_time(district: District) -> None:
    case = accept(district)
    bring_up_to_date(MONDAY)
    assert states() == ["accepted"]
    register(district, case)
    assert StaleCase.objects.filter(case_id=case.pk).exists()
    assert bring_up_to_date(MONDAY + HOUR) == 1
    assert states() == ["registered"]
    assert not StaleCase.objects.exists()


def test_running_clocks_are_joined_not_read_anew_for_each_case(db: None) -> None:
    sql, params = facts._select(in_force())
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", [*params, *facts.bounds_of(MONDAY.date().replace(day=1))])
        plan = [line for (line,) in cursor.fetchall()]
    scans = [below for above, below in pairwise(plan) if "Scan on running" in above]
    assert scans and not any("case_id = c.id" in line for line in scans), plan


def test_only_months_with_a_change_are_written_anew(district: District) -> None:
    accept(district)
    later = accept(district, timedelta(days=40))
    bring_up_to_date(MONDAY)
    before = dict(newest().months or {})
    register(district, later)
    bring_up_to_date(MONDAY + timedelta(days=41))
    after = dict(newest().months or {})
    assert sorted(before) == sorted(after) == ["2024-03", "2024-04"]
    assert before["2024-03"] == after["2024-03"]
    assert before["2024-04"] != after["2024-04"]


def test_nothing_changed_writes_nothing(district: District) -> None:
    accept(district)
    bring_up_to_date(MONDAY)
    token = newest().token
    assert bring_up_to_date(MONDAY + HOUR) == 0
    assert newest().token == token


def test_a_crash_before_the_list_is_replaced_leaves_the_former_copy(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = accept(district)
    bring_up_to_date(MONDAY)
    register(district, case)

    def crash(*args: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as broken:
        broken.setattr(copying, "put", crash)
        with pytest.raises(OSError, match="power"):
            bring_up_to_date(MONDAY + HOUR)
    assert states() == ["accepted"]
    bring_up_to_date(MONDAY + HOUR)
    assert states() == ["registered"]


def test_a_crash_after_the_list_is_replaced_copies_the_same_cases_again(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = accept(district)
    bring_up_to_date(MONDAY)
    register(district, case)

    def crash(*args: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as broken:
        broken.setattr(copying, "_settle", crash)
        with pytest.raises(OSError, match="power"):
            bring_up_to_date(MONDAY + HOUR)
    assert states() == ["registered"]
    assert bring_up_to_date(MONDAY + HOUR) == 1
    assert states() == ["registered"]
    assert not StaleCase.objects.exists()


def test_a_database_that_was_restored_gets_a_copy_of_its_own(district: District) -> None:
    accept(district)
    bring_up_to_date(MONDAY)
    CopyState.objects.update(token="another")
    Path(newest().files[0]).write_bytes(b"not of this database")
    bring_up_to_date(MONDAY)
    assert states() == ["accepted"]


def test_changed_categories_are_taken_over(district: District) -> None:
    case = accept(district)
    register(district, case)
    bring_up_to_date(MONDAY)
    category = district.category
    assert ask("SELECT category1, category2, category3 FROM {cases}") == [
        (category.parent.parent_id, category.parent_id, category.pk)  # type: ignore[union-attr]
    ]
    other = type(category).objects.filter(level=2).exclude(pk=category.parent_id).first()
    type(category).objects.filter(pk=category.pk).update(parent=other)
    bring_up_to_date(MONDAY)
    assert ask("SELECT category2 FROM {cases}") == [(other.pk,)]  # type: ignore[union-attr]


def test_a_whole_copy_is_the_same_as_one_that_grew(district: District) -> None:
    cases = [accept(district, timedelta(days=20 * i)) for i in range(3)]
    bring_up_to_date(MONDAY)
    for case in cases:
        register(district, case)
        bring_up_to_date(MONDAY)
    grown = ask("SELECT * FROM {cases} ORDER BY case_id, round")
    build(MONDAY)
    assert ask("SELECT * FROM {cases} ORDER BY case_id, round") == grown
    assert len(grown) == 3


def test_neither_words_nor_callers_are_in_the_files(district: District, lake: Path) -> None:
    case = accept(district)
    bring_up_to_date(MONDAY)
    said = Statement.objects.get(case=case)
    bare = b"".join(path.read_bytes() for path in lake.glob("*.parquet"))
    assert said.text[:10].encode() not in bare and "王小明".encode() not in bare
    held = [name for name, *_ in duckdb.sql(f"DESCRIBE FROM '{newest().files[0]}'").fetchall()]
    assert held == list(COLUMNS)
    assert not {"title", "text", "caller_index", "sealed"} & set(held)
