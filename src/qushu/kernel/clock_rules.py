"""Which time a clock gives (a table, first match wins) and the ladder that presses while it runs down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .calendar import WorkCalendar
from .deadlines import Measure, deadline, portion_until

CLOCK_NAMES = {"dispatch": "派单", "acknowledge": "签收", "contact": "首次联系", "resolve": "办结", "follow_up": "回访"}


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One line of the deadline table. None matches anything.

    ``clock``: a key of CLOCK_NAMES. ``category_ids``: the category and all its descendants. In force from
    ``effective_from`` until just before ``effective_to`` (aware). ``title`` and ``source`` are for people: what the
    rule is called (一般投诉), where its figure was read.
    """

    id: int
    priority: int
    clock: str
    amount: int
    measure: Measure
    effective_from: datetime
    kind: str | None = None
    urgency: str | None = None
    category_ids: frozenset[int] | None = None
    channel: str | None = None
    effective_to: datetime | None = None
    title: str = ""
    source: str = ""


class RuleTable:
    """The rules of one lifecycle, indexed: a search costs about a microsecond."""

    def __init__(self, rules: Iterable[ClockRule]) -> None:
        self.rules: tuple[ClockRule, ...] = tuple(sorted(rules, key=lambda rule: (rule.priority, rule.id)))
        self._candidates: dict[tuple[str, str | None, str | None], tuple[ClockRule, ...]] = {}

    def find(
        self,
        clock: str,
        kind: str | None,
        urgency: str | None,
        category_id: int | None,
        channel: str | None,
        at: datetime,
    ) -> ClockRule | None:
        """The first rule by priority, then id, that matches and is in force at the moment (aware), or None."""
        key = (clock, kind, urgency)
        candidates = self._candidates.get(key)
        if candidates is None:
            candidates = self._candidates[key] = tuple(
                rule
                for rule in self.rules
                if rule.clock == clock and rule.kind in (None, kind) and rule.urgency in (None, urgency)
            )
        for rule in candidates:
            if (
                (rule.category_ids is None or category_id in rule.category_ids)
                and (rule.channel is None or rule.channel == channel)
                and rule.effective_from <= at
                and (rule.effective_to is None or at < rule.effective_to)
            ):
                return rule
        return None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the escalation ladder: at ``percent`` of the time used, or ``overdue`` after the deadline.

    Exactly one of the two is given, otherwise ValueError. ``action`` and ``receiver`` are codes of the room that acts.
    """

    order: int
    action: str
    receiver: str
    percent: int | None = None
    overdue: int | None = None
    overdue_measure: Measure = Measure.working_days

    def __post_init__(self) -> None:
        if (self.percent is None) == (self.overdue is None):
            raise ValueError(f"step {self.order} needs either a percentage or an overdue amount")


def next_step(
    steps: Iterable[Step],
    after_order: int,
    start: datetime,
    due: datetime,
    measure: Measure,
    calendar: WorkCalendar,
    paused: timedelta = timedelta(),
) -> tuple[Step, datetime] | None:
    """The step of a clock that follows the step number ``after_order`` (0 before the first), and when (aware, UTC).

    ``due`` is the deadline as it stands, ``paused`` the time the clock stood still (``paused_time``). None when the
    ladder ends. The moment may have passed already: the step is due at once.
    """
    following = [step for step in steps if step.order > after_order]
    if not following:
        return None
    step = min(following, key=lambda step: step.order)
    if step.percent is not None:
        return step, portion_until(start, due, measure, calendar, step.percent, paused)
    return step, deadline(due, step.overdue or 0, step.overdue_measure, calendar)
