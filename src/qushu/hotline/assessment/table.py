"""The table of an assessment: every subject's rates, points by the scheme in force, score, rank and tier."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qushu.cases.models import Category
from qushu.people.access import Actor
from qushu.people.models import Account, Unit
from qushu.places.models import Area

from ..models import AssessmentScheme
from .measures import MEASURES, NOBODY, NOBODY_NAMES
from .periods import Period
from .queries import counts
from .rules import Count, PointRule, points_of, ranks, score, tier

NONE = {code: Count() for code in MEASURES}
SCORE = ""
"""A scheme whose tiers go by the score instead of a rate."""


@dataclass(frozen=True)
class Formula:
    """A scheme as the arithmetic needs it: rules, tiers (lowest, name; highest first), and what tiers go by."""

    rules: tuple[PointRule, ...]
    tiers: tuple[tuple[Decimal, str], ...]
    tier_by: str


@dataclass(frozen=True)
class Line:
    """One subject: counts by measure, points by measure (None: nothing to judge), score, rank (1 is best) and tier."""

    subject_id: int
    name: str
    counts: Mapping[str, Count]
    points: Mapping[str, Decimal | None]
    score: Decimal | None
    rank: int | None
    tier: str


def scheme_for(subject: str, last: date) -> AssessmentScheme | None:
    """The newest scheme of this subject that is in force at the period's end."""
    schemes = AssessmentScheme.objects.filter(subject=subject, effective_from__lte=last)
    return schemes.order_by("-effective_from", "-version", "-id").first()


def formula_of(scheme: AssessmentScheme | None) -> Formula:
    """The scheme's rules and tiers; without a scheme there are rates only."""
    if scheme is None:
        return Formula((), (), SCORE)
    rules = tuple(
        PointRule(rule.measure, rule.target, rule.slope, rule.floor, rule.cap, rule.weight, rule.less_is_better)
        for rule in scheme.rules.all()
    )
    return Formula(rules, tuple((one.lowest, one.name) for one in scheme.tiers.all()), scheme.tier_by)


def assess(actor: Actor, subject: str, period: Period, scheme: AssessmentScheme | None) -> list[Line]:
    """A line for every subject that has a figure and that the actor may see, best score first, then by name; NOBODY last."""
    found = counts(actor, subject, period)
    return lines_of(found, names_of(subject, list(found)), formula_of(scheme))


def lines_of(found: Mapping[int, Mapping[str, Count]], names: Mapping[int, str], formula: Formula) -> list[Line]:
    """Counts of subjects as lines with points, score, rank and tier; best first. NOBODY is judged by nobody."""
    rates = {
        one: {code: count.rate for code, count in counted.items()} if one != NOBODY else {}
        for one, counted in found.items()
    }
    scores = {one: score(formula.rules, rates[one]) for one in found}
    places = dict(zip(scores, ranks(scores.values()), strict=True))
    lines = [
        Line(
            one,
            names.get(one, f"（{one}）"),
            {**NONE, **counted},
            points_of(formula.rules, rates[one]),
            scores[one],
            places[one],
            tier(scores[one] if formula.tier_by == SCORE else rates[one].get(formula.tier_by), formula.tiers),
        )
        for one, counted in found.items()
    ]
    return sorted(lines, key=in_place)


def in_place(line: Line) -> tuple[bool, bool, int, str]:
    """Where a line stands: by rank, then by name; NOBODY last."""
    return line.subject_id == NOBODY, line.rank is None, line.rank or 0, line.name


def names_of(subject: str, ids: list[int]) -> dict[int, str]:
    """What the subjects are called."""
    nobody = {NOBODY: NOBODY_NAMES[subject]} if NOBODY in ids else {}
    if subject == "category":
        return nobody | dict(Category.objects.filter(pk__in=ids).values_list("pk", "full_name"))
    if subject == "agent":
        return nobody | dict(Account.objects.filter(pk__in=ids).values_list("pk", "name"))
    table = Unit if subject == "unit" else Area
    return nobody | dict(table.objects.filter(pk__in=ids).values_list("pk", "name"))
