"""`qushu evaluate surges`: what would have been raised on a file's cases, beside EARS in the same run. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from .baseline import Baseline
from .calendar_effects import CALENDARS, DayKinds
from .ears import ears
from .evaluating_forecasts import fitting_calendar
from .following import REMEMBERED_DAYS, Running, follow, left_out
from .profile import DAY, HOUR
from .reading import daily_counts
from .series import LEVELS, Cases
from .settings import Settings

FIRST_DAYS = 14


@dataclass(frozen=True)
class Seen:
    """An event that was raised: position of its level when raised and at its highest, and what it was about."""

    raised: datetime
    risen: dict[int, datetime]
    category: str
    place: str
    observed: int
    expected: float

    @property
    def level(self) -> int:
        return max(self.risen)


def watch(cases: Cases, kinds: DayKinds, names: tuple[list[str], list[str]], settings: Settings) -> list[Seen]:
    """Look every hour from two weeks after the first case to the last one, as the service does."""
    start = int(cases.at[0]) // DAY * DAY + FIRST_DAYS * DAY
    running: list[Running] = []
    past: list[tuple[int, Running]] = []
    seen: dict[int, Seen] = {}
    base: Baseline | None = None
    for now in range(start, int(cases.at[-1]) + HOUR, HOUR):
        lately = [one for ended, one in past if now - ended < REMEMBERED_DAYS * DAY]
        if base is None or now % DAY == 0:
            base = Baseline(cases, now, kinds, settings, left_out(cases, [*running, *lately], now))
        outcome = follow(base, now, running, lately)
        past += [(now, one) for one in outcome.ended]
        running = outcome.running
        for alarm in outcome.new:
            running.append(Running(len(seen), alarm.series, alarm.start, alarm, alarm.level, alarm.strength, alarm))
            seen[len(seen)] = Seen(_moment(now), {}, "", "", alarm.observed, alarm.expected)
        for event in running:
            seen[event.key] = _noted(seen[event.key], event, now, names)
    return list(seen.values())


def surge_figures(
    cases: Cases, names: tuple[list[str], list[str]], calendar: str, event: date | None, settings: Settings
) -> dict[str, Any]:
    """The figures of the command: alarms by level and week, when the event was raised, and EARS on the daily counts."""
    kinds, chosen = _calendar_for(cases, calendar)
    seen = watch(cases, kinds, names, settings)
    first, counts = daily_counts(cases)
    weeks = max(1.0, (len(counts) - FIRST_DAYS) / 7)
    found: dict[str, Any] = {
        "rows": int(cases.at.size),
        "from": first.isoformat(),
        "until": (first + timedelta(len(counts) - 1)).isoformat(),
        "calendar": chosen,
        "weeks_watched": round(weeks, 1),
        "alarms": len(seen),
        "alarms_per_week": {
            name: round(sum(one.level >= level for one in seen) / weeks, 3) for level, name in enumerate(LEVELS)
        },
    }
    if event is not None:
        found["event"] = _event(seen, event, weeks)
    found["strongest"] = [_shown(one) for one in sorted(seen, key=lambda one: (-one.level, -one.observed))[:20]]
    found["reference"] = _reference(counts, first, event, weeks)
    return found


def _calendar_for(cases: Cases, calendar: str) -> tuple[DayKinds, str]:
    first, counts = daily_counts(cases)
    chosen = fitting_calendar(np.asarray(counts[: 2 * FIRST_DAYS], float), first, calendar)
    return CALENDARS[chosen](), chosen


def _event(seen: Sequence[Seen], day: date, weeks: float) -> dict[str, Any]:
    """When the strongest event of this day reached its level, and how many others a week reached it too."""
    start = datetime(day.year, day.month, day.day)
    end = start + timedelta(1)
    of_day = [one for one in seen if any(start <= at < end for at in one.risen.values())]
    if not of_day:
        return {"day": day.isoformat(), "found": False}
    best = max(of_day, key=lambda one: (one.level, one.observed))
    others = [one for one in seen if one not in of_day and one.level >= best.level]
    first = {LEVELS[level]: round((at - start).total_seconds() / 3600, 1) for level, at in sorted(best.risen.items())}
    return {
        "day": day.isoformat(),
        "found": True,
        "level": LEVELS[best.level],
        "hours_after_midnight": first,
        "others_at_this_level_per_week": round(len(others) / weeks, 3),
        **_shown(best),
    }


def _reference(counts: Sequence[int], first: date, event: date | None, weeks: float) -> dict[str, Any]:
    """EARS on the daily totals: a day can be judged when it is over, 24 hours after midnight."""
    found = ears(counts)
    answer: dict[str, Any] = {}
    for name in ("c1", "c2", "c3"):
        days = [first + timedelta(day) for day in getattr(found, name)]
        row: dict[str, Any] = {"alarms_per_week": round(len([day for day in days if day != event]) / weeks, 3)}
        if event is not None:
            row |= {"found": event in days, "hours_after_midnight": 24 if event in days else None}
        answer[f"ears_{name}"] = row
    return answer


def _noted(one: Seen, event: Running, now: int, names: tuple[list[str], list[str]]) -> Seen:
    series = event.series
    return Seen(
        one.raised,
        one.risen if event.level in one.risen else one.risen | {event.level: _moment(now)},
        names[0][series.category] if series.family.category else "",
        names[1][series.place] if series.family.place else "",
        max(one.observed, event.alarm.observed),
        event.alarm.expected,
    )


def _shown(one: Seen) -> dict[str, Any]:
    return {
        "raised": one.raised.isoformat(" ", "minutes"),
        "top_level": LEVELS[one.level],
        "category": one.category,
        "place": one.place,
        "observed": one.observed,
        "expected": round(one.expected, 1),
    }


def _moment(at: int) -> datetime:
    return datetime(1970, 1, 1) + timedelta(seconds=at)
