"""预警: a target that is going to be missed is told once, with the causes that the measuring system gives."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from qushu.people.actions import notify

from ...models import Target
from ...queries import newest_document
from ..models import Alarm
from ..queries import Known, known_of, year_span

RECEIVERS = ("leader", "analyst")
"""Who is told where nobody answers for the indicator."""


def watch_targets(year: int, now: datetime) -> list[Alarm]:
    """Raise an alarm for each annual target of the newest document whose measured value is going to miss it, and end those
    that no longer are.

    Returns the new ones. Raises Missing without a document.
    """
    targets = Target.objects.filter(document=newest_document(), scope="annual").select_related("project")
    running = {one.target_id: one for one in Alarm.objects.filter(year=year, ended_at__isnull=True)}
    raised = []
    for known in known_of(targets, year, now):
        alarm = running.get(known.target.pk)
        if known.standing.misses and known.reading and alarm is None:
            raised.append(_raise(known, year, now))
        elif alarm is not None and not known.standing.misses:
            Alarm.objects.filter(pk=alarm.pk).update(ended_at=now)
    return raised


def _raise(known: Known, year: int, now: datetime) -> Alarm:
    causes = [[cause.words, cause.address] for cause in known.causes(year_span(year, known.through, now))]
    words = f"“{known.target.name}”承诺 {known.target.promised}，现在 {known.shown_value}"
    if known.standing.forecast is not None:
        words += f"，预计年末 {known.in_unit(known.standing.forecast)}"
    with transaction.atomic():
        alarm = Alarm.objects.create(target=known.target, year=year, words=words[:300], causes=causes, raised_at=now)
        text, link = f"绩效指标可能完不成：{words}", f"{reverse('target', args=[known.target.pk])}?year={year}"
        if known.owner_id:
            notify(text, link, now=now, account_id=known.owner_id, urgent=True)
        else:
            for role in RECEIVERS:
                notify(text, link, now=now, role=role, urgent=True)
    return alarm
