"""Understanding one case: labels from words, honest confidence, reasons, and a file that runs nothing."""

import json
import zipfile

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from qushu.insight.understanding.confidence import NEVER, Trial, sharpness
from qushu.insight.understanding.holding_out import held_out
from qushu.insight.understanding.keeping import BadModelFile, load, save
from qushu.insight.understanding.learning import Plan, fit
from qushu.insight.understanding.linear import learn_linear
from qushu.insight.understanding.naming import Naming, names_of
from qushu.insight.understanding.network import Recipe, log_softmax
from qushu.insight.understanding.terms import TermSpace, plain
from qushu.kernel.errors import Refused

from .made_texts import made_rows

PLAN = Plan(networks=1, recipe=Recipe(hidden=16, rounds=6, steps=90, batch=16, rate=2e-2))


@pytest.fixture(scope="module")
def model():
    texts, labels = made_rows(240, seed=1)
    return fit(texts, labels, refs=[f"A{at}" for at in range(240)], plan=PLAN)


def test_new_words_around_a_known_matter_get_its_label(model):
    texts, labels = made_rows(60, seed=2)
    answers = [model.predict_ranked(text)[0][0] for text in texts]
    assert np.mean([one == other for one, other in zip(answers, labels, strict=True)]) > 0.9


def test_probabilities_are_ranked_and_sum_to_one(model):
    ranked = model.predict_ranked("路灯不亮，晚上看不见")
    chances = [chance for _, chance in ranked]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1, abs=1e-4)
    assert {label for label, _ in ranked} == set(model.labels)


def test_a_text_is_answered_alike_alone_and_among_others(model):
    texts, _ = made_rows(20, seed=3)
    assert np.allclose(model.chances(texts)[7], model.chances([texts[7]])[0], atol=1e-6)


def test_the_same_seed_gives_the_same_model():
    texts, labels = made_rows(80, seed=4)
    one, other = (fit(texts, labels, plan=PLAN) for _ in range(2))
    assert np.array_equal(one.chances(texts), other.chances(texts))


def test_blanks_between_chinese_words_change_nothing(model):
    together, apart = "小区门口路灯不亮，请维修", "小区 门口\t路灯　不亮，\n请 维修"
    assert plain(apart) == together
    assert model.predict_ranked(together) == model.predict_ranked(apart)


def test_words_of_other_scripts_keep_their_blanks():
    assert plain("The  street LIGHT\nis out") == "the street light is out"


def test_a_reason_names_words_of_the_text_and_like_cases(model):
    text = "建设路的路灯不亮"
    reason = model.explain(text, model.predict_ranked(text)[0][0])
    assert reason.words
    assert all(word in text for word in reason.words)
    assert reason.cases
    assert all(ref.startswith("A") for ref in reason.cases)
    assert reason.sentence.startswith("提到“")
    assert f"最相似的 {reason.like_cases} 件" in reason.sentence


def test_a_text_that_says_nothing_known_gets_an_answer_without_a_reason(model):
    assert model.predict_ranked("¿?")[0][1] < 0.9
    assert model.explain("¿?", model.labels[0]).sentence == ""


def test_a_label_that_is_not_known_has_no_reason(model):
    with pytest.raises(KeyError):
        model.explain("路灯", "没有这个单位")


def test_one_label_alone_is_nothing_to_learn():
    with pytest.raises(Refused, match="不足两种"):
        fit(["甲", "乙"], ["同", "同"], plan=PLAN)


def test_more_rows_than_wanted_are_learned_from_the_newest():
    texts, labels = made_rows(60, seed=5)
    when = [f"2024-01-{1 + at % 30:02}" for at in range(60)]
    plan = Plan(networks=1, recipe=PLAN.recipe, most_rows=40)
    model = fit(texts, labels, when, refs=when, plan=plan)
    assert len(model.refs) == 40
    assert min(model.refs) == sorted(when)[20]


def test_a_model_read_from_its_file_answers_the_same(model, tmp_path):
    save(model, tmp_path / "model.npz")
    again = load(tmp_path / "model.npz")
    text = "饭店油烟太大"
    assert [label for label, _ in again.predict_ranked(text)] == [label for label, _ in model.predict_ranked(text)]
    assert np.allclose(again.chances([text]), model.chances([text]), atol=5e-3)
    assert again.explain(text, again.labels[0]) == model.explain(text, model.labels[0])
    assert again.promise(0.9) == model.promise(0.9)
    assert not list(tmp_path.glob("*.part"))


class _Bomb:
    def __reduce__(self):
        return (print, ("ran",))


def test_a_file_with_code_in_it_is_refused_and_nothing_runs(tmp_path, capsys):
    path = tmp_path / "bomb.npz"
    np.savez(path, meta=np.array([_Bomb()], dtype=object))
    with pytest.raises(BadModelFile):
        load(path)
    assert "ran" not in capsys.readouterr().out


def test_what_is_not_a_model_is_refused(model, tmp_path):
    (tmp_path / "text.npz").write_text("not a model")
    with pytest.raises(BadModelFile):
        load(tmp_path / "text.npz")
    with pytest.raises(BadModelFile):
        load(tmp_path / "absent.npz")
    save(model, tmp_path / "model.npz")
    (tmp_path / "cut.npz").write_bytes((tmp_path / "model.npz").read_bytes()[:2000])
    with pytest.raises(BadModelFile):
        load(tmp_path / "cut.npz")


