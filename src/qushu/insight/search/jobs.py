"""What the worker does for the search by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from qushu.cases.models import Case

from . import placing

OLD_STEPS = 5


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="place_cases", lock="place_cases")
def place_cases(timestamp: int) -> None:
    """Vectors for new cases, and for some thousand older ones while there are any; every minute.

    The first space is learned as soon as there are enough cases; later ones only by `qushu search learn`.
    """
    kept = placing.space_in_use()
    if kept is None:
        if Case.objects.all()[: placing.LEAST].count() < placing.LEAST:
            return
        kept = placing.learn_space(timezone.now())
    placing.place_new(kept)
    for _ in range(OLD_STEPS):
        if not placing.place_old(kept):
            return
