"""What money did: the books of the year, by month and by project."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.urls import NoReverseMatch, reverse

from qushu.ledger.booking.queries import Execution, execution
from qushu.ledger.models import Book, BudgetDocument, Posting

ZERO = Decimal(0)


@dataclass(frozen=True)
class Money:
    """The book at the end of a month; `paid` is by project, in percent of its budget. Amounts are 元."""

    book: Book
    through: int
    execution: Execution
    by_project: dict[str, Decimal] = field(default_factory=dict)

    @property
    def shares(self) -> dict[str, Decimal]:
        """Paid, committed and free in percent of the budget."""
        balance = self.execution.balance
        return {name: share(getattr(balance, name), balance.budget) for name in ("paid", "committed", "free")}

    @property
    def bound(self) -> Decimal:
        """Paid and committed together in percent of the budget: where the second part of the bar ends."""
        return self.shares["paid"] + self.shares["committed"]

    @property
    def href(self) -> str:
        """Where the entries stand: the page of the book, or the budget where there is no such page."""
        try:
            return reverse("book", args=[self.book.pk])
        except NoReverseMatch:
            return reverse("budget")

    @property
    def pace(self) -> Decimal:
        """How much of the year has passed, in percent of its months."""
        return share(Decimal(self.through), Decimal(12))

    @property
    def months(self) -> list[tuple[str, Decimal]]:
        """Payments of each month so far in 万元."""
        return [(f"{at} 月", amount / 10_000) for at, amount in enumerate(self.execution.paid_by_month, 1)]


def money_of(document: BudgetDocument | None, today: date) -> Money | None:
    """The books of the document's year and department up to this month; None when they aren't open. Four reads."""
    if document is None:
        return None
    book = Book.objects.filter(year=document.year, department=document.department).first()
    if book is None:
        return None
    through = today.month if today.year == book.year else 12
    return Money(book, through, execution(book, through), _by_project(book, through))


def _by_project(book: Book, through: int) -> dict[str, Decimal]:
    moved = Posting.objects.filter(
        entry__line__book=book, entry__month__lte=through, side__in=("paid", "granted")
    ).values_list("entry__line__project_code", "side")
    sums: dict[str, dict[str, Decimal]] = {}
    for code, side, amount in moved.annotate(Sum("amount")).order_by():
        sums.setdefault(code, {})[side] = amount
    return {code: share(one.get("paid", ZERO), -one.get("granted", ZERO)) for code, one in sums.items()}


def share(part: Decimal, whole: Decimal) -> Decimal:
    """Percent to one place; nought of nothing."""
    return (part * 100 / whole).quantize(Decimal("0.1")) if whole else ZERO
