"""Reads of what was frozen: periods, the cases behind a frozen figure, corrections."""

from collections.abc import Collection

from django.db.models import Count, QuerySet

from qushu.kernel.errors import Missing
from qushu.people.access import Actor, scope

from ..models import AssessmentPeriod, Correction, FrozenRows
from .facts import EXCLUDED, OTHERS, PART
from .queries import ACTION

PERIODS_ORDER = ("-ends_on", "-id")
KEPT = {"part": (PART,), "whole": (OTHERS, PART), "excluded": (EXCLUDED,), "all": (OTHERS, PART, EXCLUDED)}


def periods_with_sizes() -> QuerySet[AssessmentPeriod]:
    """Every frozen period with the number of its lines (`sizes`); page by PERIODS_ORDER."""
    return AssessmentPeriod.objects.select_related("scheme", "frozen_by").annotate(sizes=Count("lines"))


def corrections_of(actor: Actor) -> QuerySet[Correction]:
    """Corrections, the newest first, for who sees the whole district."""
    found = Correction.objects.select_related("line__period__scheme", "made_by").order_by("-made_at", "-id")
    return found if scope(actor, ACTION).everything else found.none()


def frozen_verdicts(
    actor: Actor, period: AssessmentPeriod, subject_ids: Collection[int] | None, measure: str, half: str
) -> list[tuple[int, int]]:
    """(case, how it was judged: OTHERS, PART, EXCLUDED) as often as it was, newest case first; subjects None: all.

    Raises Missing when what the actor may see can't be cut out of the period.
    """
    rows = FrozenRows.objects.filter(line__period=period, measure=measure)
    if subject_ids is not None:
        rows = rows.filter(line__subject_id__in=subject_ids)
    reach = scope(actor, ACTION)
    if not reach.everything:
        if period.scheme.subject != "unit":
            raise Missing("没有这个数字。")
        rows = rows.filter(line__subject_id__in=reach.unit_ids)
    found = [
        (case, verdict)
        for arrays in rows.values_list("others", "part", "excluded")
        for verdict, cases in enumerate(arrays)
        if verdict in KEPT[half]
        for case in cases
    ]
    return sorted(found, reverse=True)
