import csv
import json
import os
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from qushu.insight.commands import evaluate_group

SHARED = Path(os.environ.get("QUSHU_SHARED", Path(__file__).parents[6] / "shared")) / "data"
BOSTON = SHARED / "boston311_2011jul_oct.csv.gz"
DC = SHARED / "dc311_monthly_2009_2026.csv"
needs_files = pytest.mark.skipif(not BOSTON.exists(), reason="the real files (QUSHU_SHARED) aren't here")


def told(*args: str) -> dict[str, object]:
    result = CliRunner().invoke(evaluate_group, [*args, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def storm(tmp_path: Path) -> Path:
    """Four weeks of chance with a storm on the 22nd day."""
    rng = np.random.default_rng(3)
    start = datetime(2024, 1, 1)
    rows = [
        (start + timedelta(seconds=int(second)), f"t{rng.integers(6)}", f"p{rng.integers(4)}")
        for second in rng.integers(0, 28 * 86400, 28 * 40)
    ]
    rows += [(start + timedelta(days=22, hours=9, minutes=2 * n), "tree", f"p{n % 4}") for n in range(120)]
    path = tmp_path / "cases.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["opened", "type", "place"])
        writer.writerows((at.isoformat(" "), kind, place) for at, kind, place in sorted(rows))
    return path


def test_a_storm_is_found_beside_the_reference(storm: Path) -> None:
    day = (date(2024, 1, 1) + timedelta(22)).isoformat()
    found = told(
        "surges", "--cases", str(storm), "--time", "opened", "--type", "type", "--place", "place", "--event", day
    )
    event = found["event"]
    assert event["found"] is True
    assert event["level"] == "red"
    assert event["category"] == "tree"
    assert 9 < event["hours_after_midnight"]["red"] <= 13
    assert event["others_at_this_level_per_week"] == 0
    assert set(found["reference"]) == {"ears_c1", "ears_c2", "ears_c3"}


def test_an_unknown_column_is_refused_in_words(storm: Path) -> None:
    result = CliRunner().invoke(evaluate_group, ["surges", "--cases", str(storm), "--time", "when"])
    assert result.exit_code == 1
    assert "when" in result.output


def test_daily_and_monthly_files_are_told_apart(tmp_path: Path) -> None:
    months = tmp_path / "months.csv"
    months.write_text("month,n\n" + "".join(f"{2018 + n // 12}-{n % 12 + 1:02d},{1000 + n}\n" for n in range(60)))
    found = told("forecast", "--counts", str(months), "--from", "2022-01", "--until", "2022-12")
    assert found["months"] == 12
    assert found["mape"] < 0.05
    days = tmp_path / "days.csv"
    days.write_text("day,n\n" + "".join(f"{date(2024, 1, 1) + timedelta(n)},{100 + n % 7}\n" for n in range(90)))
    found = told("forecast", "--counts", str(days), "--calendar", "us")
    assert found["wape"] < 0.1
    assert found["reference"]["wape"] < 0.1


def test_an_incomplete_month_is_left_out_and_named(tmp_path: Path) -> None:
    months = tmp_path / "months.csv"
    rows = {f"{2018 + n // 12}-{n % 12 + 1:02d}": 1000 for n in range(60)} | {"2022-05": 90}
    months.write_text("month,n\n" + "".join(f"{month},{count}\n" for month, count in rows.items()))
    found = told("forecast", "--counts", str(months))
    assert found["left_out_as_incomplete"] == ["2022-05"]
    assert found["months"] == 24
    lines = CliRunner().invoke(evaluate_group, ["forecast", "--counts", str(months)])
    assert "2022-05" in lines.output


def test_either_counts_or_cases_must_be_given() -> None:
    assert CliRunner().invoke(evaluate_group, ["forecast"]).exit_code == 1


@needs_files
def test_the_real_monthly_file_is_forecast_better_than_by_the_year_before() -> None:
    found = told("forecast", "--counts", str(DC), "--from", "2023-01", "--until", "2024-11")
    assert found["mape"] < 0.065 < found["reference"]["mape"]


@needs_files
def test_the_real_daily_file_is_forecast_better_than_by_the_same_weekdays() -> None:
    found = told("forecast", "--cases", str(BOSTON), "--time", "open_dt")
    assert found["wape"] < 0.20 < found["reference"]["wape"]
