"""Reads of cases. `visible_cases` is the one way to reach them; its scope comes from the permission matrix."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from qushu.kernel.asked import day_in, number_in, start_of
from qushu.kernel.personal import holds_number
from qushu.kernel.search_terms import read_terms
from qushu.people.access import Actor, scope

from .contact import caller_index
from .finding import Finder, with_terms
from .models import Assignment, Case
from .overdue import overdue
from .rules import case_id_of


def visible_cases(actor: Actor, action: str = "case.list") -> QuerySet[Case]:
    """The cases that `action` reaches for `actor`: all, or those of the actor's units and areas.

    Index: case_unit_newest, case_street_newest, assignment_assist. Cases with a sealed identity stay visible as cases;
    who called is decided by case.read_sealed.
    """
    return within_reach(Case.objects.all(), actor, action)


def within_reach(cases: QuerySet[Case], actor: Actor, action: str) -> QuerySet[Case]:
    """Those of these cases that `action` reaches for `actor`."""
    reach = scope(actor, action)
    if reach.everything:
        return cases
    if reach.nothing:
        return cases.none()
    seen = Q()
    if reach.unit_ids:
        assisting = Assignment.objects.filter(
            case=OuterRef("pk"), unit__in=reach.unit_ids, part="assist", ended_at__isnull=True
        )
        seen |= Q(lead_unit__in=reach.unit_ids) | Q(Exists(assisting))
    if reach.area_ids:
        seen |= Q(street__in=reach.area_ids) | Q(area__in=reach.area_ids)
    return cases.filter(seen)


def case_by_number(actor: Actor, number: str, action: str = "case.read", related: Sequence[str] = ()) -> Case | None:
    """The case with this number if the actor may read it, with the `related` rows that a page will show."""
    case_id = case_id_of(number, settings.QUSHU_NUMBER_PREFIX)
    if case_id is None:
        return None
    found = visible_cases(actor, action).filter(pk=case_id)
    return (found.select_related(*related) if related else found).first()


def callers_known(cases: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """Those of these cases that a caller's number may find: a sealed identity can't be confirmed by typing it.

    Without case.read_sealed a case of a sealed caller is left out, and nothing says that there is one.
    """
    reach = scope(actor, "case.read_sealed")
    sealed = Q(marks__contains=["sensitive"])
    if reach.everything:
        return cases
    if reach.nothing:
        return cases.exclude(sealed)
    readable = within_reach(Case.objects.filter(sealed), actor, "case.read_sealed")
    return cases.filter(~sealed | Q(pk__in=readable.values("pk")))


def filter_cases(cases: QuerySet[Case], chosen: Mapping[str, str], now: datetime, actor: Actor) -> QuerySet[Case]:
    """Narrow a list by what an address holds. Unknown names are ignored, unreadable values match nothing.

    Names: state, unit, street, area, category, channel, kind, urgency, mark, result, from, to (days of acceptance, both
    included), overdue=1 (as in `overdue`), open=1, q (a case number, or terms of `kernel.search_terms`), caller (a `caller_token`), phone
    (never in an address); by these two `actor` finds what `callers_known` leaves.
    """
    for name, column in _EQUAL.items():
        if value := chosen.get(name):
            cases = cases.filter(**{column: value}) if _readable(column, value) else cases.none()
    if value := chosen.get("mark"):
        cases = cases.filter(marks__contains=[value]) if _readable("mark", value) else cases.none()
    if chosen.get("open"):
        cases = cases.filter(closed_at__isnull=True).exclude(state="merged")
    if chosen.get("overdue"):
        cases = cases.filter(overdue(now), closed_at__isnull=True)
    if value := chosen.get("from"):
        day = day_in(value)
        cases = cases.filter(accepted_at__gte=start_of(day)) if day else cases.none()
    if value := chosen.get("to"):
        day = day_in(value)
        cases = cases.filter(accepted_at__lt=start_of(day, 1)) if day else cases.none()
    if value := chosen.get("phone", "").strip():
        cases = callers_known(cases, actor).filter(caller_index=caller_index(value))
    if value := chosen.get("caller"):
        known = callers_known(cases, actor)
        cases = known.filter(caller_index=bytes.fromhex(value)) if _TOKEN.fullmatch(value) else cases.none()
    return with_words(cases, chosen.get("q", "").strip())


def caller_token(phone: str) -> str:
    """A phone number as it may stand in an address: its blind index in hex; "" for what isn't a number.

    A number itself would stay in browsers' histories, proxies' and servers' logs. The token is a keyed hash: it finds the
    caller's cases for whoever may see them, so that a view can be sent to a colleague, and tells nobody the number.
    """
    index = caller_index(phone) if sum(sign.isdigit() for sign in phone) >= SHORTEST_PHONE else None
    return index.hex() if index else ""


SHORTEST_PHONE = 7
_TOKEN = re.compile("[0-9a-f]{32}")
_EQUAL = {
    "state": "state",
    "unit": "lead_unit_id",
    "street": "street_id",
    "area": "area_id",
    "category": "category_id",
    "channel": "channel_id",
    "kind": "kind",
    "urgency": "urgency",
    "result": "result",
}


def _readable(column: str, value: str) -> bool:
    if column.endswith(("unit_id", "street_id", "area_id", "category_id")):
        return number_in(value) is not None
    return "\0" not in value


def with_words(cases: QuerySet[Case], text: str, find: Finder = with_terms) -> QuerySet[Case]:
    """Those that hold what was typed into a search box: all of them for nothing, one for a case number, none for a number
    that leads to a person, else those that `find` finds."""
    if not text:
        return cases
    case_id = case_id_of(text, settings.QUSHU_NUMBER_PREFIX)
    if case_id is not None:
        return cases.filter(pk=case_id)
    if holds_number(text):
        return cases.none()
    return find(cases, read_terms(text))
