"""What the worker does for warnings by the clock, and at once for a case that says it is urgent."""

import logging
from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from qushu.kernel.offspring import PATIENT, patient

from . import beside
from .actions import press_unanswered
from .emergencies import end_old, look_at_case, look_at_newest
from .growing import watch_matters
from .lateness import watch_lateness
from .new_words import learn_words, watch_words
from .repeating import watch_repeats
from .telling import send_waiting

LOOK_BACK = timedelta(minutes=30)
log = logging.getLogger(__name__)


@app.task()
def look_at_urgent_case(case_id: int) -> None:
    """Raise the emergency that this case tells of; running it twice raises nothing twice."""
    look_at_case(case_id, timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="watch_surges", lock="watch_warnings")
def watch(timestamp: int) -> None:
    """Look for surges and for emergencies that came unmarked (imports, feeds); every five minutes."""
    from .silence import watch_silence  # these need numpy, which no other process waits for
    from .watching import watch_surges

    now = timezone.now()
    look_at_newest(now - LOOK_BACK, now)
    end_old(now)
    watch_surges(now)
    watch_repeats(now)
    watch_matters(now)
    watch_lateness(now)
    watch_silence(now)
    watch_words(now)
    press_unanswered(now)


@app.periodic(cron="4-59/10 * * * *")
@app.task(queueing_lock="look_at_past", lock=PATIENT)
def look_at_past(timestamp: int) -> None:
    """Find the surges in what a load or an import brought of the past, in a process of its own; every ten minutes while any waits."""
    from .hindsight import newest_case, pass_over, past_waits  # needs numpy

    now, newest = timezone.now(), newest_case()
    if not past_waits(now):
        pass_over(newest, now)
    else:
        with patient() as pool:
            log.info("surges of the past: %s", pool.submit(beside.look_at_past).result())


@app.periodic(cron="20 16 * * *")
@app.task(queueing_lock="watch_volumes")
def watch_days(timestamp: int) -> None:
    """Judge yesterday against its forecast, and learn the words in use; at 00:20 in Shanghai."""
    from .volumes import watch_volumes  # needs numpy

    watch_volumes(timezone.now())
    learn_words()


@app.task(queueing_lock="mail_warnings")
def mail_warnings() -> None:
    """Send the e-mails that wait."""
    send_waiting(timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="mail_again")
def mail_again(timestamp: int) -> None:
    """Try e-mails that failed again; every ten minutes."""
    send_waiting(timezone.now())
