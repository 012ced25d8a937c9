"""Books of the made-up department, opened the way the real ones are: saved, submitted, approved by another."""

from collections.abc import Sequence

from django.utils import timezone

from qushu.ledger.models import Book, BudgetVersion
from qushu.ledger.versions.actions import approve, save_draft, submit
from qushu.ledger.versions.rules import Row
from qushu.people.access import SYSTEM
from qushu.people.actors import actor_for
from qushu.people.models import Account
from qushu.people.tests.staff import make_account

from .made_budget import DEPARTMENT, made_rows


def made_version(rows: Sequence[Row] = (), year: int = 2025, department: str = DEPARTMENT) -> BudgetVersion:
    """An approved version."""
    now = timezone.now()
    version = save_draft(SYSTEM, year, department, None, rows or made_rows(), "年初预算", now)
    submit(SYSTEM, version.pk, now)
    known = Account.objects.filter(grants__role="leader").first()
    approve(actor_for(known or make_account("leader")), version.pk, 1, "同意", now)
    return version


def made_book(rows: Sequence[Row] = (), year: int = 2025, department: str = DEPARTMENT) -> Book:
    """The books of an approved version."""
    return Book.objects.get(version=made_version(rows, year, department))
