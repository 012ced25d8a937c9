"""What the worker does for reports by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from qushu.lake.copying import bring_up_to_date

from .scheduling import make_due_drafts


@app.periodic(cron="40 17 * * *")
@app.task(queueing_lock="draft_reports", lock="draft_reports")
def draft_reports(timestamp: int) -> None:
    """Draft the reports whose period has ended, at 01:40 in Shanghai, from a fresh copy. Running it twice makes nothing twice."""
    now = timezone.now()
    bring_up_to_date(now, wait=True)
    make_due_drafts(now)
