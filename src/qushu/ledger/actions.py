"""Writes of the ledger: keeping a disclosed budget."""

import hashlib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from qushu.kernel.errors import Refused
from qushu.people.access import Actor, require
from qushu.people.audit import record

from .checking.rules import Disagreement
from .fitting import refuse_twins, refuse_unfit
from .models import (
    Binding,
    BudgetDocument,
    DocumentFigure,
    Finding,
    Goal,
    LineItem,
    Project,
    Purchase,
    Source,
    Statement,
    Target,
    UnreadPart,
)
from .queries import document_of
from .reading import parts
from .reading.files import checked_again, read_file
from .reading.values import YUAN


def keep_document(actor: Actor, path: Path, now: datetime, name: str = "") -> BudgetDocument:
    """Read a disclosure and keep all its parts in one transaction; the same file again gives what is there (`is_new`).

    Raises BadDocument when it can't be read, Forbidden; nothing is kept then.
    """
    require(actor, "budget.write")
    digest = hashlib.sha256(path.read_bytes()).digest()
    known = BudgetDocument.objects.filter(digest=digest).first()
    if known is not None:
        return known
    text, read, found = read_file(path, name)
    refuse_twins(read)
    with transaction.atomic():
        document, made = BudgetDocument.objects.get_or_create(
            digest=digest,
            defaults={
                "year": read.year,
                "department": read.department.name,
                "unit": read.unit,
                "file_name": (name or path.name)[:200],
                "text": text,
                "facts": _facts(read.department),
                "kept_by_id": actor.account_id,
                "kept_at": now,
            },
        )
        if made:
            _Keeping(document, YUAN[read.unit]).keep(read, found)
            facts = {"year": read.year, "targets": len(read.targets), "unread": len(read.unread)}
            record(actor, "budget.document_kept", f"budget_document:{document.pk}", data=facts, now=now)
    document.is_new = made
    return document


def check_again(actor: Actor, document_id: int, now: datetime) -> tuple[int, int]:
    """Hold a kept document against itself by today's rules; what was found before gives way to what is found now.

    How many there were, and are. Raises Forbidden, Missing, BadDocument; nothing is changed then.
    """
    require(actor, "budget.write")
    document = document_of(document_id)
    found = checked_again(document.text, document.file_name)
    with transaction.atomic():
        document_of(document_id, lock=True)
        before, _ = document.findings.all().delete()
        _Keeping(document, YUAN[document.unit]).find(found)
        facts = {"findings_before": before, "findings": len(found)}
        record(actor, "budget.document_checked", f"budget_document:{document.pk}", data=facts, now=now)
    return before, len(found)


def drop_document(actor: Actor, document_id: int, now: datetime) -> None:
    """Remove a document that was kept by mistake. Raises Refused when bindings or statements stand on it, Missing."""
    require(actor, "budget.write")
    with transaction.atomic():
        document = document_of(document_id, lock=True)
        used = Binding.objects.filter(target__document=document).exists()
        if used or Statement.objects.filter(target__document=document).exists():
            raise Refused("这份文件的指标已有绑定或填报，不能删除；更正后的文件请另外导入。什么也没有改变。")
        if document.versions.exists():
            raise Refused("已有预算稿依据这份文件，不能删除；更正后的文件请另外导入。什么也没有改变。")
        facts = {"year": document.year, "file": document.file_name}
        record(actor, "budget.document_dropped", f"budget_document:{document.pk}", data=facts, now=now)
        try:
            document.delete()
        except ProtectedError:
            raise Refused("这份文件已有绩效表或公开记录，不能删除；更正后的文件请另外导入。什么也没有改变。") from None


