"""Writes: what the public may see, released and withdrawn by a person. Nothing else is ever shown there."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from qushu.kernel.errors import Missing, Refused
from qushu.kernel.papers import write_docx, write_pdf
from qushu.kernel.personal import mask_free_text
from qushu.people.access import Actor, require
from qushu.people.audit import record

from ..indicators.queries import known_of, targets_of
from ..models import BudgetDocument
from ..queries import document_of
from .models import Evaluation, OpenPaper, Release
from .paper import light_words, paper_of
from .snapshot import without_people

DEPARTMENT = "部门整体"


def release_evaluation(actor: Actor, evaluation_id: int, now: datetime) -> Evaluation:
    """Put a signed self-evaluation on the public page, as files without names of people. Raises Refused, Missing, Forbidden."""
    require(actor, "evaluation.release")
    evaluation = _signed(evaluation_id)
    said = evaluation.snapshot or {}  # a signed one has it: the database says so (`signed_is_frozen`)
    paper = paper_of(without_people(said), bytes(evaluation.seal or b"").hex())
    files = {"pdf": write_pdf(paper), "docx": write_docx(paper)}
    with transaction.atomic():
        for form, content in files.items():
            OpenPaper.objects.update_or_create(evaluation=evaluation, form=form, defaults={"content": content})
        _release(evaluation, actor, now)
        record(actor, "evaluation.released", f"evaluation:{evaluation.pk}", now=now)
    return evaluation


def withdraw_evaluation(actor: Actor, evaluation_id: int, now: datetime) -> None:
    """Take a self-evaluation from the public page. Raises Missing, Forbidden, Refused."""
    require(actor, "evaluation.release")
    evaluation = _signed(evaluation_id)
    with transaction.atomic():
        evaluation.open_papers.all().delete()
        Evaluation.objects.filter(pk=evaluation_id).update(released_by=None, released_at=None)
        record(actor, "evaluation.withdrawn", f"evaluation:{evaluation_id}", now=now)


def _signed(evaluation_id: int) -> Evaluation:
    evaluation = Evaluation.objects.select_related("document").filter(pk=evaluation_id).first()
    if evaluation is None:
        raise Missing("没有这张表。")
    if evaluation.state != Evaluation.State.signed or not evaluation.is_self:
        raise Refused("只有签署了的自评可以公开。什么也没有改变。")
    return evaluation


def _release(evaluation: Evaluation, actor: Actor, now: datetime) -> None:
    Evaluation.objects.filter(pk=evaluation.pk).update(released_by=actor.account_id, released_at=now)


def release_targets(actor: Actor, document_id: int, year: int, now: datetime) -> Release:
    """Release the annual targets with their values as they are now. Raises Missing, Forbidden."""
    require(actor, "evaluation.release")
    document = document_of(document_id)
    with transaction.atomic():
        made = Release.objects.create(
            document=document,
            year=year,
            snapshot=open_targets(document, year, now),
            released_by_id=actor.account_id,
            released_at=now,
        )
        record(actor, "release.made", f"release:{made.pk}", data={"year": year}, now=now)
    return made


def withdraw_targets(actor: Actor, release_id: int, now: datetime) -> None:
    """Take released targets from the public page. Raises Missing, Forbidden."""
    require(actor, "evaluation.release")
    with transaction.atomic():
        found = Release.objects.select_for_update().filter(pk=release_id, withdrawn_at__isnull=True).first()
        if found is None:
            raise Missing("没有这次公开，或已经撤回。")
        found.withdrawn_at, found.withdrawn_by_id = now, actor.account_id
        found.save()
        record(actor, "release.withdrawn", f"release:{release_id}", now=now)


def open_targets(document: BudgetDocument, year: int, now: datetime) -> dict[str, Any]:
    """The department, its projects and annual targets with values and lights: no evidence, no names, words masked."""
    groups: dict[str, dict[str, Any]] = {}
    for known in known_of(targets_of(document, {"scope": "annual"}), year, now):
        project = known.target.project
        name = project.name if project else DEPARTMENT
        group = groups.setdefault(name, {"name": name, "budget": str(project.budget) if project else "", "targets": []})
        group["targets"].append(
            {
                "level": f"{known.target.level1}·{known.target.level2}",
                "name": known.target.name,
                "promised": known.target.promised,
                "source": known.source,
                "source_words": known.source_words,
                "value": mask_free_text(known.shown_value),
                "light": known.standing.light,
                "light_words": light_words(known.standing.light),
                "through": _day(known.at),
            }
        )
    return {"department": document.department, "document": str(document), "year": year, "groups": list(groups.values())}


def _day(at: datetime | None) -> str:
    return timezone.localdate(at).isoformat() if at else ""
