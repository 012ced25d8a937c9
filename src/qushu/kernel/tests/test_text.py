"""Text: tidy, cut into words, safe in PostgreSQL's search, numbers read aloud."""

import threading

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.kernel import text as module
from qushu.kernel.text import (
    add_words,
    chinese_number,
    query_of,
    segmented,
    tidy,
    tidy_line,
    tsvector_of,
    words,
)

ANY_TEXT = st.text(st.characters(), max_size=60)
WITH_DATABASE = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def _own_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_cutter", module._Cutter())


def matches(found: str, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [found, query])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  多余 \u3000 空白\t ", "多余 空白"),
        ("ＷＩＦＩ１２３号", "WIFI123号"),
        ("标点，。：（保留）！", "标点，。：（保留）！"),
        ("坏\x00字\x07符\x7f", "坏字符"),
        ("零\u200b宽\ufeff字\u202e符", "零宽字符"),
        ("半个\ud83d表情", "半个表情"),
        ("第一行 \r\n\r\n  第二行\n", "第一行\n第二行"),
        ("不间断\u00a0空格", "不间断 空格"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_text_is_tidied(raw: str, kept: str) -> None:
    assert tidy(raw) == kept


def test_one_line_stays_one_line() -> None:
    assert tidy_line(" 两\n行 ") == "两 行"


@given(ANY_TEXT)
def test_tidy_text_stays_as_it_is_and_can_be_stored(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once == once.strip(" \n")
    assert "\0" not in once
    once.encode()


@given(st.text("汉阳区，。（）abc12 ", max_size=40))
def test_tidying_never_loses_a_word(text: str) -> None:
    assert tidy(text).split() == text.split()


def test_words_leave_out_what_carries_no_meaning() -> None:
    found = words("请问我们小区楼下的烧烤店，每天晚上噪音很大！电话是12345，已3次。")
    assert {"小区", "楼下", "烧烤", "烧烤店", "晚上", "噪音", "电话", "12345"} <= set(found)
    assert not {"我们", "请问", "的", "，", "3", "次", "！"} & set(found)


def test_words_ignore_width_and_case() -> None:
    assert words("ＷＩＦＩ信号") == words("wifi信号") == ["wifi", "信号"]


def test_texts_without_words_have_none() -> None:
    assert words("") == words("，。！…… 的 3") == []
    assert segmented("") == tsvector_of([]) == query_of([]) == ""


@pytest.mark.usefixtures("_own_dictionary")
def test_names_of_the_district_become_words() -> None:
    assert "十里景秀" not in words("十里景秀小区油烟扰民")
    add_words(["十里景秀", " 江汉二桥街道 ", "路"])
    assert "十里景秀" in words("十里景秀小区油烟扰民")
    assert "江汉二桥街道" in words("江汉二桥街道")
    before = module._cutter.cut
    add_words(["十里景秀"])
    assert module._cutter.cut is before


@pytest.mark.usefixtures("_own_dictionary")
def test_words_are_learned_while_others_cut() -> None:
    failures: list[BaseException] = []

    def cut() -> None:
        try:
            for _ in range(300):
                words("汉阳区江汉二桥街道十里景秀小区油烟扰民")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=cut) for _ in range(3)]
    for thread in threads:
        thread.start()
    add_words(["十里景秀"])
    add_words(["江汉二桥街道"])
    for thread in threads:
        thread.join()
    assert failures == []
    assert {"十里景秀", "江汉二桥街道"} <= set(words("江汉二桥街道十里景秀"))


@pytest.mark.django_db
def test_what_is_said_is_found_by_its_words() -> None:
    found = tsvector_of(words("翠微路夜市油烟扰民，影响休息"))
    assert matches(found, query_of(words("油烟 扰民")))
    assert not matches(found, query_of(words("油烟 停水")))
    assert matches(found, query_of(words("油烟 停水"), "|"))
    assert not matches(found, query_of([]))


@pytest.mark.django_db
@WITH_DATABASE
@given(ANY_TEXT)
def test_any_text_gives_search_forms_postgresql_takes(text: str) -> None:
    found = words(text)
    assert matches(tsvector_of(found), query_of(found)) == bool(found)


@pytest.mark.django_db
@WITH_DATABASE
@given(st.lists(st.text(r"'\&|!():*<> ab汉", min_size=1, max_size=8), min_size=1, max_size=5))
def test_quotes_and_operators_in_words_are_only_text(found: list[str]) -> None:
    assert matches(tsvector_of(found), query_of(found))
    assert not matches(tsvector_of(["别的"]), query_of(found, "|"))


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1010, "一千零一十"),
        (10_010, "一万零一十"),
        (163_000, "十六万三千"),
        (1_000_500, "一百万零五百"),
        (2_000_003_000, "二十亿零三千"),
        (100_000_001, "一亿零一"),
        (1_000_100_000_000, "一万零一亿"),
        (10**12, "一万亿"),
        (-3, "负三"),
    ],
)
def test_numbers_are_read_aloud(number: int, said: str) -> None:
    assert chinese_number(number) == said


def read_back(said: str) -> int:
    for unit, power in (("亿", 10**8), ("万", 10**4)):
        if unit in said:
            high, low = said.rsplit(unit, 1)
            return read_back(high) * power + read_back(low)
    total, digit = 0, 0
    for character in said:
        if character in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(character)
    return total + digit


@given(st.integers(0, 10**16 - 1) | st.integers(0, 10**5))
def test_numbers_read_aloud_can_be_read_back(number: int) -> None:
    said = chinese_number(number)
    assert read_back(said) == number
    assert "零零" not in said
    assert number == 0 or not said.endswith("零")


def test_numbers_too_large_are_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        chinese_number(10**16)
