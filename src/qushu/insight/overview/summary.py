"""What the overview and the big screen show of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.people.access import Scope
from qushu.places.street_map import street_places

from .comparing import begins, change
from .cutting import UNTIL, Group, Question, answer, figures
from .definitions import DIMENSIONS, MEASURES, Measure
from .drawing import rows_address
from .naming import namer
from .periods import Periods, Span

TILES = ("count", "on_time", "contact", "satisfied", "solved", "open", "overdue")
AS_OF_NOW = {"open": "还没有结案", "overdue": "已过办结时限、还没有办结"}
"""What is so at this moment, in words: earlier cases have had more time, so a comparison would say nothing."""
NEUTRAL = ("count", *AS_OF_NOW)
CUTS = (("channel", "渠道"), ("kind", "诉求类型"), ("street", "街道"), ("unit", "承办单位"))
HOT_PLACES = 10
LEAST_OF_A_DAY = 10
"""With fewer cases by the same hour of yesterday a change says nothing: one more or less is news by chance alone."""
LEAST_HOT = 5
"""A place with fewer cases than this isn't hot, however much more they are than before."""


@dataclass(frozen=True)
class Tile:
    """A figure with what it was before: `note` in words, `tone` when the change is good or bad."""

    name: str
    value: Decimal | None
    unit: str
    note: str
    tone: str
    href: str


@dataclass(frozen=True)
class Place:
    """A community with its cases now and before."""

    name: str
    now: int
    before: int
    href: str


def tiles(periods: Periods, reach: Scope, now: datetime, codes: Sequence[str] = TILES) -> list[Tile]:
    """The figures (`codes`: of measures) of the period beside those of the one before and of a year ago."""
    measures = [MEASURES[code] for code in codes]
    spans = (periods.present, periods.former, periods.last_year)
    found = figures(measures, spans, (), reach, now)
    compared = _until_this_hour(measures, spans, reach, now) if periods.code == "today" else found
    known = begins(periods.former[0]), begins(periods.last_year[0])
    least = LEAST_OF_A_DAY if periods.code == "today" else 0
    return [
        Tile(
            measure.name,
            group.number,
            measure.unit if group.number is not None else "",
            AS_OF_NOW[measure.code] if measure.code in AS_OF_NOW else _compared(measure, groups, known, least),
            "" if measure.code in NEUTRAL or not known[0] else _tone(*groups[:2]),
            f"{reverse('cut-rows')}?{Question(measure, *periods.present).query(half='all')}",
        )
        for measure, group, groups in zip(measures, found[0], zip(*compared, strict=True), strict=True)
    ]


def _compared(measure: Measure, groups: tuple[Group, ...], known: tuple[bool, bool], least: int) -> str:
    """The change against the period before and the year before, each when cases reach back to its first day (`known`); of
    counts only when there were at least so many before."""
    present, before, year_ago = groups
    if least and not present.whole:
        return "今天还没有"
    if before.whole < least and not measure.is_rate:
        return "尚早，不与昨日比"
    spans = (("环比", before), ("同比", year_ago))
    told = [
        f"{words} {change(present, then, measure.is_rate)}"
        for (words, then), is_known in zip(spans, known, strict=True)
        if is_known
    ]
    return " · ".join(told) or "上期没有完整数据"


def _until_this_hour(
    measures: Sequence[Measure], spans: Sequence[Span], reach: Scope, now: datetime
) -> list[list[Group]]:
    """A day that isn't over beside as much of the other days: counts of cases that came before the present hour; rates whole."""
    hour = timezone.localtime(now, SHANGHAI).hour
    parts, wholes = (figures(measures, spans, filters, reach, now) for filters in (((UNTIL, str(hour)),), ()))
    return [
        [whole if measure.is_rate else part for measure, part, whole in zip(measures, *span, strict=True)]
        for span in zip(parts, wholes, strict=True)
    ]


