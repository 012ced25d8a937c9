"""Reads of roster and log. Indexes: duty_time, duty_ended, handover_newest."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Prefetch, QuerySet

from qushu.cases.models import Case, Supervision
from qushu.cases.overdue import overdue
from qushu.cases.queries import visible_cases
from qushu.people.access import Actor, may_at_all
from qushu.people.models import Account

from ..models import DutyShift, Handover
from .rules import LONGEST, Span, day_of, gaps, shift_words, span_words

POSTS: dict[str, str] = dict(DutyShift.POSTS)
HANDED_OVER = ("desk", "lead")
"""Posts whose shift ends with a handover: one is enough for all that end together."""

OVERDUE_FOR = timedelta(hours=48)
GRACE = timedelta(minutes=30)
OWN_FOR = timedelta(hours=24)
LOG_ORDER = ("-written_at", "-id")
FIGURES = {
    "accepted": "本班受理",
    "waiting": "待派单",
    "overdue": "已超期",
    "urgent": "紧急未结",
    "orders": "督办未回复",
}
MOST_SUGGESTED = 10


def words_of(shift: DutyShift | None) -> str:
    """`值班长 11-23 08:00–16:00`; for a handover without a shift that somebody stood in."""
    if shift is None:
        return "临时顶班"
    return f"{shift.get_post_display()} {shift_words((shift.starts_at, shift.ends_at))}"


def shifts_between(since: datetime, until: datetime) -> QuerySet[DutyShift]:
    """Shifts that share a moment with since–until, in order of time (index duty_time; no shift is longer than a week)."""
    longest = max(LONGEST.values())
    found = DutyShift.objects.filter(starts_at__gt=since - longest, starts_at__lt=until, ends_at__gt=since)
    return found.select_related("account").order_by("starts_at", "account__username")


def on_duty(now: datetime) -> list[DutyShift]:
    """Who is on duty at this moment, with their accounts: the district's leader first, then 值班长, then 坐席."""
    order = list(POSTS)[::-1]
    found = shifts_between(now, now + timedelta(microseconds=1))
    return sorted(found, key=lambda shift: order.index(shift.post))


@dataclass(frozen=True)
class Part:
    """People who share one span of a day's post; `words` say when."""

    words: str
    shifts: list[DutyShift]


@dataclass(frozen=True)
class Cell:
    """One post on one day: who begins then, and which hours of the day nobody has (in words)."""

    label: str
    parts: list[Part]
    missing: list[str]


@dataclass(frozen=True)
class Day:
    """A row of the roster."""

    day: date
    cells: list[Cell]


def roster(days: Sequence[date]) -> list[Day]:
    """The days' posts with gaps marked; one read."""
    shifts = list(shifts_between(day_of(days[0])[0], day_of(days[-1])[1]))
    return [Day(day, [_cell(day, post, shifts) for post in POSTS]) for day in days]


def _cell(day: date, post: str, shifts: Iterable[DutyShift]) -> Cell:
    since, until = day_of(day)
    mine = [one for one in shifts if one.post == post and one.starts_at < until and one.ends_at > since]
    begun = [one for one in mine if one.starts_at >= since]
    parts = [
        Part(span_words(span), list(group))
        for span, group in groupby(begun, key=lambda one: (one.starts_at, one.ends_at))
    ]
    empty = gaps(since, until, [(one.starts_at, one.ends_at) for one in mine])
    missing = ["全天"] if empty == [(since, until)] else [span_words(span) for span in empty]
    return Cell(POSTS[post], parts, missing)


@dataclass(frozen=True)
class Unhanded:
    """What ended without a handover: the shifts that ended together, with their accounts."""

    shifts: list[DutyShift]

    @property
    def words(self) -> str:
        """When."""
        return shift_words((min(one.starts_at for one in self.shifts), self.shifts[0].ends_at))

    @property
    def people(self) -> str:
        """Who was on duty."""
        return "、".join(one.account.name for one in self.shifts)


def unhanded(now: datetime) -> list[Unhanded]:
    """Shifts of the last two days that ended more than half an hour ago and were handed over by nobody, newest first."""
    ended = DutyShift.objects.filter(post__in=HANDED_OVER, ends_at__gt=now - OVERDUE_FOR, ends_at__lte=now - GRACE)
    by_end: dict[datetime, list[DutyShift]] = defaultdict(list)
    for shift in ended.select_related("account").order_by("-ends_at", "-post", "account__username"):
        by_end[shift.ends_at].append(shift)
    handed = set(Handover.objects.filter(shift__ends_at__in=list(by_end)).values_list("shift__ends_at", flat=True))
    return [Unhanded(shifts) for end, shifts in by_end.items() if end not in handed]


def told_of_unhanded(actor: Actor, now: datetime) -> bool:
    """Whether this person is told of shifts that weren't handed over: the 值班长 who is on, and who keeps the roster."""
    if may_at_all(actor, "duty.write"):
        return True
    return any(shift.post == "lead" and shift.account_id == actor.account_id for shift in on_duty(now))


def own_shifts(account_id: int, now: datetime) -> list[DutyShift]:
    """Shifts that a person may hand over now: begun, ended at most a day ago, not handed over by the person; newest first."""
    mine = DutyShift.objects.filter(account_id=account_id, starts_at__lte=now, ends_at__gt=now - OWN_FOR)
    return list(mine.exclude(handovers__written_by=account_id).order_by("-starts_at"))


def people_for_duty() -> list[Account]:
    """Active accounts of the centre, by name: those that act for no single unit or area."""
    central = Account.objects.filter(is_active=True, grants__unit__isnull=True, grants__area__isnull=True)
    return list(central.filter(grants__isnull=False).distinct().order_by("name", "username"))


def figures_at(actor: Actor, shift: Span, now: datetime) -> dict[str, int]:
    """What stands at this moment, by the keys of FIGURES; `accepted` counts what came in while the shift lasted.

    Indexes: case_newest, case_queue, case_due, case_pressed; each read touches open cases or one shift's only.
    """
    cases = visible_cases(actor, "case.list")
    standing = cases.filter(closed_at__isnull=True).exclude(state="merged")
    orders = Supervision.objects.filter(answered_at__isnull=True, closed_at__isnull=True)
    return {
        "accepted": cases.filter(accepted_at__gte=shift[0], accepted_at__lt=shift[1]).count(),
        "waiting": standing.filter(state="registered").count(),
        "overdue": standing.filter(overdue(now)).count(),
        "urgent": standing.filter(urgency=Case.Urgency.urgent).count(),
        "orders": orders.filter(case__in=standing.filter(supervision_level__gte=1)).count(),
    }


def notable_cases(actor: Actor, shift: Span) -> list[Case]:
    """Cases of this shift that the next one should know of: urgent ones still open, newest first."""
    mine = visible_cases(actor, "case.list").filter(accepted_at__gte=shift[0], accepted_at__lt=shift[1])
    urgent = mine.filter(urgency=Case.Urgency.urgent, closed_at__isnull=True)
    return list(urgent.order_by("-accepted_at", "-id")[:MOST_SUGGESTED])


def handovers(day: date | None = None) -> QuerySet[Handover]:
    """The log, of one day or all, with supplements; page by LOG_ORDER (index handover_newest)."""
    written = Handover.objects.filter(corrects__isnull=True)
    if day is not None:
        since, until = day_of(day)
        written = written.filter(written_at__gte=since, written_at__lt=until)
    supplements = Handover.objects.select_related("written_by").order_by("written_at", "id")
    return written.select_related("shift", "written_by", "taken_by").prefetch_related(
        Prefetch("supplements", supplements)
    )
