"""Reads: the targets of a document, each with what is known of it and where it stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from qushu.kernel.asked import number_in
from qushu.kernel.kept import once
from qushu.kernel.measures import Cause, Span, SystemMeasure

from ..models import Binding, BudgetDocument, Reading, Statement, Target
from ..models.documents import in_unit
from .expected import EXPECTED, Expected
from .models import OWN, Alarm, Responsibility
from .offered import offered
from .rules import STEADY_POINTS, STEADY_SHARE, UNKNOWN, Pace, Standing, Trend, convert, likeness, standing, trend

CENT = Decimal("0.01")
LIKELY = 0.34
"""From this likeness of names on a measure is suggested."""

FRESH_HOURS = {"system": 36, "formula": 36, "survey": 24 * 370, "file": 24 * 92}
"""After so many hours a value is out of date where nobody set another limit: the worker reads every night, surveys are
held every year, files come every quarter."""

STATED_FRESH = timedelta(days=92)
"""A person's statement holds for a quarter."""

SOURCES = {
    "measured": "系统测得",
    "survey": "调查得出",
    "file": "文件载明",
    "stated": "人工填报",
    "none": "没有取值",
}
LIVE = ("measured",)
"""Sources that a running system is read for."""

UNREAD = tuple(f"project__{name}" for name in ("facts", "ground", "plan", "change_words"))
"""Long parts of a target's project, read when somebody asks for them: a list doesn't."""

BROUGHT = ("survey", "file", "stated")
"""Sources that stand on what people brought."""


@dataclass(frozen=True)
class Known:
    """A target with its newest value. `source` is a key of SOURCES; `through` the last day that the value speaks of."""

    target: Target
    source: str
    value: Decimal | None
    words: str
    at: datetime | None
    stale_for: timedelta | None
    standing: Standing
    through: date
    measure: SystemMeasure | None = None
    reading: Reading | None = None
    statement: Statement | None = None
    rows_address: str = ""
    waits_for: Expected | None = None
    owner_id: int | None = None
    owner_name: str = ""
    trend: Trend = ""

    @property
    def stale(self) -> bool:
        return self.stale_for is not None

    @property
    def stale_days(self) -> int:
        """How many days old a value is that is out of date."""
        return self.stale_for.days if self.stale_for else 0

    @property
    def age(self) -> str:
        """How old a value is that is out of date, in words; else empty."""
        if self.stale_for is None:
            return ""
        return f"{self.stale_days} 天前的值" if self.stale_days else f"{self.stale_for.seconds // 3600} 小时前的值"

    @property
    def code(self) -> str:
        """The code of the indicator that it is bound to, running or awaited; empty when it is bound to none."""
        one = self.measure or self.waits_for
        return one.code if one else ""

    @property
    def source_words(self) -> str:
        return SOURCES[self.source]

    @property
    def shown_value(self) -> str:
        """The value with its unit, or its words."""
        if self.value is None:
            return self.words or SOURCES["none"]
        return in_unit(f"{self.value.normalize():f}", self.target.unit)

    def in_unit(self, value: Decimal) -> str:
        """What is expected of the target, with two places and its unit."""
        return in_unit(f"{value.quantize(CENT).normalize():f}", self.target.unit)

    @property
    def band(self) -> str:
        """The year-end values between which it is expected, with their unit; one where both are the same, empty where none is."""
        low, high = self.standing.low, self.standing.high
        if low is None or high is None:
            return ""
        least, most = (f"{value.quantize(CENT).normalize():,f}" for value in (low, high))
        return in_unit(most if least == most else f"{least} 至 {most}", self.target.unit)

    @property
    def expected_by(self) -> str:
        """What the band is drawn from."""
        recent = self.reading and (self.reading.recent_day, self.reading.recent_rate) != (None, None)
        return "按全年至今和近四周推算" if recent else "按全年至今推算"

    def causes(self, span: Span) -> list[Cause]:
        """What keeps it from its promise, where the measuring system says so."""
        wanted = self.target.number
        if self.measure is None or self.measure.causes is None or wanted is None:
            return []
        converted = convert(wanted, self.target.unit, self.measure.unit)
        return self.measure.causes(span, converted) if converted is not None else []


