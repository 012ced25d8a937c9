"""The measures of assessment, each defined once: every figure and the rows behind it come from the same definition.

What is counted is a judgement (a clock that was stopped, a follow-up, a return …), not a case: a reopened case is
judged again, and both judgements stand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from qushu.cases.models import Assignment, Case, Clock, History, Review
from qushu.cases.overdue import CLOCK as OVERDUE_CLOCK
from qushu.cases.overdue import overdue, past_deadline, running_late

from .definitions import judged, satisfied
from .periods import Period


@dataclass(frozen=True)
class Measure:
    """A rate. `rows` are the judgements, `at` says in which period each lies, `part_of` which of them count.

    What a centre sets itself (`definitions`) is asked anew with each use: rows and part are functions.

    `volume` and `when` are what the whole and the time are called, `verdicts` the words for counting and not counting.
    `settled` are those that only a move can change; `pending` those that count because time has passed (they are read
    anew each time): in the whole, or, being settled too, in the part (`pending_in_part`). `place` is the measure's number in the stored
    counts: never give it to another one. `case` and `unit` lead from a row to its case and to the unit that answers.
    """

    place: int
    code: str
    name: str
    formula: str
    volume: str
    when: str
    verdicts: tuple[str, str]
    rows: Callable[[], QuerySet[Any]]
    at: str
    part_of: Callable[[], Q]
    settled: Q = Q()
    pending: Callable[[Period], QuerySet[Any]] | None = None
    pending_in_part: bool = False
    case: str = "case"
    unit: str | Combinable = "unit_id"
    exclusions: tuple[str, ...] = ()

    @property
    def part(self) -> Q:
        return self.part_of()

    def from_case(self, column: str) -> str:
        """The path from a row to a column of its case."""
        return f"{self.case}__{column}" if self.case else column

    @property
    def case_id(self) -> str:
        return f"{self.case}_id" if self.case else "id"

    @property
    def unit_expression(self) -> Combinable:
        return F(self.unit) if isinstance(self.unit, str) else self.unit

    def verdict(self, way: int) -> str:
        """What a judgement is called by how it went (facts: OTHERS, PART, EXCLUDED)."""
        return (*reversed(self.verdicts), "已剔除")[way]

    @property
    def is_excluded(self) -> Q:
        """Rows of cases that an approved review leaves out of this measure, or of all. Index: review_excluded."""
        asked = ["", self.code, *self.exclusions]
        approved = Review.objects.filter(kind="exclude", approved=True, measure__in=asked)
        return Q(**{f"{self.case_id}__in": approved.values("case_id")})


def _late(code: str, name: str) -> Callable[[Period], QuerySet[Clock]]:
    """Clocks due in the period that run on past their deadline; one that stands still is late if it was before."""

    def late(period: Period) -> QuerySet[Clock]:
        return Clock.objects.filter(judged(code, "due_at"), period.of("due_at"), running_late(period.now), name=name)

    return late


def _overdue(period: Period) -> QuerySet[Case]:
    """Cases accepted in the period that were overdue at its end. Index: case_overdue, of a period that has ended clock_missed.

    Archived cases stay out: when they were really resolved isn't known.
    """
    end = period.judged_at
    if end == period.now:
        return Case.objects.filter(period.of("accepted_at"), overdue(end))
    missed = Q(met__isnull=True) | Q(met=False)
    archived = History.objects.filter(case=OuterRef("case"), move="archive")
    late = Clock.objects.filter(
        missed, past_deadline(end), ~Exists(archived), due_at__gte=period.start, name=OVERDUE_CLOCK
    )
    return Case.objects.filter(period.of("accepted_at"), pk__in=late.values("case_id"))


def _dispatches() -> QuerySet[Assignment]:
    """Leads that came with a dispatch; a reopened case that goes back to its unit isn't dispatched."""
    moves = History.objects.filter(
        case=OuterRef("case"), move__in=("dispatch", "redispatch"), at=OuterRef("assigned_at")
    )
    return Assignment.objects.filter(Exists(moves), part="lead")


_LEAD_THEN = Coalesce(
    Subquery(
        Assignment.objects.filter(case=OuterRef("case"), part="lead", assigned_at__lte=OuterRef("at"))
        .order_by("-assigned_at", "-id")
        .values("unit_id")[:1]
    ),
    F("case__lead_unit_id"),
    output_field=BigIntegerField(),
)
"""The unit that led the case at the time of the move; a merged case has only that of its parent."""

