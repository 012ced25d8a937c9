"""What needs no database: periods, arithmetic of figures, what is beyond chance, charts, and what a language model may do."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.insight.overview.cutting import Group
from qushu.kernel.errors import Refused
from qushu.reports import book
from qushu.reports.changes import count_strength, main_cause, rate_strength, significant
from qushu.reports.charts import bar_chart, line_chart
from qushu.reports.content import bars, heading, note, table, text, without_empty
from qushu.reports.facts import Fact, fill, plain, saying, worked_out, written
from qushu.reports.parts.changing import leads
from qushu.reports.periods import in_words, issue_of, newest_ended, periods_of, read_period
from qushu.reports.wording import says_the_same

NAMES = ["晴川街道", "区城管局"]


@pytest.mark.parametrize(
    ("kind", "words", "first", "last"),
    [
        ("monthly", "2026-2", date(2026, 2, 1), date(2026, 2, 28)),
        ("weekly", "2026-W45", date(2026, 11, 2), date(2026, 11, 8)),
        ("daily", "2026-10-05", date(2026, 10, 5), date(2026, 10, 5)),
        ("annual", "2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("thematic", "2026-10-05..2026-09-01", date(2026, 9, 1), date(2026, 10, 5)),
    ],
)
def test_a_period_is_read(kind: str, words: str, first: date, last: date) -> None:
    assert read_period(kind, words) == (first, last)


@pytest.mark.parametrize(("kind", "words"), [("monthly", "2026-13"), ("daily", "x"), ("annual", "0"), ("weekly", "2026-W60"), ("monthly", "2026")])  # fmt: skip
def test_a_period_that_cant_be_read_is_refused(kind: str, words: str) -> None:
    with pytest.raises(Refused, match="看不懂"):
        read_period(kind, words)


def test_what_a_period_is_compared_with() -> None:
    month = periods_of("monthly", date(2026, 3, 1), date(2026, 3, 31))
    assert month.former == (date(2026, 2, 1), date(2026, 2, 28))
    assert month.last_year == (date(2025, 3, 1), date(2025, 3, 31))
    assert periods_of("annual", date(2026, 1, 1), date(2026, 12, 31)).last_year is None
    assert newest_ended("weekly", date(2026, 11, 25)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert newest_ended("monthly", date(2026, 1, 1)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert in_words("weekly", date(2026, 11, 2), date(2026, 11, 8)) == "2026年第45周"
    assert issue_of("monthly", date(2026, 10, 1)) == "第10期" and issue_of("annual", date(2026, 1, 1)) == ""


def test_figures_are_worked_out_from_others() -> None:
    values = {"f1": Decimal(120), "f2": Decimal(100), "f3": Decimal(1100), "f4": Decimal(1000), "f5": Decimal(0)}
    assert worked_out(("change", "f1", "f2"), values) == Decimal("20.00")
    assert worked_out(("contribution", "f1", "f2", "f3", "f4"), values) == Decimal("20.00")
    assert worked_out(("per", "f1", "31"), values) == Decimal("3.87")
    assert worked_out(("change", "f1", "f5"), values) is None
    assert worked_out(("share", "f1", "f5"), values) is None


@pytest.mark.parametrize(
    ("value", "unit", "asked", "said"),
    [("13204", "件", True, "13,204"), ("98.3", "%", True, "98.30%"), ("5.25", "%", False, "5.3%"), ("-1.2", "点", False, "-1.20"),
     ("48.52", "件", False, "48.5"), (None, "%", True, "—")],
)  # fmt: skip
def test_numbers_are_written_in_one_way(value: str | None, unit: str, asked: bool, said: str) -> None:
    assert written(None if value is None else Decimal(value), unit, asked) == said


def test_a_text_names_figures_and_a_name_cant() -> None:
    facts = {"f1": Fact("f1", "", Decimal(-5), "件", "q")}
    assert fill("减少{f1:abs}件（{f1}）", saying(facts)) == "减少5件（-5）"
    assert plain("{f1}路") == "（f1）路"


def test_chance_is_no_news_and_a_long_month_isnt_either() -> None:
    assert count_strength(110, 100, 1.0) < 1
    assert count_strength(310, 280, 31 / 28) == pytest.approx(0, abs=0.01)
    assert count_strength(200, 100, 1.0) > 5
    assert rate_strength(90, 100, 80, 100) == pytest.approx(1.98, abs=0.01)
    assert rate_strength(0, 0, 1, 2) == rate_strength(5, 5, 9, 9) == 0


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw of a process loads what hypothesis needs
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=9))
def test_findings_are_beyond_the_threshold_and_the_largest_first(pairs: list[tuple[int, int]]) -> None:
    now, before = ({key: pair[place] for key, pair in enumerate(pairs)} for place in (0, 1))
    found = significant(now, before, 1.0, 3.0, 20, 4)
    assert len(found) <= 4
    for one in found:
        assert abs(one.strength) >= 3 and max(one.now, one.before) >= 20
    moves = [abs(one.difference) for one in found]
    assert moves == sorted(moves, reverse=True)


def test_the_cause_is_who_moved_most_in_the_same_direction() -> None:
    assert main_cause({1: 50, 2: 30, None: 90}, {1: 10, 2: 25}, 45) == 1
    assert main_cause({1: 10, 2: 10}, {1: 9, 2: 9}, 2) is None
    assert main_cause({1: 10}, {1: 40, 2: 5}, -35) == 1


def test_headings_over_nothing_go() -> None:
    blocks = [
        heading("一"),
        heading("二", 2),
        heading("三"),
        text("话。"),
        heading("四"),
        text(""),
        table("", (), (), ()),
        note("注"),
    ]
    assert [block["text"] for block in without_empty(blocks) if block["kind"] == "heading"] == ["三"]


@given(st.lists(st.decimals(0, 99999, places=0), min_size=1, max_size=60))
def test_charts_are_well_formed_and_hold_their_values(values: list[Decimal]) -> None:
    from lxml import etree

    etree.fromstring(
        line_chart([str(n) for n in range(len(values))], [("本期", values), ("上期", [None, *values[1:]])])
    )
    drawn = bar_chart(["本期"], [("<街道>&", [value]) for value in values])
    words = [one.text for one in etree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    assert [f"{value:,.0f}" in words for value in values] == [True] * len(values)
    assert bars("", [""], [])["rows"] == []


OURS = "晴川街道受理1,204件，较上月增加120件、上升11.1%。"


@pytest.mark.parametrize(
    ("theirs", "same"),
    [
        ("晴川街道共受理诉求1,204件，比上月增加120件，上升11.1%。", True),
        ("晴川街道共受理诉求1204件，比上月增加120件，上升11.1%。", True),
        ("晴川街道共受理诉求1,240件，比上月增加120件，上升11.1%。", False),
        ("晴川街道共受理诉求1,204件，比上月减少120件，下降11.1%。", False),
        ("区城管局共受理诉求1,204件，比上月增加120件，上升11.1%。", False),
        ("晴川街道受理1,204件，较上月增加120件、上升11.1%，区城管局占五成。", False),
        ("晴川街道受理1,204件，较上月没有增加120件、上升11.1%。", False),
        ("较上月增加120件、上升11.1%，晴川街道受理1,204件。", False),
        ("**晴川街道**受理1,204件，较上月增加120件、上升11.1%。", False),
        ("", False),
    ],
)
def test_a_polished_sentence_says_the_same_or_is_refused(theirs: str, same: bool) -> None:
    assert says_the_same(OURS, theirs, NAMES) is same


def test_a_name_that_ends_in_a_digit_does_not_run_into_its_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "namer", lambda dimension: str)
    assert book.counted_name("channel", "12319") == "“12319”"
    assert book.counted_name("channel", "12345热线") == "12345热线"


def test_only_who_is_at_least_as_good_as_all_together_is_held_up_to_others() -> None:
    risen_to_half, good = Group((), 17, 35, None), Group((), 96, 100, None)
    everybody = [risen_to_half, good]
    assert not leads(risen_to_half, everybody, less_is_better=False) and leads(good, everybody, less_is_better=False)
    assert leads(risen_to_half, everybody, less_is_better=True) and not leads(good, everybody, less_is_better=True)
