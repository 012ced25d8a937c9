"""超期: what is overdue, said once. The case list, the workplaces, the handover, the assessment and the overview count by it.

Overdue is what ran past its deadline to resolve (办结) and isn't resolved yet. A case that stands still (挂账) is overdue
only if it was so before. A case whose other clocks (派单 签收 首次联系 回访) ran past theirs is late, but not overdue.
"""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from .models import Clock

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


def overdue(now: datetime) -> Exists:
    """On cases: those that are overdue."""
    return Exists(Clock.objects.filter(running_late(now), name=CLOCK, case=OuterRef("pk")))