def test_a_model_of_a_later_version_is_refused(model, tmp_path):
    save(model, tmp_path / "model.npz")
    with np.load(tmp_path / "model.npz") as file:
        arrays = dict(file)
    meta = json.loads(arrays["meta"].tobytes())
    meta[1] += 1
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    np.savez(tmp_path / "later.npz", **arrays)
    assert zipfile.is_zipfile(tmp_path / "later.npz")
    with pytest.raises(BadModelFile, match="版本不符"):
        load(tmp_path / "later.npz")


def test_a_promise_is_the_lowest_confidence_that_keeps_the_accuracy():
    sure = np.linspace(1, 0, 101)[:100]
    right = np.arange(100) < 50  # the surer half is right, the rest is wrong
    promise = Trial(sure, right).promise(0.8)
    assert promise.accuracy >= 0.8
    assert promise.share == pytest.approx(0.62)
    assert promise.confidence == pytest.approx(sure[61])


def test_equal_confidences_are_kept_or_left_together():
    trial = Trial(np.array([0.9] * 40 + [0.5] * 10), np.array([True] * 40 + [True] * 5 + [False] * 5))
    assert trial.promise(0.95).share == 0.8


def test_nothing_is_promised_when_no_confidence_is_good_enough():
    promise = Trial(np.linspace(0, 1, 50), np.zeros(50, bool)).promise(0.5)
    assert (promise.confidence, promise.share) == (NEVER, 0.0)


def test_boasting_scores_are_made_honest():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 2, 2000)
    seen = np.where(rng.random(2000) < 0.7, labels, 1 - labels)  # right in 70 %, but says 99.9 %
    scores = log_softmax(np.stack([np.where(seen == 0, 7.0, 0.0), np.where(seen == 1, 7.0, 0.0)], axis=1))
    honest = np.exp(log_softmax(scores * sharpness(scores, labels))).max(axis=1)
    assert honest.mean() == pytest.approx(0.75, abs=0.06)


def test_with_moments_the_newest_rows_are_kept_aside_and_a_day_is_not_cut():
    when = [f"2024-01-{day:02}" for day in range(1, 11) for _ in range(5)]
    learn, aside = held_out(["x"] * 50, when, seed=1)
    assert len(learn) + len(aside) == 50
    assert {when[at] for at in learn}.isdisjoint(when[at] for at in aside)
    assert max(when[at] for at in learn) < min(when[at] for at in aside)


def test_copies_of_a_text_are_kept_on_one_side():
    texts = [f"第{at}件 路灯不亮" for at in range(200)]
    apart = [" ".join(text) for text in texts]
    learn, aside = held_out(texts + apart, None, seed=1)
    assert 20 < len(aside) / 2 < 60
    assert {at % 200 for at in learn}.isdisjoint(at % 200 for at in aside)


def test_terms_are_bounded_and_rows_have_length_one_in_each_half():
    texts, _ = made_rows(50, seed=6)
    space = TermSpace.learn(texts, most=30)
    assert space.width <= 30 + 30 + 15
    rows = space.rows(texts)
    first, second = len(space.characters.names), len(space.characters.names) + len(space.words.names)
    for part, wanted in ((rows[:, :first], 1), (rows[:, first:second], 1), (rows[:, second:], 0.5)):
        lengths = np.sqrt(np.asarray(part.multiply(part).sum(axis=1)).ravel())
        assert np.allclose(lengths[lengths > 0], wanted, atol=1e-5)


def test_only_the_beginning_counts_as_opening():
    early, late = "路灯不亮" + "。" * 60, "。" * 60 + "路灯不亮"
    space = TermSpace.learn([early, late, early, late])
    opening = space.opening.rows([early, late]).toarray()
    at = space.opening.columns["路灯"]
    assert opening[0, at] > 0
    assert opening[1, at] == 0


def test_scores_without_held_out_rows_are_left_as_they_are():
    assert sharpness(np.zeros((2, 3), np.float32), np.array([-1, -1])) == 1.0


def test_two_labels_of_a_linear_part_are_told_and_one_without_rows_is_not_chosen():
    rows = csr_matrix(np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32))
    linear = learn_linear(rows, np.array([0, 0, 2, 2]), 3, seed=1)
    assert list(linear.scores(rows).argmax(axis=1)) == [0, 0, 2, 2]


def test_a_label_whose_name_the_text_says_is_helped_by_it():
    texts, _ = made_rows(40, seed=7)
    characters = TermSpace.learn([*texts, *["找供水公司的人"] * 3]).characters
    naming = Naming(("供水公司", "没有人提到的单位"), characters)
    said = naming.scores(characters.rows(["请供水公司处理", "路灯不亮"]))
    assert said[0, 0] == pytest.approx(2)
    assert said[0, 1] == 0
    assert not said[1].any()


def test_labels_that_are_numbers_are_called_by_their_names():
    assert names_of(["7", "8"], {"7": "供水公司"}) == ("供水公司", "8")


def test_answers_are_the_ranking_with_a_reason_each(model):
    text = "建设路的路灯不亮"
    answers = model.answers(text, 2)
    assert [(one.label, pytest.approx(one.chance)) for one in answers] == model.predict_ranked(text, 2)
    assert answers[0].reason == model.explain(text, answers[0].label)