def targets_of(document: BudgetDocument, chosen: Mapping[str, str]) -> QuerySet[Target]:
    """The document's targets, narrowed by owner (code or DEPT), scope, level1, words (q), waiting (a binding waits
    for a decision by this account: somebody else has proposed it)."""
    rows = Target.objects.filter(document=document).select_related("project").defer(*UNREAD).order_by("place")
    if owner := chosen.get("owner"):
        rows = rows.filter(project__isnull=True) if owner == "DEPT" else rows.filter(project__code=owner)
    if words := chosen.get("q", "").strip():
        rows = rows.filter(name__icontains=words)
    if (proposer := number_in(chosen.get("waiting", ""))) is not None:
        waiting = Binding.objects.filter(approved__isnull=True).exclude(proposed_by_id=proposer)
        rows = rows.filter(pk__in=waiting.values("target_id"))
    return rows.filter(**{name: chosen[name] for name in ("scope", "level1") if chosen.get(name)})


def bound_codes(targets: Iterable[Target]) -> set[str]:
    """The codes of the indicators that speak for these targets."""
    ids = [target.pk for target in targets]
    return set(Binding.objects.filter(target_id__in=ids, approved=True).values_list("measure", flat=True))


def known_of(targets: Iterable[Target], year: int, now: datetime, through: date | None = None) -> list[Known]:
    """What is known of each target in a year: as of its newest reading, or of exactly the days up to `through`."""
    targets = list(targets)
    return _Reads(targets, year, now, through).all()


def annual_known(document: BudgetDocument, year: int, now: datetime) -> list[Known]:
    """What is known of the document's annual targets; read once a page, whoever asks."""
    targets = targets_of(document, {"scope": "annual"})
    return once(("annual targets", document.pk, year), lambda: known_of(targets, year, now))


def chosen_known(known: Iterable[Known], chosen: Mapping[str, str]) -> list[Known]:
    """Those of the source and the light that an address names; the source `people` is whatever people brought."""
    source, light = chosen.get("source", ""), chosen.get("light", "")
    return [
        one
        for one in known
        if (not source or one.source == source or (source == "people" and one.source in BROUGHT))
        and (not light or one.standing.light == light)
    ]


class _Reads:
    """What is read for many targets at once: bindings, readings, statements, responsibilities, own indicators."""

    def __init__(self, targets: list[Target], year: int, now: datetime, through: date | None) -> None:
        self.targets, self.year, self.now = targets, year, now
        self.through = through or min(date(year, 12, 31), timezone.localdate(now))
        ids = [target.pk for target in targets]
        rows = Binding.objects.filter(target_id__in=ids, approved=True)
        self.bound = {one.target_id: one.measure for one in rows}
        read = Reading.objects.filter(year=year, measure__in=set(self.bound.values()))
        if through:
            read = read.filter(through=through)
        newest = read.order_by("measure", "-through", "-taken_at").distinct("measure")
        self.readings = {one.measure: one for one in newest}
        said = Statement.objects.filter(target_id__in=ids, year=year).select_related("stated_by")
        if through:
            said = said.filter(as_of__lte=through, stated_at__lte=now)
        self.statements = {
            one.target_id: one for one in said.order_by("target_id", "-as_of", "-stated_at").distinct("target_id")
        }
        self.offered = offered()
        duties = Responsibility.objects.filter(code__in=set(self.bound.values())).select_related("owner")
        self.duties = {one.code: one for one in duties}

    def all(self) -> list[Known]:
        return [self._known(target) for target in self.targets]

    def _known(self, target: Target) -> Known:
        code = self.bound.get(target.pk, "")
        measure, reading, said = self.offered.get(code), self.readings.get(code), self.statements.get(target.pk)
        duty = self.duties.get(code)
        more: dict[str, Any] = {
            "measure": measure,
            "statement": said,
            "waits_for": None if measure else EXPECTED.get(code),
        }
        more |= {"owner_id": duty.owner_id, "owner_name": duty.owner.name} if duty and duty.owner else {}
        if measure and reading and reading.value is not None:
            value = convert(reading.value, measure.unit, target.unit)
            source = "measured" if measure.source in ("system", "formula") else measure.source
            allowed = timedelta(hours=duty.fresh_hours if duty else FRESH_HOURS[measure.source])
            return Known(
                target, source, value, "", reading.taken_at, self._stale_for(reading.taken_at, allowed),
                _standing(target, value, measure, reading, self.year), reading.through,
                reading=reading, rows_address=measure.rows_address(span_of(reading)),
                trend=_trend(measure, reading), **more,
            )  # fmt: skip
        if said is not None:
            place = UNKNOWN
            if said.value is not None and target.number is not None:
                place = standing(target.operator, target.number, said.value, False, Pace(Decimal(1)), None, 0)
            stale = self._stale_for(said.stated_at, STATED_FRESH)
            return Known(target, "stated", said.value, said.words, said.stated_at, stale, place, self.through, **more)
        return Known(target, "none", None, "", None, None, UNKNOWN, self.through, **more)

    def _stale_for(self, at: datetime, allowed: timedelta) -> timedelta | None:
        """How old a value is, when that is too old; values of past years don't age."""
        age = self.now - at
        return age if self.year == timezone.localdate(self.now).year and age > allowed else None


