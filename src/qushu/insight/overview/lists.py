"""The rows behind a figure of a cross-cut: with their cases, for its page and as a file."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from qushu.cases.exports import CHUNK, LISTS, ListExport
from qushu.cases.models import Case
from qushu.cases.queries import visible_cases
from qushu.cases.rules import SHANGHAI
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.personal import mask_free_text
from qushu.kernel.tables import Column
from qushu.people.access import Actor, scope
from qushu.people.models import Unit

from .cutting import HALVES, Question, read_question, rows_behind

LIST_KIND = "cut-rows"
ACTION, EXPORT = "crosscut.use", "case.export"
MOST_ROWS = 10**9
OUT_OF_REACH = "已不在您可查看的范围内"
VERDICTS = {"part": "计入分子", "excluded": "已剔除", "whole": "只计入分母"}
Row = tuple[int, int, date, int | None, str]


@dataclass(frozen=True)
class Line:
    """A row behind a figure; `open` says whether this person may read the case."""

    case: Case
    open: bool
    on: date
    unit: str
    verdict: str


@dataclass(frozen=True)
class Lines(Collection[Line]):
    """Many rows, whose cases are read in portions."""

    actor: Actor
    rows: Sequence[Row]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Line]:
        for start in range(0, len(self.rows), CHUNK):
            yield from lines_of(self.actor, self.rows[start : start + CHUNK], EXPORT)

    def __contains__(self, line: object) -> bool:
        return any(line == one for one in self)


def offer_list() -> None:
    """Make the list known to the exports; called when Django starts."""
    LISTS[LIST_KIND] = ListExport("多维分析数字背后的件", _rows, _columns)


def question_in(params: QueryDict) -> Question:
    """The question that an address asks; a year until today when it names no days."""
    today = timezone.localdate(timezone.now(), SHANGHAI)
    said = params.copy()
    if not said.getlist("by") and "measure" not in said:
        said.setlist("by", ["street"])
    return read_question(said, said.getlist, _twelve_months(today), today)


def _twelve_months(today: date) -> date:
    """The first day of the twelve months that end with this one: a part of a month before them would look like a rise."""
    months = today.year * 12 + today.month - 12
    return date(months // 12, months % 12 + 1, 1)


def half_in(params: QueryDict) -> str:
    """Which of the rows an address asks for: a key of HALVES."""
    half = params.get("half", "all")
    return half if half in HALVES else "all"


def lines_of(actor: Actor, rows: Sequence[Row], action: str = ACTION) -> list[Line]:
    """The rows with their cases, as far as `action` lets this person open them; of others only the number is told."""
    ids = [row[0] for row in rows]
    cases = Case.objects.select_related("category", "street", "area").in_bulk(ids)
    open_to = set(visible_cases(actor, action).filter(pk__in=ids).values_list("pk", flat=True))
    units = dict(Unit.objects.filter(pk__in={row[3] for row in rows if row[3]}).values_list("pk", "name"))
    return [
        Line(cases[row[0]], row[0] in open_to, row[2], units.get(row[3] or 0, ""), row[4])
        for row in rows
        if row[0] in cases
    ]


def _rows(actor: Actor, filters: Mapping[str, str], now: datetime) -> Lines:
    params = QueryDict(filters.get("query", ""))
    rows = rows_behind(question_in(params), half_in(params), scope(actor, ACTION), now, None, MOST_ROWS)
    return Lines(actor, rows)


def _columns(in_the_clear: bool) -> list[Column]:
    states = {code: state.name for code, state in lifecycle("hotline").states.items()}

    def title(line: Line) -> str:
        if not line.open:
            return OUT_OF_REACH
        return line.case.title if in_the_clear else mask_free_text(line.case.title)

    def place(line: Line) -> Any:
        return line.case.area or line.case.street or ""

    return [
        Column("受理编号", lambda line: line.case.number, 20),
        Column("标题", title, 36),
        Column("计算结果", lambda line: VERDICTS[line.verdict], 12),
        Column("日期", lambda line: line.on, 12),
        Column("承担单位", lambda line: line.unit, 20),
        Column("类别", lambda line: line.case.category.full_name if line.case.category else "", 28),
        Column("区域", lambda line: getattr(place(line), "name", ""), 14),
        Column("现状", lambda line: states.get(line.case.state, line.case.state), 10),
    ]
