"""偏离预测: days whose number of cases left the band of the daily forecast, the whole district and each top category."""

from datetime import UTC, date, datetime, timedelta

import numpy as np

from qushu.cases.models import Category
from qushu.cases.rules import SHANGHAI

from .actions import Found, report_all
from .forecasting import LEAST_DAYS, Expected, fit_daily
from .models import Kind, WarningRule
from .profile import DAY, Ints
from .watching import OFFSET, Loaded, day_kinds, load_cases

LEARNED_DAYS = 120
SHOWN_DAYS = 28
LEAST_LEARNED = 28


def watch_volumes(now: datetime) -> int:
    """Judge yesterday, when it is over: what was learned ends the day before. Returns how many series left their band."""
    rule = WarningRule.objects.get(kind=Kind.forecast)
    if not rule.active:
        return 0
    end = _midnight(now)
    return report_all(days_off(rule, load_cases(end - timedelta(days=LEARNED_DAYS), end), end), rule, now)


def days_off(rule: WarningRule, loaded: Loaded, now: datetime) -> list[Found]:
    """The whole district and top categories whose last whole day before a moment left its band.

    `loaded` reaches back LEARNED_DAYS from there or more.
    """
    end = _midnight(now)
    tops = dict(Category.objects.filter(level=1).values_list("pk", "name"))
    there = (loaded.cases.at <= int(end.timestamp())) & (
        loaded.cases.at > int((end - timedelta(LEARNED_DAYS)).timestamp())
    )
    at, top_of = loaded.cases.at[there], loaded.cases.categories[there, 1]
    series: dict[int, Ints] = {0: at} | {top: at[top_of == top] for top in tops}
    last = int((end.timestamp() + OFFSET) // DAY) - 1
    outside = rule.a_week / 7 / len(series)
    found = []
    for key, moments in series.items():
        counts = _daily(moments, last)
        if counts.size <= max(LEAST_DAYS, LEAST_LEARNED):
            continue
        expected = _expect(counts, last, outside)
        observed, of_day = int(counts[-1]), expected[-1]
        if max(observed, of_day.mean) < rule.least or of_day.low <= observed <= of_day.high:
            continue
        found.append(_found(key, tops.get(key, "全部诉求"), counts, expected, end - timedelta(days=1)))
    return found


def _midnight(now: datetime) -> datetime:
    """The last midnight in Shanghai."""
    return datetime.combine(now.astimezone(SHANGHAI).date(), datetime.min.time(), SHANGHAI).astimezone(UTC)


def _daily(at: Ints, last: int) -> np.ndarray:
    """Counts of the local days up to `last`, from the first with a case."""
    days = (at + OFFSET) // DAY
    days = days[days <= last]
    return np.bincount(days - days[0], minlength=last - int(days[0]) + 1).astype(float) if days.size else np.zeros(0)


def _expect(counts: np.ndarray, last: int, outside: float) -> list[Expected]:
    """What was expected of the shown days, learned without the last one."""
    first = date(1970, 1, 1) + timedelta(last - counts.size + 1)
    model = fit_daily(counts[:-1], first, day_kinds())
    shown = [date(1970, 1, 1) + timedelta(last - back) for back in range(min(SHOWN_DAYS, counts.size) - 1, -1, -1)]
    return model.expect(shown, outside)


def _found(key: int, name: str, counts: np.ndarray, expected: list[Expected], day: datetime) -> Found:
    of_day, observed = expected[-1], int(counts[-1])
    way = "高于" if observed > of_day.high else "低于"
    said = f"{of_day.day.month} 月 {of_day.day.day} 日“{name}”{observed} 件，{way}预测范围 {of_day.low}～{of_day.high} 件（预测 {of_day.mean:.0f} 件）。"
    beyond = max(observed - of_day.high, of_day.low - observed) / max(1.0, of_day.high - of_day.mean)
    points = [
        {
            "at": int(datetime.combine(one.day, datetime.min.time(), SHANGHAI).timestamp()),
            "n": int(count),
            "mean": round(one.mean, 1),
            "low": one.low,
            "high": one.high,
        }
        for one, count in zip(expected, counts[-len(expected) :], strict=True)
    ]
    return Found(
        kind=Kind.forecast,
        series=f"{key}:{'high' if observed > of_day.high else 'low'}",
        title=f"{name}件数{way}预测",
        ground=said,
        level=min(3, int(beyond)),
        since=day,
        observed=observed,
        expected=of_day.mean,
        category_id=key or None,
        chart={"days": points},
    )
