"""The twelve tables: they agree with each other for every budget, a planted error is found, and the files say the same to the 分."""

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from qushu.ledger.disclosure.between import RULES, broken, figures_of
from qushu.ledger.disclosure.filing import Filing
from qushu.ledger.disclosure.grid import Cell, Grid, head_over
from qushu.ledger.disclosure.lists import TOTAL, kind_of
from qushu.ledger.disclosure.twelve import build
from qushu.ledger.disclosure.workbook import placed, write_workbook
from qushu.ledger.versions.rules import Row, in_wan, total

from .made_budget import DEPARTMENT, NETWORK, ORDINARY, made_rows, project

FILING = Filing(2025, DEPARTMENT, groups=[("专项业务类项目", "本级支出项目", Decimal(9), total(r for r in made_rows() if r.category == "project"), "网络")])  # fmt: skip


@pytest.fixture(scope="module")
def grids() -> list[Grid]:
    return build(made_rows(), FILING)


def test_a_made_department_fills_all_twelve_tables(grids: list[Grid]) -> None:
    assert {grid.number for grid in grids} == set(range(1, 13))
    filled = {place[0] for place, amount in figures_of(grids).items() if amount}
    assert filled == set(range(1, 13))
    assert not [gap for grid in grids for gap in grid.gaps if grid.number <= 10]


def test_its_tables_agree(grids: list[Grid]) -> None:
    assert broken(grids) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ORDINARY)
def test_the_tables_of_any_budget_agree(rows: list[Row]) -> None:
    assert [one.words for one in broken(build(rows, Filing(2025, DEPARTMENT)))] == []


def planted(grids: list[Grid], place: tuple[int, str, str], amount: Decimal) -> list[Grid]:
    table, row, column = place
    return [
        replace(grid, figures=grid.figures | {(row, column): grid.figures.get((row, column), Decimal(0)) + amount})
        if grid.number == table and (table < 12 or (row, column) in grid.figures)
        else grid
        for grid in grids
    ]


@pytest.mark.parametrize("rule", RULES, ids=[rule.words for rule in RULES])
def test_an_error_of_one_fen_breaks_the_rule(grids: list[Grid], rule) -> None:
    wrong = Decimal("0.01") if rule.relation == "=" else Decimal(10) ** 9
    assert rule.words in [one.rule.words for one in broken(planted(grids, rule.left[0], wrong))]


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [(3, "2010350", "合计"), (5, "20103", "项目支出"), (2, "031001", "合计"), (10, NETWORK, "合计"), (12, NETWORK, "项目当年预算"), (12, NETWORK, "支出明细合计")],
)  # fmt: skip
def test_an_error_below_a_total_is_found(grids: list[Grid], table: int, row: str, column: str) -> None:
    assert broken(planted(grids, (table, row, column), Decimal("0.01")))


def test_income_that_was_forgotten_is_said_with_both_amounts() -> None:
    rows = made_rows()
    (first, *_) = broken(build(rows[1:], FILING))
    spent = in_wan(total(row for row in rows if row.side == "spending"))
    assert first.words == f"表1 收入总计等于支出总计：{in_wan(total(rows[1:11]))} ≠ {spent} 万元"


def test_the_form_of_kinds_of_projects_must_agree_with_the_projects(grids: list[Grid]) -> None:
    less = replace(FILING, groups=[(*FILING.groups[0][:3], FILING.groups[0][3] - 1, "")])
    assert [one.rule.words for one in broken(build(made_rows(), less))] == ["表11 项目支出情况等于表10 合计"]


def test_what_is_not_known_is_named_and_never_invented() -> None:
    rows = [project("100", "", "30227", NETWORK, "网络", function="")]
    grids = {grid.number: grid for grid in build(rows, Filing(2025, DEPARTMENT))}
    assert "1 条共 0.01 万元没有写功能科目" in "".join(grids[3].gaps)
    assert "没有写资金来源" in "".join(grids[10].gaps)
    assert "还没有收入" in "".join(grids[2].gaps)
    assert any("绩效目标" in gap for gap in grids[11].gaps)
    assert any("没有这个项目" in gap for gap in grids[12].gaps)


def test_an_empty_table_says_so_in_the_usual_words() -> None:
    (grid,) = [one for one in build([project("100", "general", "30227", NETWORK, "网络")], FILING) if one.number == 8]
    assert grid.notes == ["本部门没有使用政府性基金预算安排的支出。"]


def test_a_row_names_the_levels_above_its_own() -> None:
    row = replace(
        project("100", "general", "30227", NETWORK, "网络"), function_code="2990101", function_name="试类/试款/试项"
    )
    (grid,) = [one for one in build([row], FILING) if one.number == 3]
    assert [line[1].value for line in grid.body] == [TOTAL, "试类", "试款", "试项"]


@pytest.mark.parametrize(("yuan", "said"), [("13118200", "1,311.82"), ("5", "0.0005"), ("10000", "1.00"), ("123456.78", "12.345678"), ("0", "0.00"), ("-100", "-0.01")])  # fmt: skip
def test_an_amount_is_shown_without_rounding(yuan: str, said: str) -> None:
    assert in_wan(Decimal(yuan)) == said


def test_headings_over_equal_words_are_one_cell() -> None:
    head = head_over([("科目",), ("基本", "小计"), ("基本", "人员"), ("项目",)])
    assert [(cell.text, cell.across, cell.down) for row in head for cell in row] == [
        ("科目", 1, 2), ("基本", 2, 1), ("项目", 1, 2), ("小计", 1, 1), ("人员", 1, 1),
    ]  # fmt: skip


def test_the_kind_of_a_project_is_in_its_code() -> None:
    assert [kind_of(code) for code in (NETWORK, "42010524031Y1", "1234")] == ["特定目标类", "运转类", ""]


def test_a_row_that_leaves_a_hole_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1"):
        placed([[Cell("一")]], 2)


def test_the_workbook_says_the_same_to_the_fen(grids: list[Grid]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(grids, "试")))
    assert book.sheetnames == [f"表{number}" for number in range(1, 13)]
    for number in (1, 2, 3, 5, 10, 11, 12):
        own = [grid for grid in grids if grid.number == number]
        wanted = sorted(
            cell.value for grid in own for row in grid.body for cell in row if isinstance(cell.value, Decimal)
        )
        numbers = [cell.value for row in book[f"表{number}"] for cell in row if isinstance(cell.value, int | float)]
        assert sorted((Decimal(repr(value)) * 10_000).quantize(Decimal("0.01")) for value in numbers) == wanted
    first = book["表1"]
    assert first["A1"].value == "表1 部门收支总表"
    assert {"A3:B3", "C3:D3"} <= {str(merged) for merged in first.merged_cells.ranges}
    assert {cell.number_format for cell in first["B"] if isinstance(cell.value, float)} == {"#,##0.00####"}


def test_text_in_the_workbook_is_never_a_formula() -> None:
    rows = [project("100", "general", "30227", NETWORK, "=cmd|'/c calc'!A1")]
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(build(rows, FILING), "试")))
    cells = [cell for row in book["表10"] for cell in row if "cmd" in str(cell.value)]
    assert [cell.data_type for cell in cells] == ["s"]
