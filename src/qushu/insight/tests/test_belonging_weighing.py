"""What words weigh: rare ones more, titles twice; likeness by hand; kept and read again."""

import math

import pytest

from qushu.insight.belonging.weighing import KEPT, Weights, centroid, cosine, shared_words, telling_words

TEXTS = [
    ("", "锦绣小区停暖"),
    ("", "锦绣小区停水"),
    ("", "建设路停水"),
    ("", "建设路路灯不亮"),
]


def test_a_rare_word_weighs_more_and_an_unknown_one_most():
    weights = Weights.learn(TEXTS)
    assert weights.rarity("从未见过") >= weights.rarity("停暖") > weights.rarity("停水") > 1
    assert weights.rarity("停水") == pytest.approx(math.log(5 / 3) + 1)


def test_a_vector_has_length_1_and_its_heaviest_word_first():
    vector = Weights.learn(TEXTS).vector("", "锦绣小区停水，停水，路灯不亮")
    assert sum(weight * weight for weight in vector.values()) == pytest.approx(1)
    assert list(vector.values()) == sorted(vector.values(), reverse=True)


def test_a_title_counts_twice():
    vector = Weights.learn(TEXTS).vector("停水", "路灯")
    assert vector["停水"] > 1.5 * vector["路灯"]


def test_only_the_heaviest_words_speak():
    long = "".join(chr(0x4E00 + n) * 2 + "，" for n in range(0, 900, 10))
    assert 0 < len(Weights.learn([("", long)]).vector("", long)) <= KEPT


def test_plain_numbers_and_single_characters_are_not_telling():
    assert telling_words("我 在 12345 的 路灯") == ["路灯"]


def test_nothing_weighs_nothing():
    weights = Weights.learn([])
    assert weights.vector("", "") == {}
    assert centroid([]) == {}
    assert cosine({}, {"路灯": 1.0}) == 0


def test_the_cosine_with_a_centroid_is_the_mean_cosine_to_its_members():
    weights = Weights.learn(TEXTS)
    vectors = [weights.vector(*text) for text in TEXTS]
    mean = sum(cosine(vectors[0], other) for other in vectors[1:]) / 3
    assert cosine(vectors[0], centroid(vectors[1:])) == pytest.approx(mean)


def test_weights_are_the_same_after_they_were_kept():
    weights = Weights.learn(TEXTS)
    again = Weights.from_bytes(weights.to_bytes())
    assert again.vector("停水", "锦绣小区") == weights.vector("停水", "锦绣小区")


def test_what_two_share_is_told_weightiest_first():
    weights = Weights.learn(TEXTS)
    one, other = weights.vector("", "锦绣小区停暖"), weights.vector("", "锦绣小区停暖很久")
    assert shared_words(one, other)[0] in {"锦绣", "停暖"}
    assert shared_words(one, other, most=1) == shared_words(one, other)[:1]
