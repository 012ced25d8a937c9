"""What a case is found by stands there with the case, whoever wrote it, and says what its text says."""

import re
from functools import partial

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.cases import actions
from qushu.cases.entries import write_entries
from qushu.cases.finding import district_names, with_terms, with_terms_along, with_terms_gathered
from qushu.cases.models import Case, SearchEntry, Statement
from qushu.cases.queries import filter_cases
from qushu.cases.words import search_words
from qushu.kernel.search_terms import findable_pairs, pairs, read_terms
from qushu.kernel.text import words
from qushu.people.access import SYSTEM

from .district import MONDAY, District

pytestmark = pytest.mark.django_db


def accept(district: District, text: str, **more: object) -> Case:
    return actions.accept_case(district.call("agent"), district.intake(text=text, **more))


def found(line: str) -> set[str]:
    return set(with_terms(Case.objects.all(), read_terms(line)).values_list("title", flat=True))


@pytest.fixture
def said(district: District) -> dict[str, Case]:
    texts = ["汉阳大道路灯不亮", "小区停车难，物业不管", "KTV噪音扰民", "路灯太亮，噪音也大", "楼道有人养鸡"]
    return {text: accept(district, text) for text in texts}


def test_a_word_is_found_however_the_words_around_it_were_cut(said):
    assert found("路灯") == {"汉阳大道路灯不亮", "路灯太亮，噪音也大"}
    assert found("灯不") == {"汉阳大道路灯不亮"}
    assert found("汉阳大道") == {"汉阳大道路灯不亮"}


def test_single_characters_are_found_at_the_end_too(said):
    assert found("鸡") == {"楼道有人养鸡"}
    assert found("楼") == {"楼道有人养鸡"}


def test_all_terms_must_hold_and_a_minus_leaves_out(said):
    assert found("路灯 噪音") == {"路灯太亮，噪音也大"}
    assert found("路灯 -噪音") == {"汉阳大道路灯不亮"}
    assert found("噪音 -路灯") == {"KTV噪音扰民"}


def test_a_phrase_stands_as_it_was_typed(said):
    assert found('"路灯不亮"') == {"汉阳大道路灯不亮"}
    assert found('"路灯亮"') == set()
    assert found('"亮，噪音"') == {"路灯太亮，噪音也大"}
    assert found('噪音 -"太亮"') == {"KTV噪音扰民"}


def test_letters_are_found_in_any_case_and_by_their_beginning(said):
    assert found("ktv") == found("KTV") == found("kt*") == {"KTV噪音扰民"}
    assert found('"ktv噪音"') == found('"KTV噪音"') == {"KTV噪音扰民"}


def test_a_place_and_a_changed_title_are_found(district: District):
    case = accept(district, "路灯不亮", place="鹦鹉大道")
    assert found("鹦鹉") == {case.title}
    actions.correct_case(district.call("dispatcher"), case.pk, title="灯杆歪了")
    assert found("灯杆") == {"灯杆歪了"} == found("鹦鹉")
    actions.register_case(
        district.call("agent"), case.pk, district.category.pk, None, "help", "general", title="灯杆倒了"
    )
    assert found("灯杆") == {"灯杆倒了"} and not found("歪了")
    assert found("路灯不亮") == {"灯杆倒了"}  # the text says so still


def test_the_entry_is_written_in_the_cases_own_transaction(district: District):
    with transaction.atomic():
        case = accept(district, "路灯不亮")
        assert SearchEntry.objects.filter(pk=case.pk, words="路灯").exists()
        transaction.set_rollback(True)
    assert not SearchEntry.objects.exists() and not Case.objects.exists()


def test_entries_that_are_missing_are_written_from_what_is_there(district: District):
    case = accept(district, "路灯不亮", lon=114.2, lat=30.5)
    before, cut = SearchEntry.objects.filter(pk=case.pk).values().get(), Statement.objects.get(pk=case.pk).words
    SearchEntry.objects.all().delete()
    Statement.objects.update(words=None)
    write_entries([case.pk])
    assert SearchEntry.objects.filter(pk=case.pk).values().get() == before
    assert Statement.objects.get(pk=case.pk).words == cut