def _standing(target: Target, value: Decimal | None, measure: SystemMeasure, reading: Reading, year: int) -> Standing:
    if value is None or target.number is None:
        return UNKNOWN
    lately = reading.recent_day if measure.adds_up else reading.recent_rate
    recent = None if lately is None else convert(lately, measure.unit, target.unit)
    left = max(0, (date(year, 12, 31) - reading.through).days)
    return standing(
        target.operator, target.number, value, measure.adds_up, Pace.of(year, reading.through), recent, left
    )


def _trend(measure: SystemMeasure, reading: Reading) -> Trend:
    """The last four weeks beside the year: a day's mean of what adds up, else the rate itself."""
    if reading.value is None or not measure.adds_up:
        return trend(reading.value, reading.recent_rate, STEADY_POINTS)
    mean = reading.value / reading.through.timetuple().tm_yday
    return trend(mean, reading.recent_day, mean * STEADY_SHARE)


@dataclass(frozen=True)
class Told:
    """A reading among others: the page of the rows that it counted, and whether the one before it was counted by other
    definitions."""

    reading: Reading
    rows_address: str
    redefined: bool


def told_readings(measure: SystemMeasure, readings: "QuerySet[Reading]", most: int) -> list[Told]:
    """The newest of these readings, each beside the one taken before it."""
    some = list(readings.order_by("-through", "-taken_at")[: most + 1])
    return [
        Told(
            one,
            measure.rows_address(span_of(one)),
            other is not None and other.edition != one.edition,
        )
        for one, other in zip_longest(some, some[1:])
    ][:most]


def span_of(reading: Reading) -> Span:
    """The days that it speaks of, as of when it was taken."""
    return Span(date(reading.year, 1, 1), reading.through, reading.taken_at)


def year_span(year: int, through: date, now: datetime) -> Span:
    """The year up to that day."""
    return Span(date(year, 1, 1), through, now)


def alarms_of(targets: Iterable[Target], year: int) -> dict[int, Alarm]:
    """Running alarms by target."""
    ids = [target.pk for target in targets]
    return {one.target_id: one for one in Alarm.objects.filter(target_id__in=ids, year=year, ended_at__isnull=True)}


@dataclass(frozen=True)
class Indicator:
    """An indicator that can be read, who answers for it, and after how many hours its value is out of date."""

    measure: SystemMeasure
    owner_name: str
    fresh_hours: int

    @property
    def own_id(self) -> str:
        """Of one that the centre defined itself; else empty."""
        return self.measure.code.removeprefix(OWN) if self.measure.code.startswith(OWN) else ""


def every_indicator() -> list[Indicator]:
    """All that can be read; two reads."""
    duties = {one.code: one for one in Responsibility.objects.select_related("owner")}
    found = []
    for code, one in offered().items():
        duty = duties.get(code)
        owner = duty.owner.name if duty and duty.owner else ""
        found.append(Indicator(one, owner, duty.fresh_hours if duty else FRESH_HOURS[one.source]))
    return found


def suggestions(target: Target) -> list[tuple[SystemMeasure | Expected, float]]:
    """Indicators whose unit fits and whose name is like the target's, the likest first; running ones before those to come."""
    known = offered()
    choices: list[SystemMeasure | Expected] = [
        *known.values(),
        *(one for code, one in EXPECTED.items() if code not in known),
    ]
    found = [
        (one, likeness(target.name, (one.name, *one.aliases)))
        for one in choices
        if convert(Decimal(1), one.unit, target.unit) is not None
    ]
    return sorted([one for one in found if one[1] >= LIKELY], key=lambda one: (isinstance(one[0], Expected), -one[1]))
