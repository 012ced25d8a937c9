"""Nightly tidying: what can matter no more is forgotten."""

from django.utils import timezone
from procrastinate.contrib.django import app

from .limits import forget_old
from .sessions import forget_ended


@app.periodic(cron="11 19 * * *")
@app.task(queueing_lock="tidy_people")
def tidy_people(timestamp: int) -> None:
    """Drop old counts, used values and sessions that have ended, at 03:11 in Shanghai. Running it twice is harmless."""
    now = timezone.now()
    forget_old(now)
    forget_ended(now)
