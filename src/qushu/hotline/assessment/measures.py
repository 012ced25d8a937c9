"""The measures of assessment, each defined once: the figure and the rows behind it come from the same definition."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from qushu.cases.models import Assignment, Case, Clock, History, Review
from qushu.cases.queries import visible_cases
from qushu.people.access import Actor

from .rules import Count

SATISFIED_FROM = 4


@dataclass(frozen=True)
class Period:
    """From `start` until just before `end` (aware); what is still open is judged as of `now`."""

    start: datetime
    end: datetime
    now: datetime

    def of(self, column: str) -> Q:
        """Rows whose column lies in the period."""
        return Q(**{f"{column}__gte": self.start, f"{column}__lt": self.end})


@dataclass(frozen=True)
class Measure:
    """A rate: which rows are judged (`whole`), which of them count (`part`), and where row, case and unit are."""

    code: str
    name: str
    formula: str
    whole: Callable[[Period], QuerySet[Any]]
    part: Q
    case: str = "case"
    unit: str = "unit_id"


def _clock(name: str) -> Callable[[Period], QuerySet[Clock]]:
    """Clocks due in the period that were judged, or run on past their deadline; called off ones are in neither."""

    def due(period: Period) -> QuerySet[Clock]:
        judged = Q(met__isnull=False) | Q(stopped_at__isnull=True, due_at__lt=period.now)
        return Clock.objects.filter(period.of("due_at"), judged, name=name)

    return due


def _judged(column: str) -> Callable[[Period], QuerySet[Case]]:
    return lambda period: Case.objects.filter(period.of("followed_up_at"), **{f"{column}__isnull": False})


def _leads(period: Period) -> QuerySet[Assignment]:
    return Assignment.objects.filter(period.of("assigned_at"), part="lead")


def _returns(period: Period) -> QuerySet[Review]:
    return Review.objects.filter(period.of("asked_at"), kind="return", decided_at__isnull=False)


def _resolved(period: Period) -> QuerySet[History]:
    return History.objects.filter(period.of("at"), move="resolve")


def _accepted(period: Period) -> QuerySet[Case]:
    return Case.objects.filter(period.of("accepted_at"))


_REOPENED_LATER = Exists(History.objects.filter(case=OuterRef("case"), move="reopen", seq__gt=OuterRef("seq")))

MEASURES = {
    measure.code: measure
    for measure in (
        Measure("acknowledge", "按时签收率", "按时签收 ÷ 应签收", _clock("acknowledge"), Q(met=True)),
        Measure("contact", "按时联系率", "按时首次联系 ÷ 应联系", _clock("contact"), Q(met=True)),
        Measure("on_time", "按时办结率", "按时办结 ÷ 期内到期（未办结已超期的计入）", _clock("resolve"), Q(met=True)),
        Measure("solved", "解决率", "回访认为已解决 ÷ 有效回访", _judged("solved"), Q(solved=True), "", "lead_unit_id"),
        Measure("satisfied", "满意率", "满意及以上 ÷ 有效回访", _judged("satisfaction"), Q(satisfaction__gte=SATISFIED_FROM), "", "lead_unit_id"),
        Measure("return", "退单率", "同意退单 ÷ 派单", _leads, Q(ended_by_return=True)),
        Measure("wrong_return", "不当退单率", "驳回退单 ÷ 申请退单（已审）", _returns, Q(approved=False)),
        Measure("reopen", "重办率", "办结后重办 ÷ 办结", _resolved, Q(_REOPENED_LATER)),
        Measure("overdue", "超期在办率", "期内受理、现仍在办且超期 ÷ 期内受理", _accepted, Q(closed_at__isnull=True, due_at__isnull=False), "", "lead_unit_id"),
    )
}  # fmt: skip
SUBJECTS = {"unit": "承办单位", "street": "街道", "category": "类别", "agent": "坐席"}


def counts(actor: Actor, measure: Measure, subject: str, period: Period) -> dict[int, Count]:
    """Part and whole of every subject (a key of SUBJECTS) that the actor may see; one grouped read."""
    column = _column(measure, subject)
    rows = _rows(actor, measure, period).filter(**{f"{column}__isnull": False}).order_by().values_list(column)
    grouped = rows.annotate(whole=CountOf("pk"), part=CountOf("pk", filter=_part(measure, period)))
    return {subject_id: Count(part, whole) for subject_id, whole, part in grouped}


def rows_behind(
    actor: Actor, measure: Measure, subject: str, subject_id: int, period: Period, part_only: bool
) -> QuerySet[Case]:
    """The cases behind a figure: of the part, or of the whole. A case is there once, however often it was judged."""
    rows = _rows(actor, measure, period).filter(**{_column(measure, subject): subject_id})
    if part_only:
        rows = rows.filter(_part(measure, period))
    return Case.objects.filter(pk__in=rows.values(measure.case or "pk"))


def excluded(actor: Actor, measure: Measure, subject: str, period: Period) -> dict[int, int]:
    """How many rows of each subject were left out by an approved exclusion; shown beside the rate."""
    column = _column(measure, subject)
    rows = _of_actor(actor, measure, period).filter(_exclusion(measure), **{f"{column}__isnull": False})
    return dict(rows.order_by().values_list(column).annotate(CountOf("pk")))


def _part(measure: Measure, period: Period) -> Q:
    return measure.part & Q(due_at__lt=period.now) if measure.code == "overdue" else measure.part


def _rows(actor: Actor, measure: Measure, period: Period) -> QuerySet[Model]:
    return _of_actor(actor, measure, period).exclude(_exclusion(measure))


def _of_actor(actor: Actor, measure: Measure, period: Period) -> QuerySet[Any]:
    rows = measure.whole(period)
    seen = visible_cases(actor, "assessment.read")
    if not seen.query.where:
        return rows
    return rows.filter(**{f"{measure.case or 'pk'}__in": seen.values("pk")})


def _exclusion(measure: Measure) -> Q:
    approved = Review.objects.filter(
        case=OuterRef(measure.case or "pk"), kind="exclude", approved=True, measure__in=["", measure.code]
    )
    return Q(Exists(approved))


def _column(measure: Measure, subject: str) -> str:
    if subject == "unit":
        return measure.unit
    column = {"street": "street_id", "category": "category_id", "agent": "accepted_by_id"}[subject]
    return f"{measure.case}__{column}" if measure.case else column