class _Keeping:
    """Writes the parts of one document."""

    def __init__(self, document: BudgetDocument, factor: Decimal) -> None:
        self.document, self.factor = document, factor

    def keep(self, read: parts.Document, found: list[Disagreement]) -> None:
        """All parts, table by table, and what of them doesn't agree."""
        projects = self._write(Project, [(one.line, self._project(one)) for one in read.projects])
        by_code = {project.code: project for project in projects}
        owned = [(by_code[one.code], one) for one in read.projects]
        self._write(LineItem, [(item.line, self._item(project, item)) for project, one in owned for item in one.items])
        self._write(
            Purchase,
            [
                (bought.line, {"project": project, "catalogue_code": bought.catalogue_code, "quantity": bought.quantity, "amount": self._yuan(bought.amount)})
                for project, one in owned
                for bought in one.purchases
            ],
        )  # fmt: skip
        self._write(
            Source,
            [
                (source.line, {"project": project, "name": source.name, "amount": self._yuan(source.amount)})
                for project, one in owned
                for source in one.sources
            ],
        )
        goals = [*read.department.goals, *(goal for one in read.projects for goal in one.goals)]
        self._write(Goal, [(goal.line, self._goal(goal, by_code)) for goal in goals])
        self._write(Target, [(target.line, self._target(target, by_code)) for target in read.targets])
        self._write(DocumentFigure, [(one.line, _figure(one)) for one in read.figures])
        self._write(UnreadPart, [(one.line, {"where": one.where[:80], "words": one.words, "why": one.why[:200]}) for one in read.unread])  # fmt: skip
        self.find(found)

    def find(self, found: list[Disagreement]) -> None:
        """What doesn't agree."""
        self._write(Finding, [(one.lines[0], {"rule": one.rule, "words": one.words, "lines": list(one.lines)}) for one in found])  # fmt: skip

    def _write(self, model: Any, rows: list[tuple[int, dict[str, Any]]]) -> list[Any]:
        """Raises BadDocument when one doesn't fit."""
        made = [
            model(document=self.document, place=place, line=line, **facts)
            for place, (line, facts) in enumerate(rows, start=1)
        ]
        for row in made:
            refuse_unfit(row)
        return model.objects.bulk_create(made)

    def _yuan(self, amount: Decimal | None) -> Decimal | None:
        return None if amount is None else amount * self.factor

    def _project(self, one: parts.Project) -> dict[str, Any]:
        year = self.document.year
        return {
            "code": one.code,
            "name": one.name,
            "facts": one.facts,
            "ground": one.ground,
            "plan": one.plan,
            "total": self._yuan(one.total),
            "budget": self._yuan(one.budget),
            "last": self._yuan(one.former.get(year - 1)),
            "before": self._yuan(one.former.get(year - 2)),
            "change_words": one.change.words,
            "change": self._yuan(one.change.amount),
        }

    def _item(self, project: Project, item: parts.LineItem) -> dict[str, Any]:
        return {
            "project": project,
            "activity": item.activity,
            "economic_code": item.economic_code,
            "economic_name": item.economic_name,
            "amount": self._yuan(item.amount),
            "basis": item.basis,
        }

    def _goal(self, goal: parts.Goal, by_code: dict[str, Project]) -> dict[str, Any]:
        return {"project": by_code.get(goal.owner), "scope": goal.scope, "number": goal.number, "words": goal.words}

    def _target(self, target: parts.Target, by_code: dict[str, Project]) -> dict[str, Any]:
        promised = target.promised
        spoken = isinstance(promised.value, str)
        return {
            "project": by_code.get(target.owner),
            "scope": target.scope,
            "goal": target.goal,
            "level1": target.level1,
            "level2": target.level2,
            "name": target.name,
            "operator": promised.operator,
            "number": None if spoken else promised.value,
            "words": promised.value if spoken else "",
            "unit": promised.unit,
            "former": [one and [one.operator, str(one.value), one.unit] for one in target.former],
        }


def _facts(department: parts.Department) -> dict[str, Any]:
    """The department's own form, in the document's unit, for the page that shows it."""
    return {
        "funds": [
            [one.name, str(one.amount), str(one.share), str(one.former[0]), str(one.former[1])]
            for one in department.funds
        ],
        "groups": [[one.name, one.category, str(one.total), str(one.budget), one.purpose] for one in department.groups],
    }


def _figure(one: parts.Figure) -> dict[str, Any]:
    return {"value": one.value, "unit": one.unit, "sentence": one.sentence, "heading": one.heading[:60]}
