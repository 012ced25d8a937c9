"""Reads of the books; the index is entry_of_month (line, month)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from qushu.kernel.asked import number_in

from ..models import Book, BudgetLine, Posting
from .rules import ZERO, Balance, after, year_end


@dataclass(frozen=True)
class Execution:
    """A book at the end of a month: its balance, payments of each month so far, the forecast of December, and the
    balance of each project by its code (of basic spending by "")."""

    balance: Balance
    paid_by_month: tuple[Decimal, ...]
    forecast: Decimal
    by_project: dict[str, Balance] = field(default_factory=dict)


def asked_month(asked: Mapping[str, str], year: int, now: datetime) -> int:
    """The month (`through`) of a book's year that an address names; else the present one, of other years December."""
    month = number_in(asked.get("through", ""), 12)
    today = timezone.localdate(now)
    return month or (today.month if year == today.year else 12)


def balance_of(line: BudgetLine) -> Balance:
    """What stands on the sides of a line, over all months."""
    sums = Posting.objects.filter(entry__line=line).values_list("side").annotate(Sum("amount")).order_by()
    return Balance(**dict(sums))


def month_ends(line: BudgetLine) -> list[Balance]:
    """What stood on the sides of a line at the end of each of the twelve months."""
    moved = (
        Posting.objects.filter(entry__line=line).values_list("entry__month", "side").annotate(Sum("amount")).order_by()
    )
    ends, balance = [], Balance()
    for month in range(1, 13):
        balance = after(balance, {side: amount for at, side, amount in moved if at == month})
        ends.append(balance)
    return ends


def all_month_ends(book: Book) -> dict[int, list[Balance]]:
    """What `month_ends` says, of every line of a book by its id: one read."""
    moved: dict[int, dict[int, dict[str, Decimal]]] = {}
    sums = Posting.objects.filter(entry__line__book=book).values_list("entry__line_id", "entry__month", "side")
    for line_id, month, side, amount in sums.annotate(Sum("amount")).order_by():
        moved.setdefault(line_id, {}).setdefault(month, {})[side] = amount
    found = {}
    for line_id, months in moved.items():
        ends, balance = [], Balance()
        for month in range(1, 13):
            balance = after(balance, months.get(month, {}))
            ends.append(balance)
        found[line_id] = ends
    return found


def execution(book: Book, through: int) -> Execution:
    """How the book stood after month `through` (1 to 12). One read. Raises ValueError when it is no month."""
    counted = Posting.objects.filter(entry__line__book=book, entry__month__lte=through)
    sums = counted.values_list("entry__line__project_code", "side", "entry__month").annotate(Sum("amount")).order_by()
    balance, projects, paid = Balance(), dict[str, Balance](), dict[int, Decimal]()
    for project, side, month, amount in sums:
        balance = after(balance, {side: amount})
        projects[project] = after(projects.get(project, Balance()), {side: amount})
        if side == "paid":
            paid[month] = paid.get(month, ZERO) + amount
    return Execution(
        balance,
        tuple(paid.get(month, ZERO) for month in range(1, through + 1)),
        year_end(balance.paid, balance.committed, balance.budget, through),
        projects,
    )
