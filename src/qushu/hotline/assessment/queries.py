"""The table of an assessment: every subject's rates, points by the scheme in force, score and rank."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from qushu.cases.models import Category
from qushu.cases.rules import SHANGHAI
from qushu.people.access import Actor
from qushu.people.models import Account, Unit
from qushu.places.models import Area

from ..models import AssessmentScheme
from .measures import MEASURES, Period, counts, excluded
from .rules import Count, PointRule, ranks, score, tier

TIERS = [(Decimal(85), "好"), (Decimal(75), "合格"), (Decimal(0), "不合格")]
"""By satisfied rate: Wuhan 2020, ≥85 % good, <75 % fail."""


@dataclass(frozen=True)
class Line:
    """One subject: its counts by measure, exclusions by measure, score, rank (1 is best) and tier."""

    subject_id: int
    name: str
    counts: dict[str, Count]
    excluded: dict[str, int]
    score: Decimal | None
    rank: int | None
    tier: str


def period_of(first: date, last: date, now: datetime) -> Period:
    """Both days included, in Shanghai's time."""
    start, end = (
        timezone.make_aware(datetime.combine(day, time()), SHANGHAI) for day in (first, last + timedelta(days=1))
    )
    return Period(start, end, now)


def scheme_for(subject: str, last: date) -> AssessmentScheme | None:
    """The newest scheme of this subject that is in force at the period's end."""
    schemes = AssessmentScheme.objects.filter(subject=subject, effective_from__lte=last)
    return schemes.order_by("-effective_from", "-version", "-id").first()


def assess(actor: Actor, subject: str, period: Period, scheme: AssessmentScheme | None) -> list[Line]:
    """A line for every subject that has a figure and that the actor may see, best score first, then by name."""
    found = {code: counts(actor, measure, subject, period) for code, measure in MEASURES.items()}
    left_out = {code: excluded(actor, measure, subject, period) for code, measure in MEASURES.items()}
    ids = sorted({subject_id for by_subject in found.values() for subject_id in by_subject})
    names, rules = _names(subject, ids), _rules(scheme)
    scores = {
        subject_id: score(rules, {code: found[code].get(subject_id, Count(0, 0)).rate for code in MEASURES})
        for subject_id in ids
    }
    places = dict(zip(ids, ranks(scores.values()), strict=True))
    lines = [
        Line(
            subject_id,
            names.get(subject_id, str(subject_id)),
            {code: found[code].get(subject_id, Count(0, 0)) for code in MEASURES},
            {code: left_out[code].get(subject_id, 0) for code in MEASURES},
            scores[subject_id],
            places[subject_id],
            tier(found["satisfied"].get(subject_id, Count(0, 0)).rate, TIERS),
        )
        for subject_id in ids
    ]
    return sorted(lines, key=lambda line: (line.rank is None, line.rank or 0, line.name))


def _rules(scheme: AssessmentScheme | None) -> list[PointRule]:
    if scheme is None:
        return []
    return [
        PointRule(rule.measure, rule.target, rule.slope, rule.floor, rule.cap, rule.weight, rule.less_is_better)
        for rule in scheme.rules.all()
    ]


def _names(subject: str, ids: list[int]) -> dict[int, str]:
    if subject == "category":
        return dict(Category.objects.filter(pk__in=ids).values_list("pk", "full_name"))
    if subject == "agent":
        return dict(Account.objects.filter(pk__in=ids).values_list("pk", "name"))
    table = Unit if subject == "unit" else Area
    return dict(table.objects.filter(pk__in=ids).values_list("pk", "name"))
