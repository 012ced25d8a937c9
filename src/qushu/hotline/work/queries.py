"""What waits for whom. Every list starts at `visible_cases` and pages by an index named here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from qushu.cases.actions.supervising import LEVELS
from qushu.cases.models import Assignment, Case, History, Review, Supervision
from qushu.cases.models.case import urgency_rank
from qushu.cases.overdue import overdue
from qushu.cases.queries import visible_cases
from qushu.cases.rulebook import rulebook
from qushu.cases.rules import SHANGHAI
from qushu.people.access import Actor, scope
from qushu.people.models import Unit

from ..suggestions import SUGGESTER, Matter, Suggestion

SHOWN = ("lead_unit", "category", "street", "area")
ASKED = ("return_asked", "extension_asked", "shelving_asked", "shelved")
REGISTER_TABS = {"": "待立案", "late": "时限已过"}
DISPATCH_TABS = {"": "待派", "returned": "退回待改派"}
INBOX_STATES = {
    "new": ("dispatched",),
    "working": ("acknowledged", "in_hand"),
    "reopened": ("reopened",),
    "asked": ASKED,
    "resolved": ("resolved", "followed_up"),
}
INBOX_TABS = {
    "new": "待签收",
    "working": "办理中",
    "reopened": "重办",
    "assist": "协办",
    "orders": "待回复督办单",
    "asked": "申请中和挂账",
    "resolved": "已办结待回访",
}
BOARD_TABS = {
    "late": "已超期",
    "missed": "其他时限已过",
    "tomorrow": "下一工作日内到期",
    "returned": "多次退单",
    "reopened": "重办",
    "ladder": "督办未回复",
    "answered": "已回复待销号",
}
CALL_TABS = {"": "待回访", "resting": "稍后再拨", "judged": "已评价待处理"}
ORDER = ("due_at", "id")
DISPATCH_ORDER = ("urgency_rank", "due_at", "id")


def register_queue(actor: Actor, tab: str = "", now: datetime | None = None) -> QuerySet[Case]:
    """Accepted cases that wait for somebody who registers them, or of these the late ones; page by ORDER (index case_queue)."""
    waiting = _open(actor, "case.register").filter(state="accepted")
    return waiting.filter(due_at__lt=now) if tab == "late" else waiting


def dispatch_queue(actor: Actor, tab: str = "") -> QuerySet[Case]:
    """Registered cases, or of these only the returned ones; page by DISPATCH_ORDER: urgent first (index case_dispatch)."""
    waiting = _open(actor, "case.dispatch").filter(state="registered", due_at__isnull=False)
    waiting = waiting.annotate(urgency_rank=urgency_rank())
    return waiting.filter(return_count__gte=1) if tab == "returned" else waiting


def suggestions_for(cases: Sequence[Case], now: datetime) -> dict[int, Suggestion]:
    """The first suggested unit of each case by the case's id, in few reads for all. The cases come with `statement`."""
    matters = [Matter(case.statement.text, case.category_id, case.place_id) for case in cases]
    found = SUGGESTER.units_for(matters, timezone.localdate(now, SHANGHAI))
    return {case.pk: units[0] for case, units in zip(cases, found, strict=True) if units}


def returns_of(cases: Iterable[Case]) -> dict[int, Review]:
    """The newest approved return of each case that was returned, by the case's id; one read."""
    ids = [case.pk for case in cases if case.return_count]
    if not ids:
        return {}
    approved = Review.objects.filter(case_id__in=ids, kind="return", approved=True).order_by("pk")
    return {review.case_id: review for review in approved.select_related("unit", "reason", "suggested_unit")}


def inbox(actor: Actor, tab: str) -> QuerySet[Case]:
    """The unit's cases of one tab (a key of INBOX_TABS but "orders"); page by ORDER (index case_inbox)."""
    units = scope(actor, "inbox.use").unit_ids
    if tab == "assist":
        mine = Assignment.objects.filter(case=OuterRef("pk"), unit__in=units, part="assist", ended_at__isnull=True)
        return _open(actor, "case.list").filter(Exists(mine))
    return _open(actor, "case.list").filter(lead_unit__in=units, state__in=INBOX_STATES[tab])


@dataclass(frozen=True)
class InboxCounts:
    """How many cases each tab holds, and how many of the unit's own open ones are overdue or due today."""

    tabs: Mapping[str, int]
    late: int
    today: int


