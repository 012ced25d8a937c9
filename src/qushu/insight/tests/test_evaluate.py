"""`qushu evaluate classify` and `dispatch` on files alone."""

import csv
import gzip
import io
import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from qushu.insight.commands import evaluate_group
from qushu.insight.evaluation.figures import figures_of
from qushu.insight.evaluation.labelled_rows import BadRows, read_labelled
from qushu.insight.evaluation.reference import Reference
from qushu.insight.evaluation.understanding import evaluate
from qushu.insight.understanding.confidence import Promise
from qushu.insight.understanding.learning import Plan
from qushu.insight.understanding.network import Recipe

from .made_texts import made_rows

SHARED = Path(os.environ.get("QUSHU_SHARED", Path(__file__).parents[4].parent / "shared")) / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with real data isn't there")


def write(path, rows, columns=("内容", "单位")):
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(columns)
    out.writerows(rows)
    packed = gzip.compress(text.getvalue().encode()) if path.suffix == ".gz" else text.getvalue().encode()
    path.write_bytes(packed)
    return path


def run(*words):
    return CliRunner().invoke(evaluate_group, list(words))


def run_made(tmp_path, verb, *words, test_rows=None):
    train = write(tmp_path / "train.csv.gz", zip(*made_rows(160, seed=1), strict=True))
    test = write(tmp_path / "test.csv", test_rows or zip(*made_rows(40, seed=2), strict=True))
    return run(verb, "--train", str(train), "--test", str(test), "--text", "内容", "--label", "单位", *words)


def test_dispatch_prints_one_document_with_ours_and_the_reference(tmp_path):
    done = run_made(tmp_path, "dispatch", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    keys = {"macro_f1", "accuracy", "top1", "top3", "auto_share_at_95"}
    assert keys <= set(found)
    assert keys <= set(found["reference"])
    assert found["top1"] == found["accuracy"] > 0.9
    assert found["top3"] >= found["top1"]
    assert (found["rows_train"], found["rows_test"], found["labels"]) == (160, 40, 4)
    assert "of 1,000 steps" in done.stderr


def test_classify_prints_a_table_for_people(tmp_path):
    done = run_made(tmp_path, "classify")
    assert done.exit_code == 0, done.output
    assert "ours" in done.stdout
    assert "macro_f1" in done.stdout
    assert "top3" not in done.stdout


def test_a_label_seen_only_in_the_test_counts_as_wrong_and_is_named(tmp_path):
    rows = [*zip(*made_rows(36, seed=2), strict=True), *[("河里有死鱼", "渔业局")] * 4]
    found = json.loads(run_made(tmp_path, "classify", "--json", test_rows=rows).stdout)
    assert found["labels_only_in_test"] == ["渔业局"]
    assert found["rows_of_labels_only_in_test"] == 4
    assert found["accuracy"] <= 0.9


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path):
    file = str(write(tmp_path / "a.csv", [("路灯", "市政")]))
    done = run("classify", "--train", file, "--test", file, "--text", "正文", "--label", "单位")
    assert done.exit_code == 1
    assert "没有名为“正文”的列；已有的列：内容、单位" in done.output


@pytest.mark.parametrize("rows", [[], [("", "市政"), ("路灯", "")]])
def test_a_file_without_usable_rows_is_refused(tmp_path, rows):
    file = str(write(tmp_path / "a.csv", rows))
    done = run("dispatch", "--train", file, "--test", file, "--text", "内容", "--label", "单位")
    assert done.exit_code == 1
    assert "无法使用" in done.output


def test_a_file_that_is_not_there_is_refused(tmp_path):
    done = run("dispatch", "--train", str(tmp_path / "no.csv"), "--test", "x", "--text", "内容", "--label", "单位")
    assert done.exit_code == 2


def test_one_label_alone_is_refused(tmp_path):
    file = str(write(tmp_path / "a.csv", [("路灯", "市政"), ("井盖", "市政")]))
    done = run("classify", "--train", file, "--test", file, "--text", "内容", "--label", "单位")
    assert done.exit_code == 1
    assert "不足两种" in done.output


def test_the_column_of_dates_is_found_and_sorts(tmp_path):
    rows = [("路灯", "市政", "2024/3/9", "7"), ("井盖", "市政", "2024-03-10 9:05", "8")]
    found = read_labelled(write(tmp_path / "a.csv", rows, ("内容", "单位", "日期", "编号")), "内容", "单位")
    assert found.when == ["2024-03-09", "2024-03-10 09:05"]


def test_a_column_of_dates_with_something_else_in_it_is_refused_when_named(tmp_path):
    file = write(tmp_path / "a.csv", [("路灯", "市政", "昨天")], ("内容", "单位", "日期"))
    assert read_labelled(file, "内容", "单位").when is None
    with pytest.raises(BadRows, match="“昨天”不是日期"):
        read_labelled(file, "内容", "单位", "日期")


def test_rows_without_text_or_label_are_counted_and_passed_over(tmp_path):
    file = write(tmp_path / "a.csv", [("", "市政"), ("路灯", "市政"), ("井盖", "")])
    found = read_labelled(file, "内容", "单位")
    assert (found.texts, found.labels, found.skipped) == (["路灯"], ["市政"], 2)


def test_figures_by_hand():
    scores = np.array([[3, 2, 1, 0], [0, 3, 2, 1], [1, 0, 3, 2], [3, 2, 1, 0]], dtype=float)
    found = figures_of(["a", "c", "c", "d"], ["a", "b", "c", "d"], scores, scores.max(axis=1), Promise(3, 1, 1))
    assert found.accuracy == 0.5
    assert found.top3 == 0.75
    # a: 1 of 2 answers right, found; b: 0; c: its answer right, 1 of 2 found; d: 0
    assert found.macro_f1 == pytest.approx((2 / 3 + 0 + 2 / 3 + 0) / 4)
    assert (found.auto_share, found.auto_accuracy) == (1.0, 0.5)


def test_the_reference_tells_two_labels():
    reference = Reference(["路灯不亮", "路灯坏了", "学校补课", "学校收费"], ["甲", "甲", "乙", "乙"])
    scores = reference.scores(["路灯", "学校"])
    assert [reference.labels[at] for at in scores.argmax(axis=1)] == ["甲", "乙"]


@needs_shared
def test_a_sample_of_real_orders_is_told_better_than_by_the_commonest_unit(tmp_path):
    with gzip.open(SHARED / "hotline_orders_dev.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [(row["text"][:80], row["unit"], row["date"]) for row in csv.DictReader(file)][:1000]
    rows.sort(key=lambda row: row[2])
    train, test = (
        read_labelled(write(tmp_path / "a.csv", part, ("text", "unit", "date")), "text", "unit")
        for part in (rows[:800], rows[800:])
    )
    plan = Plan(networks=1, recipe=Recipe(hidden=32, rounds=10, steps=250))
    found = evaluate(train, test, True, plan, None).as_json(dispatch=True)
    commonest = max(Counter(test.labels).values()) / len(test.labels)
    assert found["held_out_by"] == "time"
    assert found["top1"] > commonest + 0.15
