"""Reports that were reviewed and wait for a signature."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from qushu.people.access import Actor
from qushu.people.agenda import Rank, Task, offer_tasks

from .models import Version
from .queries import visible_reports


def offer_signatures() -> None:
    """Put them where the cockpit finds them."""
    offer_tasks("reports", "reports.sign", _waiting)


def _waiting(actor: Actor, now: datetime) -> Iterator[Task]:
    """Newest versions that were reviewed (index: version_of_report); whoever drafted or reviewed one can't sign it."""
    newest = visible_reports(actor).filter(newest_state=Version.State.reviewed).values("newest_id")
    waiting = Version.objects.filter(pk__in=newest)
    found = [
        one
        for one in waiting.order_by("reviewed_at").only("title", "made_by_id", "reviewed_by_id", "reviewed_at")
        if actor.account_id not in (one.made_by_id, one.reviewed_by_id)
    ]
    if found:
        href = f"{reverse('reports')}?state={Version.State.reviewed}"
        yield Task(Rank.signature, "签发报告", len(found), "份", found[0].title, href, "neutral", found[0].reviewed_at)
