"""Reads of the assessment: counts of every subject in a period, and the judgements behind each figure.

Counts of days and months that are kept ready, plus what cases that were changed since then change, plus what counts
because time has passed, in one statement: a page always shows the figures of now. Index: counted_once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from qushu.cases.queries import visible_cases
from qushu.people.access import Actor, Scope, scope

from ..models import AssessmentCount, UncountedCase
from .facts import SLOTS, Reach, Sql, counts_from, of_cases, of_period, pending_of, pending_within, reached, slot_of
from .measures import COLUMNS, MEASURES, NOBODY, Measure
from .periods import Period, days_of, month_of, months_and_days, period_of
from .rules import Count

ACTION = "assessment.read"
MOST_UNCOUNTED = 2_000
"""With more changed cases than this, counting the whole period anew is quicker than mending what was counted."""
TRIES = 5
Counts = dict[int, dict[str, Count]]


def counts(actor: Actor, subject: str, period: Period) -> Counts:
    """Counts of every subject (a key of SUBJECTS) by measure, as far as the actor's scope reaches; NOBODY is one of them.

    What belongs to a unit is what the unit answers for, also when the case has gone elsewhere since.
    """
    return counts_within(scope(actor, ACTION), subject, period)


def counts_within(reach: Scope, subject: str, period: Period) -> Counts:
    """`counts` for a scope instead of an actor."""
    if reach.nothing:
        return {}
    limits = _Limits.of(reach)
    kept = _counted(subject, period, limits) if limits else None
    return _counted_anew(subject, period, reach) if kept is None else kept


def archived(actor: Actor, period: Period, totals: Mapping[str, Count]) -> int:
    """How many cases of the period came closed from an older system, of which nobody knows when they were dispatched or resolved.

    Asked only where fewer than half of the accepted were dispatched (`totals`: the sums by measure), else 0. Index: case_newest.
    """
    accepted, dispatched = (totals[code].whole + totals[code].excluded for code in ("overdue", "return"))
    if 2 * dispatched >= accepted:
        return 0
    # every other way to 结案 leads over an answer
    closed = visible_cases(actor, ACTION).filter(period.of("accepted_at"), state="closed", resolved_at__isnull=True)
    return closed.count()


def counts_by_month(
    actor: Actor, subject: str, ids: Collection[int] | None, months: Sequence[date], now: datetime
) -> dict[date, dict[str, Count]]:
    """Counts of some subjects together (None: all) in each of the months, which follow each other; by their first days.

    What is judged as of a period's end (超期在办) is left out: each month has an end of its own.
    """
    reach = scope(actor, ACTION)
    if reach.nothing:
        return {}
    period = period_of(months[0], month_of(months[-1])[1], now)
    limits = _Limits.of(reach)
    found = _counted("month", period, limits, _Of(subject, ids)) if limits else None
    if found is None:
        found = _counted_anew("month", period, reach, _Of(subject, ids))
    kept = {code for code, measure in MEASURES.items() if not measure.pending_in_part}
    return {
        date.fromordinal(day): {code: count for code, count in one.items() if code in kept}
        for day, one in found.items()
    }


def rows_of(
    actor: Actor, measure: Measure, subject: str, ids: Collection[int] | None, period: Period, half: str
) -> QuerySet[Any]:
    """The judgements behind a figure, with `answers` (the unit) and `slot`: exactly as many as the figure says.

    `ids` are the subjects (None: all that there are); `half` is part, whole, excluded, or all (whole and excluded).
    """
    whole = measure.rows().filter(measure.settled, period.of(measure.at))
    pending = measure.pending(period) if measure.pending else None
    if pending is not None and not measure.pending_in_part:
        whole = whole | pending
    part = measure.part
    if pending is not None and measure.pending_in_part:
        part = Q(pk__in=pending.values("pk"))
    rows = reached(measure, whole, reach_of(scope(actor, ACTION))).annotate(slot=slot_of(measure, part))
    if ids is not None:
        column = "answers" if subject == "unit" else measure.from_case(COLUMNS[subject])
        nobody = Q(**{f"{column}__isnull": True}) if NOBODY in ids else Q(pk__in=[])
        rows = rows.filter(Q(**{f"{column}__in": list(ids)}) | nobody)
    if half == "all":
        return rows
    if half == "excluded":
        return rows.filter(measure.is_excluded)
    rows = rows.exclude(measure.is_excluded)
    return rows.filter(part) if half == "part" else rows


def cases_behind(subject: str, period: Period) -> dict[int, dict[int, list[int]]]:
    """Of every subject the ids of the cases in each slot, as often as they were judged: what a freeze keeps."""
    reach = reach_of(Scope(everything=True))
    settled, pending = of_period(period, reach), pending_of(period)
    found: dict[int, dict[int, list[int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_column(subject)}, f.slot, array_agg(f.case_id ORDER BY f.case_id)"
            f" FROM (({settled[0]}) UNION ALL ({pending[0]})) AS f (case_id, slot, day, unit_id)"
            " JOIN cases_case c ON c.id = f.case_id GROUP BY 1, 2",
            [*settled[1], *pending[1]],
        )
        for subject_id, slot, ids in cursor.fetchall():
            found.setdefault(subject_id, {})[slot] = ids
    return found


def readable(actor: Actor, case_ids: Iterable[int]) -> set[int]:
    """Those of the cases that the actor may open; of others that its unit once had, only the number is shown."""
    return set(visible_cases(actor, ACTION).filter(pk__in=list(case_ids)).values_list("pk", flat=True))


def reach_of(limits: Scope) -> Reach:
    """A scope as a condition on judgements: the unit that answers, or the case's place."""

    def reach(measure: Measure) -> Q:
        if limits.everything:
            return Q()
        mine = Q(answers__in=limits.unit_ids) if limits.unit_ids else Q(pk__in=[])
        for column in ("street_id", "area_id"):
            if limits.area_ids:
                mine |= Q(**{f"{measure.from_case(column)}__in": limits.area_ids})
        return mine

    return reach


