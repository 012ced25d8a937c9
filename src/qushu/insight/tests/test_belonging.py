"""What belongs together: found by words, never chained, the same every time; measured against named events."""

import csv
import json
import os
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.sparse import csr_matrix

from qushu.insight.belonging import likeness, rows, weighing
from qushu.insight.belonging.grouping import group_rows, group_texts
from qushu.insight.belonging.likeness import likeness_graph
from qushu.insight.belonging.rows import text_rows
from qushu.insight.belonging.weighing import Weights
from qushu.insight.evaluation import groups, other_groupings
from qushu.insight.evaluation.resampling import drawn
from qushu.web.cli import cli

SHARED = Path(os.environ.get("QUSHU_SHARED", Path(__file__).parents[5] / "shared")) / "data"
MATTERS = {
    "洪山公园": "洪山公园规划多年一直没有动工建设",
    "景明劳务": "景明劳务公司拖欠工人工资没有结清",
    "锦绣小区": "锦绣小区集中供暖管道破裂停暖",
}
ENDS = ["，请尽快处理", "，希望给个说法", "，市民多次反映", "，请有关部门核实", "，要求书面答复", "，周边居民都很着急"]


def messages(seed: int = 1) -> list[tuple[str, str]]:
    """(matter, text) in a random order, with texts that belong to nothing."""
    rng = random.Random(seed)
    rows = [(name, text + rng.choice(ENDS) + rng.choice(ENDS)) for name, text in MATTERS.items() for _ in range(8)]
    rows += [("", text) for text in ("护照遗失如何补办", "公交站牌看不清", "流浪犬伤人", "医保断缴影响报销")]
    rng.shuffle(rows)
    return rows


def groups_of(texts: list[str]) -> list[tuple[int, ...]]:
    return [group.members for group in group_texts(texts)]


def test_each_matter_is_one_group_and_strangers_stay_outside():
    rows = messages()
    found = [{rows[one][0] for one in members} for members in groups_of([text for _, text in rows])]
    assert sorted(next(iter(names)) for names in found) == sorted(MATTERS)
    assert all(len(names) == 1 for names in found)


def test_half_alike_texts_do_not_chain_into_one():
    chain = ["甲路井盖 乙街路灯", "乙街路灯 丙巷垃圾", "丙巷垃圾 丁道积水", "丁道积水 戊里噪声", "戊里噪声 己弄违建"]
    assert all(len(members) < 4 for members in groups_of(chain))


def test_the_same_texts_give_the_same_groups_and_a_middle_that_is_a_member():
    texts = [text for _, text in messages(7)]
    assert groups_of(texts) == groups_of(texts)
    assert all(group.middle in group.members for group in group_texts(texts))


def test_likeness_is_symmetric_and_never_of_a_text_with_itself():
    graph = likeness_graph(text_rows([text for _, text in messages()]))
    assert abs(graph - graph.T).max() < 1e-6
    assert not graph.diagonal().any()


def test_common_words_cut_into_runs_still_give_the_whole_cosine(monkeypatch):
    rows = text_rows([text for _, text in messages()])
    whole = likeness_graph(rows).toarray()
    monkeypatch.setattr(likeness, "RUN", 5)
    cut = likeness_graph(rows).toarray()
    assert (cut > 0).sum() >= 40
    assert np.allclose(cut[cut > 0], whole[cut > 0], atol=1e-6)


def test_no_text_seeks_more_partners_than_allowed(monkeypatch):
    monkeypatch.setattr(likeness, "PARTNERS", 2)
    pairs = likeness_graph(text_rows([text for _, text in messages()]))
    assert 0 < pairs.nnz <= 2 * 2 * len(messages())


def test_copies_are_one_group_with_all_their_places():
    texts = ["锦绣小区停暖", "公交站牌看不清", "锦绣小区停暖", "锦绣小区停暖"]
    assert groups_of(texts) == [(0, 2, 3)]


def test_who_comes_first_is_said_by_the_moments_and_members_keep_their_places():
    texts = [text for _, text in messages(3)]
    back = [f"2024-01-{len(texts) - n:02}" for n in range(len(texts))]
    found = group_texts(texts, moments=back)
    assert {name for group in found for name in {messages(3)[one][0] for one in group.members}} == set(MATTERS)
    assert sorted(one for group in found for one in group.members) == sorted(
        n for n, (m, _) in enumerate(messages(3)) if m
    )


def groups_of_two_ways_to_say_it(first: int, second: int) -> list[int]:
    """The sizes of the groups of so many texts of one wording and so many of another, alike by 0.23."""
    common, own = 0.48, (1 - 0.48**2) ** 0.5
    rows = csr_matrix([[common, own, 0.0]] * first + [[common, 0.0, own]] * second, dtype=np.float32)
    found = group_rows(rows, [[one] for one in range(first + second)])
    return sorted(len(group.members) for group in found)


def test_what_very_many_say_may_be_said_in_more_ways_than_what_few_say():
    assert groups_of_two_ways_to_say_it(25, 3) == [28]
    assert groups_of_two_ways_to_say_it(10, 3) == [3, 10]


def test_a_text_belongs_where_it_is_alike_on_average_over_many_members():
    many = [text for _, text in messages(5)] * 1 + [
        f"洪山公园规划多年一直没有动工建设，第{n}次反映" for n in "一二三四五"
    ]
    sizes = sorted(len(members) for members in groups_of(many))
    assert sizes == [8, 8, 13]


