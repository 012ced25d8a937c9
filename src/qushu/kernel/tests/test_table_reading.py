"""Tables that come in: every kind and encoding, and errors that name the line."""

import csv
import gzip
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.kernel import table_reading
from qushu.kernel.tables import BadTable, read_table

TEXT = "编号,内容\nHY1,油烟扰民\nHY2,噪音很大\n"
READ = [(2, {"编号": "HY1", "内容": "油烟扰民"}), (3, {"编号": "HY2", "内容": "噪音很大"})]
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)


def read(content: bytes | str, name: str = "a.csv", **rest: Any) -> list[tuple[int, dict[str, Any]]]:
    content = content.encode() if isinstance(content, str) else content
    return list(read_table(io.BytesIO(content), name, **rest))


def book(*rows: tuple[Any, ...]) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def trouble(content: bytes | str, name: str = "a.csv") -> BadTable:
    with pytest.raises(BadTable) as caught:
        read(content, name)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_encodings_are_recognised(encoding: str) -> None:
    assert read(TEXT.encode(encoding)) == READ


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters_are_recognised(delimiter: str) -> None:
    assert read(TEXT.replace(",", delimiter), "a.txt") == READ
    assert read(TEXT.replace(",", "\t"), "a.tsv") == READ


@pytest.mark.parametrize("name", ["a.csv.gz", "a.csv", ""])
def test_packed_files_are_unpacked(name: str) -> None:
    assert read(gzip.compress(TEXT.encode("gb18030")), name) == READ


def test_a_path_is_read_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text(TEXT, encoding="gb18030")
    assert list(read_table(path)) == list(read_table(str(path))) == READ
    with pytest.raises(BadTable, match=r"打不开文件 没有\.csv"):
        list(read_table(tmp_path / "没有.csv"))


@pytest.mark.parametrize("name", ["a.xlsx", "unknown"])
def test_workbooks_keep_numbers_and_dates(name: str) -> None:
    moment = datetime(2024, 3, 8, 16, 30, 15)
    rows = read(book(("编号", "电话", "时间", "比例", "办结"), ("HY1", 13812345678, moment, 0.5, True)), name)
    assert rows == [(2, {"编号": "HY1", "电话": 13812345678, "时间": moment, "比例": 0.5, "办结": True})]
    assert isinstance(rows[0][1]["电话"], int)


def test_a_title_over_the_table_isnt_the_headings() -> None:
    content = book(("汉阳区工单汇总表",), (), ("编号", "内容"), ("HY1", "油烟"), (None, None), ("HY2", "噪音"))
    assert read(content, "a.xlsx") == [(4, {"编号": "HY1", "内容": "油烟"}), (6, {"编号": "HY2", "内容": "噪音"})]


def test_a_table_of_one_column_is_a_table() -> None:
    assert read(book(("编号",), ("HY1",)), "a.xlsx") == read("编号\nHY1\n") == [(2, {"编号": "HY1"})]


def test_json_in_its_shapes() -> None:
    rows = [{"编号": "HY1", "数": 1}, {"编号": "HY2", "内": {"a": [1]}}]
    expected = list(enumerate(rows, start=1))
    assert read(json.dumps(rows), "a.json") == expected
    assert read(json.dumps(rows), "unknown") == expected
    assert read(json.dumps({"total": 2, "data": rows}), "a.json") == expected
    lines = "\n".join(map(json.dumps, rows))
    assert read(lines, "a.jsonl") == read(lines, "unknown") == expected
    assert read(lines.replace("\n", "\n\n"), "a.jsonl") == [(1, rows[0]), (3, rows[1])]


def test_blank_rows_are_passed_over_and_lines_stay_true() -> None:
    text = '\n编号,内容\n\nHY1,"两\n行"\n,\nHY2,x\n'
    assert read(text) == [(4, {"编号": "HY1", "内容": "两\n行"}), (7, {"编号": "HY2", "内容": "x"})]


def test_short_rows_are_filled_and_empty_cells_beyond_are_dropped() -> None:
    assert read("a,b,\n1\n1,2,,\n") == [(2, {"a": "1", "b": ""}), (3, {"a": "1", "b": "2"})]