_REOPENED_LATER = Q(Exists(History.objects.filter(case=OuterRef("case"), move="reopen", seq__gt=OuterRef("seq"))))
_REFUSED = Q(approved=False) & Q(
    Exists(History.objects.filter(case=OuterRef("case"), move="refuse_return", at=OuterRef("decided_at")))
)
"""Refused by a reviewer; requests that a redispatch settled were not judged."""


def _clock(place: int, code: str, name: str, formula: str, volume: str, clock: str, *exclusions: str) -> Measure:
    return Measure(
        place,
        code,
        name,
        formula,
        volume,
        "期限",
        ("按时", "逾期"),
        rows=lambda: Clock.objects.filter(judged(code, "due_at"), name=clock),
        at="due_at",
        part_of=lambda: Q(met=True),
        settled=Q(met__isnull=False),
        pending=_late(code, clock),
        exclusions=exclusions,
    )


def _follow_up(
    place: int, code: str, name: str, formula: str, verdicts: tuple[str, str], part_of: Callable[[], Q]
) -> Measure:
    """Every round's judgement counts, also that of a case which was reopened for it."""

    def rows() -> QuerySet[History]:
        return History.objects.filter(judged(code, "at"), move="follow_up", record__reached=True)

    return Measure(place, code, name, formula, "有效回访", "回访时间", verdicts, rows, "at", part_of, unit=_LEAD_THEN)


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        _clock(0, "acknowledge", "按时签收率", "按时签收 ÷ 期内应签收（逾期未签收计入分母）", "应签收", "acknowledge"),
        _clock(1, "contact", "按时联系率", "按时首次联系 ÷ 期内应联系（逾期未联系计入分母）", "应联系", "contact", "response"),
        _clock(2, "on_time", "按时办结率", "按时办结 ÷ 期内到期（逾期未办结计入分母）", "到期", "resolve"),
        _follow_up(3, "solved", "解决率", "回访认为已解决 ÷ 有效回访（每轮回访各计一次）", ("已解决", "未解决"), lambda: Q(record__solved=True)),
        _follow_up(4, "satisfied", "满意率", "满意及以上 ÷ 有效回访（每轮回访各计一次）", ("满意", "不满意"), lambda: satisfied("at")),
        Measure(5, "return", "退单率", "期内派单中被同意退单的 ÷ 期内派单", "派单", "派单时间", ("退单", "未退单"), _dispatches, "assigned_at", lambda: Q(ended_by_return=True)),
        Measure(6, "wrong_return", "错误退单率", "被驳回的退单申请 ÷ 期内退单申请", "申请退单", "申请时间", ("驳回", "未驳回"), lambda: Review.objects.filter(judged("wrong_return", "asked_at"), kind="return"), "asked_at", lambda: _REFUSED),
        Measure(7, "reopen", "重办率", "办结后又重办的 ÷ 期内办结", "办结", "办结时间", ("后又重办", "未重办"), lambda: History.objects.filter(move="resolve"), "at", lambda: _REOPENED_LATER, unit=_LEAD_THEN),
        Measure(8, "overdue", "超期在办率", "期内受理、期末仍未办结且已过办结期限的 ÷ 期内受理", "受理", "受理时间", ("超期在办", "未超期"), Case.objects.all, "accepted_at", lambda: Q(pk__in=[]), pending=_overdue, pending_in_part=True, case="", unit="lead_unit_id"),
    )
}  # fmt: skip
SUBJECTS = {"unit": "承办单位", "street": "街道", "category": "类别", "agent": "坐席"}
VOLUMES = ("overdue", "return", "reopen")
"""Measures whose whole, with what is left out, is shown as a volume: accepted, dispatched, resolved."""
COLUMNS = {"street": "street_id", "category": "category_id", "agent": "accepted_by_id"}
"""Where a case names the subject; the unit is named by each judgement itself."""
NOBODY = -1
"""The subject of what belongs to none, so that the lines of a table add up to everything there is; never scored or ranked."""
NOBODY_NAMES = {"unit": "未派单", "street": "未定街道", "category": "未定类别", "agent": "非坐席受理"}
