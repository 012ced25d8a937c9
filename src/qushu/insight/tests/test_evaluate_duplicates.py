"""Reports of one thing by time, type and place: near ones are compared, others never; measured on files."""

import csv
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from click.testing import CliRunner

from qushu.insight.belonging.same_place import Reports, facts_of, near_pairs
from qushu.insight.evaluation.duplicates import _seen_from
from qushu.web.cli import cli

COLUMNS = ("case_enquiry_id", "open_dt", "type", "latitude", "longitude")


def near(*reports: tuple[float, float, str]) -> list[list[int]]:
    """Pairs of reports given as (days, metres east, type)."""
    days, east, types = zip(*reports, strict=True)
    return near_pairs(Reports(np.array(days), np.array(east), np.zeros(len(days)), types)).tolist()


def test_near_reports_of_one_type_are_compared_the_later_named_first():
    assert near((1.0, 0.0, "灯"), (0.5, 30.0, "灯")) == [[0, 1]]


def test_far_in_time_or_place_is_never_compared():
    assert near((0.0, 0.0, "灯"), (31.0, 0.0, "灯"), (0.0, 500.0, "灯")) == []


def test_another_type_has_to_be_nearer():
    assert near((0.0, 0.0, "灯"), (0.5, 20.0, "树")) == [[1, 0]]
    assert near((0.0, 0.0, "灯"), (3.0, 20.0, "树")) == []


def test_a_report_without_a_place_has_no_pairs():
    assert near((0.0, float("nan"), "灯"), (0.0, 0.0, "灯")) == []


def test_a_judged_report_is_asked_from_its_own_side_whichever_came_first():
    reports = Reports(np.array([0.0, 1.0, 2.0]), np.zeros(3), np.zeros(3), ("灯",) * 3)
    pairs = near_pairs(reports)
    assert pairs.tolist() == [[1, 0], [2, 0], [2, 1]]
    asked = _seen_from([1], pairs)
    assert asked.tolist() == [[1, 0], [1, 2]]
    assert facts_of(reports, asked)[:, 2].tolist() == [1.0, 0.0]  # the first of the pair is the later one
    assert _seen_from([1, 2], pairs).tolist() == [[1, 0], [2, 0], [2, 1], [1, 2]]


def table(path: Path, rows: list[tuple[object, ...]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def made(tmp_path: Path) -> list[str]:
    """Ten weeks of lamps all over a town; every fifth is reported again within minutes from the same spot."""
    rng = random.Random(2)
    rows: list[tuple[object, ...]] = [COLUMNS]
    pairs: list[tuple[object, ...]] = [("dup_id", "orig_id")]
    for number in range(600):
        at = datetime(2024, 1, 1) + timedelta(days=rng.uniform(0, 70))
        place = 30.5 + rng.uniform(-0.02, 0.02), 114.2 + rng.uniform(-0.02, 0.02)
        rows.append((number, at.isoformat(" ", "seconds"), "灯", *place))
        if number % 5 == 0:
            rows.append((number + 1000, (at + timedelta(minutes=6)).isoformat(" ", "seconds"), "灯", *place))
            pairs.append((number + 1000, number))
    return ["--cases", table(tmp_path / "c.csv", rows), "--pairs", table(tmp_path / "p.csv", pairs)]


def test_planted_duplicates_are_found_in_weeks_that_were_not_learned(tmp_path: Path):
    said = CliRunner().invoke(cli, ["evaluate", "duplicates", *made(tmp_path), "--json"])
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert (found["pairs"], found["found_by_blocking"]) == (120, 1.0)
    assert found["all_pairs"]["recall_at_precision_80"] > 0.9
    assert found["asked"]["recall_at_precision_80"] > 0.9
    assert found["reference"]["asked"]["best_f1"] <= found["asked"]["best_f1"]
    assert found["reference"]["all_pairs"].keys() == found["all_pairs"].keys()


def test_files_that_cannot_be_measured_are_refused(tmp_path: Path):
    files = made(tmp_path)
    strangers = table(tmp_path / "s.csv", [("dup_id", "orig_id"), ("x", "y")])
    said = CliRunner().invoke(cli, ["evaluate", "duplicates", *files[:3], strangers])
    assert said.exit_code == 1
    assert "无法衡量" in said.output
    broken = table(tmp_path / "b.csv", [COLUMNS, (1, "昨天", "灯", 1, 1)])
    said = CliRunner().invoke(cli, ["evaluate", "duplicates", "--cases", broken, *files[2:]])
    assert said.exit_code == 1
    assert "不是日期时间" in said.output
