"""Cases that came with a past: a load or an import brings them months after they were accepted, unseen by `arriving`."""

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from qushu.cases.models import Case

from . import reading
from .arriving import LOOK_BACK
from .building import Progress, build
from .models import Face, HistoryLook, Membership
from .repeating import find_repeats

DAYS = 400
"""So many days are looked at, up to the newest case that came: a file of years ago has its matters too."""


def newest_settled(now: datetime) -> int:
    """The newest case by id that `arriving` looks at no more; 0 without any."""
    return Case.objects.filter(_past(now)).aggregate(newest=Max("pk"))["newest"] or 0


def history_waits(now: datetime) -> bool:
    """Whether there are cases that nobody looked at, neither as they came nor since. Changes nothing."""
    return _waiting(now).exists()


def _waiting(now: datetime) -> QuerySet[Case]:
    looked_at = Exists(Face.objects.filter(case_id=OuterRef("pk"))) | Exists(
        Membership.objects.filter(case=OuterRef("pk"))
    )
    return reading.complaints().filter(_past(now)).exclude(looked_at)


def pass_over(newest: int) -> None:
    """Note that of the cases up to `newest` none waits, so that they aren't asked again: `newest` was read before that was asked."""
    looked = HistoryLook.objects.order_by("-pk").first()
    if looked is not None and newest > looked.newest_case:
        HistoryLook.objects.filter(pk=looked.pk).update(newest_case=newest)


def _past(now: datetime) -> Q:
    """Cases after those of the last look that aren't of the present any more."""
    looked = HistoryLook.objects.order_by("-pk").first()
    return Q(pk__gt=looked.newest_case if looked else 0, accepted_at__lt=now - LOOK_BACK)


def look_at_history(days: int, now: datetime, progress: Progress | None = None) -> dict[str, int]:
    """Join what waits of the `days` days before the newest that waits, note that it was looked at, and find repeat callers.

    Where nothing waits, those before the centre's newest case. Returns what was found.
    """
    newest = Case.objects.aggregate(newest=Max("pk"))["newest"] or 0
    until = _waiting(now).aggregate(at=Max("accepted_at"))["at"] or Case.objects.aggregate(at=Max("accepted_at"))["at"]
    found = vars(build(days, min(until or now, now), now, progress))
    HistoryLook.objects.create(looked_at=now, newest_case=newest, **found)
    return found | {"repeats": find_repeats(now)}
