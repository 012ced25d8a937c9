"""The lists of the assessment as files: rows behind a figure, frozen periods, corrections, schemes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from qushu.cases.exports import LISTS, ListExport
from qushu.cases.models import Case
from qushu.cases.queries import visible_cases
from qushu.cases.rules import SHANGHAI
from qushu.kernel.asked import number_in
from qushu.kernel.lifecycle import lifecycle
from qushu.kernel.personal import mask_free_text
from qushu.kernel.tables import Column
from qushu.people.access import Actor
from qushu.people.models import Unit

from ..models import AssessmentPeriod, AssessmentScheme, Correction
from .choice import Choice, ids_behind
from .forms import HALVES, ChoiceForm, FigureForm
from .frozen import PERIODS_ORDER, corrections_of, frozen_verdicts, periods_with_sizes
from .measures import MEASURES, NOBODY, SUBJECTS, Measure
from .queries import ACTION, rows_of
from .rules import rule_in_words
from .schemes import all_schemes
from .table import formula_of

JUDGEMENTS, FROZEN_JUDGEMENTS = "judgements", "frozen-judgements"
PERIODS, CORRECTIONS, SCHEMES = "frozen-periods", "corrections", "schemes"
EXPORT = "case.export"
OUT_OF_REACH = "已不在您可查看的范围内"
Filters = Mapping[str, str]
BY_PLACE = {one.place: one for one in MEASURES.values()}


def offer_lists() -> None:
    """Make the lists known to the exports; called when Django starts."""
    LISTS.update(
        {
            JUDGEMENTS: ListExport("考核数字背后的件", _judgements, _judgement_columns, FigureForm),
            FROZEN_JUDGEMENTS: ListExport("已固定数字背后的件", _frozen_judgements, _frozen_columns, FigureForm),
            PERIODS: ListExport("已固定的考核", _periods, _period_columns, action=ACTION, personal=False),
            CORRECTIONS: ListExport("考核更正", _corrections, _correction_columns, action=ACTION, personal=False),
            SCHEMES: ListExport("评分方案", _schemes, _scheme_columns, action="assessment.write", personal=False),
        }
    )


@dataclass(frozen=True)
class FrozenJudgement:
    """A case behind a frozen figure; `readable` says whether its words may go into the file."""

    case: Case
    verdict: str
    readable: bool


@dataclass(frozen=True)
class _Figure:
    """The figure that the filters of an export mean."""

    choice: Choice
    measure: Measure
    half: str
    subject_ids: list[int] | None


def _figure(filters: Filters, subject: str, now: datetime) -> _Figure | None:
    """None when the filters mean no figure."""
    form = ChoiceForm({**filters, "subject": subject}, timezone.localdate(now, SHANGHAI))
    measure, said = MEASURES.get(filters.get("measure", "")), filters.get("subject_id", "")
    subject_id = NOBODY if said == str(NOBODY) else number_in(said)
    half = filters.get("half", "")
    if subject not in SUBJECTS or measure is None or half not in HALVES or subject_id is None or not form.is_valid():
        return None
    choice = form.choice()
    return _Figure(choice, measure, half, ids_behind(choice, subject_id))


def _judgements(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Any]:
    subject = filters.get("subject", "")
    asked = _figure(filters, subject, now)
    if asked is None:
        return Case.objects.none()
    one = asked.measure
    rows = rows_of(actor, one, subject, asked.subject_ids, asked.choice.period(now), asked.half)
    readable = visible_cases(actor, EXPORT).filter(pk=OuterRef(one.case_id))
    related = [one.from_case(name) for name in ("category", "street", "area")]
    return rows.annotate(readable=Exists(readable)).select_related(*related).order_by(f"-{one.at}", "-id")


def _judgement_columns(in_the_clear: bool) -> list[Column]:
    units = dict(Unit.objects.values_list("pk", "name"))

    def measure(row: Any) -> Measure:
        return BY_PLACE[row.slot // 3]

    def case(row: Any) -> Case:
        return row.case if measure(row).case else row

    return [
        *_case_columns(case, in_the_clear)[:2],
        Column("计算结果", lambda row: measure(row).verdict(row.slot % 3), 12),
        Column("计入时间", lambda row: getattr(row, measure(row).at), 19),
        Column("承担单位", lambda row: units.get(row.answers, ""), 20),
        *_case_columns(case, in_the_clear)[2:],
    ]


def _case_columns(case: Callable[[Any], Case], in_the_clear: bool) -> list[Column]:
    """What a file says of the case of a row: number, title (masked, if it may be read at all), where and how it stands."""
    states = {code: state.name for code, state in lifecycle("hotline").states.items()}

    def title(row: Any) -> str:
        if not row.readable:
            return OUT_OF_REACH
        return case(row).title if in_the_clear else mask_free_text(case(row).title)

    def place(row: Any) -> str:
        area = case(row).area or case(row).street
        return area.name if area else ""

    return [
        Column("受理编号", lambda row: case(row).number, 20),
        Column("标题", title, 36),
        Column("类别", lambda row: named.full_name if (named := case(row).category) else "", 28),
        Column("区域", place, 14),
        Column("现状", lambda row: states.get(case(row).state, case(row).state), 10),
    ]


def _frozen_judgements(actor: Actor, filters: Filters, now: datetime) -> list[FrozenJudgement]:
    found = AssessmentPeriod.objects.select_related("scheme").filter(pk=number_in(filters.get("period_id", "")) or 0)
    period = found.first()
    asked = _figure(filters, period.scheme.subject, now) if period else None
    if period is None or asked is None:
        return []
    verdicts = frozen_verdicts(actor, period, asked.subject_ids, asked.measure.code, asked.half)
    ids = {case_id for case_id, _ in verdicts}
    cases = Case.objects.select_related("category", "street", "area").in_bulk(ids)
    readable = set(visible_cases(actor, EXPORT).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        FrozenJudgement(cases[case_id], asked.measure.verdict(verdict), case_id in readable)
        for case_id, verdict in verdicts
        if case_id in cases
    ]


def _frozen_columns(in_the_clear: bool) -> list[Column]:
    of_case = _case_columns(lambda row: row.case, in_the_clear)
    return [*of_case[:2], Column("计算结果", lambda row: row.verdict, 12), *of_case[2:]]


def _periods(actor: Actor, filters: Filters, now: datetime) -> QuerySet[AssessmentPeriod]:
    return periods_with_sizes().order_by(*PERIODS_ORDER)


def _period_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("开始", lambda one: one.starts_on, 12),
        Column("结束", lambda one: one.ends_on, 12),
        Column("对象", lambda one: one.scheme.get_subject_display(), 10),
        Column("评分方案", lambda one: str(one.scheme), 30),
        Column("个数", lambda one: one.sizes, 8),
        Column("固定于", lambda one: one.frozen_at, 19),
        Column("固定人", lambda one: one.frozen_by.name if one.frozen_by else "系统", 10),
    ]


def _corrections(actor: Actor, filters: Filters, now: datetime) -> QuerySet[Correction]:
    return corrections_of(actor)


def _correction_columns(in_the_clear: bool) -> list[Column]:
    figures = ("分子", "分母", "剔除")

    def figure(side: str, place: int) -> Callable[[Correction], int]:
        return lambda one: getattr(one, side)[place]

    return [
        Column("更正于", lambda one: one.made_at, 19),
        Column("更正人", lambda one: one.made_by.name if one.made_by else "", 10),
        Column("对象", lambda one: one.line.subject_name, 24),
        Column("开始", lambda one: one.line.period.starts_on, 12),
        Column("结束", lambda one: one.line.period.ends_on, 12),
        Column("评分方案", lambda one: str(one.line.period.scheme), 30),
        Column("指标", lambda one: MEASURES[one.measure].name, 12),
        *(Column(f"更正前{name}", figure("before", place), 10) for place, name in enumerate(figures)),
        *(Column(f"更正后{name}", figure("after", place), 10) for place, name in enumerate(figures)),
        Column("固定时得分", lambda one: one.line.score, 10),
        Column("更正后得分", lambda one: one.score_after, 10),
        Column("原因", lambda one: one.reason, 40),
    ]


def _schemes(actor: Actor, filters: Filters, now: datetime) -> QuerySet[AssessmentScheme]:
    return all_schemes()


def _scheme_columns(in_the_clear: bool) -> list[Column]:
    return [
        Column("方案", lambda one: one.name, 24),
        Column("版本", lambda one: one.version, 8),
        Column("对象", lambda one: one.get_subject_display(), 10),
        Column("生效", lambda one: one.effective_from, 12),
        Column("次月几日固定", lambda one: one.freezes_on_day, 12),
        Column("规则", _rules_in_words, 60),
        Column("依据", lambda one: one.source, 40),
        Column("说明", lambda one: one.note, 40),
        Column("制定人", lambda one: one.made_by.name if one.made_by else "系统", 10),
        Column("制定于", lambda one: one.made_at, 19),
    ]


def _rules_in_words(scheme: AssessmentScheme) -> str:
    return "；".join(rule_in_words(rule, MEASURES[rule.measure].name) for rule in formula_of(scheme).rules)
