"""`qushu lake measure` asks what the product asks, finds what bare SQL finds, and leaves nothing behind."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from qushu.cases.tests.district import MONDAY
from qushu.insight.overview.commands import measure_lake
from qushu.insight.overview.measuring import ASKED, measure
from qushu.lake.columns import COLUMNS
from qushu.lake.files import folder
from qushu.lake.made_rows import write_months

LAST = date(2024, 3, 4)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> str:
    """As SQL: 6,000 drawn rows."""
    place = tmp_path_factory.mktemp("drawn")
    months = write_months(place, 6_000, LAST)
    assert list(months) == [f"2023-{month:02}" for month in range(4, 13)] + ["2024-01", "2024-02", "2024-03"]
    return f"read_parquet('{place}/*.parquet')"


def test_drawn_rows_have_the_columns_of_a_copy(drawn: str) -> None:
    held = {name: kind for name, kind, *_ in duckdb.sql(f"DESCRIBE FROM {drawn}").fetchall()}
    assert held == dict(COLUMNS)


def test_drawn_rows_are_as_many_as_asked_and_shaped_like_cases(drawn: str) -> None:
    rows, cases, twice, open_ones, streets = duckdb.sql(
        "SELECT count(*), count(DISTINCT case_id), count(*) FILTER (round = 1),"
        f" count(*) FILTER (is_open), count(DISTINCT street) FROM {drawn}"
    ).fetchall()[0]
    assert rows == 6_000
    assert cases + twice == rows and 0.04 < twice / rows < 0.07
    assert 0 < open_ones < 0.05 * rows
    assert streets == 11


def test_no_case_stands_twice_in_the_same_round(drawn: str) -> None:
    assert not duckdb.sql(f"SELECT case_id FROM {drawn} GROUP BY case_id, round HAVING count(*) > 1").fetchall()


def test_every_question_finds_what_bare_sql_finds(settings: Any, tmp_path: Path) -> None:
    settings.HOME, before = tmp_path, folder()
    told: list[str] = []
    found = measure(20_000, 2, MONDAY, told.append)
    assert [one.name for one in found] == [asked[0] for asked in ASKED]
    assert all(one.same for one in found)
    assert all(one.ours >= one.quickest > 0 and one.bare > 0 for one in found)
    assert "12 files" in told[-1]
    assert folder() == before and not list(tmp_path.glob("lake-measured-*"))


def test_files_are_removed_when_a_question_fails(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOME = tmp_path
    monkeypatch.setattr(
        "qushu.insight.overview.measuring.ASKED", (("wrong", "count", ("street",), (), "SELECT nothing"),)
    )
    with pytest.raises(duckdb.Error):
        measure(2_000, 2, MONDAY, lambda words: None)
    assert not list(tmp_path.glob("lake-measured-*"))


def test_the_command_answers_in_json(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    answer = CliRunner().invoke(measure_lake, ["--rows", "3000", "--times", "2", "--json"])
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.stdout)
    assert said["rows"] == 3000
    assert {"name", "ours", "bare", "ratio", "quickest", "same"} <= set(said["questions"][0])
