"""The worker's turns at the outbox."""

from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import deliver_due, post, relay_outbox


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tell_others", lock="tell_others")
def tell_others(timestamp: int) -> None:
    """Relay what waits and deliver what is due; every minute. Running it twice is harmless."""
    while relay_outbox(timezone.now()):
        pass
    deliver_due(timezone.now(), post)
