"""多维分析: a question (1 to 3 dimensions, a measure, filters, a period) becomes one query over the copy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.kernel.asked import NINE_DIGITS, day_in, number_in
from qushu.lake.engine import ask, ask_each, ask_files, while_it_stands
from qushu.lake.facts import following
from qushu.lake.files import Copy, month_of
from qushu.people.access import Scope

from .definitions import ACCEPTED, CASE_SETS, CONDITIONS, DIMENSIONS, MEASURES, Dimension, Measure

MOST_GROUPS = 3_000
"""More groups than this are neither drawn nor listed: the largest are, and the page says so."""
NOT_THESE = "-"
"""Before values joined by dots, in an address: rows with any other value than these."""
EMPTY = "none"
"""In an address: rows in which this dimension is not filled in."""
UNTIL = "until"
"""A filter: cases accepted before this hour of their day, so that a day that is not over is held against as much of another."""
HALVES = {"all": "全部", "whole": "计入分母的", "part": "计入分子的", "excluded": "剔除的"}
PLACES = Decimal("0.01")
Sql = tuple[str, list[Any]]


@dataclass(frozen=True)
class Question:
    """What is asked. `filters` are (name, value) pairs: a dimension and a value of it, `category`, `area`, `mark`, or a condition."""

    measure: Measure
    first: date
    last: date
    by: tuple[Dimension, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()

    def at(self, values: Sequence[Any]) -> "Question":
        """The question of one group: its values become filters."""
        more = tuple((one.code, address_of(value)) for one, value in zip(self.by, values, strict=False))
        return replace(self, filters=self.filters + more)

    def query(self, **more: str) -> str:
        """The address of this question."""
        pairs = [("measure", self.measure.code), ("first", str(self.first)), ("last", str(self.last))]
        pairs += [("by", one.code) for one in self.by]
        return urlencode([*pairs, *self.filters, *more.items()])


@dataclass(frozen=True)
class Group:
    """The figure of one group of rows: `keys` by the question's dimensions, `number` as it is shown (None: nothing to say)."""

    keys: tuple[Any, ...]
    part: int
    whole: int
    number: Decimal | None


@dataclass(frozen=True)
class Answer:
    """Groups in the order of the dimensions, the figure of all rows together, and whether groups were left out."""

    question: Question
    groups: list[Group] = field(default_factory=list)
    total: Group = Group((), 0, 0, None)
    cut_off: bool = False


def read_question(params: Mapping[str, Any], getlist: Any, first: date, last: date) -> Question:
    """The question of an address; what can't be read is left out, `first` and `last` stand where it names no days."""
    codes = [code for code in dict.fromkeys(getlist("by")) if code in DIMENSIONS][:3]
    names = [*DIMENSIONS, "category", "area", "mark", *CASE_SETS, *CONDITIONS]
    filters = tuple((name, value) for name in names for value in getlist(name) if value)
    start, end = _day(params.get("first", ""), first), _day(params.get("last", ""), last)
    return Question(
        MEASURES.get(params.get("measure", ""), MEASURES["count"]),
        min(start, end),
        max(start, end),
        tuple(DIMENSIONS[code] for code in codes),
        filters,
    )


def answer(question: Question, reach: Scope, now: datetime) -> Answer:
    """The groups of a question, as far as `reach` allows."""
    groups = _added_up(question, reach, now) if question.measure.adds_up else None
    if groups is None:
        return _answer_at_once(question, reach, now)
    largest = sorted(groups, key=lambda group: -group.whole)[:MOST_GROUPS] if question.by else []
    return Answer(question, _in_order(question, largest), together(question.measure, groups), len(groups) > MOST_GROUPS)