@dataclass(frozen=True)
class _Limits:
    """What of the counts somebody sees: everything, some units, or some areas; conditions in SQL with parameters."""

    units: list[int] | None = None
    areas: list[int] | None = None

    @classmethod
    def of(cls, reach: Scope) -> "_Limits | None":
        """None when units and areas are mixed: what lies in both would be counted twice."""
        if reach.everything:
            return cls()
        if reach.unit_ids and reach.area_ids:
            return None
        return cls(areas=sorted(reach.area_ids)) if reach.area_ids else cls(units=sorted(reach.unit_ids))

    def judged(self, case: str = "c") -> Sql:
        """On judgements `f` of the cases `case`."""
        if self.areas is not None:
            return f"({case}.street_id = ANY (%s) OR {case}.area_id = ANY (%s))", [self.areas, self.areas]
        return ("true", []) if self.units is None else ("f.unit_id = ANY (%s)", [self.units])

    @property
    def of_months(self) -> Sql:
        """On the stored counts of months."""
        if self.areas is not None:
            return "(street_id = ANY (%s) OR area_id = ANY (%s))", [self.areas, self.areas]
        if self.units is None:
            return f"unit_id = {AssessmentCount.ALL_UNITS}", []
        return "unit_id = ANY (%s)", [self.units]

    @property
    def has_days(self) -> bool:
        """Whether days are stored, too."""
        return self.areas is None


_EVERYTHING = _Limits()


@dataclass(frozen=True)
class _Of:
    """Subjects that are counted together; None: all that there are."""

    subject: str
    ids: Collection[int] | None = None

    def only(self, column: str) -> Sql:
        return ("true", []) if self.ids is None else (f"{column} = ANY (%s)", [list(self.ids)])


def _key(subject: str, of: _Of | None) -> tuple[str, Sql]:
    """By what judgements `f` of cases `c` are grouped, the month being told by its first day's number; and which of them."""
    column = _column(of.subject if of else subject)
    return (_MONTH.format("f.day"), of.only(column)) if of else (column, ("true", []))


def _column(subject: str) -> str:
    """The subject of a judgement `f` of a case `c`."""
    named = "f.unit_id" if subject == "unit" else f"c.{COLUMNS[subject]}"
    return f"coalesce({named}, {NOBODY})::bigint"


_MONTH = "(date_trunc('month', {})::date - date '0001-01-01' + 1)::bigint"


def _counted(subject: str, period: Period, limits: _Limits, of: _Of | None = None) -> Counts | None:
    """From what is counted, within the limits; None when too much has changed since.

    Tries again when a move came in between reading the marks and reading the counts.
    """
    for _ in range(TRIES):
        marks = UncountedCase.objects.order_by("id").values_list("case_id", flat=True)
        changed = list(marks[: MOST_UNCOUNTED + 1])
        if len(changed) > MOST_UNCOUNTED:
            return None
        found = _mended(subject, period, sorted(set(changed)), limits, of)
        if found is not None:
            return found
    return None


