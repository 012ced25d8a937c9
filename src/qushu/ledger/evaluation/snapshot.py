"""What a form says, as plain values: the page of a signed form, its paper and its seal are all made of this."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.utils import timezone

from qushu.kernel.personal import mask_free_text

from ..indicators.queries import SOURCES
from ..models import Project
from ..models.documents import in_unit
from .drawing import pace_of
from .models import Evaluation, EvaluationLine
from .rules import NOUGHT, earned
from .schemes import book, grade_of, scheme_named

Told = dict[str, Any]


def told(evaluation: Evaluation) -> Told:
    """The whole form. Amounts in 元, points and values as text, days as ISO."""
    scheme = scheme_named(evaluation.scheme)
    lines = list(evaluation.lines.select_related("target"))
    score = total(evaluation, lines)
    project = evaluation.project
    return {
        "kind": evaluation.kind,
        "title": f"{evaluation.year} 年度{'部门整体支出' if project is None else '项目支出'}{evaluation.get_kind_display()}表",
        "department": evaluation.document.department,
        "document": f"{evaluation.document}（{evaluation.document.file_name}，SHA-256 {bytes(evaluation.document.digest).hex()[:16]}…）",
        "owner": evaluation.owner_name,
        "code": project.code if project else "",
        "year": evaluation.year,
        "as_of": evaluation.as_of.isoformat(),
        "filled_at": _moment(evaluation.filled_at),
        "pace": str(pace_of(evaluation.year, evaluation.as_of)),
        "scheme": {"name": scheme.name, "source": scheme.source, "execution": str(scheme.execution)},
        "money": {
            "granted": _text(evaluation.granted),
            "budget": _text(evaluation.budget),
            "paid": _text(evaluation.paid),
            "rate": rate_of(evaluation),
            "points": str(evaluation.execution_points),
        },
        "goals": [goal.words for goal in evaluation.document.goals.filter(project=project, scope="annual")],
        "reached": evaluation.reached,
        "lines": [_line(line) for line in lines],
        "projects": _projects(evaluation) if project is None else [],
        "score": str(score),
        "grade": grade_of(score) if evaluation.is_self else "",
        "reasons": evaluation.reasons,
        "measures": evaluation.measures,
        "people": [
            ["填报", evaluation.written_by.name if evaluation.written_by else "", _moment(evaluation.written_at)],
            ["复核", evaluation.reviewed_by.name if evaluation.reviewed_by else "", _moment(evaluation.reviewed_at)],
            ["签署", evaluation.signed_by.name if evaluation.signed_by else "", _moment(evaluation.signed_at)],
        ],
    }


def _projects(evaluation: Evaluation) -> list[Told]:
    """The projects of a department with their forms of the same kind and year (the newest each); scores of signed ones."""
    forms = Evaluation.objects.filter(
        document_id=evaluation.document_id, kind=evaluation.kind, year=evaluation.year, as_of__lte=evaluation.as_of
    )
    newest = {one.project_id: one for one in forms.order_by("as_of", "pk")}
    return [_project(project, newest.get(project.pk)) for project in evaluation.document.projects.order_by("place")]


def _project(project: Project, form: Evaluation | None) -> Told:
    said: Told = {"code": project.code, "name": project.name, "budget": str(project.budget)}
    if form is None:
        return said | {"form": None, "as_of": "", "state": "未生成", "score": "", "grade": ""}
    kept = form.snapshot or {}
    return said | {
        "form": form.pk,
        "as_of": form.as_of.isoformat(),
        "state": form.get_state_display(),
        "score": kept.get("score", "") if form.is_self else "",
        "grade": kept.get("grade", ""),
    }


def total(evaluation: Evaluation, lines: list[EvaluationLine]) -> Decimal:
    """The score of all lines and of the execution."""
    return sum((line.score or NOUGHT for line in lines), evaluation.execution_points)


def rate_of(evaluation: Evaluation) -> str:
    """The execution rate in percent; empty without books."""
    if evaluation.paid is None or not evaluation.budget:
        return ""
    return f"{evaluation.paid * 100 / evaluation.budget:.2f}"


def _line(line: EvaluationLine) -> Told:
    target = line.target
    rule = book().rules[earned(target.operator, target.number, line.value, line.points, line.percent).rule]
    return {
        "level1": target.level1,
        "level2": target.level2,
        "name": target.name,
        "promised": target.promised,
        "source": line.source,
        "source_words": SOURCES[line.source],
        "value": value_words(line),
        "points": str(line.points),
        "score": _text(line.score),
        "percent": _text(line.percent),
        "rule": rule.words,
        "reason": line.reason,
        "proof": line.proof,
    }


def value_words(line: EvaluationLine) -> str:
    """The value with its unit, or the words, as people read it."""
    if line.value is None:
        return line.words or SOURCES["none"]
    return in_unit(f"{line.value.normalize():f}", line.target.unit)


def seal_of(said: Told) -> bytes:
    """SHA-256 over the form in one way of writing: keys in order, no blanks."""
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).digest()


def is_intact(snapshot: Told | None, seal: bytes | memoryview | None) -> bool:
    """Whether a signed form still has its seal; one that isn't signed has none to lose."""
    return seal is None or (snapshot is not None and seal_of(snapshot) == bytes(seal))


def without_people(said: Told) -> Told:
    """For the public: no names of staff, personal data in texts masked, evidence left out but for its kind, and nothing
    of other forms, which are released by themselves."""

    def open_line(line: Told) -> Told:
        kept = {
            name: line["proof"][name]
            for name in (
                "system",
                "measure",
                "version",
                "edition",
                "definition",
                "rows",
                "hash",
                "through",
                "light",
                "reached",
                "forecast",
            )
            if name in line["proof"]
        }
        return line | {"reason": mask_free_text(line["reason"]), "value": mask_free_text(line["value"]), "proof": kept}

    masked = {name: mask_free_text(said[name]) for name in ("reached", "reasons", "measures")}
    people = [[what, "", at] for what, _, at in said["people"]]
    return said | masked | {"people": people, "projects": [], "lines": [open_line(line) for line in said["lines"]]}


def _text(value: Decimal | None) -> str:
    return "" if value is None else str(value)


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
