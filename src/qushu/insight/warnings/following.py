"""One warning per event: a surge that runs keeps its warning, may rise and widen, and ends when it is quiet. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from .baseline import Baseline
from .profile import HOUR
from .series import Alarm, Cases, Family, Mask, Series
from .surges import find, judge

ALIVE_HOURS = 24
LEAST_ALIVE = 3
LONGEST_DAYS = 60
USUAL_AFTER_DAYS = 7
"""What an event goes on with after a week is no event any more but what is usual (a heating season has begun)."""
REMEMBERED_DAYS = 4
"""So long after an event its cases raise nothing again and aren't usual; then they are part of what is."""


@dataclass(frozen=True)
class Running:
    """An event that stands: its series, since when its cases count, and what was last said of it.

    ``key`` is the caller's own name for it. ``alarm`` holds all of it since then; ``level`` never falls while it runs;
    ``peak`` is its most remarkable window if that was seen just now, ``strength`` that of the most remarkable ever.
    """

    key: int
    series: Series
    since: int
    alarm: Alarm
    level: int
    strength: float = 0.0
    peak: Alarm | None = None


@dataclass(frozen=True)
class Outcome:
    """What a look found: events that go on (with new figures), those that ended, and alarms that are new."""

    running: list[Running]
    ended: list[Running]
    new: list[Alarm]


def left_out(cases: Cases, events: Iterable[Running], now: int) -> Mask:
    """The rows of known events, which are not what is usual: of each its first week."""
    mask = np.zeros(cases.at.size, bool)
    for event in events:
        rows = event.alarm.rows
        mask[rows[cases.at[rows] <= event.since + USUAL_AFTER_DAYS * 24 * HOUR]] = True
    return mask


def follow(base: Baseline, now: int, running: list[Running], past: list[Running]) -> Outcome:
    """Look once: events first, so that their cases explain nothing else; then what is left.

    ``past``: events that ended within the longest window; their cases are explained too.
    """
    cases = base.cases
    explained = np.zeros(cases.at.size, bool)
    for event in past:
        explained[event.alarm.rows] = True
    alive, ended = [], []
    for event in running:
        updated = _update(base, now, event)
        if updated is None:
            ended.append(event)
            explained[event.alarm.rows] = True
        else:
            alive.append(updated)
            explained[updated.alarm.rows] = True
    new: list[Alarm] = []
    for alarm in find(base, now, explained):
        place = next((n for n, event in enumerate(alive) if common(cases, event.series, alarm.series)), None)
        joined = _joined(base, now, alive[place], alarm) if place is not None else None
        if place is not None and joined is not None:
            alive[place] = joined
        elif not any(common(cases, one.series, alarm.series) for one in new):
            new.append(alarm)
    return Outcome(alive, ended, new)


def common(cases: Cases, one: Series, other: Series) -> Series | None:
    """The narrowest series that holds both, if both are of one chain of categories; None when they are not."""
    wide, narrow = sorted((one, other), key=lambda series: series.family.category)
    chain = cases.category_above.get((narrow.family.category, narrow.category), ())
    if wide.family.category >= len(chain) or chain[wide.family.category] != wide.category:
        return None
    if wide.family.category == 0 and narrow.family.category > 0:
        return None
    places = [cases.place_above.get((series.family.place, series.place), (0,)) for series in (one, other)]
    for level in range(min(map(len, places)) - 1, -1, -1):
        family = Family(wide.family.category, level)
        if places[0][level] == places[1][level] and family in cases.families:
            return Series(family, wide.category, places[0][level])
    return None


def _update(base: Baseline, now: int, event: Running) -> Running | None:
    """The event with the figures of now; None when it was quiet for a day or lasted too long."""
    cases = base.cases
    rows = _rows(cases, event.series, event.since, now)
    lately = rows[cases.at[rows] >= now - ALIVE_HOURS * HOUR]
    usual = judge(base, event.series, now - ALIVE_HOURS * HOUR, now, lately).expected
    quiet = lately.size < max(LEAST_ALIVE, base.settings.ratio * usual)
    if quiet or now - event.since > LONGEST_DAYS * 24 * HOUR:
        return None
    return _with_peak(base, now, replace(event, alarm=judge(base, event.series, event.since, now, rows)))


def _with_peak(base: Baseline, now: int, event: Running) -> Running:
    """The event with its most remarkable window, if one that ends now is more remarkable than any before."""
    cases, rows = base.cases, event.alarm.rows
    best = None
    for hours in base.settings.windows:
        start = max(event.since, now - hours * HOUR)
        alarm = judge(base, event.series, start, now, rows[cases.at[rows] >= start])
        if alarm.level >= 0 and (best is None or (alarm.level, alarm.strength) > (best.level, best.strength)):
            best = alarm
    if best is None or (best.level <= event.level and best.strength <= event.strength):
        return replace(event, peak=None)
    return replace(event, peak=best, strength=max(best.strength, event.strength), level=max(best.level, event.level))


def _joined(base: Baseline, now: int, event: Running, alarm: Alarm) -> Running | None:
    """The event widened to hold the alarm; None when the wider series as a whole is nothing unusual."""
    series = common(base.cases, event.series, alarm.series)
    if series is None:
        return None
    since = min(event.since, alarm.start)
    whole = judge(base, series, since, now, _rows(base.cases, series, since, now))
    if whole.level < 0 or whole.observed < base.settings.ratio * whole.expected:
        return None
    wider = replace(event, series=series, since=since, alarm=whole, level=max(event.level, alarm.level))
    return _with_peak(base, now, wider)


def _rows(cases: Cases, series: Series, start: int, end: int) -> np.ndarray:
    span = cases.rows(start, end)
    return np.flatnonzero(cases.members(series, span)) + span.start
