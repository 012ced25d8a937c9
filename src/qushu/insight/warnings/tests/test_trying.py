"""Try-outs of the kinds other than surges: what the looks of the last 30 days would have raised, and nothing is written."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from qushu.cases.models import Case
from qushu.cases.tests.district import MONDAY, District
from qushu.insight.warnings.actions import Found
from qushu.insight.warnings.models import Warning, WarningRule
from qushu.insight.warnings.new_words import learn_words
from qushu.insight.warnings.trying import Tried, events, try_out

from .putting import every, put_cases

pytestmark = pytest.mark.django_db
FIRE = "钟家村社区三号楼起火了，浓烟很大，楼上有人被困。"


@pytest.fixture(autouse=True)
def _nothing_is_raised() -> Iterator[None]:
    yield
    assert not Warning.objects.exists()


def tried(kind: str, now: object = MONDAY, **figures: float) -> list[Tried]:
    rule = WarningRule.objects.get(kind=kind)
    for name, value in figures.items():
        setattr(rule, name, value)
    return try_out(rule, now).rows  # type: ignore[arg-type]


def found(series: str, level: int = 0, observed: int = 5) -> Found:
    return Found("repeat", series, f"标题{series}", "", level, MONDAY, observed)


def test_what_is_found_again_is_one_warning_and_after_a_pause_another() -> None:
    looks = [[found("a"), found("b")], [found("a", level=2, observed=9)], [], [found("a")]]
    rows = events((MONDAY + timedelta(hours=hour), look) for hour, look in enumerate(looks))
    assert sorted((row.title, row.level, row.observed, (row.raised - MONDAY).seconds // 3600) for row in rows) == [
        ("标题a", 0, 5, 3),
        ("标题a", 2, 9, 0),
        ("标题b", 0, 5, 0),
    ]


def test_a_repeat_caller_of_the_last_days_is_one_row(district: District) -> None:
    put_cases(district, every(MONDAY - timedelta(days=20), 10, 6), caller_index=b"\x01" * 16)
    [row] = tried("repeat")
    assert row.observed == 6
    assert MONDAY - timedelta(days=19) < row.raised < MONDAY - timedelta(days=17)
    assert tried("repeat", least=7) == []
    assert tried("repeat", MONDAY + timedelta(days=60)) == []


def test_a_unit_that_had_more_due_than_it_could_do(district: District) -> None:
    then = MONDAY - timedelta(days=3)
    facts = {
        "lead_unit_id": district.water.pk,
        "due_at": then + timedelta(hours=5),
        "resolved_at": then + timedelta(hours=9),
    }
    put_cases(district, every(then - timedelta(days=2), 0.1, 30), **facts)
    [row] = tried("late")
    assert row.title == f"{district.water.name}集中到期"
    assert row.observed == 30
    Case.objects.update(resolved_at=then - timedelta(days=1))
    assert tried("late") == []


def test_a_channel_that_was_silent(district: District) -> None:
    for week in range(1, 12):
        put_cases(district, every(MONDAY - timedelta(weeks=week, hours=5.5), 0.2, 25))
    [row] = tried("silence")
    assert MONDAY - timedelta(hours=3) <= row.raised <= MONDAY
    assert (row.observed, row.expected) == (0, 25)
    assert tried("silence", least=26) == []


def test_a_word_that_was_new(district: District) -> None:
    put_cases(district, every(MONDAY - timedelta(hours=10), 0.5, 12), text="蓝鲸健身房突然关门，退款没有着落。")
    assert tried("new_word") == []  # nothing is known yet, so everything would be new
    put_cases(district, every(MONDAY - timedelta(days=50), 1, 30), text="退款没有着落。")
    learn_words()
    rows = tried("new_word")
    assert len(rows) == 1
    assert rows[0].observed == 12


def test_a_day_that_left_its_forecast(district: District) -> None:
    for day in range(1, 80):
        put_cases(district, every(MONDAY - timedelta(days=day), 0.2, 30))
    assert tried("forecast", MONDAY + timedelta(hours=1)) == []
    put_cases(district, every(MONDAY - timedelta(days=5), 0.05, 150))
    assert "全部诉求件数高于预测" in {row.title for row in tried("forecast", MONDAY + timedelta(hours=1))}


def test_emergencies_are_counted_by_place_and_time(district: District) -> None:
    put_cases(district, every(MONDAY - timedelta(days=4), 1, 3), text=FIRE, urgency="urgent")
    put_cases(district, [MONDAY - timedelta(days=2)], text=FIRE)
    put_cases(district, [MONDAY - timedelta(days=1)], text="没有发生火灾，汉阳大道发生交通事故。")
    rows = tried("safety")
    assert [row.observed for row in rows] == [1, 3]
    assert rows[1].level == 3
    assert [row.observed for row in tried("safety", least=2)] == [3]
    assert len(tried("traffic")) == 1
