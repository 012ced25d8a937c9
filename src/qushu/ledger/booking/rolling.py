"""Reads over many lines, books and years: one pass over the postings each. The indexes are entry_of_month and line_once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum

from ..models import Book, BudgetDocument, BudgetLine, Posting, Project
from .planning import planned_at
from .rules import ZERO, Balance, year_end

MONTHS = range(1, 13)


@dataclass
class Standing:
    """What stands on the sides at the end of a month, payments month by month, and the forecast of December. 元."""

    name: str
    code: str = ""
    balance: Balance = field(default_factory=Balance)
    paid: list[Decimal] = field(default_factory=lambda: [ZERO] * 12)
    forecast: Decimal = ZERO
    lines: list["Standing"] = field(default_factory=list)
    pk: int = 0
    planned: Decimal | None = None
    """What ought to be paid by then, in percent of the budget; None where parts have plans of their own."""

    @property
    def ahead(self) -> Decimal | None:
        """How many points of the budget are paid beyond the plan; below nought: behind it."""
        return None if self.planned is None else self.share - self.planned.quantize(Decimal("0.1"))

    @property
    def share(self) -> Decimal:
        """Paid, in percent of the budget."""
        return (self.balance.paid * 100 / self.balance.budget).quantize(Decimal("0.1")) if self.balance.budget else ZERO


def roll_up(year: int, through: int) -> list[Standing]:
    """Every department's book of a year after month `through`, by name: three reads, however many projects.

    A department's forecast is the sum of its lines'. Raises ValueError when `through` is no month.
    """
    books = {
        book.pk: Standing(book.department, pk=book.pk) for book in Book.objects.filter(year=year).order_by("department")
    }
    for standing in _by_line(Posting.objects.filter(entry__line__book__year=year), through).values():
        _add(books[standing.pk], standing)
    for pk, planned in planned_at(books, through).items():
        books[pk].planned = planned
    return list(books.values())


def by_project(book: Book, through: int) -> list[Standing]:
    """A book's projects (basic spending by category), each with its lines, in the order of the lines. Three reads."""
    found: dict[tuple[str, str], Standing] = {}
    stands = _by_line(Posting.objects.filter(entry__line__book=book), through)
    planned = planned_at([book.pk], through)[book.pk]
    for line in BudgetLine.objects.filter(book=book).order_by("pk"):
        project = found.setdefault(
            (line.project_code, line.project_name), Standing(line.project_name, line.project_code, planned=planned)
        )
        standing = stands.get(line.pk, Standing("", forecast=ZERO))
        words = " ".join(
            filter(None, (line.economic_code, line.economic_name, line.function_code, line.get_source_display()))
        )
        standing.name, standing.pk, standing.planned = words, line.pk, planned
        _add(project, standing)
        project.lines.append(standing)
    return list(found.values())


def whole(parts: Iterable[Standing], name: str = "合计") -> Standing:
    """The sum of them."""
    parts = list(parts)
    summed = Standing(name)
    for part in parts:
        _add(summed, part)
    plans = {part.planned for part in parts}
    summed.planned = plans.pop() if len(plans) == 1 else None
    return summed


@dataclass(frozen=True)
class MonthEnd:
    """A month's end beside the plan: what ought to be paid by then and what was, in 元 and in percent of the budget.

    `paid` and `share` are None for a month to come.
    """

    month: int
    planned: Decimal
    planned_share: Decimal
    paid: Decimal | None
    share: Decimal | None

    @property
    def ahead(self) -> Decimal | None:
        """元 beyond the plan; below nought: behind it."""
        return None if self.paid is None else self.paid - self.planned


def beside_plan(standing: Standing, shares: Sequence[Decimal], through: int) -> list[MonthEnd]:
    """The twelve months' ends of what stands after month `through`; `shares` are the plan's percentages."""
    budget, paid, found = standing.balance.budget, ZERO, []
    for month, share in enumerate(shares, start=1):
        paid += standing.paid[month - 1]
        over = month > through
        reached = (paid * 100 / budget).quantize(Decimal("0.1")) if budget else ZERO
        planned = (budget * share / 100).quantize(Decimal("0.01"))
        found.append(MonthEnd(month, planned, share, None if over else paid, None if over else reached))
    return found


def _by_line(postings: "object", through: int) -> dict[int, Standing]:
    """Each line's standing by its id; `pk` is its book's."""
    counted = postings.filter(entry__month__lte=through).values_list("entry__line_id", "entry__line__book_id", "side", "entry__month")  # type: ignore[attr-defined]  # fmt: skip
    found: dict[int, Standing] = {}
    sides: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for line_id, book_id, side, month, amount in counted.annotate(Sum("amount")).order_by():
        standing = found.setdefault(line_id, Standing("", pk=book_id))
        sides[line_id][side] = sides[line_id].get(side, ZERO) + amount
        if side == "paid":
            standing.paid[month - 1] += amount
    for line_id, standing in found.items():
        standing.balance = Balance(**sides[line_id])
        one = standing.balance
        standing.forecast = year_end(one.paid, one.committed, one.budget, through)
    return found


def _add(whole: Standing, part: Standing) -> None:
    one, other = whole.balance, part.balance
    whole.balance = Balance(
        one.granted + other.granted, one.free + other.free, one.committed + other.committed, one.paid + other.paid
    )
    whole.paid = [a + b for a, b in zip(whole.paid, part.paid, strict=True)]
    whole.forecast += part.forecast


@dataclass
class ThreeYears:
    """A project's budgets and payments of three years, oldest first; None where nothing is known of a year.

    `stated`: budgets that only the disclosure states, because there are no books of that year.
    """

    name: str
    code: str
    budgets: list[Decimal | None]
    paid: list[Decimal | None]
    stated: list[bool] = field(default_factory=lambda: [False] * 3)

    @property
    def told(self) -> list[tuple[Decimal | None, bool]]:
        """Each budget with whether only the disclosure states it."""
        return [*zip(self.budgets, self.stated, strict=True)]


def three_years(department: str, year: int) -> list[ThreeYears]:
    """Projects of a department over the years before, the last, and this one, from the books; else from the disclosure."""
    years = [year - 2, year - 1, year]
    found: dict[str, ThreeYears] = {}
    for place, at in enumerate(years):
        book = Book.objects.filter(department=department, year=at).first()
        for project in by_project(book, 12) if book else []:
            one = found.setdefault(project.code or project.name, _empty(project.name, project.code))
            one.budgets[place], one.paid[place] = project.balance.budget, project.balance.paid
    document = BudgetDocument.objects.filter(department=department, year=year).order_by("-id").first()
    for stated in Project.objects.filter(document=document).order_by("place") if document else []:
        one = found.setdefault(stated.code, _empty(stated.name, stated.code))
        for place, amount in enumerate((stated.before, stated.last, stated.budget)):
            if one.budgets[place] is None and amount is not None:
                one.budgets[place], one.stated[place] = amount, True
    return list(found.values())


def _empty(name: str, code: str) -> ThreeYears:
    return ThreeYears(name, code, [None] * 3, [None] * 3)
