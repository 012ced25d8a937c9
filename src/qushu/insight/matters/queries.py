"""Reads of matters. Whoever may not see a case doesn't see it counted: figures for a unit are those of its own cases."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from qushu.cases.models import Assignment, Case
from qushu.cases.queries import with_words, within_reach
from qushu.cases.rules import SHANGHAI
from qushu.kernel.asked import NINE_DIGITS, number_in
from qushu.kernel.personal import holds_number, mask_free_text
from qushu.kernel.text import tidy_line
from qushu.people.access import Actor, scope
from qushu.places.models import Area
from qushu.places.queries import streets

from .figures import READ
from .models import Charge, Matter, MatterEvent, Membership, Repeat, RepeatCase, Watch
from .shaping import Placed, Row, SpotMap, places, spot_map, timeline
from .wording import same_words

_DIGIT = re.compile("[0-9]")
ACTIVE = (Matter.State.open, Matter.State.watched)
SORTS = {"people": "people", "growth": "growth", "last": "last_at"}
"""What a board is sorted by, and the column of an index."""
MOST_DOTS = 300
WEEK = 7
_STORED = {
    **{one: one for one in ("people", "cases", "growth", "title", "streets", "keywords", "threats", "organised")},
    "first": "first_at",
    "last": "last_at",
    "street": "street__name",
    "category": "category__full_name",
    "unit": "lead_unit__name",
}
LATELY = timedelta(days=90)
MOST_SPREAD = 3_000
SAMPLES = 4


def sees_all(actor: Actor) -> bool:
    """Whether the stored figures are what this person may know."""
    return scope(actor, "matters.read").everything


def visible_matters(actor: Actor) -> QuerySet[Matter]:
    """Matters of which the actor may see a case, each with what the actor may know of it, by the names `seen_…`.

    people, cases, growth, first, last, title, street, streets (ids), category, unit (names), keywords, threats, organised.
    Who sees all gets what is stored. For others all of it comes from the cases they may see: the title is place and
    category of the newest of these, for the stored one is a citizen's words; `seen_threats` and the like stay empty.
    """
    if sees_all(actor):
        return Matter.objects.annotate(**{f"seen_{name}": F(column) for name, column in _STORED.items()})
    newest = visible_members(actor).filter(matter=OuterRef("pk")).order_by("-accepted_at", "-pk")
    now = timezone.now()
    last_week = Q(members__accepted_at__gt=now - timedelta(7))
    week_before = Q(members__accepted_at__gt=now - timedelta(14), members__accepted_at__lte=now - timedelta(7))
    streets_of = ArrayAgg(
        "members__case__street", filter=Q(members__case__street__isnull=False), distinct=True, default=Value([])
    )
    words = {
        "title": Concat(
            Coalesce("case__street__name", Value("")), Value(" "), Coalesce("case__category__name", Value("多人反映"))
        ),
        "street": F("case__street__name"),
        "category": F("case__category__full_name"),
        "unit": F("case__lead_unit__name"),
    }
    return Matter.objects.filter(_reached(actor), members__removed_at__isnull=True).annotate(
        seen_people=Count("members__case__caller_index", distinct=True),
        seen_cases=Count("members"),
        seen_growth=Count("members", filter=last_week) - Count("members", filter=week_before),
        seen_first=Min("members__accepted_at"),
        seen_last=Max("members__accepted_at"),
        seen_streets=streets_of,
        **{f"seen_{name}": Subquery(newest.annotate(n=one).values("n")[:1]) for name, one in words.items()},
        seen_keywords=Value([], Matter._meta.get_field("keywords")),
        seen_threats=Value([], Matter._meta.get_field("threats")),
        seen_organised=Value(False),
    )


def _reached(actor: Actor) -> Q:
    """That a member's case may be seen, as sets of the cases of a unit or an area: what `within_reach` says case by case.

    A board reads all of them, so they are read once (indexes of the case's unit, street, area), not looked up for each member.
    """
    reach = scope(actor, "matters.read")
    assisting = Assignment.objects.filter(unit__in=reach.unit_ids, part="assist", ended_at__isnull=True)
    sets: list[QuerySet[Any]] = []
    if reach.unit_ids:
        sets += [Case.objects.filter(lead_unit__in=reach.unit_ids).values("pk"), assisting.values("case")]
    if reach.area_ids:
        sets += [Case.objects.filter(**{f"{name}__in": reach.area_ids}).values("pk") for name in ("street", "area")]
    return Q(members__case__in=sets[0].union(*sets[1:])) if sets else Q(pk__in=[])


def visible_members(actor: Actor) -> QuerySet[Membership]:
    """Present members whose cases the actor may see."""
    members = Membership.objects.filter(removed_at__isnull=True)
    if sees_all(actor):
        return members
    return members.filter(case__in=within_reach(Case.objects.all(), actor, "matters.read"))


def order_of(actor: Actor, sort: str) -> tuple[str, str]:
    """The columns to page by: an index for whoever sees all, what they may see for others."""
    sort = sort if sort in SORTS else "people"
    return (f"-{SORTS[sort]}" if sees_all(actor) else f"-seen_{sort}", "-id")


def filter_matters(matters: QuerySet[Matter], chosen: Mapping[str, str], actor: Actor) -> QuerySet[Matter]:
    """Narrow a list by what an address holds: state, street, category, unit, people, growth, threat, organised, mine, q.

    `mine` is "charged" for what the actor or its unit is to look after, anything else for what it follows.
    """
    state = chosen.get("state", "")
    if state != "all":
        matters = matters.filter(state=state) if state in Matter.State.values else matters.filter(state__in=ACTIVE)
    for name, way in (("found_from", "created_at__date__gte"), ("found_to", "created_at__date__lte")):
        if value := chosen.get(name):
            day = _day(value)
            matters = matters.none() if day is None else matters.filter(**{way: day})
    matters = _about(matters, chosen, actor)
    for name in ("people", "growth"):
        if value := chosen.get(name):
            number = _whole(value)
            matters = matters.none() if number is None else matters.filter(**{f"seen_{name}__gte": number})
    if chosen.get("threat"):
        matters = matters.exclude(Q(("seen_threats", [])))
    if chosen.get("organised"):
        matters = matters.filter(Q(("seen_organised", True)))
    if chosen.get("mine") == "charged":
        to_me = Q(account=actor.account_id) | Q(unit__in=actor.unit_ids)
        matters = matters.filter(pk__in=Charge.objects.filter(to_me, done_at__isnull=True).values("matter"))
    elif chosen.get("mine"):
        matters = matters.filter(watches__account=actor.account_id)
    if words := tidy_line(chosen.get("q", ""))[:60]:
        number = _whole(words.upper().removeprefix("M"))
        known = _told_of(actor, words)
        matters = matters.filter(known | Q(pk=number) if number is not None else known)
    return matters


def _about(matters: QuerySet[Matter], chosen: Mapping[str, str], actor: Actor) -> QuerySet[Matter]:
    """Narrowed by street, category and unit: those of the matter, or of the cases in it that the actor may see."""
    stored = {"street": "streets__contains", "category": "category", "unit": "lead_unit"}
    in_case = {"street": "case__street", "category": "case__category", "unit": "case__lead_unit"}
    for name in stored:
        if not (value := chosen.get(name)):
            continue
        number = _whole(value)
        if number is None:
            return matters.none()
        if sees_all(actor):
            matters = matters.filter(**{stored[name]: [number] if name == "street" else number})
        else:
            mine = visible_members(actor).filter(matter=OuterRef("pk"), **{in_case[name]: number})
            matters = matters.filter(Exists(mine))
    return matters


def _told_of(actor: Actor, words: str) -> Q:
    """Whether the title or a keyword of the matter has these words, or for others a case in it that they may see.

    Digits only as a whole number, and no number of a person: else what is masked could be read digit by digit.
    """
    if not sees_all(actor):
        told = with_words(Case.objects.all(), words)
        return Q(Exists(visible_members(actor).filter(matter=OuterRef("pk"), case__in=told)))
    if holds_number(words):
        return Q(pk__in=[])
    whole = f"(^|[^0-9a-z]){re.escape(words)}($|[^0-9a-z])"
    way, said = ("iregex", whole) if _DIGIT.search(words) else ("icontains", words)
    return Q(**{f"title__{way}": said}) | Q(keywords__contains=[words.lower()])


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def matter_by_id(actor: Actor, matter_id: int) -> Matter | None:
    """The matter with what its page shows, if the actor may see any of it (or all, when it has no member left)."""
    found = visible_matters(actor).select_related("into").defer("sums")
    return found.filter(pk=matter_id).first()


def members_page(actor: Actor, matter: Matter, chosen: Mapping[str, str]) -> QuerySet[Membership]:
    """The members that the actor may see, the newest first (index: membership_newest), narrowed by area, street or days."""
    members = visible_members(actor).filter(matter=matter)
    for name in ("street", "area"):
        if value := chosen.get(name):
            number = _whole(value)
            members = members.none() if number is None else members.filter(**{f"case__{name}_id": number})
    if begin := chosen.get("from"):
        span = _span(begin, chosen.get("days", "1"))
        members = members.filter(accepted_at__gte=span[0], accepted_at__lt=span[1]) if span else members.none()
    return members.select_related(
        "case", "case__statement", "case__street", "case__area", "case__lead_unit", "added_by"
    )


@dataclass(frozen=True)
class Shape:
    """When and where: rows for a chart by day or week, for fields by street and bars by community, and a map of points."""

    times: list[Row]
    by_week: bool
    streets: list[Row]
    areas: list[Row]
    spots: SpotMap | None
    people: int
    cases: int


def shape_of(actor: Actor, matter: Matter) -> Shape:
    """Timeline and places of the members that the actor may see: one read, and one of what has coordinates."""
    seen = visible_members(actor).filter(matter=matter)
    rows = list(seen.values_list("accepted_at", "case__street", "case__area", "case__caller_index"))
    times, by_week = timeline([timezone.localdate(at, SHANGHAI) for at, *_ in rows])
    in_streets, in_areas = Counter(row[1] for row in rows if row[1]), Counter(row[2] for row in rows if row[2])
    known = {one.pk: one.name for one in streets()}
    names = dict(Area.objects.filter(pk__in=in_areas).values_list("pk", "name"))
    everywhere = [(name, in_streets[pk], f"?street={pk}#members") for pk, name in known.items()]
    return Shape(
        times,
        by_week,
        everywhere if in_streets else [],
        places(in_areas, names, "area"),
        spot_map(_placed(seen)),
        len({bytes(row[3]) for row in rows if row[3]}),
        len(rows),
    )


def _placed(members: QuerySet[Membership]) -> list[Placed]:
    """The newest members that have coordinates."""
    there = members.filter(case__statement__lat__isnull=False, case__statement__lon__isnull=False)
    columns = ("case__statement__lat", "case__statement__lon", "case__number", "case__title")
    rows = there.order_by("-accepted_at", "-pk").values_list(*columns)[:MOST_DOTS]
    return [
        Placed(lat, lon, f"{number} {mask_free_text(title)}", reverse("case-page", args=[number]))
        for lat, lon, number, title in rows
    ]


@dataclass(frozen=True)
class Spread:
    """Where and since when the matters of a list are: fields by street, columns by the day or week of their first case."""

    streets: list[Row]
    begun: list[Row]
    by_week: bool


def spread_of(matters: QuerySet[Matter], now: datetime) -> Spread:
    """Of the newest matters as the board narrows them: how many are in each street, how many began when in the last weeks.

    At most MOST_SPREAD are read (index: matter_last), so that a board of many thousands opens as fast.
    """
    rows = list(matters.order_by("-last_at", "-pk").values_list("first_at", "streets")[:MOST_SPREAD])
    in_streets = Counter(street for _, there in rows for street in there)
    lately = [timezone.localdate(at, SHANGHAI) for at, _ in rows if at > now - LATELY]
    begun, by_week = timeline(lately)
    everywhere = [(one.name, in_streets[one.pk], f"?street={one.pk}") for one in streets()] if in_streets else []
    return Spread(everywhere, [(label, count, "") for label, count, _ in begun], by_week)


@dataclass(frozen=True)
class Copies:
    """Nearly the same words from several numbers, side by side (personal data masked)."""

    people: int
    cases: int
    samples: list[tuple[str, str]]


def copies_in(actor: Actor, matter: Matter, least: int) -> list[Copies]:
    """Same wording among the newest members that the actor may see."""
    newest = visible_members(actor).filter(matter=matter).order_by("-accepted_at", "-pk")
    rows = list(newest.values_list("case__number", "case__statement__text", "case__caller_index")[:READ])
    people = [bytes(row[2]) if row[2] else None for row in rows]
    groups = same_words([row[1] or "" for row in rows], people, least)
    return [
        Copies(
            group.people,
            len(group.members),
            [(rows[one][0], mask_free_text(rows[one][1])) for one in group.members[:SAMPLES]],
        )
        for group in groups
    ]


def history_of(actor: Actor, matter: Matter) -> QuerySet[MatterEvent]:
    """What happened to it, the newest first (index: matter_event_newest). Only for who sees all: it tells of others' cases."""
    events = MatterEvent.objects.filter(matter=matter).select_related("by").order_by("-pk")
    return events if sees_all(actor) else events.none()


def charges_of(actor: Actor, matter: Matter) -> QuerySet[Charge]:
    """Who is to look after it, the newest first; who doesn't see all is shown its own charges."""
    found = (
        Charge.objects.filter(matter=matter).select_related("account", "unit", "given_by", "done_by").order_by("-pk")
    )
    return found if sees_all(actor) else found.filter(Q(account=actor.account_id) | Q(unit__in=actor.unit_ids))


def follows(account_id: int | None, matter: Matter) -> bool:
    """Whether this account follows the matter."""
    return account_id is not None and Watch.objects.filter(matter=matter, account=account_id).exists()


def matter_of_case(actor: Actor, case_id: int) -> tuple[Membership, Matter] | None:
    """Why a case belongs to a matter, and this as the actor may know it (index: case_in_one_matter)."""
    membership = Membership.objects.filter(case=case_id, removed_at__isnull=True).first()
    matter = matter_by_id(actor, membership.matter_id) if membership else None
    return (membership, matter) if membership and matter else None


def visible_repeats(actor: Actor, least: int) -> QuerySet[Repeat]:
    """Repeat callers by the cases that the actor may see, with `seen_cases`."""
    if sees_all(actor):
        return Repeat.objects.annotate(seen_cases=F("cases"))
    mine = RepeatCase.objects.filter(
        repeat=OuterRef("pk"), case__in=within_reach(Case.objects.all(), actor, "matters.read")
    )
    counted = mine.order_by().values("repeat").annotate(n=Count("pk")).values("n")
    return Repeat.objects.annotate(seen_cases=Subquery(counted)).filter(seen_cases__gte=least)


def cases_of_repeats(actor: Actor, repeats: list[Repeat]) -> dict[int, list[Case]]:
    """The cases of these repeats that the actor may see, the newest first, in one read."""
    reach = within_reach(Case.objects.all(), actor, "matters.read")
    rows = RepeatCase.objects.filter(repeat__in=repeats, case__in=reach)
    found: dict[int, list[Case]] = {}
    for row in rows.select_related("case", "case__statement", "case__category", "case__area").order_by(
        "-case__accepted_at"
    ):
        found.setdefault(row.repeat_id, []).append(row.case)
    return found


def _whole(value: str) -> int | None:
    return number_in(value, NINE_DIGITS)


def _span(begin: str, days: str) -> tuple[datetime, datetime] | None:
    """So many days (at most a week) from the start of a day in Shanghai; None when the address says nothing possible."""
    number = _whole(days)
    try:
        first = datetime.combine(date.fromisoformat(begin), time.min, SHANGHAI)
        return (first, first + timedelta(days=number)) if number and number <= WEEK else None
    except (ValueError, OverflowError):
        return None
