"""Reads of the search. Everything starts from `visible_cases`: what a person may not see is neither listed nor counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import BooleanField, F, FloatField, Func, Q, QuerySet, Value, When
from django.db.models import Case as Choose
from django.utils import timezone

from qushu.cases.finding import (
    NEWEST,
    PAGE,
    Finder,
    with_terms,
    with_terms_along,
    with_terms_gathered,
    with_terms_within,
)
from qushu.cases.models import Case, Category
from qushu.cases.queries import filter_cases, visible_cases, with_words
from qushu.cases.rules import SHANGHAI, case_id_of
from qushu.kernel.asked import day_in, number_in
from qushu.kernel.search_terms import Term, read_terms, tsquery_of
from qushu.people.access import Actor, scope

from .forms import box_of, month_of

ORDERS: Final = {"": NEWEST, "accepted": ("accepted_at", "id")}
MOST_RANKED: Final = 2_000
"""So many of the newest matches are ranked by how well they fit."""
BEST: Final = 100
COUNTED: Final = 10_000
"""So many of the newest matches are counted for the facets."""
READ: Final = {"relevance": MOST_RANKED, "accepted": COUNTED}
"""How far an order reads, where not a page: what is said lately tells nothing of the oldest."""
_TITLE_WEIGHT: Final = 1.0
_COUNTS: Final = {
    "returned": "return_count",
    "extended": "extension_count",
    "reopened": "reopen_count",
    "supervised": "supervision_level",
}
_NARROW: Final = ("category", "caller", "mark", "satisfaction", *_COUNTS)
"""Conditions that leave few cases, and hang together with words."""
_SIGNS: Final = (("unit", "u"), ("street", "a"), ("area", "a"))
_MOST_FACETS: Final = 40
"""Of more categories below one the index would have to put too much together."""
SHOWN: Final = (
    "number", "title", "state", "kind", "urgency", "marks", "accepted_at", "due_at", "closed_at", "reopen_count",
    "lead_unit__name", "category__full_name", "street__name", "area__name", "statement__text", "statement__place",
)  # fmt: skip


def first_cases(actor: Actor, chosen: Mapping[str, str], now: datetime, first: int = PAGE) -> QuerySet[Case]:
    """As `found_cases`, for whoever reads the `first` rows only: a page, or the newest COUNTED."""
    find: Finder = partial(with_terms_along, first=first)
    if within := _facets_within(actor, chosen):
        find = partial(with_terms_within, within=within, first=first)
    elif any(chosen.get(name) for name in _NARROW) or not scope(actor, "case.list").everything:
        find = partial(with_terms_gathered, first=first)
    return found_cases(actor, chosen, now, find=find)


def newest_cases(actor: Actor, chosen: Mapping[str, str], now: datetime) -> QuerySet[Case]:
    """The newest COUNTED of `found_cases`, looked for once: for whoever counts them in several ways."""
    newest = first_cases(actor, chosen, now, COUNTED).order_by(*NEWEST)
    ids = list(newest.values_list("pk", flat=True)[:COUNTED])
    return Case.objects.filter(pk__in=ids) if ids else Case.objects.none()


def _facets_within(actor: Actor, chosen: Mapping[str, str]) -> list[list[str]]:
    """Of which facets the cases that are asked for have one each, as far as the index can tell: by unit, area, category, reach."""
    asked = ((sign, number_in(chosen.get(name, ""))) for name, sign in _SIGNS)
    groups = [[f"{sign}{pk}"] for sign, pk in asked if pk is not None]
    if (pk := number_in(chosen.get("category", ""))) is not None:
        below = Category.objects.filter(Q(pk=pk) | Q(parent=pk) | Q(parent__parent=pk))
        groups.append([f"c{one}" for one in below.values_list("pk", flat=True)])
    reach = scope(actor, "case.list")
    if not reach.everything:
        groups.append([*(f"u{one}" for one in reach.unit_ids), *(f"a{one}" for one in reach.area_ids)])
    return [group for group in groups if 0 < len(group) <= _MOST_FACETS]


def found_cases(
    actor: Actor, chosen: Mapping[str, str], now: datetime, action: str = "case.list", find: Finder = with_terms
) -> QuerySet[Case]:
    """The cases that an address asks for, of those that `action` reaches for this person.

    Names: those of `filter_cases` (a category means all below it), and result, solved, satisfaction, returned, extended,
    reopened, supervised, month, box, closed_from, closed_to. Unreadable values match nothing. Indexes: entry_words,
    entry_spot, case_newest and those by unit, street, category and state.
    """
    rest = {name: value for name, value in chosen.items() if name not in ("q", "category")}
    cases = _in_category(filter_cases(visible_cases(actor, action), rest, now, actor), chosen.get("category", ""))
    for name, column in _COUNTS.items():
        if chosen.get(name):
            cases = cases.filter(**{f"{column}__gt": 0})
    cases = _in_time(_judged(cases, chosen), chosen)
    if value := chosen.get("box"):
        cases = _in_box(cases, value)
    return with_words(cases, chosen.get("q", "").strip(), find)


def terms_of(chosen: Mapping[str, str]) -> list[Term]:
    """The terms that the address holds; none when it holds a case number."""
    text = chosen.get("q", "").strip()
    return [] if case_id_of(text, settings.QUSHU_NUMBER_PREFIX) is not None else read_terms(text)


def rich(ids: list[int]) -> list[Case]:
    """These cases with what the results show, in this order."""
    related = ("lead_unit", "category", "street", "area", "statement")
    by_id = Case.objects.filter(pk__in=ids).select_related(*related).only(*SHOWN).in_bulk()
    return [by_id[one] for one in ids if one in by_id]


def best_of(cases: QuerySet[Case], terms: list[Term]) -> list[int]:
    """The ids of the BEST that fit best among the newest MOST_RANKED: terms in the title first, then how often they stand."""
    newest = list(cases.order_by(*NEWEST).values_list("pk", flat=True)[:MOST_RANKED])
    query = SearchQuery(tsquery_of([one for one in terms if not one.excluded]), config="simple", search_type="raw")
    marks = [mark for term in terms for mark in term.marks]
    in_title: Any = Value(0.0)
    for mark in marks:
        in_title = in_title + Choose(
            When(title__icontains=mark, then=Value(_TITLE_WEIGHT)), default=Value(0.0), output_field=FloatField()
        )
    ranked = Case.objects.filter(pk__in=newest).annotate(fit=in_title + SearchRank(F("entry__words"), query))
    return list(ranked.order_by("-fit", *NEWEST).values_list("pk", flat=True)[:BEST])


@dataclass(frozen=True)
class Facets:
    """How the newest matches spread: value and count by field, the largest first. `whole` when that is all of them."""

    total: int
    whole: bool
    fields: dict[str, list[tuple[Any, int]]]


FACETS: Final = ("state", "channel_id", "kind", "street_id", "top", "lead_unit_id", "month")
_FACETS_SQL: Final = """
WITH found AS MATERIALIZED (
  SELECT f.state, f.channel_id, f.kind, f.street_id, coalesce(p.parent_id, p.id, g.id) AS top, f.lead_unit_id,
         to_char(f.accepted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month
  FROM ({cases}) f LEFT JOIN cases_category g ON g.id = f.category_id LEFT JOIN cases_category p ON p.id = g.parent_id
)
SELECT state, channel_id, kind, street_id, top, lead_unit_id, month, grouping({fields}), count(*)
FROM found GROUP BY GROUPING SETS ((), {sets})
"""


def facets_of(cases: QuerySet[Case]) -> Facets:
    """The facets of a search in one read, over its newest COUNTED matches."""
    newest = cases.order_by(*NEWEST).values(
        "state", "channel_id", "kind", "street_id", "category_id", "lead_unit_id", "accepted_at"
    )
    if newest.query.is_empty():
        return Facets(0, True, {name: [] for name in FACETS})
    sql, params = newest[:COUNTED].query.sql_with_params()
    sets = ", ".join(f"({name})" for name in FACETS)
    with connection.cursor() as cursor:
        cursor.execute(_FACETS_SQL.format(cases=sql, fields=", ".join(FACETS), sets=sets), params)
        rows = cursor.fetchall()
    total = 0
    fields: dict[str, list[tuple[Any, int]]] = {name: [] for name in FACETS}
    for *values, level, count in rows:
        grouped = [place for place in range(len(FACETS)) if not level >> (len(FACETS) - 1 - place) & 1]
        if not grouped:
            total = count
        elif values[grouped[0]] not in (None, ""):
            fields[FACETS[grouped[0]]].append((values[grouped[0]], count))
    for name, found in fields.items():
        found.sort(
            key=(lambda one: one[0]) if name == "month" else (lambda one: (-one[1], str(one[0]))),
            reverse=name == "month",
        )
    return Facets(total, total < COUNTED, fields)


class Within(Func):
    """Whether a point lies in a box; answered by the index entry_spot."""

    output_field = BooleanField()

    def __init__(self, lon: str, lat: str, box: tuple[float, float, float, float], **more: Any) -> None:
        super().__init__(F(lon), F(lat), **more)
        self.box = box

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        lon, lat = (compiler.compile(one)[0] for one in self.source_expressions)
        return f"point({lon}, {lat}) <@ box(point(%s, %s), point(%s, %s))", list(self.box)


def _in_category(cases: QuerySet[Case], value: str) -> QuerySet[Case]:
    if not value:
        return cases
    pk = number_in(value)
    if pk is None:
        return cases.none()
    return cases.filter(Q(category=pk) | Q(category__parent=pk) | Q(category__parent__parent=pk))


def _judged(cases: QuerySet[Case], chosen: Mapping[str, str]) -> QuerySet[Case]:
    if value := chosen.get("satisfaction"):
        cases = cases.filter(satisfaction=int(value)) if value in "12345" and len(value) == 1 else cases.none()
    if value := chosen.get("solved"):
        cases = cases.filter(solved=value == "1") if value in ("0", "1") else cases.none()
    return cases


def _in_time(cases: QuerySet[Case], chosen: Mapping[str, str]) -> QuerySet[Case]:
    if value := chosen.get("month"):
        span = month_of(value)
        if span is None:
            return cases.none()
        cases = cases.filter(accepted_at__gte=_start(span[0]), accepted_at__lt=_start(span[1]))
    for name, lookup, later in (("closed_from", "gte", 0), ("closed_to", "lt", 1)):
        if value := chosen.get(name):
            day = day_in(value)
            if day is None:
                return cases.none()
            cases = cases.filter(**{f"closed_at__{lookup}": _start(date.fromordinal(day.toordinal() + later))})
    return cases


def _in_box(cases: QuerySet[Case], value: str) -> QuerySet[Case]:
    box = box_of(value)
    return cases.none() if box is None else cases.filter(Within("entry__lon", "entry__lat", box))


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), SHANGHAI)
