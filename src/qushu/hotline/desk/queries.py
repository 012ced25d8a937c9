"""What the desk shows beside the form while somebody speaks: the caller's cases, similar ones, knowledge, warnings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet

from qushu.cases.contact import caller_index
from qushu.cases.models import Case
from qushu.cases.queries import callers_known, visible_cases
from qushu.cases.rulebook import rulebook
from qushu.kernel.text import query_of
from qushu.people.access import Actor

from ..marking import is_marked_by
from ..models import UrgentWord
from ..suggestions import telling_words

EARLIER = 8
SIMILAR = 5
SIMILAR_DAYS = 60
AMONG = 1500
AMONG_PLACELESS = 200
SHARED_AT_LEAST = 2


@dataclass(frozen=True)
class Warning:
    """Words that make a case urgent or mark it, with the number to call first (empty: none)."""

    words: Sequence[str]
    mark: str
    label: str
    emergency_number: str


@dataclass(frozen=True)
class Similar:
    """An open case that says much the same, with the words both share."""

    case: Case
    shared: Sequence[str]


def cases_of_caller(actor: Actor, phone: str) -> QuerySet[Case]:
    """The caller's earlier cases, the newest first. Index: case_caller. Nothing for what isn't a number.

    Sealed ones are left out for who may not read who called, without a word.
    """
    index = caller_index(phone)
    if index is None or sum(sign.isdigit() for sign in phone) < 7:
        return Case.objects.none()
    return (
        callers_known(visible_cases(actor), actor)
        .filter(caller_index=index)
        .select_related("lead_unit")
        .order_by("-accepted_at")
    )


def is_repeat(actor: Actor, phone: str, now: datetime, coming: int = 0) -> bool:
    """一人多次: so many cases of one number within so many days as the limits say, the `coming` ones counted in."""
    repeats, days = repeat_limits(now)
    recent = cases_of_caller(actor, phone).filter(accepted_at__gte=now - timedelta(days))
    return recent[:repeats].count() + coming >= repeats


def repeat_limits(now: datetime) -> tuple[int, int]:
    """How many cases within how many days make a repeat caller."""
    limits = rulebook().limits
    return limits.at("repeat_cases", now), limits.at("repeat_days", now)


def similar_open(actor: Actor, text: str, street_id: int | None, now: datetime) -> list[Similar]:
    """Open cases that share at least SHARED_AT_LEAST words, the likest first.

    Looked for among the newest AMONG of the last weeks, in the street when one is chosen, so that a hint costs the same
    however much is open. Indexes: case_newest, case_street_newest.
    """
    spoken = telling_words(text)
    if len(spoken) < SHARED_AT_LEAST:
        return []
    query = SearchQuery(query_of(spoken, "|"), config="simple", search_type="raw")
    at_work = visible_cases(actor).filter(closed_at__isnull=True, accepted_at__gte=now - timedelta(SIMILAR_DAYS))
    recent = at_work.exclude(state="merged").order_by("-accepted_at", "-id").values("pk")
    if street_id is None:
        among = Q(pk__in=recent[:AMONG])
    else:  # a case whose place nobody noted may be next door too
        among = Q(pk__in=recent.filter(street=street_id)[:AMONG].union(recent.filter(street=None)[:AMONG_PLACELESS]))
    found = (
        Case.objects.filter(among, statement__words=query)
        .annotate(rank=SearchRank(F("statement__words"), query))
        .select_related("statement", "lead_unit")
        .order_by("-rank", "-accepted_at")[: SIMILAR * 3]
    )
    likest = [Similar(case, _shared(spoken, case)) for case in found]
    likest = [one for one in likest if len(one.shared) >= SHARED_AT_LEAST]
    return sorted(likest, key=lambda one: -len(one.shared))[:SIMILAR]


def warnings_in(text: str) -> list[Warning]:
    """Urgent and marking words in the text, grouped by mark and emergency number; emergencies first."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for one in UrgentWord.objects.filter(active=True):
        if is_marked_by(text, one.word, one.mark):
            found.setdefault((one.mark, one.get_mark_display(), one.emergency_number), []).append(one.word)
    warnings = [Warning(spoken, mark, label, number) for (mark, label, number), spoken in found.items()]
    return sorted(warnings, key=lambda one: (not one.emergency_number, one.mark != "urgent"))


def _shared(spoken: Sequence[str], case: Case) -> list[str]:
    said = f"{case.title} {case.statement.text} {case.statement.place}".lower()
    return [word for word in spoken if word in said]
