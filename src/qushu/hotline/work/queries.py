"""What waits for whom. Every list starts at `visible_cases` and pages by an index named here."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from qushu.cases.models import Assignment, Case, History, Review, Statement, Supervision
from qushu.cases.queries import visible_cases
from qushu.cases.rulebook import rulebook
from qushu.cases.rules import SHANGHAI
from qushu.people.access import Actor, scope

from ..suggestions import SUGGESTER, Suggestion

SHOWN = ("lead_unit", "category", "street", "area")
ASKED = ("return_asked", "extension_asked", "shelving_asked", "shelved")
INBOX_TABS = {
    "new": ("待签收", ("dispatched",)),
    "working": ("办理中", ("acknowledged", "in_hand")),
    "reopened": ("重办", ("reopened",)),
    "asked": ("申请中和挂账", ASKED),
    "resolved": ("已办结待回访", ("resolved", "followed_up")),
}
BOARD_TABS = {
    "late": "已超期",
    "tomorrow": "下一工作日内到期",
    "returned": "退单两次以上",
    "reopened": "重办",
    "ladder": "督办未回复",
}
RESTING = timedelta(hours=2)
ORDER = ("due_at", "id")


def dispatch_queue(actor: Actor) -> QuerySet[Case]:
    """Registered cases; page by ORDER (index case_queue). Urgent ones come first because their deadline is nearest."""
    return _open(actor, "case.dispatch").filter(state="registered", due_at__isnull=False)


def suggestion_for(case: Case, now: datetime) -> Suggestion | None:
    """The first suggested unit with its reason."""
    text = Statement.objects.filter(case=case).values_list("text", flat=True).first() or ""
    found = SUGGESTER.units(text, case.category_id, case.area_id, timezone.localdate(now, SHANGHAI))
    return found[0] if found else None


def inbox(actor: Actor, tab: str) -> QuerySet[Case]:
    """The unit's cases of one tab (a key of INBOX_TABS, or "assist"); page by ORDER (index case_inbox)."""
    units = scope(actor, "inbox.use").unit_ids
    if tab == "assist":
        mine = Assignment.objects.filter(case=OuterRef("pk"), unit__in=units, part="assist", ended_at__isnull=True)
        return _open(actor, "case.list").filter(Exists(mine))
    return _open(actor, "case.list").filter(lead_unit__in=units, state__in=INBOX_TABS[tab][1])


def inbox_counts(actor: Actor) -> dict[str, int]:
    """How many cases each tab holds; one grouped read of the unit's open cases."""
    units = scope(actor, "inbox.use").unit_ids
    states = Counter(Case.objects.filter(lead_unit__in=units, closed_at__isnull=True).values_list("state", flat=True))
    counts = {tab: sum(states[state] for state in wanted) for tab, (_, wanted) in INBOX_TABS.items()}
    assisting = Assignment.objects.filter(unit__in=units, part="assist", ended_at__isnull=True)
    return counts | {"assist": assisting.filter(case__closed_at__isnull=True).count()}


def open_reviews(actor: Actor) -> QuerySet[Review]:
    """What waits for a decision, nearest review deadline first (index review_open)."""
    waiting = Review.objects.filter(decided_at__isnull=True, case__in=visible_cases(actor, "case.review"))
    return waiting.select_related("case", "unit", "reason", "asked_by", "suggested_unit").order_by("due_at", "id")


def board(actor: Actor, tab: str, now: datetime) -> QuerySet[Case]:
    """One tab of the supervision board (a key of BOARD_TABS); page by ORDER (index case_due)."""
    cases = _open(actor, "case.list").filter(due_at__isnull=False)
    if tab == "late":
        return cases.filter(due_at__lt=now)
    if tab == "tomorrow":
        return cases.filter(due_at__gte=now, due_at__lte=end_of_next_workday(now))
    if tab == "returned":
        return cases.filter(return_count__gte=2)
    if tab == "reopened":
        return cases.filter(reopen_count__gte=1)
    unanswered = Supervision.objects.filter(case=OuterRef("pk"), answered_at__isnull=True)
    return cases.filter(Q(supervision_level__gte=1) & Exists(unanswered))


def end_of_next_workday(now: datetime) -> datetime:
    """When work ends on the first working day after today (aware)."""
    calendar = rulebook().calendar
    day = timezone.localdate(now, SHANGHAI) + timedelta(days=1)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return calendar.end_of_workday(day)


def calls_to_make(actor: Actor, now: datetime) -> QuerySet[Case]:
    """Resolved cases whose citizen is to be called, nearest deadline first; one that wasn't reached rests RESTING."""
    tried = History.objects.filter(case=OuterRef("pk"), move="try_call", at__gt=now - RESTING)
    waiting = _open(actor, "case.follow_up").filter(state="resolved", due_at__isnull=False)
    return waiting.exclude(Q(call_attempts__gt=0) & Exists(tried))


def _open(actor: Actor, action: str) -> QuerySet[Case]:
    return visible_cases(actor, action).filter(closed_at__isnull=True).select_related(*SHOWN)
