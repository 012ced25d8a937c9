"""What a rate is, as far as a centre sets it itself: the grade from which a citizen is satisfied, and the types of cases
that a rate doesn't judge. Values are limits (办理限额): rows with effective dates, never overwritten, audited.

Each judgement goes by the value of its own time: its deadline, its follow-up, its request. A value begins now or later, so
what is behind it, a frozen month above all, stays; what has been counted already and lies ahead of it (a deadline to come)
is marked by a trigger and counted anew. What is accepted, dispatched and resolved counts whole: those are volumes.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from qushu.cases.limits import KINDS, Kind, listed, value_words
from qushu.cases.models import Case
from qushu.cases.rulebook import rulebook
from qushu.cases.rules import SATISFACTION, SHANGHAI

from .periods import Period

SATISFIED_FROM = "satisfied_from"
UNJUDGED = "unjudged_"
BY_TYPE = ("acknowledge", "contact", "on_time", "solved", "satisfied", "wrong_return")
"""Measures that may leave types of cases out."""
CODES = (SATISFIED_FROM, *(f"{UNJUDGED}{code}" for code in BY_TYPE))
Values = tuple[tuple[datetime, str], ...]
InForce = tuple[Values, ...]


def offer_definitions(names: Mapping[str, str]) -> None:
    """Put them among the limits that an administrator sets; `names` of the measures by code. Called when Django starts."""
    grades = "，".join(f"{grade} {words}" for grade, words in sorted(SATISFACTION.items(), reverse=True))
    KINDS[SATISFIED_FROM] = Kind("满意的起点", "分", 2, 5, f"回访打几分起算满意（{grades}），按回访时的值算")
    for code in BY_TYPE:
        about = f"哪些类型的诉求不参加{names[code]}，分子分母都不计；按各件判断时的值算"
        KINDS[f"{UNJUDGED}{code}"] = Kind(f"{names[code]}不计", "", 0, 0, about, dict(Case.Kind.choices))


def in_force() -> InForce:
    """Every value of every definition: what SQL that was put together once depends on."""
    rows = rulebook().limits.rows
    return tuple(rows.get(code, ()) for code in CODES)


def judged(code: str, at: str) -> Q:
    """The judgements of this measure that count at all; `at` is their moment, `case` their case."""

    def counts(value: str) -> Q:
        left_out = listed(value)
        return ~Q(case__kind__in=left_out) if left_out else Q()

    return _by_time(f"{UNJUDGED}{code}", at, counts)


def satisfied(at: str) -> Q:
    """The follow-ups whose grade says that the citizen is satisfied."""
    return _by_time(SATISFIED_FROM, at, lambda value: Q(record__satisfaction__gte=int(value)))


def codes_of(measure: str) -> tuple[str, ...]:
    """The definitions that a measure rests on."""
    own = (f"{UNJUDGED}{measure}",) if measure in BY_TYPE else ()
    return (SATISFIED_FROM, *own) if measure == "satisfied" else own


def words_of(period: "Period", codes: Collection[str] = CODES) -> list[str]:
    """What counted in the period, as its page says it: one line for each value, with the day it began within the period."""
    lines = []
    for code, values in zip(CODES, in_force(), strict=True):
        if code not in codes:
            continue
        for place, (since, value) in enumerate(values):
            until = values[place + 1][0] if place + 1 < len(values) else None
            if since >= period.end or (until is not None and until <= period.start):
                continue
            if code == SATISFIED_FROM or listed(value) or place:
                begins = f"（{timezone.localtime(since, SHANGHAI):%Y-%m-%d %H:%M} 起）" if since > period.start else ""
                lines.append(f"{KINDS[code].name}：{value_words(code, value)}{begins}")
    return lines


def _by_time(code: str, at: str, condition: Callable[[str], Q]) -> Q:
    """Rows to which the value of their own time applies."""
    values = rulebook().limits.rows[code]
    if len(values) == 1:
        return condition(values[0][1])
    found = Q(pk__in=[])
    for place, (since, value) in enumerate(values):
        span = Q(**{f"{at}__gte": since}) if place else Q()
        if place + 1 < len(values):
            span &= Q(**{f"{at}__lt": values[place + 1][0]})
        found |= span & condition(value)
    return found