def _mended(subject: str, period: Period, changed: list[int], limits: _Limits, of: _Of | None = None) -> Counts | None:
    """What is counted, mended by what the cases `changed` contribute now; None when others were changed meanwhile."""
    months, spans = months_and_days(*days_of(period))
    stored = days_of(period) if limits.has_days else (months[0], month_of(months[-1])[1]) if months else None
    asked = [_by_subject(subject, pending_of(period), limits, of=of), _others_changed(changed)]
    if stored:
        asked.append(_stored(subject, months, spans if limits.has_days else [], limits, of))
    if stored and changed:
        asked += [
            _by_subject(subject, of_cases(changed), limits, stored, of),
            _then_of(subject, changed, limits, stored, of),
        ]
    if not limits.has_days:
        reach = reach_of(Scope(area_ids=frozenset(limits.areas or ())))
        asked += [_by_subject(subject, of_period(period_of(*span, period.now), reach)) for span in spans]
    slots: dict[int, list[tuple[int, int]]] = {}
    for subject_id, sums, slot, number in _union(asked):
        if sums is not None:
            slots.setdefault(subject_id, []).extend(enumerate(sums))
        elif slot is not None:
            slots.setdefault(subject_id, []).append((slot, number))
        elif slot is None and number:
            return None
    return _filled(slots)


def _counted_anew(subject: str, period: Period, limits: Scope, of: _Of | None = None) -> Counts:
    """Counted from the judgements themselves."""
    reach = reach_of(limits)
    slots: dict[int, list[tuple[int, int]]] = {}
    for subject_id, _, slot, number in _union(
        [_by_subject(subject, one, of=of) for one in (of_period(period, reach), pending_within(period, reach))]
    ):
        slots.setdefault(subject_id, []).append((slot, number))
    return _filled(slots)


_SUMS = "ARRAY[" + ", ".join(f"sum(counts[{slot + 1}])" for slot in range(SLOTS)) + "]::bigint[]"


def _stored(subject: str, months: list[date], spans: list[tuple[date, date]], limits: _Limits, of: _Of | None) -> Sql:
    """The stored counts of whole months and of spans of days, summed by subject, or by month."""
    key, (some, ids) = (_MONTH.format("starts_on"), of.only("subject_id")) if of else ("subject_id", ("true", []))
    within, more = limits.of_months
    table, grain = ("hotline_assessmentcount", "grain = 'm'") if limits.has_days else ("hotline_areacount", "true")
    wanted, params = [f"({grain} AND starts_on = ANY (%s) AND {within})"], [months, *more]
    only = "true" if limits.units is None else within  # days have no row of all units
    for span in spans:
        wanted.append(f"(grain = 'd' AND starts_on BETWEEN %s AND %s AND {only})")
        params += [*span, *more]
    sql = (
        f"SELECT {key}, {_SUMS} AS sums, NULL::int AS slot, NULL::bigint AS number FROM {table}"
        f" WHERE subject = %s AND {some} AND ({' OR '.join(wanted)}) GROUP BY 1"
    )
    return sql, [of.subject if of else subject, *ids, *params]


def _by_subject(
    subject: str,
    judgements: Sql,
    limits: _Limits = _EVERYTHING,
    days: tuple[date, date] | None = None,
    of: _Of | None = None,
) -> Sql:
    """Judgements grouped by subject (or month) and slot."""
    key, (some, ids) = _key(subject, of)
    sql, params = judgements
    only, more = limits.judged()
    within, bounds = ("f.day BETWEEN %s AND %s", days) if days else ("true", ())
    # every judgement has a case: where nothing of it is asked, it needn't be read
    case = " JOIN cases_case c ON c.id = f.case_id" if "c." in f"{key} {some} {only}" else ""
    return (
        f"SELECT {key}, NULL::bigint[], f.slot::int, count(*) FROM ({sql}) AS f (case_id, slot, day, unit_id)"
        f"{case} WHERE {some} AND {only} AND {within} GROUP BY 1, 3"
    ), [*params, *ids, *more, *bounds]


def _then_of(subject: str, changed: list[int], limits: _Limits, days: tuple[date, date], of: _Of | None = None) -> Sql:
    """What the changed cases contributed when they were counted, to be taken away."""
    key, (some, ids) = _key(subject, of)
    only, more = limits.judged()
    return (
        f"SELECT {key}, NULL::bigint[], f.slot::int, -count(*)"
        " FROM hotline_countedcase c, unnest(c.slots, c.days, c.units) AS f (slot, day, unit_id)"
        f" WHERE c.case_id = ANY (%s) AND f.day BETWEEN %s AND %s AND {some} AND {only} GROUP BY 1, 3"
    ), [changed, *days, *ids, *more]


def _others_changed(changed: list[int]) -> Sql:
    """One row without subject and slot: how many marks are there that weren't read before this statement."""
    sql = (
        "SELECT NULL::bigint, NULL::bigint[], NULL::int, count(*) FROM hotline_uncountedcase WHERE case_id <> ALL (%s)"
    )
    return sql, [changed]


def _union(parts: list[Sql]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sql for sql, _ in parts), [param for _, params in parts for param in params])
        return cursor.fetchall()


def _filled(slots: dict[int, list[tuple[int, int]]]) -> Counts:
    """Subjects that have any figure."""
    found = {subject_id: counts_from(one) for subject_id, one in slots.items()}
    return {one: counts for one, counts in found.items() if any(count.volume for count in counts.values())}