@pytest.mark.parametrize("chunk", [10_000, 4], ids=["one chunk", "chunks cut by processes"])
@pytest.mark.parametrize("most_words", [400_000, 5], ids=["all words", "the commonest alone"])
def test_a_row_of_the_matrix_is_the_vector_of_its_text(chunk: int, most_words: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rows, "CHUNK", chunk)
    for module in (rows, weighing):
        monkeypatch.setattr(module, "MOST_WORDS", most_words)
    bodies = [text for _, text in messages(3)] + ["", "。".join(text for _, text in messages(4))]
    titles = ["公园动工", "", "停暖停暖"] + [""] * (len(bodies) - 3)
    weights = Weights.learn(zip(titles, bodies, strict=True))
    for row, title, body in zip(rows.text_rows(bodies, titles), titles, bodies, strict=True):
        expected = weights.vector(title, body)
        assert sorted(row.data.tolist()) == pytest.approx(sorted(expected.values()), abs=1e-6)
    assert len(weights.vector("", bodies[-1])) == weighing.KEPT


def test_words_that_many_texts_say_differ_in_columns_by_text():
    matrix = text_rows(["公园动工", "公园停工", "停暖"])
    alike = (matrix @ matrix.T).toarray()
    assert alike[0, 1] > 0.2
    assert alike[0, 2] == alike[1, 2] == 0


def test_a_text_that_came_early_still_moves_to_the_group_it_is_more_like():
    """The second joins the first, alike by 0.26; the group that comes after is alike to it by 0.38."""
    first, second = [0.26, 0.9656, 0.0], [1.0, 0.0, 0.0]
    vectors = np.array([first, second, *[[0.38, 0.0, 0.925]] * 3], np.float32)
    found = group_rows(csr_matrix(vectors), [[number] for number in range(5)])
    assert [group.members for group in found] == [(1, 2, 3, 4)]


def test_nothing_and_one_text_make_no_group():
    assert groups_of([]) == []
    assert groups_of(["只有一件"]) == []


def test_the_command_tells_each_events_best_group(tmp_path: Path):
    rows = messages()
    with (tmp_path / "m.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["msg_key", "user_key", "text"], *((n, "u", text) for n, (_, text) in enumerate(rows))]
        )
    with (tmp_path / "g.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["event", "msg_key"], *((name, n) for n, (name, _) in enumerate(rows) if name)])
    said = CliRunner().invoke(
        cli, ["evaluate", "groups", "--messages", str(tmp_path / "m.csv"), "--gold", str(tmp_path / "g.csv"), "--json"]
    )
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert found["mean_best_f1"] == 1.0
    assert set(found["events"]) == set(MATTERS)
    said = CliRunner().invoke(
        cli, ["evaluate", "groups", "--messages", str(tmp_path / "g.csv"), "--gold", str(tmp_path / "m.csv")]
    )
    assert said.exit_code == 1
    assert "event" in said.output


def test_drawn_texts_are_the_messages_with_a_fifth_of_their_words_changed():
    texts = [
        f"{place}{what}，请尽快处理"
        for place in ("锦绣小区", "洪山公园", "建港路口")
        for what in ("停水", "停暖", "积水")
    ]
    given = groups.Messages([f"k{n}" for n in range(9)], None, texts, [""] * 9)
    made, copies = drawn(given, 300)
    assert made == drawn(given, 300)[0]
    assert sorted(int(key) for keys in copies.values() for key in keys) == list(range(300))
    kept = sum(made.bodies[int(key)] == texts[int(name[1:])] for name, keys in copies.items() for key in keys)
    assert 0 < kept < 200
    said = groups.figures([{*keys} for keys in copies.values()], copies)
    assert said["mean_best_f1"] == 1.0


def test_the_command_says_what_very_many_cost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(groups, "MOST_BESIDE", 2)
    with (tmp_path / "m.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["msg_key", "text"], *((n, text) for n, (_, text) in enumerate(messages()))])
    command = ["evaluate", "groups", "--messages", str(tmp_path / "m.csv")]
    said = CliRunner().invoke(cli, [*command, "--resampled", "3000", "--json"])
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert found["cpu_seconds"] > 0
    assert "events" not in found
    assert found["groups"] >= 3
    assert CliRunner().invoke(cli, command).exit_code == 2


def test_the_others_are_left_out_where_there_are_very_many(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(groups, "MOST_BESIDE", 2)
    monkeypatch.setattr(other_groupings, "installed", lambda name: True)
    many = groups.Messages(["1", "2", "3"], None, ["甲", "乙", "丙"], ["", "", ""])
    assert groups._beside("semhash", many, {}) == "left out, more than 2 messages"


def test_known_events_among_real_messages_are_found():
    if not SHARED.exists():
        pytest.skip("the real messages are not here (QUSHU_SHARED)")
    files = ["--messages", str(SHARED / "messages_2019.csv.gz"), "--gold", str(SHARED / "events_known_dev.csv")]
    said = CliRunner().invoke(cli, ["evaluate", "groups", *files, "--json"])
    found = json.loads(said.stdout)
    assert found["mean_best_f1"] > 0.74  # what a tuned reference reached
    assert found["largest_group"] < 100
