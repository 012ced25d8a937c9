"""Writes of versions: saving a draft, submitting it, returning or approving it. What was written stays."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from qushu.kernel.errors import Missing, Refused, Stale
from qushu.people.access import Actor, require
from qushu.people.audit import record

from ..booking.granting import grant
from ..models import BudgetDocument, BudgetVersion, VersionRow, VersionStep
from ..subjects import usual
from .queries import approved, hands, rows_from_document, rows_of, stage, versions_of
from .rules import Row, flaws, imbalances, missing, named

MOST_ROWS = 20_000
MOST_SAID = 5


def draft_from_document(actor: Actor, document: BudgetDocument, now: datetime) -> BudgetVersion:
    """The first version of a year, with what a disclosure says. Raises Refused when there are versions, Forbidden."""
    if versions_of(document.year, document.department).exists():
        raise Refused(f"{document.department} {document.year} 年已有预算稿，没有另起；请在最新一稿上修改。")
    return save_draft(
        actor, document.year, document.department, None, rows_from_document(document), "由公开文件起草", now
    )


def save_draft(
    actor: Actor,
    year: int,
    department: str,
    based_on: int | None,
    rows: Sequence[Row],
    words: str,
    now: datetime,
) -> BudgetVersion:
    """Keep these rows as the department's next version, written on the one `based_on` (its newest; None for the first).

    After a version was approved the next one is an adjustment. Raises Stale when somebody saved meanwhile, Refused
    (rows that can't be, a version waiting for a decision), Forbidden; nothing is kept then.
    """
    require(actor, "budget.write")
    department = department.strip()
    rows = _sound(year, department, rows)
    with transaction.atomic():
        newest = _newest_for_writing(year, department)
        if (newest.pk if newest else None) != based_on:
            raise Stale("这本预算已有更新的一稿，您的修改没有保存；请打开最新一稿再改。")
        if newest and stage(newest) == "submitted":
            raise Refused("上一稿已提交，正等待批复；退回或批复之后才能再改。没有保存。")
        version = BudgetVersion.objects.create(
            year=year,
            department=department,
            number=(newest.number if newest else 0) + 1,
            kind="adjustment" if approved(year, department) else "initial",
            based_on=newest,
            document=(newest.document if newest else None) or _document(year, department),
            words=words.strip()[:200],
            made_by_id=actor.account_id,
            made_at=now,
        )
        VersionRow.objects.bulk_create(
            VersionRow(version=version, place=place, **asdict(row)) for place, row in enumerate(rows, start=1)
        )
        _told(actor, "budget.version_saved", version, now)
    return version


def submit(actor: Actor, version_id: int, now: datetime) -> VersionStep:
    """Ask for approval. Raises Refused when something is missing or doesn't balance, Stale, Missing, Forbidden."""
    require(actor, "budget.write")
    with transaction.atomic():
        version = _waiting(version_id, "draft")
        rows = rows_of(version)
        lacking = [*missing(rows), *imbalances(rows)]
        if lacking:
            raise Refused("还不能提交：" + "；".join(lacking) + "。")
        step = VersionStep.objects.create(version=version, step="submitted", by_id=actor.account_id, at=now)
        _told(actor, "budget.version_submitted", version, now)
    return step


def send_back(actor: Actor, version_id: int, remark: str, now: datetime) -> VersionStep:
    """Return a submitted version with the reason. Raises Refused, Stale, Missing, Forbidden."""
    require(actor, "budget.approve")
    if not remark.strip():
        raise Refused("请写明退回的原因。没有退回。", field="remark")
    with transaction.atomic():
        version = _waiting(version_id, "submitted")
        step = _decided(actor, version, "returned", remark, now)
        _told(actor, "budget.version_returned", version, now)
    return step


def approve(actor: Actor, version_id: int, month: int, remark: str, now: datetime) -> VersionStep:
    """Approve a submitted version and write it into the books: the year's budget, or what an adjustment changes.

    `month`: of the book (1 for the year's budget); it must be open. Raises Refused when somebody approves who wrote or submitted it, when the
    books can't give back what is taken, or the month is closed; Stale, Missing, Forbidden. Nothing is changed then.
    """
    require(actor, "budget.approve")
    with transaction.atomic():
        version = _waiting(version_id, "submitted")
        if actor.account_id in hands(version):
            raise Refused("编写或提交过的人不能批复自己的预算，请另一位同事批复。什么也没有改变。")
        before = approved(version.year, version.department)
        step = _decided(actor, version, "approved", remark, now)
        grant(actor, version, rows_of(before) if before else [], rows_of(version), month, now)
        _told(actor, "budget.version_approved", version, now)
    return step


def _sound(year: int, department: str, rows: Sequence[Row]) -> list[Row]:
    """The rows with the usual names of their codes. Raises Refused with what can't be kept."""
    if not department or not 2000 <= year <= 2100:
        raise Refused("请写明部门和 2000 到 2100 之间的年度。没有保存。", field="department")
    names = usual("function") | usual("economic")
    complete = [named(row, names) for row in rows]
    found = flaws(complete)
    if len(rows) > MOST_ROWS:
        found.insert(0, f"有 {len(rows)} 条，一稿最多 {MOST_ROWS} 条。")
    if found:
        more = f"等 {len(found)} 处" if len(found) > MOST_SAID else ""
        raise Refused("；".join(found[:MOST_SAID]) + f"{more}。没有保存。", field="rows")
    return complete


def _decided(actor: Actor, version: BudgetVersion, step: str, remark: str, now: datetime) -> VersionStep:
    return VersionStep.objects.create(
        version=version, step=step, by_id=actor.account_id, at=now, remark=remark.strip()[:300]
    )


def _newest_for_writing(year: int, department: str) -> BudgetVersion | None:
    """The newest version, locked, so that two people don't number theirs alike."""
    number = BudgetVersion.objects.filter(year=year, department=department).aggregate(last=Max("number"))["last"]
    return BudgetVersion.objects.select_for_update().filter(year=year, department=department, number=number).first()


def _waiting(version_id: int, wanted: str) -> BudgetVersion:
    """The version, locked, when it is the newest and at that stage."""
    version = BudgetVersion.objects.select_for_update().filter(pk=version_id).first()
    if version is None:
        raise Missing("没有这一稿预算。")
    if stage(version) != wanted:
        raise Stale("这一稿的状态已经改变，请重新打开。什么也没有改变。")
    if versions_of(version.year, version.department).filter(number__gt=version.number).exists():
        raise Stale("这一稿之后已有更新的一稿，请打开最新一稿。什么也没有改变。")
    return version


def _document(year: int, department: str) -> BudgetDocument | None:
    return BudgetDocument.objects.filter(year=year, department=department).order_by("-id").first()


def _told(actor: Actor, action: str, version: BudgetVersion, now: datetime) -> None:
    facts = {"year": version.year, "version": version.number}
    record(actor, action, f"budget_version:{version.pk}", data=facts, now=now)