def _added_up(question: Question, reach: Scope, now: datetime) -> list[Group] | None:
    """The groups of a measure that adds up, put together from those of each file; None when they are too many.

    A file that lies wholly in the period is asked without its days, and what is late now apart from what is settled: so
    what a file says is kept until it is written anew, whatever day or minute is asked for.
    """
    measure, keys = question.measure, _keys(question)
    where, params = _chosen(question, reach, now)
    parts = f"count(*) FILTER (WHERE {measure.part})" if measure.is_rate else "0"
    fields = ", ".join([*keys, "{part} AS part, count(*) AS whole"])
    asked = [
        f"SELECT {fields.format(part=part)} FROM {{cases}} WHERE {where} AND {_said(condition, now)}"
        for condition, part in ((measure.settled, parts), (measure.late, "0"))
        if condition != "false"
    ]

    def look(copy: Copy) -> list[Group] | None:
        sums: dict[tuple[Any, ...], tuple[int, int]] = {}
        for (days, period), files in _by_days(question, copy.files):
            for sql in asked:
                each = ask_each(f"{sql} AND {days} GROUP BY ALL", [*params, *period], files, MOST_GROUPS)
                if each is None:
                    return None
                for *key, part, whole in chain.from_iterable(each):
                    known = sums.get(tuple(key), (0, 0))
                    sums[tuple(key)] = known[0] + part, known[1] + whole
        return [_group(measure, key, (*both, None)) for key, both in sums.items() if both[1]]

    return while_it_stands(look)


def _answer_at_once(question: Question, reach: Scope, now: datetime) -> Answer:
    """The same by one query over all files: for what doesn't add up, and for very many groups."""
    measure, keys = question.measure, _keys(question)
    where, params = _where(question, reach, now)
    where, figures = f"{where} AND {_said(measure.whole, now)}", _figures(measure, now)
    grouped = ", ".join(str(place) for place in range(1, len(keys) + 1))
    if not keys:
        (total,) = ask(f"SELECT {figures} FROM {{cases}} WHERE {where}", params)
        return Answer(question, [], _group(measure, (), total))
    sets = f"GROUP BY {grouped}" if measure.adds_up else f"GROUP BY GROUPING SETS (({', '.join(keys)}), ())"
    ungrouped = "0" if measure.adds_up else f"grouping({keys[0]})"
    sql = f"SELECT {', '.join(keys)}, {figures}, {ungrouped} AS total FROM {{cases}} WHERE {where} {sets}"
    most = f" ORDER BY total DESC, whole DESC LIMIT {MOST_GROUPS + 2}"
    rows = ask(sql + most, params)
    found = [_group(measure, row[: len(keys)], row[len(keys) : -1]) for row in rows if not row[-1]]
    found = [group for group in found if group.whole]
    cut_off = len(found) > MOST_GROUPS
    totals = [_group(measure, (), row[len(keys) : -1]) for row in rows if row[-1]]
    if measure.adds_up:
        totals = [together(measure, found)] if not cut_off else [answer(replace(question, by=()), reach, now).total]
    return Answer(
        question, _in_order(question, found[:MOST_GROUPS]), totals[0] if totals else Group((), 0, 0, None), cut_off
    )


def figures(
    measures: Sequence[Measure],
    spans: Sequence[tuple[date, date]],
    filters: tuple[tuple[str, str], ...],
    reach: Scope,
    now: datetime,
) -> list[list[Group]]:
    """The figures of several measures in several spans, in one query over the files in which such a day lies: for each
    span a list in the order of the measures. Only for measures that add up.
    """
    columns, params = [], []
    for first, last in spans:
        for measure in measures:
            where, more = _where(Question(measure, first, last, (), filters), reach, now)
            for condition in (_said(measure.part, now), _said(measure.whole, now)):
                columns.append(f"count(*) FILTER (WHERE {where} AND {condition})")
                params += more
    sql = f"SELECT {', '.join(columns)} FROM {{cases}}"
    asked = [Question(measure, *span) for measure in measures for span in spans]
    (row,) = while_it_stands(lambda copy: ask_files(sql, params, _files_of(asked, copy.files)))
    pairs = iter(zip(row[::2], row[1::2], strict=True))
    return [[_group(measure, (), (*next(pairs), None)) for measure in measures] for _ in spans]


