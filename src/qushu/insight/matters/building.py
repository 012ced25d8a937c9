"""The whole history once: cases of the last days in the order of their arrival, in bounded memory."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from qushu.insight.belonging.weighing import Weights

from . import reading
from .faces import keep_joined, keep_lone
from .keeping import ROWS, banned, disperse_quiet, hold_joining, refresh_changed, write_members
from .models import Matter, Membership
from .pool import Member, Pool

Progress = Callable[[int, int], None]
OPEN = (Matter.State.open, Matter.State.watched)


@dataclass(frozen=True)
class Built:
    """What a run found: cases read, cases that joined, matters that are new."""

    read: int
    joined: int
    found: int


def build(days: int, until: datetime, now: datetime, progress: Progress | None = None) -> Built:
    """Join every case of the `days` days up to a moment that is in no matter yet; what people decided stays as they did.

    One transaction for what is written, so that a run that is broken off leaves nothing half done; figures follow.
    Running it again finds what is new only.
    """
    learned = reading.learn_weights(now)
    with transaction.atomic():
        hold_joining()
        row = reading.rule()
        pool = Pool(reading.limits_of(row), _ready(), banned())
        read, members = _stream(pool, learned, until - timedelta(days=days), until, progress)
        ids = write_members(members, now)
        joined = {member.key for member in members if member.key > 0}
        Matter.objects.filter(pk__in=joined).update(changed=True)
        _keep_faces(pool, members, now - timedelta(days=row.days))
    refresh_changed(learned, now)
    while disperse_quiet(now):
        pass
    return Built(read, len(members), len(ids))


def _ready() -> list[reading.Body]:
    found = Matter.objects.filter(state__in=OPEN, cases__gt=0)
    return [reading.body_of_matter(matter) for matter in found.iterator(chunk_size=ROWS)]


def _stream(
    pool: Pool, learned: Weights, since: datetime, until: datetime, progress: Progress | None
) -> tuple[int, list[Member]]:
    taken = set(Membership.objects.filter(removed_at__isnull=True).values_list("case_id", flat=True))
    cases = reading.complaints().filter(accepted_at__gte=since, accepted_at__lte=until).order_by("accepted_at", "pk")
    total = cases.order_by().count() if progress else 0
    members: list[Member] = []
    read = 0
    for read, said in enumerate(reading.said_of(cases, learned), 1):
        if said.told.case_id not in taken:
            members += [_light(member) for member in pool.take(said.told)]
        if progress and read % 1_000 == 0:
            progress(read, total)
    if progress:
        progress(read, total)
    return read, members


def _light(member: Member) -> Member:
    """Without the words, which nobody asks for once a case is in."""
    return Member(member.told.without_words(), member.key, member.score, member.reason)


def _keep_faces(pool: Pool, members: list[Member], oldest: datetime) -> None:
    """What is compared of the lone cases that may still find others; of those that joined, that they were looked at."""
    keep_joined(member.told for member in members if member.told.at >= oldest)
    keep_lone(told for told in pool.alone if told.at >= oldest)
