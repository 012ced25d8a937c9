"""固定与更正: what a period was is written down once; what changes later is said beside it, with the reason."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from qushu.cases.rules import SHANGHAI
from qushu.kernel.errors import Missing, Refused
from qushu.kernel.text import tidy
from qushu.people import audit
from qushu.people.access import SYSTEM, Actor, Scope, require

from ..models import AssessmentLine, AssessmentPeriod, AssessmentScheme, Correction, FrozenRows
from .facts import EXCLUDED, OTHERS, PART, counts_from
from .measures import MEASURES, NOBODY, Measure
from .periods import DAY, month_of, next_month, period_of
from .queries import cases_behind, counts_within
from .rules import Count, score
from .table import Line, formula_of, lines_of, names_of

ACTION = "assessment.freeze"
CATCH_UP_MONTHS = 12
Slots = Mapping[int, list[int]]


@transaction.atomic
def freeze_period(actor: Actor, scheme_id: int, first: date, last: date, now: datetime) -> AssessmentPeriod:
    """固定: write down every subject's figures, points, score and rank, with the cases behind each figure.

    Raises Forbidden; Refused when the period hasn't ended, or is frozen by this scheme already.
    """
    require(actor, ACTION)
    scheme = AssessmentScheme.objects.filter(pk=scheme_id).first()
    if scheme is None:
        raise Missing("没有这个评分方案。什么也没有固定。")
    if first > last or last >= timezone.localdate(now, SHANGHAI):
        raise Refused("这段时间还没有结束，不能固定。什么也没有改变；请等结束后再固定。", code="not_ended")
    period = _new_period(actor, scheme, first, last, now)
    behind = cases_behind(scheme.subject, period_of(first, last, now))
    found = {one: counts_from((slot, len(ids)) for slot, ids in slots.items()) for one, slots in behind.items()}
    lines = lines_of(found, names_of(scheme.subject, list(found)), formula_of(scheme))
    written = AssessmentLine.objects.bulk_create(_line(period, line) for line in lines)
    FrozenRows.objects.bulk_create(
        _rows(line, measure, behind[line.subject_id]) for line in written for measure in MEASURES.values()
    )
    audit.record(
        actor,
        "assessment.frozen",
        f"assessment:{period.pk}",
        data={"scheme": str(scheme), "period": f"{first} 至 {last}", "rows": len(lines)},
        now=now,
    )
    return period


@transaction.atomic
def correct_line(actor: Actor, line_id: int, measure: str, reason: str, now: datetime) -> Correction:
    """更正: note what a frozen figure is today, and why. The frozen line stays; score and figure of today stand beside it.

    Raises Forbidden, Missing, and Refused without a reason or when nothing has changed since.
    """
    require(actor, ACTION)
    line = AssessmentLine.objects.select_for_update().select_related("period__scheme").filter(pk=line_id).first()
    if line is None or measure not in MEASURES:
        raise Missing("没有这个已固定的数字。什么也没有改变。")
    if not reason.strip():
        raise Refused("请写明更正原因。什么也没有改变。", code="empty", field="reason")
    stands = corrected_counts(line)
    today = counts_of_today(line, now)[measure]
    if today == stands[measure]:
        raise Refused("此数字与今天的数据一致，没有可更正的内容。什么也没有改变。", code="nothing_to_correct")
    formula = formula_of(line.period.scheme)
    rates = {code: count.rate for code, count in (stands | {measure: today}).items()}
    correction = Correction.objects.create(
        line=line,
        measure=measure,
        before=_three(stands[measure]),
        after=_three(today),
        score_after=None if line.subject_id == NOBODY else score(formula.rules, rates),
        reason=tidy(reason)[:300],
        made_by_id=actor.account_id,
        made_at=now,
    )
    audit.record(
        actor,
        "assessment.corrected",
        f"assessment:{line.period_id}",
        correction.reason,
        {
            "name": line.subject_name,
            "measure": MEASURES[measure].name,
            "figure": [_said(stands[measure]), _said(today)],
        },
        now=now,
    )
    return correction


def freeze_due_months(now: datetime) -> list[AssessmentPeriod]:
    """Freeze the months that have ended, by every scheme in force that names a day of the month for it.

    Months that were missed are frozen too, as far back as the scheme's last frozen month.
    """
    today = timezone.localdate(now, SHANGHAI)
    done = []
    for name in _names_that_freeze():
        month = _first_unfrozen(name, today)
        while (following := next_month(month)) <= today:
            scheme = _in_force(name, following - DAY)
            day = scheme.freezes_on_day if scheme else None
            if scheme and day and today >= following.replace(day=day) and not _frozen(name, month):
                done.append(freeze_period(SYSTEM, scheme.pk, month, following - DAY, now))
            month = following
    return done


def frozen_counts(line: AssessmentLine) -> dict[str, Count]:
    """The figures as they were frozen."""
    return {code: Count(*line.counts.get(code, ())) for code in MEASURES}


def corrected_counts(line: AssessmentLine) -> dict[str, Count]:
    """The frozen figures with every correction applied."""
    found = frozen_counts(line)
    return found | {one.measure: Count(*one.after) for one in line.corrections.all()}


def counts_of_today(line: AssessmentLine, now: datetime) -> dict[str, Count]:
    """What the same figures are with today's data."""
    period = period_of(line.period.starts_on, line.period.ends_on, now)
    found = counts_within(Scope(everything=True), line.period.scheme.subject, period)
    return found.get(line.subject_id) or {code: Count() for code in MEASURES}


