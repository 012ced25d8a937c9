"""What money did: the books of the year, by month and by project."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from qushu.ledger.booking.planning import planned_at
from qushu.ledger.booking.queries import Execution, execution
from qushu.ledger.models import Book, BudgetDocument

ZERO = Decimal(0)


@dataclass(frozen=True)
class Money:
    """The book at the end of a month. Amounts are 元."""

    book: Book
    through: int
    execution: Execution
    pace: Decimal
    """What ought to be paid by then, in percent of the budget: by the plan of the year, or as its months pass."""

    @property
    def by_project(self) -> dict[str, Decimal]:
        """What is paid of each project, by its code, in percent of its budget."""
        return {code: share(one.paid, one.budget) for code, one in self.execution.by_project.items()}

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
        """The page of the book, where the entries stand."""
        return reverse("book", args=[self.book.pk])

    @property
    def months(self) -> list[tuple[str, Decimal, str]]:
        """Payments of each month so far in 万元, with the book as it stood at its end."""
        paid = enumerate(self.execution.paid_by_month, 1)
        return [(f"{at} 月", amount / 10_000, f"{self.href}?through={at}") for at, amount in paid]


def money_of(document: BudgetDocument | None, today: date) -> Money | None:
    """The books of the document's year and department up to this month; None when they aren't open. Three reads."""
    if document is None:
        return None
    book = Book.objects.filter(year=document.year, department=document.department).first()
    if book is None:
        return None
    through = today.month if today.year == book.year else 12
    return Money(book, through, execution(book, through), planned_at([book.pk], through)[book.pk])


def share(part: Decimal, whole: Decimal) -> Decimal:
    """Percent to one place; nought of nothing."""
    return (part * 100 / whole).quantize(Decimal("0.1")) if whole else ZERO
