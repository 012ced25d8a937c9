"""Exports: harmless in a spreadsheet, right in every cell, never held in memory."""

import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.kernel import tables
from qushu.kernel.tables import Column, csv_lines, read_table, write_csv, write_xlsx

COLUMNS = [
    Column("编号", lambda row: row[0]),
    Column("内容", lambda row: row[1], width=40),
    Column("时间", lambda row: row[2]),
]
ROWS: list[tuple[Any, ...]] = [
    ("HY1", "油烟，扰民", datetime(2024, 3, 8, 8, 30, 15, 999, tzinfo=UTC)),
    ("HY2", '他说"尽快"\n谢谢', date(2024, 3, 8)),
    ("HY3", None, True),
    (-4, Decimal("1.50"), False),
]
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12)


def csv_text(rows: list[Any], columns: list[Column] = COLUMNS) -> str:
    file = io.BytesIO()
    write_csv(rows, columns, file)
    return file.getvalue().decode("utf-8")


def book_of(rows: list[Any], columns: list[Column] = COLUMNS, title: str = "工单") -> openpyxl.Workbook:
    file = io.BytesIO()
    write_xlsx(rows, columns, file, title)
    return openpyxl.load_workbook(file)


def only(title: str = "内容") -> list[Column]:
    return [Column(title, lambda row: row)]


def test_csv_is_what_excel_opens() -> None:
    assert csv_text(ROWS) == (
        "\ufeff编号,内容,时间\r\n"
        "HY1,油烟，扰民,2024-03-08 16:30:15\r\n"
        'HY2,"他说""尽快""\n谢谢",2024-03-08\r\n'
        "HY3,,是\r\n"
        "-4,1.50,否\r\n"
    )


@pytest.mark.parametrize(
    "text", ["=1+1", "+8613812345678", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x"]
)
def test_text_never_acts_as_a_formula(text: str) -> None:
    assert csv_text([text], only()).split("\r\n", 1)[1].lstrip('"').startswith("'")
    sheet = book_of([text], only()).active
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value.replace("_x000D_", "\r") == text


def test_headings_are_guarded_as_well() -> None:
    assert csv_text([], only("=1+1")).startswith("\ufeff'=1+1")


def test_links_stay_text_in_a_workbook() -> None:
    assert book_of(["https://example.com"], only()).active["A2"].hyperlink is None


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=6))
def test_a_csv_reads_back_as_it_was(rows: list[tuple[str, str, str]]) -> None:
    text = csv_text(rows).encode()
    read = [tuple(row.values()) for _, row in read_table(io.BytesIO(text), "a.csv")]
    bare = [
        tuple(cell[1:] if cell[:1] == "'" and cell[1:2] in tables._FORMULA else cell for cell in row) for row in read
    ]
    assert bare == rows


def test_a_workbook_holds_real_numbers_and_dates() -> None:
    sheet = book_of(ROWS).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["编号", "内容", "时间"],
        ["HY1", "油烟，扰民", datetime(2024, 3, 8, 16, 30, 15)],
        ["HY2", '他说"尽快"\n谢谢', datetime(2024, 3, 8)],
        ["HY3", None, "是"],
        [-4, 1.5, "否"],
    ]
    assert sheet["C2"].number_format == "yyyy-mm-dd hh:mm:ss"
    assert sheet["C3"].number_format == "yyyy-mm-dd"


def test_a_workbook_is_laid_out_for_reading() -> None:
    sheet = book_of(ROWS).active
    assert sheet.title == "工单"
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.auto_filter.ref
    assert sheet.column_dimensions["B"].width > 40


def test_a_workbook_may_be_empty_and_named_anyhow() -> None:
    book = book_of([], title="2024/03 [工单]: 市民热线办理情况汇总表（含督办、回访、满意度）*?")
    assert [cell.value for cell in book.active[1]] == ["编号", "内容", "时间"]
    assert book.active.title == "202403 工单 市民热线办理情况汇总表（含督办、回访、满意度"[:31]
    assert book_of([], title="'[]'").active.title == "表"


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_ROWS_A_SHEET", 3)
    book = book_of(["甲", "乙", "丙", "丁", "戊"], only())
    assert {sheet.title: [cell.value for cell in sheet["A"]] for sheet in book} == {
        "工单": ["内容", "甲", "乙"],
        "工单 2": ["内容", "丙", "丁"],
        "工单 3": ["内容", "戊"],
    }


def test_a_cell_too_long_for_excel_is_cut_and_says_so() -> None:
    value = book_of(["长" * 40_000], only()).active["A2"].value
    assert len(value) == 32_767
    assert value.endswith("（内容过长，已截断）")


@pytest.mark.parametrize(("count", "told"), [(0, [0]), (1, [1]), (1000, [1000]), (2500, [1000, 2000, 2500])])
def test_progress_is_told(count: int, told: list[int], tmp_path: Path) -> None:
    seen: list[int] = []
    write_csv(range(count), only(), io.BytesIO(), seen.append)
    assert seen == told
    seen.clear()
    write_xlsx(range(count), only(), tmp_path / "a.xlsx", "表", seen.append)
    assert seen == told


def many(count: int) -> Iterator[tuple[str, str, int]]:
    for number in range(count):
        yield f"HY{number}", f"第 {number} 件，内容各不相同" * 5, number


def test_an_export_needs_no_more_memory_for_more_rows(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        write_xlsx(many(count), COLUMNS, tmp_path / "a.xlsx", "表")
        for _ in csv_lines(many(count), COLUMNS):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(4000) < peak(400) + 500_000
