"""Reads of matters. Whoever may not see a case doesn't see it counted: figures for a unit are those of its own cases."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.dateparse import parse_date

from qushu.cases.models import Case
from qushu.cases.queries import within_reach
from qushu.cases.rules import SHANGHAI
from qushu.kernel.personal import mask_free_text
from qushu.kernel.text import tidy_line
from qushu.people.access import Actor, scope
from qushu.places.models import Area

from .figures import READ
from .models import Charge, Matter, MatterEvent, Membership, Repeat, RepeatCase, Watch
from .wording import same_words

ACTIVE = (Matter.State.open, Matter.State.watched)
SORTS = {"people": "people", "growth": "growth", "last": "last_at"}
MOST_PLACES = 15
DAYS_SHOWN = 45
SAMPLES = 4


def sees_all(actor: Actor) -> bool:
    """Whether the stored figures are what this person may know."""
    return scope(actor, "matters.read").everything


def visible_matters(actor: Actor) -> QuerySet[Matter]:
    """Matters of which the actor may see a case, with `seen_people`, `seen_cases`, `seen_growth` of the cases it may see."""
    if sees_all(actor):
        return Matter.objects.annotate(seen_people=F("people"), seen_cases=F("cases"), seen_growth=F("growth"))
    mine = visible_members(actor).filter(matter=OuterRef("pk"))
    counted = mine.order_by().values("matter")
    now = timezone.now()
    weeks = Count("pk", filter=Q(accepted_at__gt=now - timedelta(7))) - Count(
        "pk", filter=Q(accepted_at__gt=now - timedelta(14), accepted_at__lte=now - timedelta(7))
    )
    return Matter.objects.filter(Exists(mine)).annotate(
        seen_people=Subquery(counted.annotate(n=Count("case__caller_index", distinct=True)).values("n")),
        seen_cases=Subquery(counted.annotate(n=Count("pk")).values("n")),
        seen_growth=Subquery(counted.annotate(n=weeks).values("n")),
    )


def visible_members(actor: Actor) -> QuerySet[Membership]:
    """Present members whose cases the actor may see."""
    members = Membership.objects.filter(removed_at__isnull=True)
    if sees_all(actor):
        return members
    return members.filter(case__in=within_reach(Case.objects.all(), actor, "matters.read"))


def order_of(actor: Actor, sort: str) -> tuple[str, str]:
    """The columns to page by: an index for whoever sees all, what they may see for others."""
    column = SORTS.get(sort, "people")
    return (f"-{column}" if column == "last_at" or sees_all(actor) else f"-seen_{column}", "-id")


def filter_matters(matters: QuerySet[Matter], chosen: Mapping[str, str], account_id: int | None) -> QuerySet[Matter]:
    """Narrow a list by what an address holds: state, street, category, unit, people, growth, threat, organised, mine, q."""
    state = chosen.get("state", "")
    if state != "all":
        matters = matters.filter(state=state) if state in Matter.State.values else matters.filter(state__in=ACTIVE)
    for name, way in (("found_from", "created_at__date__gte"), ("found_to", "created_at__date__lte")):
        if value := chosen.get(name):
            day = _day(value)
            matters = matters.none() if day is None else matters.filter(**{way: day})
    for name, column in (("street", "streets__contains"), ("category", "category"), ("unit", "lead_unit")):
        if value := chosen.get(name):
            number = _whole(value)
            wanted: Any = [number] if name == "street" else number
            matters = matters.none() if number is None else matters.filter(**{column: wanted})
    for name in ("people", "growth"):
        if value := chosen.get(name):
            number = _whole(value)
            matters = matters.none() if number is None else matters.filter(**{f"seen_{name}__gte": number})
    if chosen.get("threat"):
        matters = matters.exclude(threats=[])
    if chosen.get("organised"):
        matters = matters.filter(organised=True)
    if chosen.get("mine"):
        matters = matters.filter(watches__account=account_id)
    if words := tidy_line(chosen.get("q", ""))[:60]:
        known = Q(title__icontains=words) | Q(keywords__contains=[words.lower()])
        number = _whole(words.upper().removeprefix("M"))
        matters = matters.filter(known | Q(pk=number) if number is not None else known)
    return matters


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def matter_by_id(actor: Actor, matter_id: int) -> Matter | None:
    """The matter with what its page shows, if the actor may see any of it (or all, when it has no member left)."""
    found = visible_matters(actor).select_related("category", "lead_unit", "street", "into")
    return found.filter(pk=matter_id).first()


def members_page(actor: Actor, matter: Matter, chosen: Mapping[str, str]) -> QuerySet[Membership]:
    """The members that the actor may see, the newest first (index: membership_newest), narrowed by area or street."""
    members = visible_members(actor).filter(matter=matter)
    for name in ("street", "area"):
        if value := chosen.get(name):
            number = _whole(value)
            members = members.none() if number is None else members.filter(**{f"case__{name}_id": number})
    return members.select_related(
        "case", "case__statement", "case__street", "case__area", "case__lead_unit", "added_by"
    )


@dataclass(frozen=True)
class Shape:
    """When and where: rows for a chart by day or week, and for bars by place (label, cases, address)."""

    times: list[tuple[str, int]]
    by_week: bool
    streets: list[tuple[str, int, str]]
    areas: list[tuple[str, int, str]]
    people: int
    cases: int


def shape_of(actor: Actor, matter: Matter) -> Shape:
    """Timeline and places of the members that the actor may see, in one read."""
    rows = list(
        visible_members(actor)
        .filter(matter=matter)
        .values_list("accepted_at", "case__street", "case__area", "case__caller_index")
    )
    times, by_week = _timeline([timezone.localdate(at, SHANGHAI) for at, *_ in rows])
    streets, areas = Counter(row[1] for row in rows if row[1]), Counter(row[2] for row in rows if row[2])
    names = dict(Area.objects.filter(pk__in=[*streets, *areas]).values_list("pk", "name"))
    return Shape(
        times,
        by_week,
        _places(streets, names, "street"),
        _places(areas, names, "area"),
        len({bytes(row[3]) for row in rows if row[3]}),
        len(rows),
    )


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


def history_of(matter: Matter) -> QuerySet[MatterEvent]:
    """What happened to it, the newest first (index: matter_event_newest)."""
    return MatterEvent.objects.filter(matter=matter).select_related("by").order_by("-pk")


def charges_of(matter: Matter) -> QuerySet[Charge]:
    """Who is to look after it, the newest first."""
    return Charge.objects.filter(matter=matter).select_related("account", "unit", "given_by", "done_by").order_by("-pk")


def follows(account_id: int | None, matter: Matter) -> bool:
    """Whether this account follows the matter."""
    return account_id is not None and Watch.objects.filter(matter=matter, account=account_id).exists()


def matter_of_case(case_id: int) -> Membership | None:
    """The matter a case belongs to (index: case_in_one_matter)."""
    return Membership.objects.filter(case=case_id, removed_at__isnull=True).select_related("matter").first()


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


def _timeline(days: list[date]) -> tuple[list[tuple[str, int]], bool]:
    if not days:
        return [], False
    first, last = min(days), max(days)
    step = 1 if (last - first).days < DAYS_SHOWN else 7
    first -= timedelta(days=first.weekday() if step == 7 else 0)
    counts = Counter((day - first).days // step for day in days)
    slots = range((last - first).days // step + 1)
    return [((first + timedelta(days=slot * step)).strftime("%m-%d"), counts[slot]) for slot in slots], step == 7


def _places(counts: Counter[int], names: Mapping[int, str], name: str) -> list[tuple[str, int, str]]:
    return [
        (names.get(place, "未知"), count, f"?{name}={place}#members")
        for place, count in counts.most_common(MOST_PLACES)
    ]


def _whole(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 10 else None
