"""Surges in the running centre: the cases of the last weeks from the database, the method, and warnings from what it finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection

from qushu.cases.models import Category
from qushu.kernel.calendar import WorkCalendar
from qushu.places.models import Area

from .actions import Found, end_warning, report
from .baseline import Baseline
from .calendar_effects import DayKinds, kinds_of
from .charting import chart_of
from .following import REMEMBERED_DAYS, Running, follow, left_out
from .models import Kind, Tuning, Warning, WarningRule
from .profile import HOUR, Ints
from .ruling import surge_ground, surge_settings
from .season import FARTHEST, NEAREST
from .series import Alarm, Cases, Family, Series
from .settings import Settings

OFFSET = 8 * HOUR
KEPT_DAYS = 60
CATEGORY_LEVELS = 3
DISTRICT = "全区"
EVERYTHING = "全部诉求"


@dataclass(frozen=True)
class Loaded:
    """Cases with their ids, in the same order."""

    cases: Cases
    ids: Ints

    def rows_of(self, case_ids: Sequence[int]) -> Ints:
        """Where these cases stand; those that aren't loaded are left out."""
        return np.flatnonzero(np.isin(self.ids, np.asarray(case_ids, np.int64)))


def load_cases(start: datetime, end: datetime) -> Loaded:
    """The cases accepted between two moments (index: case_newest), void ones left out, with their chains of areas and categories."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM accepted_at)::bigint, coalesce(category_id, -1), coalesce(street_id, -1),"
            " coalesce(nullif(area_id, street_id), -1), id FROM cases_case"
            " WHERE accepted_at > %s AND accepted_at <= %s AND state <> 'void' ORDER BY accepted_at, id",
            [start, end],
        )
        found = np.array(cursor.fetchall(), np.int64).reshape(-1, 5)
    chains = _category_chains()
    leaves, where = np.unique(found[:, 1], return_inverse=True)
    table = np.array([chains.get(int(leaf), (0, -1, -1, -1)) for leaf in leaves], np.int64).reshape(-1, 4)
    places = np.stack([np.zeros(len(found), np.int64), found[:, 2], found[:, 3]], axis=1)
    return Loaded(Cases(found[:, 0], table[where], places, OFFSET), found[:, 4])


def year_before(first: datetime, last: datetime) -> Cases:
    """The cases of last year's weeks that looks between two moments hold against what is."""
    return load_cases(first - timedelta(days=FARTHEST), last - timedelta(days=NEAREST)).cases


def watch_surges(now: datetime) -> int:
    """Look once at all series; returns how many warnings run afterwards. Meant for every five minutes."""
    rule = WarningRule.objects.get(kind=Kind.surge)
    if not rule.active:
        return 0
    settings = settings_of(rule)
    loaded = load_cases(now - timedelta(days=KEPT_DAYS), now)
    if not loaded.ids.size:
        return 0
    moment = int(now.timestamp())
    standing = list(Warning.objects.filter(kind=Kind.surge, ended_at__isnull=True))
    running, past = [_running(one, loaded) for one in standing], _past(loaded, now)
    known = left_out(loaded.cases, [*running, *past, *_judged_true(loaded, now)], moment)
    base = Baseline(loaded.cases, moment, day_kinds(), settings, known, year_before(now, now))
    outcome = follow(base, moment, running, past)
    names = Names()
    for event in outcome.running:
        report(found_of(base, event, loaded, names, moment), rule, now, event.key)
    for event in outcome.ended:
        end_warning(next(one for one in standing if one.pk == event.key), now)
    for alarm in outcome.new:
        event = Running(0, alarm.series, alarm.start, alarm, alarm.level, alarm.strength, alarm)
        report(found_of(base, event, loaded, names, moment), rule, now)
    return len(outcome.running) + len(outcome.new)


def settings_of(rule: WarningRule) -> Settings:
    """The method's settings by the rule and by what people answered."""
    scales = dict(Tuning.objects.filter(kind=Kind.surge).exclude(factor=1.0).values_list("series", "factor"))
    return surge_settings(rule.least, rule.ratio, rule.hours, rule.a_week, scales)


def day_kinds() -> DayKinds:
    """The kinds of day by the centre's working calendar."""
    from qushu.cases.rulebook import rulebook  # its tables are read when first asked

    calendar: WorkCalendar = rulebook().calendar
    return kinds_of(calendar)


class Names:
    """Names of categories and areas, read once."""

    def __init__(self) -> None:
        self.categories: dict[int, str] = dict(Category.objects.values_list("pk", "name"))
        self.areas: dict[int, str] = dict(Area.objects.values_list("pk", "name"))

    def category(self, series: Series) -> str:
        return self.categories.get(series.category, EVERYTHING) if series.family.category else EVERYTHING

    def place(self, series: Series) -> str:
        return self.areas.get(series.place, DISTRICT) if series.family.place else DISTRICT


def found_of(base: Baseline, event: Running, loaded: Loaded, names: Names, moment: int) -> Found:
    """What an event says at a moment (epoch seconds) as a warning's facts; its ground stays that of its most remarkable window."""
    series, alarm, peak = event.series, event.alarm, event.peak
    place, matter = names.place(series), names.category(series)
    ground = ""
    if peak is not None:
        ground = surge_ground(place, matter, peak.hours, peak.observed, peak.expected, peak.by_chance, peak.season)
    return Found(
        kind=Kind.surge,
        series=series.name,
        title=f"{place} {matter}",
        ground=ground,
        level=max(0, event.level),
        since=datetime.fromtimestamp(alarm.start, UTC),
        observed=alarm.observed,
        expected=alarm.expected,
        category_id=series.category if series.family.category else None,
        area_id=series.place if series.family.place else None,
        case_ids=[int(one) for one in loaded.ids[alarm.rows]],
        chart=chart_of(base, series, moment),
        strength=event.strength,
    )


def series_named(name: str) -> Series:
    """The series of a name that was kept (`Series.name`)."""
    category, _, place = name.partition("/")
    (a, number), (b, where) = (part.split(":") for part in (category, place))
    return Series(Family(int(a), int(b)), int(number), int(where))


def _running(warning: Warning, loaded: Loaded) -> Running:
    series, since = series_named(warning.series), int(warning.since.timestamp())
    rows = loaded.rows_of(list(warning.rows.values_list("case_id", flat=True)))
    alarm = Alarm(series, 1, since, since, warning.observed, warning.expected, 0.0, warning.level, rows)
    return Running(warning.pk, series, since, alarm, warning.level, warning.strength)


def _past(loaded: Loaded, now: datetime) -> list[Running]:
    """Events that ended within the longest window: their cases raise nothing again."""
    ended = Warning.objects.filter(kind=Kind.surge, ended_at__gt=now - timedelta(days=REMEMBERED_DAYS))
    return [_running(one, loaded) for one in ended]


def _judged_true(loaded: Loaded, now: datetime) -> list[Running]:
    """Events of the base that people found true: they stay left out of what is usual."""
    kept = Warning.objects.filter(kind=Kind.surge, outcome="true", ended_at__gt=now - timedelta(days=KEPT_DAYS))
    return [_running(one, loaded) for one in kept]


def _category_chains() -> dict[int, tuple[int, ...]]:
    """Leaf → (0, its numbers of levels 1 to 3, −1 below it)."""
    rows = {row[0]: row for row in Category.objects.values_list("pk", "parent_id", "level")}
    chains = {}
    for number in rows:
        chain = [0] + [-1] * CATEGORY_LEVELS
        at: int | None = number
        while at is not None:
            chain[rows[at][2]] = at
            at = rows[at][1]
        chains[number] = tuple(chain)
    return chains
