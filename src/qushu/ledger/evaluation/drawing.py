"""Drawing a form up: the money from the books, each target's value from what is known of it, with its proof."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from ..indicators.actions import readings_through
from ..indicators.queries import Known, bound_codes, known_of
from ..indicators.rules import Pace
from ..models import BudgetDocument, Posting, Project, Target
from .models import Evaluation, EvaluationLine
from .rules import NOUGHT, earned, execution_points, on_time, points_of, unfit
from .schemes import scheme_for


@dataclass(frozen=True)
class Money:
    """元: granted at first, granted after adjustments, paid."""

    granted: Decimal
    budget: Decimal
    paid: Decimal


def money_of(document: BudgetDocument, project: Project | None, year: int, through: int) -> Money | None:
    """What the books of the year say of a project (of all, without one) up to a month's end; None without books."""
    postings = Posting.objects.filter(entry__line__book__department=document.department, entry__line__book__year=year)
    if project is not None:
        postings = postings.filter(entry__line__project_code=project.code)
    if not postings.exists():
        return None
    postings = postings.filter(entry__month__lte=through)
    kinds = dict(postings.filter(side="granted").values_list("entry__kind").annotate(Sum("amount")).order_by())
    paid = postings.filter(side="paid").aggregate(all=Sum("amount"))["all"] or NOUGHT
    return Money(-kinds.get("budget", NOUGHT), -sum(kinds.values(), NOUGHT), paid)


def targets_due(document: BudgetDocument, project: Project | None) -> list[Target]:
    """The annual targets that a form is about, in the document's order."""
    rows = Target.objects.filter(document=document, project=project, scope="annual")
    return list(rows.select_related("project").order_by("place"))


def fill(evaluation: Evaluation, now: datetime) -> list[EvaluationLine]:
    """Money and lines as they are now, unsaved; what people judged, weighed and wrote stays with lines that are there already."""
    targets = targets_due(evaluation.document, evaluation.project)
    readings_through(evaluation.year, evaluation.as_of, bound_codes(targets), now)
    levels = [target.level1 for target in targets]
    scheme = scheme_for(levels)
    money = money_of(evaluation.document, evaluation.project, evaluation.year, evaluation.as_of.month)
    evaluation.scheme, evaluation.filled_at = scheme.code, now
    evaluation.granted, evaluation.budget, evaluation.paid = (
        (money.granted, money.budget, money.paid) if money else (None, None, None)
    )
    evaluation.execution_points = execution_points(scheme.execution, money.budget, money.paid) if money else NOUGHT
    former = {line.target_id: line for line in evaluation.lines.all()} if evaluation.pk else {}
    points = [former[target.pk].points for target in targets if target.pk in former]
    if len(points) != len(levels) or unfit(scheme, levels, points):
        points = points_of(scheme, levels)
    known = known_of(targets, evaluation.year, now, evaluation.as_of)
    return [
        _line(evaluation, one, place, worth, former.get(one.target.pk))
        for place, (one, worth) in enumerate(zip(known, points, strict=True), 1)
    ]


def _line(
    evaluation: Evaluation, known: Known, place: int, points: Decimal, former: EvaluationLine | None
) -> EvaluationLine:
    line = EvaluationLine(
        pk=former.pk if former else None,
        evaluation=evaluation,
        target=known.target,
        place=place,
        points=points,
        source=known.source,
        value=known.value,
        words=known.words,
        proof=proof_of(known, evaluation.year),
        percent=former.percent if former else None,
        reason=former.reason if former else "",
    )
    if known.target.operator == "date" and line.percent is None and on_time(known.target.words, known.words):
        line.percent = Decimal(100)
    rescore(line)
    return line


def rescore(line: EvaluationLine) -> None:
    """The line's points by its value or its judgement."""
    target = line.target
    line.score = earned(target.operator, target.number, line.value, line.points, line.percent).points


def needs_reason(line: EvaluationLine) -> bool:
    """Whether the form asks why: a target missed, far exceeded, unknown, or one that people judged below full."""
    target = line.target
    return earned(target.operator, target.number, line.value, line.points, line.percent).needs_reason


def proof_of(known: Known, year: int) -> dict[str, Any]:
    """Where a value comes from, in plain values: what was counted, by which definition, with which hash, or who said so."""
    standing = known.standing
    proof: dict[str, Any] = {
        "light": standing.light,
        "reached": _plain(standing.reached),
        "forecast": _plain(standing.forecast),
        "low": _plain(standing.low),
        "high": _plain(standing.high),
    }
    if known.reading and known.measure and known.source != "stated":
        proof |= {
            "system": known.measure.system,
            "measure": known.measure.name,
            "code": known.measure.code,
            "formula": known.measure.formula,
            "version": known.reading.version,
            "edition": known.reading.edition,
            "definition": known.reading.definition.splitlines(),
            "reading": known.reading.pk,
            "rows": known.reading.rows,
            "hash": bytes(known.reading.digest).hex(),
            "through": known.reading.through.isoformat(),
            "address": known.rows_address,
        }
    elif known.statement:
        said = known.statement
        proof |= {
            "statement": said.pk,
            "by": said.stated_by.name,
            "on": timezone.localdate(said.stated_at).isoformat(),
            "evidence": said.evidence,
            "files": [[file.name, bytes(file.digest).hex(), file.pk] for file in said.files.all()],
        }
    return proof


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.quantize(Decimal('0.01')).normalize():f}"


def pace_of(year: int, day: date) -> Decimal:
    """How much of the year has passed, in percent."""
    return (Pace.of(year, day).share * 100).quantize(Decimal("0.1"))