def cuts(periods: Periods, reach: Scope, now: datetime, most: int) -> list[tuple[str, list[tuple[str, Any, str]], str]]:
    """Cases by channel, type, street and unit: title, rows for bars, the address of the whole cut."""
    found = []
    for code, title in CUTS:
        question = Question(MEASURES["count"], *periods.present, (DIMENSIONS[code],))
        result = answer(question, reach, now)
        name = namer(code)
        rows = [(name(group.keys[0]), group.number, rows_address(result, group)) for group in result.groups[:most]]
        found.append((title, rows, f"{reverse('cross-cuts')}?{question.query()}"))
    return found


def course(periods: Periods, reach: Scope, now: datetime) -> dict[str, Any]:
    """Cases by day (by hour on a single day) now, and in the period before; a year ago when there are any.

    The hour or day that isn't over has no point now: what is still to come is no fall.
    """
    by = DIMENSIONS["hour" if periods.present[0] == periods.present[1] else "day"]
    series, hrefs = [], []
    for words, span in (("本期", periods.present), ("上期", periods.former), ("去年同期", periods.last_year)):
        result = answer(Question(MEASURES["count"], *span, (by,)), reach, now)
        if words != "本期" and not begins(span[0]):
            continue
        known = {group.keys[0]: group for group in result.groups}
        keys = list(range(24)) if by.code == "hour" else _days(span)
        counts = [float(known[key].number or 0) if key in known else 0.0 for key in keys]
        over = _are_over(keys, span, now) if words == "本期" else [True] * len(keys)
        series.append((words, [count if done else None for count, done in zip(counts, over, strict=True)]))
        hrefs.append([rows_address(result, known[key]) if key in known else "" for key in keys])
    keys = list(range(24)) if by.code == "hour" else _days(periods.present)
    labels = [f"{key} 时" if isinstance(key, int) else f"{key:%m-%d}" for key in keys]
    return {"series": series, "labels": labels, "hrefs": hrefs}


def _are_over(keys: Sequence[Any], span: Span, now: datetime) -> list[bool]:
    """Which hours of the one day, or which days, have passed."""
    local = timezone.localtime(now, SHANGHAI)
    if span[0] == span[1]:
        return [span[0] < local.date() or key < local.hour for key in keys]
    return [key < local.date() for key in keys]


def hot_places(periods: Periods, reach: Scope, now: datetime, most: int = HOT_PLACES) -> list[Place]:
    """Communities with the largest growth over the period before, as (now − before) ÷ √before: chance varies like its root.
    None when cases don't reach back to its first day."""
    if not begins(periods.former[0]):
        return []
    found, before = (
        answer(Question(MEASURES["count"], *span, (DIMENSIONS["community"],)), reach, now)
        for span in (periods.present, periods.former)
    )
    former = {group.keys[0]: group.whole for group in before.groups}
    name = namer("community")
    grown = [
        (group, former.get(group.keys[0], 0))
        for group in found.groups
        if group.keys[0] is not None and group.whole >= LEAST_HOT and group.whole > former.get(group.keys[0], 0)
    ]
    grown.sort(key=lambda one: -(one[0].whole - one[1]) / max(1, one[1]) ** 0.5)
    return [Place(name(group.keys[0]), group.whole, was, rows_address(found, group)) for group, was in grown[:most]]


def street_rows(periods: Periods, reach: Scope, now: datetime) -> list[tuple[Any, ...]]:
    """Cases of each street in the period, with its place on the schematic map."""
    result = answer(Question(MEASURES["count"], *periods.present, (DIMENSIONS["street"],)), reach, now)
    name, places = namer("street"), street_places()
    return [
        (name(group.keys[0]), group.number, rows_address(result, group), places.get(group.keys[0]))
        for group in result.groups
    ]


def _tone(now: Group, before: Group) -> str:
    if now.number is None or before.number is None or now.number == before.number:
        return ""
    return "good" if now.number > before.number else "warn"


def _days(span: Span) -> list[date]:
    return [span[0] + timedelta(days=i) for i in range((span[1] - span[0]).days + 1)]
