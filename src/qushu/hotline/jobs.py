"""What the worker does by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from qushu.cases.actions import climb_ladder
from qushu.cases.proof import seal_days

from .api.forgetting import forget_requests
from .assessment.counting import count_cases
from .assessment.freezing import freeze_due_months
from .feeds.pulling import pull_due
from .ways.actions import deliver_due, post, relay_outbox


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="climb", lock="climb")
def climb(timestamp: int) -> None:
    """Take the steps of the escalation ladder that are due; every minute."""
    while climb_ladder(timezone.now()):
        pass


@app.periodic(cron="30 16 * * *")
@app.task(queueing_lock="seal")
def seal(timestamp: int) -> None:
    """Seal yesterday's histories at 00:30 in Shanghai; days that were missed are sealed too."""
    seal_days(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tell_others", lock="tell_others")
def tell_others(timestamp: int) -> None:
    """Relay what waits and deliver what is due; every minute. Running it twice is harmless."""
    while relay_outbox(timezone.now()):
        pass
    deliver_due(timezone.now(), post)


@app.periodic(cron="52 19 * * *")
@app.task(queueing_lock="forget_api_requests")
def forget_api_requests(timestamp: int) -> None:
    """Forget old request keys of the API, at 03:52 in Shanghai."""
    forget_requests(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="count_judgements", lock="count_judgements")
def count_judgements(timestamp: int) -> None:
    """Fold the cases that were changed into the counts of the assessment; every minute."""
    count_cases()


@app.periodic(cron="0 17 * * *")
@app.task(queueing_lock="freeze_months")
def freeze_months(timestamp: int) -> None:
    """Freeze the months that have ended, on the day that each scheme names; looked at 01:00 in Shanghai."""
    freeze_due_months(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="pull_feeds", lock="pull_feeds")
def pull_feeds(timestamp: int) -> None:
    """Look for new files and contents at the places that sources name; every minute."""
    pull_due(timezone.now())
