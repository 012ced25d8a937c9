"""Cases that came with a past: a load or an import brings them months after they were accepted, unseen by `arriving`."""

from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q

from qushu.cases.models import Case

from . import reading
from .arriving import LOOK_BACK
from .building import Progress, build
from .models import Face, HistoryLook, Membership
from .repeating import find_repeats

DAYS = 400


def history_waits(now: datetime) -> bool:
    """Whether there are cases that nobody looked at, neither as they came nor since; what was looked at isn't asked again."""
    looked = HistoryLook.objects.order_by("-pk").first()
    past = Q(pk__gt=looked.newest_case if looked else 0, accepted_at__lt=now - LOOK_BACK)
    unseen = (
        reading.complaints()
        .filter(past, accepted_at__gte=now - timedelta(days=DAYS))
        .exclude(
            Exists(Face.objects.filter(case_id=OuterRef("pk"))) | Exists(Membership.objects.filter(case=OuterRef("pk")))
        )
    )
    if unseen.exists():
        return True
    newest = Case.objects.filter(past).aggregate(newest=Max("pk"))["newest"]
    if looked and newest:
        HistoryLook.objects.filter(pk=looked.pk).update(newest_case=newest)
    return False


def look_at_history(days: int, now: datetime, progress: Progress | None = None) -> dict[str, int]:
    """Join what waits of the last `days` days, note that it was looked at, and find repeat callers: what was found."""
    newest = Case.objects.aggregate(newest=Max("pk"))["newest"] or 0
    found = vars(build(days, now, progress))
    HistoryLook.objects.create(looked_at=now, newest_case=newest, **found)
    return found | {"repeats": find_repeats(now)}
