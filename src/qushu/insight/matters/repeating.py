"""一人多次: one telephone number that calls about one thing again and again; other things of the same person stay apart."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from qushu.cases.models import Case
from qushu.insight.belonging.weighing import Weights

from . import reading
from .joining import Limits, Told, body_of, likeness_of_one_person
from .models import MatterRule, Repeat, RepeatCase

MOST = 5_000
_SEALED = Q(marks__contains=["sensitive"])


def find_repeats(now: datetime) -> int:
    """Write anew who has so many cases about one thing within the rule's days (index: case_newest). Returns how many.

    Cases of a sealed identity (保密) are counted apart: beside an open case of the same caller they would tell who called.
    """
    row = reading.rule()
    since = now - timedelta(days=row.repeat_days)
    lately = reading.complaints().filter(accepted_at__gt=since, accepted_at__lte=now, caller_index__isnull=False)
    learned = reading.weights() or reading.learn_weights(now)
    groups = [
        group for cases in (lately.exclude(_SEALED), lately.filter(_SEALED)) for group in repeated(cases, row, learned)
    ]
    _write(groups)
    return len(groups)


def repeated(lately: QuerySet[Case], row: MatterRule, learned: Weights) -> list[list[Told]]:
    """The cases of callers who have the rule's number of them about one thing, thing by thing. Writes nothing."""
    often = lately.values("caller_index").annotate(n=Count("pk")).filter(n__gte=row.repeats).order_by("-n")
    callers = [bytes(one) for one in often.values_list("caller_index", flat=True)[:MOST] if one]
    by_person: dict[bytes, list[Told]] = defaultdict(list)
    for said in reading.said_of(lately.filter(caller_index__in=callers).order_by("accepted_at", "pk"), learned):
        by_person[said.told.person or b""].append(said.told)
    limits = reading.limits_of(row)
    return [group for cases in by_person.values() for group in same_things(cases, limits) if len(group) >= row.repeats]


def same_things(cases: Iterable[Told], limits: Limits) -> list[list[Told]]:
    """One person's cases by what they are about: each joins the thing it is most like on average, or begins one. Pure."""
    groups: list[list[Told]] = []
    for told in cases:
        near = [(likeness_of_one_person(told, body_of(0, group)), group) for group in groups]
        value, group = max(near, key=lambda one: one[0], default=(0.0, []))
        if value >= limits.join:
            group.append(told)
        else:
            groups.append([told])
    return groups


@transaction.atomic
def _write(groups: list[list[Told]]) -> None:
    RepeatCase.objects.all().delete()
    Repeat.objects.all().delete()
    known = set(
        Case.objects.filter(pk__in=[one.case_id for group in groups for one in group]).values_list("pk", flat=True)
    )
    rows = [
        Repeat(person=group[0].person, first_at=group[0].at, last_at=group[-1].at, cases=len(group)) for group in groups
    ]
    Repeat.objects.bulk_create(rows)
    RepeatCase.objects.bulk_create(
        RepeatCase(repeat=row, case_id=one.case_id)
        for row, group in zip(rows, groups, strict=True)
        for one in group
        if one.case_id in known
    )
