from hypothesis import given
from hypothesis import strategies as st

from qushu.kernel.search_terms import LONGEST, MOST_TERMS, Term, pairs, read_terms, tsquery_of

SIGNS = st.text(alphabet="路灯不亮小区ab12 -*\"“”'\\&|!():，。", max_size=60)


def test_blanks_join_terms():
    assert read_terms("路灯  小区") == [Term("路灯"), Term("小区")]
    assert tsquery_of(read_terms("路灯 小区")) == "'路灯' & '小区'"


def test_a_phrase_keeps_its_pairs_and_is_verified_on_the_text():
    (term,) = read_terms("“路灯不亮”")
    assert term.phrase and term.to_verify
    assert term.lexemes == ("'路灯'", "'灯不'", "'不亮'")


def test_two_characters_are_exact_by_their_pair():
    (term,) = read_terms('"路灯"')
    assert not term.to_verify


def test_minus_leaves_out():
    assert tsquery_of(read_terms("路灯 -噪音")) == "'路灯' & !('噪音')"


def test_an_excluded_phrase_is_asked_of_the_text_alone():
    terms = read_terms('路灯 -"噪音扰民"')
    assert tsquery_of(terms) == "'路灯'" and terms[1].excluded and terms[1].to_verify


def test_three_characters_are_one_word_and_longer_ones_are_cut():
    assert read_terms("灯不亮")[0].lexemes == ("'灯不'", "'不亮'")
    assert read_terms("灯不")[0].lexemes == ("'灯不'",)
    assert "'汉阳'" in read_terms("汉阳大道路灯不亮")[0].lexemes


def test_one_character_is_found_by_its_prefix():
    assert read_terms("灯")[0].lexemes == ("'灯':*",)


def test_a_star_finds_what_begins_so():
    assert read_terms("ktv*")[0].lexemes == ("'ktv':*",)
    assert read_terms("ktv")[0].lexemes == ("'ktv'",)


def test_a_word_with_digits_is_found_whole():
    assert tsquery_of(read_terms('"a138" 13* "12.5%" "ktv"')) == "'a138' & '13' & '12.5%' & 'ktv':*"


def test_quotes_and_slashes_cannot_leave_a_lexeme():
    assert tsquery_of([Term("o'b", phrase=False)]) == ""
    assert tsquery_of([Term("it's ok")]).count("'") % 2 == 0


def test_signs_alone_ask_nothing():
    assert read_terms('- * "" ， & | !') == []
    assert tsquery_of([]) == ""


def test_an_open_quote_ends_with_the_line():
    assert read_terms('"路灯 不亮') == [Term("路灯 不亮", phrase=True)]


def test_full_width_signs_mean_the_same():
    assert read_terms("－噪音 ＫＴＶ＊") == [Term("噪音", excluded=True), Term("ktv", prefix=True)]


def test_what_may_be_highlighted():
    assert read_terms("-噪音")[0].marks == ()
    assert read_terms('"路灯 不亮"')[0].marks == ("路灯 不亮",)
    assert "汉阳" in read_terms("汉阳大道路灯不亮")[0].marks


@given(SIGNS)
def test_any_line_is_read_and_bounded(line):
    terms = read_terms(line)
    assert len(terms) <= MOST_TERMS
    assert all(term.text and len(term.text) <= LONGEST for term in terms)
    assert len(set(terms)) == len(terms)


@given(SIGNS)
def test_reading_again_what_was_read_changes_nothing(line):
    terms = read_terms(line)
    written = " ".join(
        ("-" if one.excluded else "") + (f'"{one.text}"' if one.phrase else one.text + "*" * one.prefix)
        for one in terms
        if one.phrase or not one.text.startswith("-")
    )
    assert read_terms(written) == [one for one in terms if one.phrase or not one.text.startswith("-")][:MOST_TERMS]


@given(st.text(alphabet="路灯不亮小区", min_size=1, max_size=12))
def test_pairs_cover_a_run(run):
    found = list(pairs(run))
    assert "".join([found[0], *(pair[-1] for pair in found[1:])]) == run
