"""`qushu evaluate forecast`: forecasts of days and months from rolling origins, beside plain references. No database."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from qushu.insight.evaluation.labelled_rows import BadRows, is_moment, shown, sortable
from qushu.kernel.tables import read_table

from .calendar_effects import CALENDARS
from .forecasting import LEAST_DAYS, fit_daily, forecast_month, is_incomplete, same_weekday_mean
from .reading import daily_counts, read_cases

AHEAD_DAYS = 28
FIRST_SCORED = 49  # four same weekdays, all at least 28 days back, must be known to the reference too
LAST_MONTHS = 24


def forecast_figures(
    counts: Path | None, cases: Path | None, time: str, since: str | None, until: str | None, calendar: str
) -> dict[str, Any]:
    """The figures of the command: of months when ``counts`` holds months, else of days. Raises BadRows."""
    if cases is not None:
        first, by_day = daily_counts(read_cases(cases, time, None, None)[0])
        return forecast_days(by_day, first, calendar)
    assert counts is not None
    sort, found = read_counts(counts)
    if sort == "month":
        bounds = [month_number(said) if said else None for said in (since, until)]
        return forecast_months(found, bounds[0], bounds[1], calendar)
    start = min(found)
    return forecast_days(
        [found.get(day, 0.0) for day in range(start, max(found) + 1)], date.fromordinal(start), calendar
    )


def forecast_days(counts: Sequence[float], first: date, calendar: str) -> dict[str, Any]:
    """WAPE of forecasts made 28 days ahead for each day that the reference can answer, and over 1–28 days from weekly origins.

    Every origin learns from its own past alone, with the calendar that fits that past best when it is ``auto``.
    """
    if len(counts) < FIRST_SCORED + AHEAD_DAYS:
        raise BadRows(f"日数据只有 {len(counts)} 天；至少需要 {FIRST_SCORED + AHEAD_DAYS} 天才能评价提前 28 天的预测。")
    exact = _ahead(counts, first, calendar, range(FIRST_SCORED - AHEAD_DAYS + 1, len(counts) - AHEAD_DAYS + 1), (28,))
    rolling = _ahead(counts, first, calendar, range(28, len(counts) - 27, 7), tuple(range(1, 29)))
    return {
        "days": len(counts),
        "from": first.isoformat(),
        "ahead_days": AHEAD_DAYS,
        "scored_days": exact["scored"],
        "wape": exact["ours"],
        "wape_1_to_28": rolling["ours"],
        "origins_of_1_to_28": rolling["origins"],
        "reference": {"wape": exact["reference"], "wape_1_to_28": rolling["reference"]},
    }


def forecast_months(
    counts: dict[int, float], since: int | None, until: int | None, calendar: str, ahead: int = 1
) -> dict[str, Any]:
    """MAPE of monthly forecasts ``ahead`` months on, rolling, beside the same month of the year before.

    Scored are the months between the bounds, without bounds the last 24; incomplete ones are left out for both and named.
    """
    last = until if until is not None else max(counts)
    wanted = [
        month
        for month in sorted(counts)
        if (since is None or month >= since) and month <= last and month - 12 in counts
    ]
    left_out = [month for month in wanted if is_incomplete(counts, month)]
    scored = [month for month in wanted if month not in left_out]
    if since is None:
        scored = scored[-LAST_MONTHS:]
        left_out = [month for month in left_out if month >= scored[0]] if scored else []
    if not scored:
        raise BadRows("没有可评价的月份：每个月都需要上一年同月的数据。")
    kinds = CALENDARS["cn" if calendar == "auto" else calendar]()
    ours = {month: forecast_month(counts, month, ahead, kinds) for month in scored}
    far = {month: forecast_month(counts, month, 12, kinds) for month in scored}
    naive = {month: counts[month - 12] for month in scored}
    return {
        "months": len(scored),
        "from": _month_name(scored[0]),
        "until": _month_name(scored[-1]),
        "left_out_as_incomplete": [_month_name(month) for month in left_out],
        "ahead_months": ahead,
        "mape": _mape(ours, counts),
        "mape_12_ahead": _mape(far, counts),
        "reference": {"mape": _mape(naive, counts)},
    }


def read_counts(path: Path) -> tuple[str, dict[int, float]]:
    """Counts of a file: ("month", {year·12 + month − 1: n}) or ("day", {ordinal of the day: n}); the two columns are found."""
    found: dict[str, float] = {}
    for _, row in read_table(path):
        when = next((value for value in map(shown, row.values()) if _is_when(value)), None)
        count = next((value for value in map(shown, row.values()) if _is_number(value) and not _is_when(value)), None)
        if when and count:
            found[sortable(when)[:10]] = float(count)
    if not found:
        raise BadRows(f"{path.name} 中没有“日期或月份，件数”这样的行。")
    if all(len(when) == 7 for when in found):
        return "month", {int(when[:4]) * 12 + int(when[5:]) - 1: count for when, count in found.items()}
    return "day", {date.fromisoformat(when).toordinal(): count for when, count in found.items()}


def month_number(said: str) -> int:
    """2023-01 → year · 12 + month − 1. Raises BadRows for anything else."""
    year, _, month = said.partition("-")
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        raise BadRows(f"“{said}”不是月份，请用 2023-01 的写法。")
    return int(year) * 12 + int(month) - 1


def _ahead(
    counts: Sequence[float], first: date, calendar: str, origins: range, ahead: tuple[int, ...]
) -> dict[str, Any]:
    ours = theirs = total = 0.0
    for origin in origins:
        known = np.asarray(counts[:origin], float)
        model = fit_daily(known, first, CALENDARS[fitting_calendar(known, first, calendar)]())
        days = [first + timedelta(origin - 1 + step) for step in ahead]
        for step, mean in zip(ahead, model.mean(days), strict=True):
            real = counts[origin - 1 + step]
            ours += abs(float(mean) - real)
            theirs += abs(same_weekday_mean(known, step) - real)
            total += real
    scored = len(origins) * len(ahead)
    return {
        "scored": scored,
        "origins": len(origins),
        "ours": round(ours / total, 4),
        "reference": round(theirs / total, 4),
    }


def fitting_calendar(known: np.ndarray, first: date, calendar: str) -> str:
    """The calendar whose holidays explain the past best; the first of CALENDARS when none is better."""
    if calendar != "auto" or known.size < LEAST_DAYS:
        return "cn" if calendar == "auto" else calendar
    days = [first + timedelta(n) for n in range(known.size)]
    missed = {
        name: float(np.abs(fit_daily(known, first, make()).mean(days) - known).sum())
        for name, make in CALENDARS.items()
    }
    return min(missed, key=lambda name: missed[name])


def _mape(found: dict[int, float], counts: dict[int, float]) -> float:
    return round(float(np.mean([abs(found[month] - counts[month]) / counts[month] for month in found])), 4)


def _month_name(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _is_when(value: str) -> bool:
    return is_moment(value) or (len(value) == 7 and value[4] == "-" and value[:4].isdigit() and value[5:].isdigit())