def rows_behind(
    question: Question, half: str, reach: Scope, now: datetime, after: tuple[int, int] | None, size: int
) -> list[tuple[int, int, date, int | None, str]]:
    """The rows behind a figure, newest cases first: case, round, day, unit that answers, and a key of HALVES for its verdict."""
    measure = question.measure
    where, params = _where(question, reach, now)
    wanted = {"all": f"({_said(measure.whole, now)} OR {_said(measure.excluded, now)})"}
    condition = wanted.get(half) or _said(getattr(measure, half), now)
    past = ""
    if after:
        past, params = " AND (case_id < ? OR (case_id = ? AND round > ?))", [*params, after[0], after[0], after[1]]
    verdict = f"CASE WHEN {_said(measure.excluded, now)} THEN 'excluded' WHEN {_said(measure.part, now)} THEN 'part' ELSE 'whole' END"
    sql = (
        f"SELECT case_id, round, {measure.on}, {measure.by}, {verdict} FROM {{cases}}"
        f" WHERE {where} AND {condition}{past} ORDER BY case_id DESC, round LIMIT {size}"
    )
    return ask(sql, params)


def together(measure: Measure, groups: Sequence[Group]) -> Group:
    """Several groups as one, for measures that add up."""
    part, whole = sum(group.part for group in groups), sum(group.whole for group in groups)
    return _group(measure, (), (part, whole, None))


def address_of(value: Any) -> str:
    """A value of a dimension as an address holds it."""
    return EMPTY if value is None else str(value)


def _keys(question: Question) -> list[str]:
    measure = question.measure
    return [one.column.format(on=measure.on, by=measure.by) for one in question.by]


def _figures(measure: Measure, now: datetime) -> str:
    """The figures of rows of the whole: they are picked before they are grouped, and every row of the part is one of them."""
    # whole minutes are put in order in two thirds of the time that hours take
    middle = f"quantile_cont({measure.minutes}, {measure.quantile}) / 60" if measure.quantile else "NULL"
    parts = f"count(*) FILTER (WHERE {_said(measure.part, now)})" if measure.is_rate else "0"
    return f"{parts} AS part, count(*) AS whole, {middle} AS middle"


def _group(measure: Measure, keys: Sequence[Any], figures: Sequence[Any]) -> Group:
    part, whole, middle = figures
    number: Decimal | None
    if measure.quantile:
        number = None if middle is None else Decimal(middle).quantize(PLACES, ROUND_HALF_UP)
    elif measure.is_rate:
        number = (Decimal(100) * part / whole).quantize(PLACES, ROUND_HALF_UP) if whole else None
    else:
        number = Decimal(whole)
    return Group(tuple(keys), part, whole, number)


def _where(question: Question, reach: Scope, now: datetime) -> Sql:
    (days, period), (chosen, params) = _days(question), _chosen(question, reach, now)
    return f"{days} AND {chosen}", [*period, *params]


def _days(question: Question) -> Sql:
    """The rows that the measure counts in the period."""
    return f"{question.measure.on} BETWEEN ?::DATE AND ?::DATE", [str(question.first), str(question.last)]


def _by_days(question: Question, files: Sequence[str]) -> list[tuple[Sql, list[str]]]:
    """The same by files: those whose rows all lie in the period need no days; those without any aren't asked."""
    whole: list[str] = []
    partly: list[str] = []
    for file, days in _days_of(files, question.measure.on).items():
        if question.first <= days[0] and days[1] <= question.last:
            whole.append(file)
        elif days[0] <= question.last and question.first <= days[1]:
            partly.append(file)
    return [(("true", []), whole), (_days(question), partly)]


def _files_of(questions: Sequence[Question], files: Sequence[str]) -> list[str]:
    """The files in which any of the questions can count a row."""
    wanted = {file for one in questions for _, some in _by_days(one, files) for file in some}
    return [file for file in files if file in wanted]


def _days_of(files: Sequence[str], on: str) -> dict[str, tuple[date, date]]:
    """The first and the last day for which a measure can count a row of each file; a file that it counts none of is left out."""
    if on == ACCEPTED:
        return {file: (month_of(file), following(month_of(file)) - timedelta(days=1)) for file in files}
    each = ask_each(f"SELECT min({on}), max({on}) FROM {{cases}} GROUP BY ALL", [], files, 1)
    assert each is not None  # a group a file
    return {file: rows[0] for file, rows in zip(files, each, strict=True) if rows and rows[0][0]}


