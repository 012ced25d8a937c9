"""Follow-ups: the earlier case is found by number, words, caller and address; never a later one; measured on files."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qushu.insight.belonging.following import Call, Earlier, numbers_in, title_in
from qushu.insight.evaluation.links import likest_by_characters
from qushu.web.cli import cli

CALLS = [
    Call("A10001", "2024-03-01", "锦绣小区三号楼暖气管道破裂停暖"),
    Call("A10002", "2024-03-02", "建设路烧烤店夜里油烟扰民", caller="k1", address="建设路1号"),
    Call("A10003", "2024-03-03", "建设路路灯不亮", caller="k1"),
    Call("A10004", "2024-03-04", "锦绣小区物业乱收停车费"),
    Call("A10009", "2024-03-09", "锦绣小区暖气管道破裂停暖已修好"),
]


def first(*calls: Call) -> str | None:
    found = Earlier([*CALLS, *calls]).asked_about(calls[-1].number)
    return found[0].number if found else None


def test_a_quoted_number_decides_whatever_the_words():
    assert first(Call("B1", "2024-03-05", "咨询工单 a10003 的处理情况，暖气管道停暖")) == "A10003"


def test_without_a_number_the_words_decide():
    assert first(Call("B1", "2024-03-05", "咨询《关于锦绣小区暖气管道破裂的问题》处理结果")) == "A10001"


def test_a_later_case_is_never_the_one_that_was_asked_about():
    found = Earlier([*CALLS, Call("B1", "2024-03-05", "锦绣小区暖气管道破裂停暖已修好")]).asked_about("B1", most=9)
    assert "A10009" not in {one.number for one in found}


def test_the_same_caller_and_address_count():
    assert first(Call("B1", "2024-03-05", "来电追问建设路油烟的事", caller="k1", address="建设路1号")) == "A10002"


def test_another_follow_up_is_less_likely_asked_about_than_the_order():
    other = Call("A10005", "2024-03-04", "民警来电反馈工单《关于锦绣小区三号楼暖气管道破裂的问题》处理情况")
    assert first(other, Call("B1", "2024-03-05", "咨询工单《关于锦绣小区暖气管道破裂的问题》处理结果")) == "A10001"


def test_a_case_about_something_new_has_no_earlier_one():
    assert first(Call("B1", "2024-03-05", "幼儿园报名条件")) is None


def test_the_reason_says_what_speaks_for_it():
    found = Earlier([*CALLS, Call("B1", "2024-03-05", "A10002 油烟", caller="k1")]).asked_about("B1")
    assert found[0].reason.startswith("提到了它的编号，同一号码")
    assert "油烟" in found[0].reason


def test_numbers_and_titles_are_read_from_a_text():
    assert numbers_in("工单HY20240301000012、hy20240301000012，12345") == ["HY20240301000012", "12345"]
    assert title_in("咨询《关于停水的问题》和《关于停电的问题》") == "关于停水的问题 关于停电的问题"


def table(path: Path, rows: list[tuple[str, ...]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def measured(*words: str) -> dict:
    said = CliRunner().invoke(cli, ["evaluate", "links", *words, "--json"])
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def test_the_command_counts_pairs_with_and_without_number_and_those_that_are_not_there(tmp_path: Path):
    calls = [*CALLS, Call("B1", "2024-03-05", "问A10003"), Call("B2", "2024-03-05", "暖气管道破裂停暖怎么处理")]
    cases = table(tmp_path / "c.csv", [("id", "time", "text"), *((c.number, c.at, c.text) for c in calls)])
    pairs = table(tmp_path / "p.csv", [("child", "parent"), ("B1", "A10003"), ("B2", "A10001"), ("B3", "A10001")])
    found = measured("--cases", cases, "--pairs", pairs)
    assert (found["pairs"], found["pairs_not_in_cases"]) == (3, 1)
    assert found["first"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["with_number"] == {"pairs": 1, "first": 1.0, "in_first_3": 1.0}
    reference = found["reference"]
    assert (reference["pairs"], reference["with_number"]["pairs"], reference["without_number"]["pairs"]) == (3, 1, 2)
    assert reference["without_number"]["first"] == 0.5  # the same words; the pair that isn't there is not found


def test_the_reference_asks_earlier_calls_only_and_says_so_where_no_text_is(tmp_path: Path):
    later = [*CALLS, Call("B1", "2024-03-05", "锦绣小区暖气管道破裂停暖已修好")]
    assert "A10009" not in likest_by_characters(later, ["B1"], most=4)[0]
    cases = table(tmp_path / "c.csv", [("id", "time", "text"), ("A1", "2024-03-01", ""), ("B1", "2024-03-02", "")])
    pairs = table(tmp_path / "p.csv", [("child", "parent"), ("B1", "A1")])
    said = CliRunner().invoke(cli, ["evaluate", "links", "--cases", cases, "--pairs", pairs])
    assert said.exit_code == 1
    assert "没有文字" in said.output


def test_orders_that_quote_one_are_cut_in_two_and_every_second_says_the_number(tmp_path: Path):
    rows = [
        (
            f"K{n}000",
            "2024-03-05",
            f"市民来电咨询《关于{what}的问题》处理结果。工单内容：市民来电反映：{what}，请尽快核实处理并答复",
        )
        for n, what in enumerate(["锦绣小区停暖", "建设路路灯不亮", "洪山公园停工", "向阳里污水外溢"], 1)
    ]
    cases = table(tmp_path / "c.csv", [("id", "time", "text"), *rows, ("K9000", "2024-03-01", "没有引用任何工单")])
    found = measured("--cases", cases, "--cut")
    assert (found["pairs"], found["with_number"]["pairs"], found["without_number"]["pairs"]) == (4, 2, 2)
    assert found["first"] == 1.0


def test_a_missing_column_and_a_number_that_comes_twice_are_refused(tmp_path: Path):
    pairs = table(tmp_path / "p.csv", [("child", "parent"), ("B1", "A1")])
    for rows in ([("id", "text"), ("A1", "路灯")], [("id", "time", "text"), *[("A1", "2024-03-01", "路灯")] * 2]):
        cases = table(tmp_path / "c.csv", rows)
        said = CliRunner().invoke(cli, ["evaluate", "links", "--cases", cases, "--pairs", pairs])
        assert said.exit_code == 1
        assert "time" in said.output or "两次" in said.output


def test_pairs_or_cut_one_of_them(tmp_path: Path):
    cases = table(tmp_path / "c.csv", [("id", "time", "text")])
    assert CliRunner().invoke(cli, ["evaluate", "links", "--cases", cases]).exit_code == 2