def inbox_counts(actor: Actor, now: datetime) -> InboxCounts:
    """Three grouped reads of the unit's open cases (indexes case_inbox, assignment_assist)."""
    units = scope(actor, "inbox.use").unit_ids
    midnight = timezone.localtime(now, SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    mine = Case.objects.filter(lead_unit__in=units, closed_at__isnull=True).values("state")
    states = list(
        mine.annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(overdue(now))),
            today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=midnight)),
        )
    )
    by_state = {row["state"]: row["n"] for row in states}
    tabs = {tab: sum(by_state.get(state, 0) for state in wanted) for tab, wanted in INBOX_STATES.items()}
    assisting = Assignment.objects.filter(unit__in=units, part="assist", ended_at__isnull=True)
    tabs["assist"] = assisting.filter(case__closed_at__isnull=True).count()
    tabs["orders"] = unanswered_orders(actor).count()
    with_unit = [row for row in states if row["state"] not in INBOX_STATES["resolved"]]
    return InboxCounts(tabs, sum(row["late"] for row in with_unit), sum(row["today"] for row in with_unit))


def assists_of(actor: Actor, cases: Iterable[Case]) -> dict[int, Assignment]:
    """The part that the actor's units have as assistants, by the case's id."""
    units = scope(actor, "inbox.use").unit_ids
    parts = Assignment.objects.filter(case__in=list(cases), unit__in=units, part="assist", ended_at__isnull=True)
    return {part.case_id: part for part in parts}


def unanswered_orders(actor: Actor) -> QuerySet[Supervision]:
    """Orders that the actor's units must answer, oldest first; only of open cases (index case_inbox, then by case)."""
    units = scope(actor, "inbox.use").unit_ids
    pressed = Case.objects.filter(lead_unit__in=units, closed_at__isnull=True, supervision_level__gte=1)
    waiting = Supervision.objects.filter(answered_at__isnull=True, closed_at__isnull=True, case__in=pressed)
    return waiting.select_related("case", "issued_by").order_by("issued_at", "id")


def answered_orders(actor: Actor) -> QuerySet[Supervision]:
    """Orders whose answer nobody has judged yet, oldest answer first (index supervision_answered)."""
    waiting = Supervision.objects.filter(answered_at__isnull=False, closed_at__isnull=True)
    reach = scope(actor, "supervision.use")
    if not reach.everything:
        waiting = waiting.filter(case__in=visible_cases(actor, "case.list"))
    return waiting.select_related("case", "unit", "answered_by").order_by("answered_at", "id")


def open_reviews(actor: Actor, kind: str = "") -> QuerySet[Review]:
    """What waits for a decision, nearest review deadline first (index review_open)."""
    waiting = Review.objects.filter(decided_at__isnull=True, case__in=visible_cases(actor, "case.review"))
    if kind:
        waiting = waiting.filter(kind=kind)
    return waiting.select_related("case", "unit", "reason", "asked_by", "suggested_unit").order_by("due_at", "id")


def board(actor: Actor, tab: str, now: datetime, level: str = "") -> QuerySet[Case]:
    """One tab of the supervision board (a key of BOARD_TABS but "answered"); page by ORDER.

    Indexes: case_due, case_returned, case_reopened, case_pressed. `level` narrows "ladder" to orders of that level.
    """
    cases = _open(actor, "case.list").filter(_on_tab(tab, now))
    if tab not in BY_DEADLINE:  # a merged case has no deadline, but keeps what happened to it before
        cases = cases.exclude(state="merged")
    if tab == "ladder":
        unanswered = Supervision.objects.filter(case=OuterRef("pk"), answered_at__isnull=True, closed_at__isnull=True)
        if level:  # no case has an order above its own level, so few are looked at for the highest
            cases, unanswered = cases.filter(supervision_level__gte=LEVELS[level]), unanswered.filter(level=level)
        cases = cases.filter(Exists(unanswered))
    return cases


def _on_tab(tab: str, now: datetime) -> Q:
    return {
        "late": lambda: Q(overdue(now)),
        "missed": lambda: Q(due_at__lt=now) & ~Q(overdue(now)),
        "tomorrow": lambda: Q(due_at__gte=now, due_at__lte=end_of_next_workday(now)),
        "returned": lambda: Q(return_count__gte=rulebook().limits.at("returns_most", now)),
        "reopened": lambda: Q(reopen_count__gte=1),
        "ladder": lambda: Q(supervision_level__gte=1),
    }[tab]()


