"""The deadline table as people read it, and what it says about one case."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from qushu.kernel.calendar import WorkCalendar
from qushu.kernel.clocks import ClockRule as Rule
from qushu.kernel.clocks import Measure, amount_words, deadline, explain

from ...models import Case, Category, Channel, ClockRule
from ...models.clock import CLOCKS
from ...rulebook import Rulebook
from ..rules import Domain, Point, differences, has_last_line, hidden_by, holes, in_force

LIFECYCLE = "hotline"
DOMAIN = Domain(tuple(Case.Kind.values), tuple(Case.Urgency.values))
MOST_HOLES = 3
KINDS, URGENCIES = dict(Case.Kind.choices), dict(Case.Urgency.choices)


@dataclass(frozen=True)
class Line:
    """A line of the table: its place among those of its clock, its row, and the earlier lines that leave it nothing."""

    number: int
    row: ClockRule
    planned: bool
    hidden_by: list[int]

    @property
    def about(self) -> str:
        """Which cases the line is about, in words."""
        return about_words(self.row)

    @property
    def allowance(self) -> str:
        """The time it gives, in words."""
        return allowance_words(self.row)


@dataclass(frozen=True)
class ClockTable:
    """The lines of one clock, which cases have none, and whether a last line is about everything."""

    code: str
    name: str
    lines: list[Line]
    holes: list[str]
    more_holes: int
    has_last_line: bool


def clock_tables(book: Rulebook, now: datetime) -> list[ClockTable]:
    """Every clock's lines that count now or later, in their order; two reads."""
    rules = rules_of(book)
    rows = ClockRule.objects.filter(lifecycle=LIFECYCLE).select_related("category", "channel").in_bulk()
    return [_table(code, name, rules, rows, now) for code, name in CLOCKS]


def rules_of(book: Rulebook) -> Sequence[Rule]:
    """The hotline's lines in their order, also those that no longer count."""
    table = book.rules.get(LIFECYCLE)
    return table.rules if table else ()


def _table(code: str, name: str, rules: Sequence[Rule], rows: dict[int, ClockRule], now: datetime) -> ClockTable:
    counting = [rule for rule in rules if rule.clock == code and _counts(rule, now) and rule.id in rows]
    lines = [
        Line(
            number,
            rows[rule.id],
            rule.effective_from > now,
            [one.id for one in hidden_by(rule, counting, DOMAIN, now)],
        )
        for number, rule in enumerate(counting, 1)
    ]
    without = holes(code, counting, DOMAIN, now)
    words = [point_words(point) for point in without[:MOST_HOLES]]
    return ClockTable(code, name, lines, words, max(0, len(without) - MOST_HOLES), has_last_line(code, counting, now))


def _counts(rule: Rule, now: datetime) -> bool:
    return rule.effective_to is None or rule.effective_to > max(now, rule.effective_from)


def past_rules() -> list[ClockRule]:
    """Lines that no longer count, the newest end first."""
    rows = ClockRule.objects.filter(lifecycle=LIFECYCLE, effective_to__lte=timezone.now())
    return list(rows.select_related("category", "channel").order_by("-effective_to", "-id"))


def about_words(row: ClockRule) -> str:
    """Which cases a line is about, in words."""
    parts = [row.get_kind_display() if row.kind else "", row.get_urgency_display() if row.urgency else ""]
    parts += [row.category.full_name if row.category else "", row.channel.name if row.channel else ""]
    return " · ".join(filter(None, parts)) or "所有诉求"


def allowance_words(row: ClockRule) -> str:
    """The time a line gives, in words."""
    return amount_words(row.amount, Measure(row.measure))


def point_words(point: Point) -> str:
    """A case in words: what lines tell apart."""
    parts = [KINDS.get(point.kind or "", ""), URGENCIES.get(point.urgency or "", "")]
    return "·".join(filter(None, parts))


@dataclass(frozen=True)
class Asked:
    """A case that the table is asked about; `start` is aware."""

    clock: str
    kind: str
    urgency: str
    category: Category | None
    channel: Channel | None
    start: datetime


@dataclass(frozen=True)
class Passed:
    """A line in front of the one that wins, and why it isn't the one."""

    row: ClockRule
    why: str

    @property
    def about(self) -> str:
        return about_words(self.row)


@dataclass(frozen=True)
class Answer:
    """Which line wins, which stand before it and why they don't, the deadline, and its explanation line by line."""

    winner: ClockRule | None
    passed: list[Passed] = field(default_factory=list)
    due: datetime | None = None
    lines: list[str] = field(default_factory=list)

    @property
    def about(self) -> str:
        return about_words(self.winner) if self.winner else ""


def ask_table(asked: Asked, book: Rulebook) -> Answer:
    """What the table says about such a case at its start."""
    point = Point(
        asked.kind,
        asked.urgency,
        asked.category.pk if asked.category else None,
        asked.channel.pk if asked.channel else None,
    )
    rows = ClockRule.objects.select_related("category", "channel").in_bulk()
    passed: list[Passed] = []
    for rule in rules_of(book):
        if rule.clock != asked.clock or rule.id not in rows:
            continue
        why = _why_not(rule, rows[rule.id], point, asked.start)
        if not why:
            due = deadline(asked.start, rule.amount, rule.measure, book.calendar)
            return Answer(rows[rule.id], passed, due, explain(rule, asked.start, due, book.calendar))
        if rule.effective_to is None or rule.effective_to > rule.effective_from:
            passed.append(Passed(rows[rule.id], why))
    return Answer(None, passed)


def _why_not(rule: Rule, row: ClockRule, point: Point, at: datetime) -> str:
    limits = {
        "kind": f"只管{row.get_kind_display()}",
        "urgency": f"只管{row.get_urgency_display()}",
        "category": f"只管“{row.category}”",
        "channel": f"只管{row.channel}",
    }
    reasons = [limits[name] for name in differences(rule, point)]
    if not in_force(rule, at):
        reasons.append("那时还没有生效" if rule.effective_from > at else "那时已经停用")
    return "，".join(reasons)


def next_workday_start(calendar: WorkCalendar, now: datetime) -> datetime:
    """A start for a trial that shows something: the last working day before a rest, 17:00."""
    day = timezone.localtime(now).date()
    while not (calendar.is_workday(day) and not calendar.is_workday(day + timedelta(days=1))):
        day += timedelta(days=1)
    return calendar.end_of_workday(day) - timedelta(minutes=30)
