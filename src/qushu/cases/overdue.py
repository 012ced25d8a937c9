"""超期: what is overdue, said once. The case list, the workplaces, the handover, the assessment and the overview count by it.

Overdue is what ran past its deadline to resolve (办结) and isn't resolved yet. A case that stands still (挂账) is overdue
only if it was so before. A case whose other clocks (派单 签收 首次联系 回访) ran past theirs is late, but not overdue.

The clocks say it for any moment. What is overdue now is asked often, by unit and over all open cases: so each case
carries the moment from which it is (`Case.overdue_from`), written by whoever writes its clocks.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.db.models import F, Q

Moment = TypeVar("Moment", int, datetime)

CLOCK = "resolve"
WORDS = "超期指已过办结时限、还没有办结；挂账的，挂账前已过时限才算"


def past_deadline(at: datetime) -> Q:
    """On clocks: those that had run past their deadline at this moment and had not been stopped."""
    ran = Q(stopped_at__isnull=True) | Q(stopped_at__gte=at)
    not_standing = Q(paused_at__isnull=True) | Q(paused_at__gt=F("due_at"))
    return ran & not_standing & Q(due_at__lt=at)


def running_late(now: datetime) -> Q:
    """On clocks: those that run on past their deadline. Index: clock_running, clock_runs_once."""
    return Q(stopped_at__isnull=True) & past_deadline(now)


def overdue_from(running: Iterable[tuple[str, Moment, Moment | None]]) -> Moment | None:
    """From when on a case is overdue, by the clocks that run: name, deadline, and since when it stands still.

    None when it can't become so: no clock to resolve runs, or it stands still since before its deadline.
    """
    for name, due_at, paused_at in running:
        if name == CLOCK:
            return due_at if paused_at is None or paused_at > due_at else None
    return None


def overdue(now: datetime) -> Q:
    """On cases: those that are overdue; only open ones can be. Index: case_overdue."""
    return Q(overdue_from__lt=now)
