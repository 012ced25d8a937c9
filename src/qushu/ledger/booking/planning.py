"""The plan of a year's payments (支出计划): what share of the budget ought to be paid at the end of each month."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from django.db import transaction

from qushu.kernel.errors import Missing, Refused
from qushu.people.access import Actor, require
from qushu.people.audit import record

from ..models import Book, SpendingPlan

EVEN = tuple((Decimal(100) * month / 12).quantize(Decimal("0.01")) for month in range(1, 13))
"""Where nobody has set a plan: as the months pass (序时进度)."""


def newest_plan(book: Book) -> SpendingPlan | None:
    """The plan that counts; None where the months count."""
    return SpendingPlan.objects.filter(book=book).select_related("set_by").order_by("-id").first()


def shares_of(plan: SpendingPlan | None) -> tuple[Decimal, ...]:
    """Percent of the budget to be paid at the end of each of the twelve months."""
    return tuple(plan.shares) if plan else EVEN


def planned_at(books: Iterable[int], through: int) -> dict[int, Decimal]:
    """The planned percentage at the end of month `through` (1 to 12), by the book's id. One read."""
    books = list(books)
    newest = SpendingPlan.objects.filter(book_id__in=books).order_by("book_id", "-id").distinct("book_id")
    plans = {one.book_id: one for one in newest}
    return {book: shares_of(plans.get(book))[through - 1] for book in books}


def set_plan(actor: Actor, book_id: int, shares: Sequence[Decimal], now: datetime) -> SpendingPlan:
    """Set twelve percentages, cumulative; the plan before stays, as what was planned until then.

    Raises Refused when one is below the one before or outside of 0 to 100, Missing, Forbidden; nothing changes then.
    """
    require(actor, "budget.write")
    if len(shares) != 12:
        raise Refused("支出计划要有十二个月。没有保存。")
    for month, (before, share) in enumerate(pairwise([Decimal(0), *shares]), start=1):
        if not before <= share <= 100:
            raise Refused(
                f"{month} 月底的计划要在上月的 {before} 和 100 之间：计划是累计的。没有保存。", field=f"month_{month}"
            )
    with transaction.atomic():
        book = Book.objects.select_for_update().filter(pk=book_id).first()
        if book is None:
            raise Missing("没有这本账。")
        plan = SpendingPlan.objects.create(book=book, shares=list(shares), set_by_id=actor.account_id, set_at=now)
        said = [str(share) for share in shares]
        record(actor, "budget.plan_set", f"budget_book:{book.pk}", data={"shares": said}, now=now)
    return plan