def test_the_entry_has_the_time_of_its_case(district: District):
    case = accept(district, "路灯不亮", lon=114.2, lat=30.5)
    entry = SearchEntry.objects.get(pk=case.pk)
    assert (entry.accepted_at, entry.lon, entry.lat) == (MONDAY, 114.2, 30.5)


def test_the_list_takes_the_same_terms(said):
    listed = filter_cases(Case.objects.all(), {"q": "路灯 -噪音"}, MONDAY, SYSTEM)
    assert [case.title for case in listed] == ["汉阳大道路灯不亮"]
    assert not filter_cases(Case.objects.all(), {"q": "-- ，"}, MONDAY, SYSTEM).exists()


@pytest.mark.parametrize(
    "line",
    ["张三丰", "张三", '"叫张三丰"', '-"张三丰" 太吵', "501", '"栋5"', '"501室"', "鄂A12345", '"鄂a12345"', "12345"],
)
def test_what_is_masked_is_not_found(district: District, line: str):
    text = "我叫张三丰，住3栋501室，太吵，车牌鄂A12345"
    case = accept(district, text, title="张三丰先生反映太吵", place="晴川小区3栋501室")
    assert not {"张三", "三丰", "501", "a12345", "12345"} & set(SearchEntry.objects.get(pk=case.pk).words.split("'"))
    assert found(line) == ({case.title} if line.startswith("-") else set())


def test_what_masks_leave_is_found(district: District):
    case = accept(district, "我叫张三丰，住3栋501室，座机027-84841234", place="晴川小区3栋501室")
    for line in ("晴川小区", '"栋"', '"3栋"', "我叫", "张"):
        assert found(line) == {case.title}, line


def test_the_districts_names_are_those_of_areas_and_units(district: District):
    names = district_names()
    assert district.community.name in names and district.water.name in names


@given(st.text(alphabet="路灯不亮A1 ，。\n㐀鿿", max_size=30))
def test_what_is_findable_is_what_the_terms_ask_for(text):
    runs = re.findall("[\u3400-\u9fff]+", text)
    assert findable_pairs(text) == {pair for run in runs for pair in pairs(run)} | {run[-1] for run in runs}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(alphabet="路灯不亮A1 ，。\n'\\:*&|!", max_size=30))
def test_the_database_reads_the_words_of_any_text(db, text):
    found = search_words(text, "", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(%s::tsvector), tsvector_to_array(%s::tsvector)", list(found))
        cut, entry = map(set, cursor.fetchone())
    assert entry == cut | findable_pairs(text) and cut == set(words(text))


@pytest.mark.parametrize("walked", [True, False])
def test_the_same_is_found_along_the_newest_and_gathered(said, monkeypatch, walked):
    monkeypatch.setattr("qushu.cases.finding.PAGE", 1)
    monkeypatch.setattr("qushu.cases.finding.DEAR", 100)
    monkeypatch.setattr("qushu.cases.finding._entries", lambda: 3 if walked else 0)  # of three one word is frequent
    along_newest = partial(with_terms_along, first=1)
    for line in ('"路灯不亮"', '"路灯亮"', '"ktv噪音"', '噪音 -"太亮"', "路灯 -噪音", "路灯 噪音", "噪音", "从来没有"):
        along = along_newest(Case.objects.all(), read_terms(line))
        assert set(along.values_list("title", flat=True)) == found(line)
    gathered = "LIMIT" in str(along_newest(Case.objects.all(), read_terms('"路灯不亮"')).query)
    assert gathered != walked
    assert "LIMIT" in str(along_newest(Case.objects.all(), read_terms("从来没有")).query)
    assert not along_newest(Case.objects.all(), []).exists()


@pytest.mark.parametrize("many", [0, 50_000])
def test_a_word_within_narrow_conditions_is_found_gathered_or_not(said, monkeypatch, many):
    monkeypatch.setattr("qushu.cases.finding.MANY", many)
    for line in ("噪音", "路灯", "从来没有", '"路灯不亮"', "-噪音"):
        gathered = with_terms_gathered(Case.objects.all(), read_terms(line))
        assert set(gathered.values_list("title", flat=True)) == found(line)
    assert ("LIMIT" in str(with_terms_gathered(Case.objects.all(), read_terms("噪音")).query)) == bool(many)
