"""The past looked at hour by hour with a rule, as the service would have: try-outs, and the demo year against what was planted."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from .baseline import Baseline
from .following import REMEMBERED_DAYS, Running, follow, left_out
from .models import Kind, WarningRule
from .profile import DAY, HOUR, Ints
from .series import LEVELS, Cases
from .settings import Settings
from .watching import Loaded, Names, day_kinds, load_cases, settings_of

FIRST_DAYS = 3
HIT_SHARE = 0.3
LEAST_SEEN = 5


@dataclass(frozen=True)
class Past:
    """An event of a replay: when it was raised, when each level was reached, what it was at its end, and when that was."""

    raised: int
    levels: dict[int, int]
    event: Running
    looks: tuple[tuple[int, int], ...] = ()
    ended: int | None = None

    @property
    def level(self) -> int:
        return max(self.levels)


def replay(
    cases: Cases,
    settings: Settings,
    start: int,
    end: int,
    tell: Callable[[int, int], None] = lambda done, total: None,
    every_hours: int = 1,
    see: Callable[[Baseline, Running, int], None] = lambda base, event, now: None,
    year_before: Cases | None = None,
) -> list[Past]:
    """Look at full hours between two moments (epoch seconds); returns the events in the order in which they were raised.

    ``year_before``: cases of last year's weeks, where ``cases`` don't hold them.
    ``see`` is shown every event that runs at every look, with what was usual that day and the moment; an event's key is its place in the answer.
    """
    kinds = day_kinds()
    running: list[Running] = []
    ended: list[tuple[int, Running]] = []
    found: dict[int, Past] = {}
    base: Baseline | None = None
    day = -1
    for number, now in enumerate(range(start // HOUR * HOUR, end // HOUR * HOUR + 1, every_hours * HOUR)):
        past = [one for at, one in ended if now - at < REMEMBERED_DAYS * DAY]
        if base is None or (now + cases.offset) // DAY != day:
            day = (now + cases.offset) // DAY
            base = Baseline(cases, now, kinds, settings, left_out(cases, [*running, *past], now), year_before)
        outcome = follow(base, now, running, past)
        ended += [(now, one) for one in outcome.ended]
        for one in outcome.ended:
            found[one.key] = replace(found[one.key], ended=now)
        running = outcome.running
        for alarm in outcome.new:
            event = Running(len(found), alarm.series, alarm.start, alarm, alarm.level, alarm.strength, alarm)
            running.append(event)
            found[event.key] = Past(now, {}, event)
        for event in running:
            before = found[event.key]
            levels = before.levels if event.level in before.levels else before.levels | {event.level: now}
            look = (now, event.alarm.observed)
            see(base, event, now)
            found[event.key] = replace(before, event=event, levels=levels, looks=(*before.looks, look))
        if number % 100 == 0:
            tell(number, (end - start) // HOUR)
    return list(found.values())


def demo_figures(home: Path, now: datetime, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """Precision, recall and delay of the present rule over the demo year. Raises FileNotFoundError without planted.json."""
    planted = json.loads((home / "demo" / "planted.json").read_text(encoding="utf-8"))
    first = datetime.fromisoformat(f"{planted['from']}T00:00:00+08:00")
    loaded = load_cases(first - timedelta(seconds=1), now)
    numbers = {thing["key"]: thing["numbers"] for thing in planted["surges"] + planted["matters"]}
    owner = _owners(loaded, numbers)
    surges = {thing["key"] for thing in planted["surges"]}
    settings = settings_of(WarningRule.objects.get(kind=Kind.surge))
    start = int((first + timedelta(days=FIRST_DAYS)).timestamp())
    events = replay(loaded.cases, settings, start, int(loaded.cases.at[-1]) + HOUR, tell)
    judged = [(one, _about(one, owner)) for one in events]
    starts = {key: int(loaded.cases.at[rows].min()) for key, rows in _rows_by_key(owner).items()}
    answer: dict[str, Any] = {
        "cases": int(loaded.ids.size),
        "surges_planted": len(surges),
        "events_raised": len(events),
        "by_level": [_of_level(level, judged, surges) for level in range(len(LEVELS))],
        "surges": [_of_surge(key, judged, starts, owner) for key in sorted(surges, key=lambda key: starts.get(key, 0))],
        "not_planted": [_not_planted(one) for one, key in judged if key is None],
    }
    return answer


def _owners(loaded: Loaded, numbers: dict[str, list[str]]) -> dict[int, str]:
    """Row → the planted thing it belongs to."""
    from qushu.cases.models import Case

    found: dict[int, str] = {}
    for key, mine in numbers.items():
        ids = list(Case.objects.filter(number__in=mine).values_list("pk", flat=True))
        found |= {int(row): key for row in loaded.rows_of(ids)}
    return found


def _rows_by_key(owner: dict[int, str]) -> dict[str, Ints]:
    rows: dict[str, list[int]] = {}
    for row, key in owner.items():
        rows.setdefault(key, []).append(row)
    return {key: np.array(mine, np.int64) for key, mine in rows.items()}


def _about(past: Past, owner: dict[int, str]) -> str | None:
    """The planted thing an event is about: at least LEAST_SEEN of its cases, or HIT_SHARE of the event's; None: chance."""
    counts = Counter(owner[int(row)] for row in past.event.alarm.rows if int(row) in owner)
    if not counts:
        return None
    key, most = counts.most_common(1)[0]
    return key if most >= LEAST_SEEN or most >= HIT_SHARE * past.event.alarm.observed else None


def _of_level(level: int, judged: list[tuple[Past, str | None]], surges: set[str]) -> dict[str, Any]:
    """Precision and recall of what reached a level. A planted matter (many callers, one thing) is a true event too."""
    reached = [key for past, key in judged if past.level >= level]
    true = [key for key in reached if key is not None]
    return {
        "level": LEVELS[level],
        "events": len(reached),
        "precision": round(len(true) / len(reached), 3) if reached else None,
        "precision_surges_alone": round(sum(key in surges for key in true) / len(reached), 3) if reached else None,
        "recall": round(len(surges & set(true)) / len(surges), 3) if surges else None,
    }


def _of_surge(
    key: str, judged: list[tuple[Past, str | None]], starts: dict[str, int], owner: dict[int, str]
) -> dict[str, Any]:
    """When a planted surge was seen: the first look at which an event held five of its cases."""
    seen, level = None, None
    for past, about in judged:
        if about != key or key not in starts:
            continue
        at = _first_look(past, key, owner)
        if seen is None or at < seen:
            seen, level = at, past.level
    delay = round((seen - starts[key]) / HOUR, 1) if seen is not None else None
    return {
        "key": key,
        "found": seen is not None,
        "delay_hours": delay,
        "level": LEVELS[level] if level is not None else None,
    }


def _first_look(past: Past, key: str, owner: dict[int, str]) -> int:
    """The first look of an event at which it held five cases of a planted thing."""
    mine = [n for n, row in enumerate(past.event.alarm.rows) if owner.get(int(row)) == key]
    fifth = mine[min(LEAST_SEEN, len(mine)) - 1]
    return next((at for at, observed in past.looks if observed > fifth), past.raised)


def _not_planted(past: Past) -> dict[str, Any]:
    names = Names()
    series = past.event.series
    return {
        "raised": datetime.fromtimestamp(past.raised, UTC).isoformat(timespec="minutes"),
        "level": LEVELS[past.level],
        "place": names.place(series),
        "category": names.category(series),
        "observed": past.event.alarm.observed,
        "expected": round(past.event.alarm.expected, 1),
    }
