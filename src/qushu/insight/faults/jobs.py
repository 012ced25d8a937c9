"""What the worker does for faults."""

from django.utils import timezone
from procrastinate.contrib.django import app

from .actions import look_at_itself


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="watch_faults")
def watch_faults(timestamp: int) -> None:
    """Look at the data copy every ten minutes."""
    look_at_itself(timezone.now())
