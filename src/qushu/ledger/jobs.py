"""What the worker does for the ledger."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from .indicators.actions import take_readings, watch_targets
from .models import Binding


@app.periodic(cron="35 18 * * *")
@app.task(queueing_lock="ledger-readings", lock="ledger-readings")
def read_measures(timestamp: int) -> None:
    """At 02:35 in Shanghai: read this year's measures up to yesterday, a whole day whose rows stay what they are; in
    January last year's once more. Then see which targets are going to be missed."""
    if not Binding.objects.filter(approved=True).exists():
        return
    now = timezone.now()
    today = timezone.localdate(now)
    for year in (today.year - 1, today.year) if today.month == 1 else (today.year,):
        take_readings(year, now, through=today - timedelta(days=1))
    watch_targets(today.year, now)
