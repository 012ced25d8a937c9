"""A disclosure that is kept: whole or not at all, once, and the same when it is read back."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone

from qushu.kernel.errors import Forbidden, Missing
from qushu.ledger.actions import keep_document
from qushu.ledger.commands import as_row, ledger
from qushu.ledger.models import BudgetDocument, Finding, LineItem, Project, Purchase, Target
from qushu.ledger.queries import promised
from qushu.ledger.reading.document import BadDocument, read_document
from qushu.people.access import SYSTEM, Actor, GrantValue
from qushu.people.models import AuditEntry

from .made_document import made_document

pytestmark = pytest.mark.django_db


def written(tmp_path: Path, text: str = "") -> Path:
    path = tmp_path / "预算.txt"
    path.write_text(text or made_document(), encoding="utf-8")
    return path


def test_what_is_kept_reads_back_as_it_was_read(tmp_path: Path) -> None:
    kept = keep_document(SYSTEM, written(tmp_path), timezone.now())
    assert kept.is_new
    read = [as_row(one) for one in read_document(made_document()).targets]
    assert [as_row(one) for one in promised()] == read


def test_money_is_kept_in_yuan(tmp_path: Path) -> None:
    keep_document(SYSTEM, written(tmp_path), timezone.now())
    project = Project.objects.get(code="42010524031T000000201")
    assert (project.budget, project.last, project.change) == (Decimal(800_000), Decimal(700_000), Decimal(100_000))
    assert LineItem.objects.get(project=project).amount == Decimal(800_000)
    assert Purchase.objects.get(project=project).amount == Decimal(800_000)


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    first = keep_document(SYSTEM, written(tmp_path), timezone.now())
    again = keep_document(SYSTEM, written(tmp_path), timezone.now())
    assert (again.pk, again.is_new) == (first.pk, False)
    assert Target.objects.count() == len(read_document(made_document()).targets)
    assert AuditEntry.objects.filter(action="budget.document_kept").count() == 1


def test_what_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadDocument):
        keep_document(SYSTEM, written(tmp_path, made_document()[:300]), timezone.now())
    assert not BudgetDocument.objects.exists()


def test_only_who_may_write_the_budget_keeps_one(tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        keep_document(Actor("坐席", (GrantValue("agent"),), None), written(tmp_path), timezone.now())


def test_disagreements_are_kept_with_their_lines(tmp_path: Path) -> None:
    keep_document(SYSTEM, written(tmp_path, made_document(network={"item": "79"})), timezone.now())
    assert Finding.objects.get().rule == "items_sum"
    assert len(Finding.objects.get().lines) == 2


def test_the_newest_year_counts_unless_one_is_named(tmp_path: Path) -> None:
    keep_document(SYSTEM, written(tmp_path), timezone.now())
    keep_document(SYSTEM, written(tmp_path, made_document().replace("2025 年部门", "2024 年部门")), timezone.now())
    assert len(promised()) == len(promised(2025)) == len(promised(2024)) > 0
    with pytest.raises(Missing):
        promised(2011)


def test_the_command_prints_targets_of_a_file_for_programs(tmp_path: Path) -> None:
    ran = CliRunner().invoke(ledger, ["targets", "--file", str(written(tmp_path)), "--json"])
    rows = json.loads(ran.output)
    assert ran.exit_code == 0
    assert set(rows[0]) == {"owner", "scope", "goal", "level1", "level2", "name", "operator", "value", "unit", "former"}
    assert rows[0]["owner"] == "DEPT"
    assert rows[4]["former"] == [None, None]
    assert rows[3]["former"] == [100, 110]


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    ran = CliRunner().invoke(ledger, ["targets", "--file", str(written(tmp_path, "没有表格"))])
    assert ran.exit_code == 1
    assert "没有找到" in ran.output
