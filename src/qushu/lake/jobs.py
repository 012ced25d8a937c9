"""What the worker does for the copy."""

from django.utils import timezone
from procrastinate.contrib.django import app

from .copying import bring_up_to_date


@app.periodic(cron="* * * * * */20")
@app.task(queueing_lock="copy_cases", lock="copy_cases")
def copy_cases(timestamp: int) -> None:
    """Take changed cases over into the columnar copy; every 20 seconds, so that it is fresh within a minute."""
    bring_up_to_date(timezone.now())
