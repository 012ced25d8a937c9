"""Files that are asked together say what each says by itself, and what is known isn't asked again."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qushu.lake import engine
from qushu.lake.engine import ask_each, ask_files
from qushu.lake.files import Copy, put
from qushu.lake.made_rows import write_months

SQL = "SELECT street, count(*) FILTER (WHERE hour < ?) AS part, count(*) AS whole FROM {cases} WHERE round = 0 GROUP BY ALL"
STREETS = 20


@pytest.fixture
def files(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    settings.QUSHU_LAKE = str(tmp_path)
    monkeypatch.setattr(engine, "_answers", type(engine._answers)())
    monkeypatch.setattr(engine, "_kept_rows", 0)
    return list(put(write_months(tmp_path, 2_000, date(2026, 11, 26)), Copy(), "", 0.0).files)


def test_together_they_say_what_each_says(files: list[str]) -> None:
    each = ask_each(SQL, [12], files, STREETS)
    assert each is not None and len(files) > 10
    engine._answers.clear()
    assert [sorted(rows) for rows in each] == [sorted(ask_files(SQL, [12], [file])) for file in files]
    assert sum(whole for rows in each for _, _, whole in rows) > 1_000


def test_only_what_is_not_known_is_asked(files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask_each(SQL, [12], files[1:], STREETS)
    asked: list[str] = []
    source = engine._source
    monkeypatch.setattr(engine, "_source", lambda some: asked.append(f"{len(some)}") or source(some))
    again = ask_each(SQL, [12], files, STREETS)
    assert again is not None and again[1:] == first
    assert asked == [*["1"] * len(files), "1"]  # a name for each, and one file that was read
    monkeypatch.setattr(engine, "_connection", lambda: pytest.fail("everything was known"))
    assert ask_each(SQL, [12], files, STREETS) == again


def test_too_many_groups_in_one_file_are_not_answered(files: list[str]) -> None:
    assert ask_each(SQL, [12], files, 2) is None
    assert ask_each(SQL, [12], [], 2) == []


def test_a_file_without_a_counted_row_has_none(files: list[str]) -> None:
    nothing = SQL.replace("round = 0", "street = -1")
    assert ask_each(nothing, [12], files, STREETS) == [[] for _ in files]
