"""How a text says a word: as a fact, a fear, something past, or denied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qushu.kernel.how_said import how_said, only_denied


def said(text: str, word: str) -> str:
    start = text.index(word)
    return how_said(text, start, start + len(word))


@pytest.mark.parametrize(
    ("text", "word", "how"),
    [
        ("没有爆炸", "爆炸", "denied"),
        ("并没有发生爆炸", "爆炸", "denied"),
        ("没听到爆炸", "爆炸", "denied"),
        ("汽车打不着火", "着火", "denied"),
        ("社区组织火灾演练", "火灾", "denied"),
        ("有没有爆炸不清楚", "爆炸", "fact"),
        ("楼上是不是着火了", "着火", "fact"),
        ("会不会爆炸", "爆炸", "feared"),
        ("配电房被淹没坍塌了", "坍塌", "fact"),
        ("机房起火机器烧了", "起火", "fact"),
        ("起火机房在二楼", "起火", "fact"),
        ("起火险情", "起火", "fact"),
        ("跳楼价甩卖", "跳楼", "denied"),
        ("赶快叫消防火灾很大", "火灾", "fact"),
        ("担心起火", "起火", "feared"),
        ("去年火灾", "火灾", "past"),
        ("没有人管，爆炸了", "爆炸", "fact"),
    ],
)
def test_what_stands_beside_the_word_in_its_clause_decides(text, word, how):
    assert said(text, word) == how


def test_one_mention_that_is_not_denied_is_enough():
    assert only_denied("没有爆炸，也没有爆炸声", "爆炸")
    assert not only_denied("刚才说没有爆炸，现在爆炸了", "爆炸")
    assert not only_denied("担心爆炸", "爆炸")


def test_a_word_that_is_not_there_is_not_denied():
    assert not only_denied("路灯不亮", "爆炸")
    assert not only_denied("", "爆炸")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_around_a_word_gets_one_of_four_answers(before, after):
    text = f"{before}爆炸{after}"
    assert how_said(text, len(before), len(before) + 2) in ("fact", "feared", "past", "denied")


@given(st.text(max_size=30))
def test_a_clause_that_tells_the_fact_outweighs_what_else_is_said(before):
    assert not only_denied(f"{before}，爆炸了", "爆炸")
