"""Case numbers and titles."""

from datetime import date

import pytest

from qushu.cases.rules import case_id_of, case_number, title_of


@pytest.mark.parametrize("case_id", [1, 9_999_999, 10_000_000, 123_456_789])
def test_a_number_leads_back_to_its_case(case_id):
    number = case_number("HY", date(2024, 3, 5), case_id)
    assert number.startswith("HY240305")
    assert case_id_of(f" {number.lower()} ", "HY") == case_id


@pytest.mark.parametrize("text", ["", "HY", "路灯不亮", "HY24030", "HY240305000000x", "13800138000"])
def test_what_is_no_number_leads_nowhere(text):
    assert case_id_of(text, "HY") is None


def test_a_title_is_the_first_sentence_and_ends_with_a_word():
    assert title_of("市民来电反映：路灯不亮。已经三天。") == "路灯不亮"
    assert title_of("一" * 29 + "，后面还有很多字") == "一" * 29
    assert title_of("") == ""


def test_a_title_never_ends_in_half_a_number():
    words = "钟家村社区门口自来水管爆裂，请打电话"
    assert title_of(f"{words}13812345678联系") == f"{words}13812345678联"
    assert title_of(f"水岸国际{words}13812345678联系") == f"水岸国际{words}"
    assert title_of("1" * 40) == "1" * 30
