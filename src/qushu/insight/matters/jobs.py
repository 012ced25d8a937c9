"""What the worker does for matters by the clock."""

import logging
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from qushu.insight.understanding.jobs import retrain_on_request
from qushu.insight.understanding.models import ModelVersion
from qushu.kernel.offspring import patient

from . import beside, reading
from .arriving import join_new
from .faces import forget_faces
from .history import history_waits, newest_settled, pass_over
from .keeping import disperse_quiet, refresh_growing
from .repeating import find_repeats

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="join_matters", lock="join_matters")
def join_matters(timestamp: int) -> None:
    """Let new cases into matters; every minute. Running it twice is harmless."""
    join_new(timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="look_at_history", lock="join_matters")
def look_at_history(timestamp: int) -> None:
    """Join what a load or an import brought of the past, in a process of its own; every ten minutes while any waits.

    A centre that never learned to understand a case learns it then, rather than in the night.
    """
    now = timezone.now()
    newest = newest_settled(now)
    if not history_waits(now):
        pass_over(newest)
        return
    with patient() as pool:
        log.info("history of matters: %s", pool.submit(beside.look_at_history).result())
    if not ModelVersion.objects.exists():
        with suppress(AlreadyEnqueued), transaction.atomic():
            retrain_on_request.defer()


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