@dataclass
class UnitLine:
    """A unit's line on the board: how many cases under each tab; `unit_id` None for cases that no unit has."""

    unit_id: int | None
    name: str
    counts: dict[str, int]


COUNTED_TABS = [tab for tab in BOARD_TABS if tab != "answered"]
BY_DEADLINE = ("late", "missed", "tomorrow")


def board_counts(actor: Actor, now: datetime) -> list[UnitLine]:
    """The board's figures by unit, most late first, in two reads of indexes alone.

    What deadlines tell is counted in one pass over the open cases, however many of them are late (index case_due); the
    other tabs each by a partial index.
    """
    figures: dict[int | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    timed = {tab: Count("pk", filter=_on_tab(tab, now)) for tab in BY_DEADLINE}
    for unit_id, *counts in _open(actor, "case.list").order_by().values_list("lead_unit_id").annotate(**timed):
        if any(counts):
            figures[unit_id].update(zip(BY_DEADLINE, counts, strict=True))
    first, *others = (
        board(actor, tab, now).order_by().values_list(Value(tab), "lead_unit_id").annotate(n=Count("pk"))
        for tab in COUNTED_TABS
        if tab not in BY_DEADLINE
    )
    for tab, unit_id, count in first.union(*others, all=True):
        figures[unit_id][tab] = count
    names = dict(Unit.objects.filter(pk__in=[key for key in figures if key]).values_list("pk", "name"))
    lines = [UnitLine(unit_id, names[unit_id] if unit_id else "尚未派单", of) for unit_id, of in figures.items()]
    return sorted(lines, key=lambda line: ([-line.counts[tab] for tab in COUNTED_TABS], line.name))


def acknowledged_by(cases: Iterable[Case]) -> dict[int, History]:
    """Who of the unit acknowledged each case last, by the case's id; one read (unique index history_seq)."""
    rows = History.objects.filter(case__in=list(cases), move="acknowledge").order_by("seq")
    return {row.case_id: row for row in rows.only("case", "actor_name", "at")}


def end_of_next_workday(now: datetime) -> datetime:
    """When work ends on the first working day after today (aware)."""
    calendar = rulebook().calendar
    day = timezone.localdate(now, SHANGHAI) + timedelta(days=1)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return calendar.end_of_workday(day)


def calls(actor: Actor, tab: str, now: datetime) -> QuerySet[Case]:
    """Cases of the follow-up desk by tab (a key of CALL_TABS), nearest deadline first; page by ORDER.

    "": whom to call next; one that wasn't reached rests (`rest`). "resting": those (index case_tried). "judged": citizens
    who judged, on the web or on a call, and whose case nobody closed or reopened yet. Index: case_queue.
    """
    cases = _open(actor, "case.follow_up")
    if tab == "judged":
        return cases.filter(state="followed_up", due_at__isnull=True)
    tried = History.objects.filter(case=OuterRef("pk"), move="try_call", at__gt=now - rest(now))
    waiting = cases.filter(state="resolved", due_at__isnull=False)
    if tab == "resting":
        return waiting.filter(Q(call_attempts__gte=1) & Exists(tried))
    return waiting.exclude(Q(call_attempts__gte=1) & Exists(tried))


def rest(now: datetime) -> timedelta:
    """How long a citizen who wasn't reached is left alone."""
    return timedelta(minutes=rulebook().limits.at("call_rest_minutes", now))


def last_tries(cases: Iterable[Case]) -> dict[int, datetime]:
    """When each case's citizen was last called in vain, by the case's id; one read."""
    ids = [case.pk for case in cases if case.call_attempts]
    tries = History.objects.filter(case_id__in=ids, move="try_call").order_by("seq")
    return dict(tries.values_list("case_id", "at")) if ids else {}


def judgements(cases: Iterable[Case]) -> dict[int, History]:
    """The newest follow-up of each case, by the case's id: what the citizen said, and who wrote it down; one read."""
    rows = History.objects.filter(case__in=list(cases), move="follow_up").order_by("seq")
    return {row.case_id: row for row in rows}


def _open(actor: Actor, action: str) -> QuerySet[Case]:
    return visible_cases(actor, action).filter(closed_at__isnull=True)