def _new_period(actor: Actor, scheme: AssessmentScheme, first: date, last: date, now: datetime) -> AssessmentPeriod:
    try:
        with transaction.atomic():
            return AssessmentPeriod.objects.create(
                scheme=scheme, starts_on=first, ends_on=last, frozen_at=now, frozen_by_id=actor.account_id
            )
    except IntegrityError as error:
        if "period_frozen_once" not in str(error):
            raise
        raise Refused("这段时间已按此方案固定过。什么也没有改变；数字有变请作更正。", code="frozen") from error


def _line(period: AssessmentPeriod, line: Line) -> AssessmentLine:
    return AssessmentLine(
        period=period,
        subject_id=line.subject_id,
        subject_name=line.name,
        counts={code: _three(count) for code, count in line.counts.items()},
        points={code: None if points is None else str(points) for code, points in line.points.items()},
        score=line.score,
        rank=line.rank,
        tier=line.tier,
    )


def _rows(line: AssessmentLine, measure: Measure, slots: Slots) -> FrozenRows:
    others, part, excluded = (slots.get(3 * measure.place + half, []) for half in (OTHERS, PART, EXCLUDED))
    if measure.pending_in_part:
        others = sorted(set(others) - set(part))
    return FrozenRows(line=line, measure=measure.code, part=part, others=others, excluded=excluded)


def _three(count: Count) -> list[int]:
    return [count.part, count.whole, count.excluded]


def _said(count: Count) -> str:
    return f"{count.part}÷{count.whole}"


def _names_that_freeze() -> list[str]:
    schemes = AssessmentScheme.objects.filter(freezes_on_day__isnull=False)
    return list(schemes.order_by("name").values_list("name", flat=True).distinct())


def _first_unfrozen(name: str, today: date) -> date:
    """The month after the newest one that was frozen; without any, the last that has ended."""
    frozen = AssessmentPeriod.objects.filter(scheme__name=name, starts_on__day=1).order_by("-ends_on")
    newest = next((one for one in frozen[:CATCH_UP_MONTHS] if month_of(one.starts_on)[1] == one.ends_on), None)
    if newest is None:
        return month_of(today.replace(day=1) - DAY)[0]
    return next_month(newest.starts_on)


def _in_force(name: str, last: date) -> AssessmentScheme | None:
    schemes = AssessmentScheme.objects.filter(name=name, effective_from__lte=last)
    return schemes.order_by("-effective_from", "-version").first()


def _frozen(name: str, month: date) -> bool:
    first, last = month_of(month)
    return AssessmentPeriod.objects.filter(scheme__name=name, starts_on=first, ends_on=last).exists()
