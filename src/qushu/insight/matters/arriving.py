"""Cases join as they arrive: the worker looks at the newest every minute, so that no move of a case waits for it."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from qushu.cases.models import Case
from qushu.kernel.personal import mask_free_text
from qushu.people.actions import notify
from qushu.people.actors import actor_for

from . import queries, reading
from .building import OPEN
from .faces import keep_joined, keep_lone, near_alone
from .joining import ELSEWHERE_WORDS, Body, Limits, Told, best_matter, body_of, gather
from .keeping import hold_joining, refresh_changed, write_members
from .models import Face, Matter, Membership, Watch
from .pool import Member, founded

LOOK_BACK: Final = timedelta(days=3)
MOST: Final = 2_000
MOST_MATTERS: Final = 40


def join_new(now: datetime, most: int = MOST) -> int:
    """Let the cases of the last three days in that nobody looked at yet (index: case_newest). Returns how many were looked at.

    Each case is a transaction of its own; two workers at once take turns, and neither takes a case twice.
    """
    fresh = reading.complaints().filter(~Exists(Face.objects.filter(case_id=OuterRef("pk"))))
    fresh = fresh.filter(accepted_at__gte=now - LOOK_BACK, accepted_at__lte=now).order_by("accepted_at", "pk")
    ids = list(fresh.values_list("pk", flat=True)[:most])
    if not ids:
        return 0
    learned = reading.weights() or reading.learn_weights(now)
    limits, joined = reading.limits_of(reading.rule()), Counter[int]()
    for said in reading.said_of(Case.objects.filter(pk__in=ids).order_by("accepted_at", "pk"), learned):
        joined.update(join_one(said.told, limits, now))
    refresh_changed(learned, now)
    _tell_watchers(joined, now)
    return len(ids)


def join_one(told: Told, limits: Limits, now: datetime) -> list[int]:
    """Let one case in: the id of the matter for each case that joined by it. Does nothing when it was looked at before."""
    with transaction.atomic():
        hold_joining()
        if Face.objects.filter(pk=told.case_id).exists():
            return []
        if _is_member(told.case_id):
            keep_joined([told])
            return []
        members = _decide(told, limits)
        if not members:
            keep_lone([told])
            return []
        ids = write_members(members, now)
        keep_joined(member.told for member in members)
        found = [ids.get(member.key, member.key) for member in members]
        Matter.objects.filter(pk__in=found).update(changed=True)
        return found


def _decide(told: Told, limits: Limits) -> list[Member]:
    removed = Membership.objects.filter(case=told.case_id, removed_at__isnull=False)
    out = frozenset(removed.values_list("matter_id", flat=True))
    joined = best_matter(told, _near_matters(told, limits), limits, out)
    if joined:
        _add(joined.body, told)
        return [Member(told, joined.body.key, joined.score, joined.reason)]
    members = gather(told, near_alone(told, limits), limits)
    body = body_of(-1, members) if members else None
    return [founded(one, body) for one in members] if body else []


def _add(body: Body, told: Told) -> None:
    """The next case of the same portion is compared with this one too."""
    matter = Matter.objects.select_for_update().get(pk=body.key)
    body.add(told)
    matter.sums, matter.cases, matter.last_at = body.sums, body.count, max(matter.last_at, body.last)
    matter.first_at = min(matter.first_at, told.at)
    matter.keywords, matter.streets, matter.areas = body.keywords, sorted(body.streets), sorted(body.areas)
    matter.spots, matter.changed = sorted(body.spots), True
    matter.save(
        update_fields=["sums", "cases", "first_at", "last_at", "keywords", "streets", "areas", "spots", "changed"],
    )


def _near_matters(told: Told, limits: Limits) -> list[Body]:
    """Open matters that share a rare word (index: matter_keywords), the newest first."""
    words = told.rare
    if not words:
        return []
    here = Q(keywords__overlap=words, streets__contains=[told.street_id] if told.street_id else [])
    near = Matter.objects.filter(here | Q(keywords__overlap=words[:ELSEWHERE_WORDS]), state__in=OPEN, cases__gt=0)
    near = near.filter(last_at__gte=told.at - limits.span).order_by("-last_at")
    return [reading.body_of_matter(matter) for matter in near[:MOST_MATTERS]]


def _is_member(case_id: int) -> bool:
    return Membership.objects.filter(case=case_id, removed_at__isnull=True).exists()


def _tell_watchers(joined: Counter[int], now: datetime) -> None:
    """One line per matter and follower, of the cases among those that just came which the follower may see."""
    for watch in Watch.objects.filter(matter__in=list(joined)).select_related("account").order_by("pk"):
        actor = actor_for(watch.account)
        came = joined[watch.matter_id]
        if not queries.sees_all(actor):
            came = queries.visible_members(actor).filter(matter=watch.matter_id, added_at=now).count()
        matter: Any = queries.matter_by_id(actor, watch.matter_id) if came else None
        if matter:
            words = f"您关注的事项“{mask_free_text(matter.seen_title)[:60]}”新增 {came} 件工单"
            notify(words, reverse("matter", args=[watch.matter_id]), now=now, account_id=watch.account_id)
