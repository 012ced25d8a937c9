"""A deadline explains itself: the words, and that what they count is what was given."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qushu.kernel.calendar import SHANGHAI, WorkCalendar, seed_calendar
from qushu.kernel.clocks import (
    ClockRule,
    Measure,
    Shift,
    amount_words,
    deadline,
    duration_words,
    explain,
    shift_deadline,
)

CHINA = seed_calendar()
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
MEASURES = st.sampled_from(list(Measure))
STARTS = st.datetimes(datetime(2023, 12, 15), datetime(2024, 12, 20)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)
CALENDARS = st.one_of(
    st.just(CHINA),
    st.builds(WorkCalendar, st.dictionaries(st.dates(date(2024, 1, 1), date(2024, 4, 1)), st.booleans(), max_size=30)),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def rule(number: int = 12, amount: int = 120, measure: Measure = Measure.working_minutes, **rest: object) -> ClockRule:
    fields = {"clock": "acknowledge", "priority": number, "effective_from": SINCE} | rest
    return ClockRule(id=number, amount=amount, measure=measure, **fields)  # type: ignore[arg-type]


def lines_of(amount: int, measure: Measure, start: str, *shifts: Shift, now: str | None = None) -> list[str]:
    due = deadline(at(start), amount, measure, CHINA)
    for shift in shifts:
        if shift.until or shift.kind == "extension":
            due = shift_deadline(due, shift, measure, CHINA)
    given_rule = rule(amount=amount, measure=measure, title="一般投诉")
    return explain(given_rule, at(start), due, CHINA, shifts, at(now) if now else None)


def test_a_clock_explains_itself_line_by_line() -> None:
    assert lines_of(120, Measure.working_minutes, "2024-03-08 16:30", now="2024-03-08 17:00") == [
        "签收 2 个工作小时：规则 12（一般投诉）",
        "从 2024-03-08（周五）16:30 起算",
        "3 月 8 日（周五）16:30–17:30 计 1 小时",
        "跳过 3 月 9 日（周六）、3 月 10 日（周日）",
        "3 月 11 日（周一）09:00–10:00 计 1 小时",
        "到期 2024-03-11（周一）10:00",
        "现在还剩工作时间 1 小时 30 分",
    ]


def test_working_days_say_which_days_count() -> None:
    assert lines_of(7, Measure.working_days, "2024-02-06 16:30")[2:] == [
        "2 月 6 日（周二）当天不计入",
        "2 月 7 日（周三）至 2 月 9 日（周五）计 3 个工作日",
        "跳过 2 月 10 日（周六）至 2 月 17 日（周六）共 8 天（春节）",
        "2 月 18 日（周日）至 2 月 21 日（周三）（含春节调休）计 4 个工作日",
        "到期 2024-02-21（周三）17:30",
    ]


def test_natural_time_says_that_nothing_is_skipped() -> None:
    assert lines_of(1440, Measure.natural_minutes, "2024-03-08 16:30", now="2024-03-10 10:00")[2:] == [
        "连续计 24 小时，夜间和节假日不扣除",
        "到期 2024-03-09（周六）16:30",
        "现已超期 17 小时 30 分",
    ]


def test_extensions_and_pauses_are_told_with_their_reason() -> None:
    extension = Shift("extension", at("2024-02-20 10:00"), None, "需要检测", 5)
    pause = Shift("pause", at("2024-02-22 10:00"), at("2024-02-26 15:00"), "等待资金")
    lines = lines_of(15, Measure.working_days, "2024-02-06 16:30", extension, pause)
    assert lines[-4:] == [
        "原到期 2024-03-04（周一）17:30",
        "2024-02-20（周二）10:00 批准延期 5 个工作日，延至 2024-03-11（周一）17:30：需要检测",
        "2024-02-22（周四）10:00 至 2024-02-26（周一）15:00 暂停，工作时间 16 小时不计，"
        "顺延至 2024-03-14（周四）12:00：等待资金",
        "到期 2024-03-14（周四）12:00",
    ]


def test_a_pause_that_lasts_says_so_and_counts_nothing_down() -> None:
    lines = lines_of(
        5, Measure.working_days, "2024-03-04 16:30", Shift("pause", at("2024-03-06 10:00")), now="2024-03-07 10:00"
    )
    assert "2024-03-06（周三）10:00 起暂停计时，恢复后顺延" in lines
    assert not [line for line in lines if "还剩" in line or "超期" in line]


def test_an_unknown_year_is_named() -> None:
    lines = lines_of(5, Measure.working_days, "2026-12-29 16:30")
    assert "日历缺少 2027 年，按周一至周五计算" in lines
    assert not [line for line in lines_of(5, Measure.natural_minutes, "2031-01-01 10:00") if "日历缺少" in line]


def test_a_deadline_that_the_figures_no_longer_give_stands_and_is_told() -> None:
    start, due = at("2024-03-08 16:30"), at("2024-03-12 10:00")
    lines = explain(rule(), start, due, CHINA)
    assert "按现在的日历和规则应为 2024-03-11（周一）10:00；计时后有过改动，仍以登记的期限为准" in lines
    assert lines[-1] == "到期 2024-03-12（周二）10:00"


def test_the_source_of_a_rule_is_shown() -> None:
    lines = explain(replace(rule(), source="蚌埠市"), at("2024-03-08 09:00"), at("2024-03-08 11:00"), CHINA)
    assert lines[:2] == ["签收 2 个工作小时：规则 12", "依据：蚌埠市"]


@pytest.mark.parametrize(
    ("amount", "measure", "words"),
    [
        (30, Measure.natural_minutes, "30 分钟"),
        (1440, Measure.natural_minutes, "24 小时"),
        (90, Measure.working_minutes, "1 个工作小时 30 分钟"),
        (30, Measure.working_minutes, "30 个工作分钟"),
        (5, Measure.working_days, "5 个工作日"),
    ],
)
def test_amounts_in_words(amount: int, measure: Measure, words: str) -> None:
    assert amount_words(amount, measure) == words


def test_durations_in_words() -> None:
    assert duration_words(timedelta(days=2, minutes=5)) == "48 小时 5 分"
    assert duration_words(timedelta(seconds=61)) == "1 分 1 秒"
    assert duration_words(timedelta()) == "0 分"


def counted(lines: list[str]) -> timedelta:
    found = [re.search(r"计 (?:(\d+) 小时)? ?(?:(\d+) 分)? ?(?:(\d+) 秒)?$", line) for line in lines]
    parts = [[int(number or 0) for number in one.groups()] for one in found if one]
    return sum((timedelta(hours=h, minutes=m, seconds=s) for h, m, s in parts), timedelta())


@given(CALENDARS, STARTS, st.integers(1, 6000))
def test_the_explained_stretches_sum_to_the_amount(calendar: WorkCalendar, start: datetime, minutes: int) -> None:
    start = start.replace(microsecond=0)
    due = deadline(start, minutes, Measure.working_minutes, calendar)
    lines = explain(rule(amount=minutes), start, due, calendar)
    assert counted(lines) == timedelta(minutes=minutes)


@given(CALENDARS, STARTS, st.integers(1, 60))
def test_the_explained_days_sum_to_the_amount(calendar: WorkCalendar, start: datetime, days: int) -> None:
    due = deadline(start, days, Measure.working_days, calendar)
    lines = explain(rule(amount=days, measure=Measure.working_days), start, due, calendar)[1:]
    assert sum(int(n) for line in lines for n in re.findall(r"计 (\d+) 个工作日$", line)) == days


@given(CALENDARS, STARTS, st.integers(1, 20), MEASURES, st.data())
def test_a_shifted_deadline_is_explained_without_contradiction(
    calendar: WorkCalendar, start: datetime, amount: int, measure: Measure, data: st.DataObject
) -> None:
    due = deadline(start, amount, measure, calendar)
    shifts = []
    for _ in range(data.draw(st.integers(0, 3))):
        begin = start + data.draw(st.timedeltas(timedelta(), timedelta(10)))
        pause = Shift("pause", begin, begin + data.draw(st.timedeltas(timedelta(), timedelta(10))))
        shifts.append(data.draw(st.sampled_from([pause, Shift("extension", begin, added=3)])))
        after = shift_deadline(due, shifts[-1], measure, calendar)
        assume(after >= due)
        due = after
    assert not [
        line for line in explain(rule(amount=amount, measure=measure), start, due, calendar, shifts) if "改动" in line
    ]
