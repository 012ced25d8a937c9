"""Writes of the books. Each locks the book, so that two people never spend the same money."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from qushu.kernel.errors import Missing, Refused
from qushu.people.access import Actor, require
from qushu.people.audit import record

from ..models import Book, BudgetDocument, BudgetLine, ClosedMonth, Entry
from ..versions.queries import rows_from_document
from .entering import refuse_closed, write_entry
from .granting import granted, line_of
from .queries import month_ends
from .rules import refusal


def open_book(actor: Actor, document: BudgetDocument, now: datetime) -> Book:
    """The books of a kept document, granted in January: a line a project and economic class, and one each for
    personnel and operating costs (基本支出) where the document's own form says them.

    Raises Refused when the department's year has its books already, Forbidden.
    """
    require(actor, "budget.write")
    with transaction.atomic():
        book, made = Book.objects.get_or_create(
            year=document.year,
            department=document.department,
            defaults={"opened_by_id": actor.account_id, "opened_at": now},
        )
        if not made:
            raise Refused(f"{book}已经建立，没有再建；金额变化请做调整。")
        for row in granted(rows_from_document(document)):
            write_entry(actor, line_of(book, row), "budget", row.amount, 1, "年初预算", now)
        record(actor, "budget.book_opened", f"budget_book:{book.pk}", data={"year": book.year}, now=now)
    return book


def enter(actor: Actor, line_id: int, kind: str, amount: Decimal, month: int, words: str, now: datetime) -> Entry:
    """Enter an adjustment, commitment, release, payment, or direct payment (without a contract).

    Raises Refused (closed month, not enough money, an amount below a 分, an adjustment where approved versions say what
    is granted), Missing, Forbidden; nothing is entered then.
    """
    require(actor, "budget.write")
    if kind not in ("adjustment", "commitment", "release", "payment", "direct"):
        raise Refused("只能登记调整、签约、解约或支付。没有入账。", field="kind")
    if not words.strip():
        raise Refused("请写明摘要。没有入账。", field="words")
    with transaction.atomic():
        line = BudgetLine.objects.filter(pk=line_id).first()
        if line is None:
            raise Missing("没有这条预算明细。")
        book = Book.objects.select_for_update().get(pk=line.book_id)
        refuse_closed(book, month)
        if kind == "adjustment" and book.version_id:
            raise Refused("这本账依据批复的预算，调整请另起一稿预算并经批复。没有入账。", field="kind")
        said = next(filter(None, (refusal(end, kind, amount) for end in month_ends(line)[month - 1 :])), "")
        if said:
            raise Refused(said, field="amount")
        entry = write_entry(actor, line, kind, amount, month, words.strip()[:200], now)
        facts = {"kind": kind, "amount": str(amount), "month": month}
        record(actor, "budget.entered", f"budget_book:{book.pk}", data=facts, now=now)
    return entry


def close_month(actor: Actor, book_id: int, month: int, now: datetime) -> ClosedMonth:
    """Close a month for good; months close in order. Raises Refused, Missing, Forbidden."""
    require(actor, "budget.write")
    with transaction.atomic():
        book = Book.objects.select_for_update().filter(pk=book_id).first()
        if book is None:
            raise Missing("没有这本账。")
        due = book.closed.count() + 1
        if month != due:
            raise Refused(f"应先结 {due} 月的账。" if due <= 12 else "全年已经结账。", field="month")
        closed = ClosedMonth.objects.create(book=book, month=month, closed_by_id=actor.account_id, closed_at=now)
        record(actor, "budget.month_closed", f"budget_book:{book.pk}", data={"month": month}, now=now)
    return closed
