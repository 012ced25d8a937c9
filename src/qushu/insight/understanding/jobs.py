"""What the worker does for understanding by the clock."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from qushu.kernel.offspring import PATIENT

from .accuracy import fold_weeks
from .auto import dispatch_by_itself
from .beside import learn_beside

log = logging.getLogger(__name__)


@app.periodic(cron="20 18 * * *")
@app.task(queueing_lock="retrain_models", lock=PATIENT)
def retrain_models(timestamp: int) -> None:
    """Learn anew from the cases of the last twelve months, at 02:20 in Shanghai, in a process of its own."""
    _learn()


@app.task(queueing_lock="retrain_on_request", lock=PATIENT)
def retrain_on_request() -> None:
    """As `retrain_models`, because somebody asked for it; never two at the same time."""
    _learn()


def _learn() -> None:
    for line in learn_beside():
        log.info("%s", line)


@app.periodic(cron="12 * * * *")
@app.task(queueing_lock="fold_suggestions")
def fold_suggestions(timestamp: int) -> None:
    """Count how often suggestions were right; every hour."""
    fold_weeks(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="auto_dispatch", lock="auto_dispatch")
def auto_dispatch(timestamp: int) -> None:
    """Dispatch by itself what is sure enough, when that is switched on; every minute."""
    dispatch_by_itself(timezone.now())