def test_headings_are_tidied_and_a_missing_one_gets_a_name() -> None:
    assert read(",　编号 ,ＩＤ\n1,2,3\n") == [(2, {"列1": "1", "编号": "2", "ID": "3"})]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=6), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
def test_what_csv_writes_is_read(rows: list[list[str]], encoding: str) -> None:
    def quoted(row: list[str]) -> str:
        return ",".join('"' + cell.replace('"', '""') + '"' for cell in row)

    content = "\r\n".join(["编号,内容编号内容编号内容", *map(quoted, rows)]).encode(encoding)
    assert [[*row.values()] for _, row in read(content)] == [row for row in rows if any(row)]


# whole files that can't be read


def test_a_file_without_headings_is_refused() -> None:
    for content, name in [(b"", "a.csv"), (b"\n\n", "a.csv"), (book(), "a.xlsx"), (gzip.compress(b""), "a.csv.gz")]:
        assert "没有表头" in trouble(content, name).message


def test_a_heading_twice_is_named_with_its_line() -> None:
    error = trouble("\n编号,内容,编号\n1,2,3\n")
    assert (error.message, error.line) == ("第 2 行：列名“编号”出现了两次，请改名后再试", 2)


def test_a_packed_file_that_breaks_off_says_where() -> None:
    text = "编号,内容\n" + "".join(f"HY{n},内容 {n * 7919}\n" for n in range(20_000))
    whole = gzip.compress(text.encode())
    seen = []
    with pytest.raises(BadTable, match="中断或损坏") as caught:
        for line, _ in read_table(io.BytesIO(whole[: len(whole) // 2]), "a.csv.gz"):
            seen.append(line)
    assert len(seen) > 1000
    assert caught.value.line == seen[-1] + 1


def test_files_that_arent_what_their_name_says() -> None:
    assert "不是 gzip" in trouble(TEXT, "a.csv.gz").message
    assert "Excel" in trouble(TEXT, "a.xlsx").message
    assert "Excel" in trouble(b"PK\x03\x04 broken", "a.xlsx").message
    assert "JSON" in trouble(TEXT, "a.json").message
    assert "数组" in trouble('"text"', "a.json").message
    assert "数组" in trouble('{"a": [], "b": []}', "a.json").message
    assert "编码" in trouble(b"\xff\xfe\x00\xd8", "a.csv").message


def test_json_that_breaks_names_its_line() -> None:
    assert trouble('[\n{"a": 1},\n{"a": }\n]', "a.json").line == 3


def test_a_workbook_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_reading, "_MOST_IN_MEMORY", 1000)
    assert "另存为 CSV" in trouble(book(("编号",), ("HY1",)), "a.xlsx").message
    assert "jsonl" in trouble(json.dumps([{"a": "x" * 2000}]), "a.json").message


def test_too_many_columns_are_refused() -> None:
    assert "1001 列" in trouble(",".join(f"c{n}" for n in range(1001)) + "\n").message


# single rows that can't be read

BROKEN = [
    ("编号,内容\nHY1,x,多,余\nHY2,y\n", "a.csv", 2, "有 4 列，表头只有 2 列"),
    ('编号,内容\nHY1,"x"多\nHY2,y\n', "a.csv", 2, "引号没有成对"),
    (
        "编号,内容\nHY1,".encode() + b"\xff\xff" + "坏\nHY2,好\n".encode(),
        "a.csv",
        2,
        "无法识别的字符",
    ),
    ('{"编号": 1\n{"编号": "HY2", "内容": "y"}', "a.jsonl", 1, "不是正确的 JSON"),
    ('[1]\n{"编号": "HY2", "内容": "y"}', "a.jsonl", 1, "不是一个 JSON 对象"),
    ('[5, {"编号": "HY2", "内容": "y"}]', "a.json", 1, "不是一个 JSON 对象"),
]


@pytest.mark.parametrize(("content", "name", "line", "why"), BROKEN)
def test_a_broken_row_is_told_and_never_stops_the_rest(content: Any, name: str, line: int, why: str) -> None:
    told: list[tuple[int, str]] = []
    rows = read(content, name, bad_row=lambda line, why: told.append((line, why)))
    assert [row["编号"] for _, row in rows] == ["HY2"]
    assert [at for at, _ in told] == [line]
    assert why in told[0][1]


@pytest.mark.parametrize(("content", "name", "line", "why"), BROKEN)
def test_a_broken_row_is_an_error_when_nobody_listens(content: Any, name: str, line: int, why: str) -> None:
    error = trouble(content, name)
    assert error.line == line
    assert error.message.startswith(f"第 {line} 行：")
    assert why in error.message


Told = list[tuple[int, str]]


def read_all(text: str) -> tuple[list[tuple[int, dict[str, Any]]], Told]:
    told: Told = []
    return read(text, bad_row=lambda line, why: told.append((line, why))), told


def test_an_open_quote_costs_its_own_row_only() -> None:
    rows, told = read_all('a,b\n1,2\n3,"open\n5,6\n7,"8\n8"\n')
    assert rows == [(2, {"a": "1", "b": "2"}), (4, {"a": "5", "b": "6"}), (5, {"a": "7", "b": "8\n8"})]
    assert [line for line, _ in told] == [3] and "引号没有成对" in told[0][1]


def test_a_quote_that_a_later_row_closes_by_chance_costs_its_own_row_only() -> None:
    rows, told = read_all('a,b,c\n1,"open,2\n3,",4",5\n6,7,8\n')
    assert [row["a"] for _, row in rows] == ["3", "6"] and rows[0][1]["b"] == ",4"
    assert [line for line, _ in told] == [2]


def test_the_rest_of_a_broken_cell_goes_with_its_row_and_the_message_says_how_far() -> None:
    rows, told = read_all('a,b,c\n1,"said "x" and\nmore",2\n3,4,5\n')
    assert rows == [(4, {"a": "3", "b": "4", "c": "5"})]
    assert [line for line, _ in told] == [2] and "到第 3 行为止都没有读入" in told[0][1]


def test_an_open_quote_in_the_last_row_is_told_too() -> None:
    rows, told = read_all('a,b\n1,2\n3,"open\n')
    assert [row["a"] for _, row in rows] == ["1"] and [line for line, _ in told] == [3]


def test_broken_headings_spoil_the_whole_file() -> None:
    told: Told = []
    with pytest.raises(BadTable, match="引号没有成对") as caught:
        read('a,"b\n1,2\n', bad_row=lambda line, why: told.append((line, why)))
    assert (caught.value.line, told) == (1, [])


def test_a_line_that_is_not_text_within_a_quoted_cell_costs_its_own_row_only() -> None:
    told: Told = []
    content = (
        b'a,b\n1,"x\n' + b"\xff\xff\n" + 'y"\n2,好的马上办理\n'.encode()
    )  # enough text for its encoding to be known
    rows = read(content, bad_row=lambda line, why: told.append((line, why)))
    assert rows == [(5, {"a": "2", "b": "好的马上办理"})] and [line for line, _ in told] == [2]


CELL = st.builds(lambda first, rest: first + rest, st.sampled_from("ab中1"), st.text('ab中 ,"\n', max_size=6))
ROWS = st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5)
OPEN = st.sampled_from(['x,"open,y', '"open,x,y', 'x,y,"open', '"x"y,z,z', 'x,"a "b" c",y'])


@given(ROWS, OPEN, ROWS, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_good_rows_around_a_broken_one_survive(
    before: list[list[str]], broken: str, after: list[list[str]], quoting: Any
) -> None:
    """Good rows whose cells don't begin with a quote, a comma or a line break: those could close what was left open."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=quoting, lineterminator="\n")
    writer.writerows([["h1", "h2", "h3"], *before])
    line = file.getvalue().count("\n") + 1
    file.write(f"{broken}\n")
    writer.writerows(after)
    rows, told = read_all(file.getvalue())
    assert [[*row.values()] for _, row in rows] == before + after
    assert [at for at, _ in told] == [line]
