"""What the worker does for matters by the clock."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from . import reading
from .arriving import join_new
from .faces import forget_faces
from .keeping import disperse_quiet, refresh_growing
from .repeating import find_repeats


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="join_matters", lock="join_matters")
def join_matters(timestamp: int) -> None:
    """Let new cases into matters; every minute. Running it twice is harmless."""
    join_new(timezone.now())


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="find_repeats", lock="find_repeats")
def look_for_repeats(timestamp: int) -> None:
    """Find who calls about one thing again and again; every hour."""
    find_repeats(timezone.now())


@app.periodic(cron="10 17 * * *")
@app.task(queueing_lock="tend_matters", lock="join_matters")
def tend_matters(timestamp: int) -> None:
    """At 01:10 in Shanghai: learn how rare words are, count growth anew, let quiet matters rest."""
    now = timezone.now()
    refresh_growing(reading.learn_weights(now), now)
    while disperse_quiet(now):
        pass
    forget_faces(now - timedelta(days=reading.rule().days))
