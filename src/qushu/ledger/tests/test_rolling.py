"""Looking over many books: the roll-up agrees with each line, three years stand side by side, a cut adds up to the 分."""

import time
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.ledger.actions import keep_document
from qushu.ledger.booking.actions import enter
from qushu.ledger.booking.cutting import cut_by_amount, cut_by_percent, spread
from qushu.ledger.booking.queries import all_month_ends, balance_of, execution
from qushu.ledger.booking.rolling import by_project, roll_up, three_years, whole
from qushu.ledger.booking.rules import Balance
from qushu.ledger.models import Book, BudgetLine, Entry, Posting
from qushu.people.access import SYSTEM

from .made_books import made_book
from .made_budget import DEPARTMENT, NETWORK
from .made_document import made_document

NOW = timezone.now()
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MONEY = st.decimals(min_value="0.01", max_value="9999999.99", places=2)


@PATIENT
@given(st.lists(MONEY, min_size=1, max_size=30), st.decimals(min_value="0", max_value="1000000", places=2))
def test_parts_add_up_to_the_fen(weights: list[Decimal], amount: Decimal) -> None:
    parts = spread(amount, weights)
    assert sum(parts) == amount
    exact = [amount * weight / sum(weights) for weight in weights]
    assert all(abs(part - one) < Decimal("0.01") for part, one in zip(parts, exact, strict=True))


def test_nothing_is_spread_over_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        spread(Decimal(1), [Decimal(0)])


@PATIENT
@given(st.lists(MONEY, min_size=1, max_size=12), st.decimals(min_value="0.01", max_value="100", places=2))
def test_a_cut_takes_no_more_than_is_there(budgets: list[Decimal], percent: Decimal) -> None:
    shares = cut_by_percent([(n, Balance(-budget, budget)) for n, budget in enumerate(budgets)], percent) if (sum(budgets) * percent / 100) >= Decimal("0.005") else []  # fmt: skip
    assert all(0 <= share.cut <= share.budget and share.beyond == 0 for share in shares)
    assert all(share.left == share.budget - share.cut for share in shares)


def test_what_is_bound_is_beyond_a_cut() -> None:
    (share,) = cut_by_amount([(1, Balance(Decimal(-100), Decimal(30), Decimal(50), Decimal(20)))], Decimal(60))
    assert (share.cut, share.reach, share.beyond) == (Decimal(60), Decimal(30), Decimal(30))
    for wrong in (Decimal(0), Decimal(101)):
        with pytest.raises(ValueError):
            cut_by_amount([(1, Balance(Decimal(-100), Decimal(100)))], wrong)
    with pytest.raises(ValueError):
        cut_by_percent([(1, Balance(Decimal(-100), Decimal(100)))], Decimal(101))


@pytest.mark.django_db
def test_the_roll_up_is_the_sum_of_the_lines() -> None:
    one, other = made_book(), made_book(department="另一部门")
    line = one.lines.get(project_code=NETWORK)
    enter(SYSTEM, line.pk, "commitment", Decimal("100.10"), 2, "合同", NOW)
    enter(SYSTEM, line.pk, "payment", Decimal("40.05"), 3, "付", NOW)
    rolled = {standing.pk: standing for standing in roll_up(2025, 12)}
    assert set(rolled) == {one.pk, other.pk}
    assert rolled[one.pk].balance == execution(one, 12).balance
    assert rolled[one.pk].paid[2] == Decimal("40.05")
    assert [standing.balance.paid for standing in roll_up(2025, 2)] == [Decimal(0)] * 2
    projects = by_project(one, 12)
    assert whole(projects).balance == rolled[one.pk].balance
    assert whole(projects).forecast == rolled[one.pk].forecast
    network = next(project for project in projects if project.code == NETWORK)
    assert network.balance == balance_of(line) == all_month_ends(one)[line.pk][-1]


@pytest.mark.django_db
def test_three_years_come_from_the_books_and_else_from_the_disclosure(tmp_path) -> None:
    path = tmp_path / "预算.txt"
    path.write_text(made_document().replace("南山市临江区数字服务中心", DEPARTMENT), encoding="utf-8")
    document = keep_document(SYSTEM, path, NOW)
    made_book(year=2024, department=document.department)
    made_book(year=2025, department=document.department)
    row = next(row for row in three_years(document.department, 2025) if row.code == NETWORK)
    assert row.budgets == [Decimal(600_000), Decimal(800_000), Decimal(800_000)]
    assert (row.stated, row.paid[0], row.paid[2]) == ([True, False, False], None, 0)
    assert row.told[0] == (Decimal(600_000), True)


@pytest.mark.django_db
def test_two_hundred_departments_of_twenty_projects_roll_up_in_time(record_property) -> None:
    """The books are written in bulk, as an import of a whole district would; three acts a line."""
    books = Book.objects.bulk_create(Book(year=2030, department=f"部门{n}", opened_at=NOW) for n in range(200))
    lines = BudgetLine.objects.bulk_create(
        BudgetLine(
            book=book, project_code=f"P{n}", project_name=f"项目{n}", economic_code="30227", economic_name="委托业务费"
        )
        for book in books
        for n in range(20)
    )
    acts = [("budget", 1, "1000.01"), ("commitment", 2, "500.01"), ("payment", 3, "100.01")]
    moved = {"budget": ("granted", "free"), "commitment": ("free", "committed"), "payment": ("committed", "paid")}
    entries = Entry.objects.bulk_create(
        Entry(line=line, kind=kind, month=month, words="试", made_at=NOW) for line in lines for kind, month, _ in acts
    )
    amounts = {kind: Decimal(amount) for kind, _, amount in acts}
    Posting.objects.bulk_create(
        Posting(entry=entry, side=side, amount=sign * amounts[entry.kind])
        for entry in entries
        for side, sign in zip(moved[entry.kind], (-1, 1), strict=True)
    )
    began = time.perf_counter()
    rolled = roll_up(2030, 12)
    took = time.perf_counter() - began
    assert whole(rolled).balance == Balance(
        Decimal("-4000040"), Decimal("2000000"), Decimal("1600000"), Decimal("400040")
    )
    assert len(rolled) == 200
    record_property("seconds", took)
    assert took < 10