def _chosen(question: Question, reach: Scope, now: datetime) -> Sql:
    """The rows of the measure that a person may see, as the filters say, of any day."""
    measure = question.measure
    parts: list[Sql] = [(measure.rows, []), _within(measure, reach)]
    chosen: dict[str, list[str]] = {}
    for name, value in question.filters:
        chosen.setdefault(name, []).append(value)
    parts += [_any_of(measure, name, values, now) for name, values in chosen.items()]
    return " AND ".join(f"({sql})" for sql, _ in parts), [param for _, params in parts for param in params]


def _within(measure: Measure, reach: Scope) -> Sql:
    """The rows that a person may see: as in the lists of cases; of judgements those that the person's units answer for."""
    if reach.everything:
        return "true", []
    if reach.nothing:
        return "false", []
    seen: list[Sql] = []
    if reach.unit_ids:
        units = sorted(reach.unit_ids)
        seen.append((f"list_contains(?::INTEGER[], {measure.by})", [units]))
        if measure.by == "unit":
            seen.append(("list_has_any(assisting, ?::INTEGER[])", [units]))
    for column in ("street", "area") if reach.area_ids else ():
        seen.append((f"list_contains(?::INTEGER[], {column})", [sorted(reach.area_ids)]))
    return " OR ".join(f"coalesce({sql}, false)" for sql, _ in seen), [one for _, params in seen for one in params]


def _any_of(measure: Measure, name: str, values: Sequence[str], now: datetime) -> Sql:
    """Rows with any of these values; a value that can't be read matches nothing."""
    if name in CONDITIONS:
        return _said(CONDITIONS[name][1], now), []
    found = list(_matches(measure, name, values))
    return " OR ".join(sql for sql, _ in found), [param for _, params in found for param in params]


def _matches(measure: Measure, name: str, values: Sequence[str]) -> Iterator[Sql]:
    for value in values:
        if name == "mark":
            yield "list_contains(marks, ?)", [value]
        elif name == "category":
            yield _number("? IN (category1, category2, category3)", value)
        elif name == "area":
            yield _number("? IN (area, community)", value)
        elif name == UNTIL:
            yield _number("hour < ?", value)
        elif name in CASE_SETS:
            known = number_in(value)
            yield "list_contains(?::BIGINT[], case_id)", [[] if known is None else list(CASE_SETS[name].cases(known))]
        else:
            one = DIMENSIONS[name]
            column = one.column.format(on=measure.on, by=measure.by)
            if value == EMPTY:
                yield f"{column} IS NULL", []
            elif value.startswith(NOT_THESE):
                yield f"NOT list_contains(?::VARCHAR[], {column}::VARCHAR)", [value[1:].split(".")]
            elif one.kind == "number":
                yield _number(f"{column} = ?", value)
            elif one.kind == "date":
                yield (f"{column} = ?::DATE", [value]) if _is_day(value) else ("false", [])
            else:
                yield f"{column} = ?", [value]


def _number(sql: str, value: str) -> Sql:
    number = number_in(value, NINE_DIGITS)
    return ("false", []) if number is None else (sql, [number])


def _said(condition: str, now: datetime) -> str:
    """A condition at a moment, to the minute, so that answers can be kept for as long."""
    return condition.format(now=f"TIMESTAMP '{timezone.localtime(now, SHANGHAI):%Y-%m-%d %H:%M}'")


def _in_order(question: Question, groups: list[Group]) -> list[Group]:
    """The first dimension by its own order or by size, then the next; what isn't filled in stands last."""
    sizes: list[dict[Any, int]] = []
    for place in range(len(question.by)):
        size: dict[Any, int] = {}
        for group in groups:
            size[group.keys[place]] = size.get(group.keys[place], 0) + group.whole
        sizes.append(size)

    def order(group: Group) -> list[Any]:
        found: list[Any] = []
        for one, key, size in zip(question.by, group.keys, sizes, strict=True):
            found += [key is None, "" if key is None else key] if one.in_order else [False, (-size[key], str(key))]
            if one.in_order and key is None:
                found[-1] = 0 if one.kind == "number" else date.max
        return found

    return sorted(groups, key=order)


def _day(text: str, otherwise: date) -> date:
    return day_in(text) or otherwise


def _is_day(text: str) -> bool:
    return day_in(text) is not None
