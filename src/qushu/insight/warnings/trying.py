"""What a rule would have raised in the last 30 days, by the same looks as the service's, without keeping anything."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Final

from qushu.cases.models import Case
from qushu.insight.understanding.models import SafetyWord

from .actions import Found
from .emergencies import facts_in, is_urgent, kind_of, word_table
from .growing import growing_at
from .lateness import late_at, open_then
from .models import Kind, Level, WarningRule
from .new_words import words_at
from .repeating import repeats_at
from .replaying import replay
from .ruling import emergency_level, surge_settings
from .silence import by_channel, silent_at
from .volumes import LEARNED_DAYS, days_off
from .watching import KEPT_DAYS, Names, load_cases, year_before

TRY_DAYS: Final = 30
MOST_SHOWN: Final = 200
EVERY_HOURS: Final = {
    Kind.surge: 3,
    Kind.matter: 12,
    Kind.repeat: 12,
    Kind.silence: 3,
    Kind.new_word: 24,
    Kind.forecast: 24,
    Kind.late: 24,
}
"""How often a try-out looks; the service looks every five minutes (forecasts: each night)."""


@dataclass(frozen=True)
class Tried:
    """A warning that would have been: when it was first raised, the highest level and the most cases it came to."""

    level: int
    raised: datetime
    title: str
    observed: int
    expected: float


@dataclass(frozen=True)
class TryOut:
    """What a rule would have raised, the newest first, at most MOST_SHOWN of `count`; how often was looked (0: at every case)."""

    rows: list[Tried]
    count: int
    levels: list[tuple[str, int]]
    every_hours: int


def try_out(rule: WarningRule, now: datetime) -> TryOut:
    """What these figures of a rule (not saved) would have raised in the last 30 days. Writes nothing."""
    found = sorted(_TRIED[Kind(rule.kind)](rule, now), key=lambda row: row.raised, reverse=True)
    counts = Counter(row.level for row in found)
    levels = [(str(level.label), counts[int(level)]) for level in reversed(Level)]
    return TryOut(found[:MOST_SHOWN], len(found), levels, EVERY_HOURS.get(Kind(rule.kind), 0))


def events(looks: Iterable[tuple[datetime, list[Found]]]) -> list[Tried]:
    """Warnings of looks that follow each other: what is found again in the next look is the same warning. Pure."""
    running: dict[str, Tried] = {}
    done: list[Tried] = []
    for at, found in looks:
        seen: dict[str, Tried] = {}
        for one in found:
            before = running.pop(one.series, None)
            raised = before.raised if before else at
            level, observed = (
                (max(before.level, one.level), max(before.observed, one.observed))
                if before
                else (one.level, one.observed)
            )
            seen[one.series] = Tried(level, raised, one.title, observed, one.expected)
        done += running.values()
        running = seen
    return [*done, *running.values()]


def _moments(kind: Kind, now: datetime) -> Iterator[datetime]:
    step = EVERY_HOURS[kind]
    return (now - timedelta(hours=hours) for hours in range(TRY_DAYS * 24 - step, -1, -step))


def _looked(kind: Kind, look: Callable[[datetime], list[Found]], now: datetime) -> list[Tried]:
    return events((at, look(at)) for at in _moments(kind, now))


def _surges(rule: WarningRule, now: datetime) -> list[Tried]:
    loaded = load_cases(now - timedelta(days=KEPT_DAYS + TRY_DAYS), now)
    if not loaded.ids.size:
        return []
    settings, names = surge_settings(rule.least, rule.ratio, rule.hours, rule.a_week, {}), Names()
    first = now - timedelta(days=TRY_DAYS)
    past = replay(
        loaded.cases,
        settings,
        int(first.timestamp()),
        int(now.timestamp()),
        every_hours=EVERY_HOURS[Kind.surge],
        year_before=year_before(first, now),
    )
    return [
        Tried(
            one.level,
            datetime.fromtimestamp(one.raised, UTC),
            f"{names.place(one.event.series)} {names.category(one.event.series)}",
            one.event.alarm.observed,
            one.event.alarm.expected,
        )
        for one in past
    ]


def _repeats(rule: WarningRule, now: datetime) -> list[Tried]:
    return _looked(Kind.repeat, partial(repeats_at, rule), now)


def _matters(rule: WarningRule, now: datetime) -> list[Tried]:
    return _looked(Kind.matter, partial(growing_at, rule), now)


def _silences(rule: WarningRule, now: datetime) -> list[Tried]:
    counted = cache(by_channel)  # a window of one look is that of another some weeks before
    return _looked(Kind.silence, lambda at: silent_at(rule, at, counted), now)


def _words(rule: WarningRule, now: datetime) -> list[Tried]:
    return _looked(Kind.new_word, partial(words_at, rule), now)


def _days(rule: WarningRule, now: datetime) -> list[Tried]:
    loaded = load_cases(now - timedelta(days=LEARNED_DAYS + TRY_DAYS + 1), now)
    return _looked(Kind.forecast, lambda at: days_off(rule, loaded, at), now)


def _late(rule: WarningRule, now: datetime) -> list[Tried]:
    return _looked(Kind.late, lambda at: late_at(rule, at, open_then(at)), now)


def _emergencies(rule: WarningRule, now: datetime) -> list[Tried]:
    """One warning per danger and place while no longer than the rule's hours lie between its cases, from `least` cases on."""
    table, labels = word_table(), dict(SafetyWord.Kind.choices)
    lately = Case.objects.filter(accepted_at__gt=now - timedelta(days=TRY_DAYS), accepted_at__lte=now)
    cases = lately.exclude(state__in=("void", "declined")).select_related("statement", "area", "street")
    running: dict[str, tuple[datetime, Tried]] = {}
    done: list[Tried] = []
    for case in cases.order_by("accepted_at", "pk").iterator(chunk_size=1_000):
        facts = facts_in(f"{case.title}。{case.statement.text}", table)
        if not facts or kind_of(facts) != rule.kind:
            continue
        place = case.area or case.street
        series = f"{facts[0].kind}:{place.pk if place else 0}"
        last, before = running.get(series, (case.accepted_at, None))
        if before and case.accepted_at - last > timedelta(hours=rule.hours):
            done.append(before)
            before = None
        observed = before.observed + 1 if before else 1
        level = emergency_level(observed, any(one.major for one in facts), is_urgent(case))
        title = f"{place.name if place else ''}{labels[facts[0].kind]}"
        raised = before.raised if before else case.accepted_at
        running[series] = (
            case.accepted_at,
            Tried(max(level, before.level if before else 0), raised, title, observed, 0.0),
        )
    done += [one for _, one in running.values()]
    return [one for one in done if one.observed >= rule.least]


_TRIED: Final[dict[Kind, Callable[[WarningRule, datetime], list[Tried]]]] = {
    Kind.surge: _surges,
    Kind.repeat: _repeats,
    Kind.matter: _matters,
    Kind.silence: _silences,
    Kind.new_word: _words,
    Kind.forecast: _days,
    Kind.late: _late,
    Kind.safety: _emergencies,
    Kind.traffic: _emergencies,
}
