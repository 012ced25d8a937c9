"""The double-entry books: what is entered balances, stays, and never reaches into a closed month."""

import json
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.ledger.actions import keep_document
from qushu.ledger.booking.actions import close_month, enter, open_book
from qushu.ledger.booking.queries import balance_of, execution, month_ends
from qushu.ledger.booking.rolling import by_project, roll_up, whole
from qushu.ledger.booking.rules import MOVES, Balance, after, postings, refusal, year_end
from qushu.ledger.commands import ledger
from qushu.ledger.models import Book, BudgetDocument, BudgetLine, Entry, LineItem, Posting
from qushu.people.access import SYSTEM, Actor, GrantValue
from qushu.people.models import AuditEntry

from .made_document import made_document

AMOUNTS = st.decimals(min_value="-5000", max_value="5000", places=2)
ACTS = st.tuples(st.sampled_from(sorted(MOVES)), AMOUNTS, st.integers(1, 12))


@pytest.fixture
def document(tmp_path: Path) -> BudgetDocument:
    path = tmp_path / "预算.txt"
    path.write_text(made_document(), encoding="utf-8")
    return keep_document(SYSTEM, path, timezone.now())


@pytest.fixture
def line(document: BudgetDocument) -> BudgetLine:
    found = open_book(SYSTEM, document, timezone.now()).lines.filter(category="project").first()
    assert found is not None
    return found


@given(st.lists(ACTS, max_size=40))
def test_a_random_life_never_spends_what_is_not_there(acts: list[tuple[str, Decimal, int]]) -> None:
    balance = Balance()
    for kind, amount, _ in acts:
        if not refusal(balance, kind, amount):
            balance = after(balance, postings(kind, amount))
        assert balance.granted + balance.free + balance.committed + balance.paid == 0
        assert min(balance.free, balance.committed, balance.paid, balance.budget) >= 0


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.integers(1, 12))
def test_a_forecast_lies_between_what_is_bound_and_the_budget(
    paid: Decimal, bound: Decimal, free: Decimal, through: int
) -> None:
    paid, bound, free = abs(paid), abs(bound), abs(free)
    assert paid + bound <= year_end(paid, bound, paid + bound + free, through) <= paid + bound + free


@pytest.mark.parametrize(
    ("paid", "bound", "budget", "through", "seen"),
    [("30", "0", "200", 3, "120.00"), ("30", "150", "200", 3, "180"), ("90", "0", "200", 3, "200")],
)
def test_a_forecast_carries_the_pace_to_december(paid: str, bound: str, budget: str, through: int, seen: str) -> None:
    assert year_end(Decimal(paid), Decimal(bound), Decimal(budget), through) == Decimal(seen)


def test_a_forecast_needs_a_month() -> None:
    with pytest.raises(ValueError, match="13"):
        year_end(Decimal(1), Decimal(0), Decimal(2), 13)


@pytest.mark.django_db
def test_books_grant_what_the_document_says(document: BudgetDocument) -> None:
    book = open_book(SYSTEM, document, timezone.now())
    items = sum(item.amount for item in LineItem.objects.filter(document=document))
    basic = {line.category: balance_of(line).budget for line in book.lines.exclude(category="project")}
    assert basic == {"personnel": Decimal(600_000), "operating": Decimal(200_000)}
    everything = items + sum(basic.values())
    assert execution(book, 1).balance == Balance(granted=-everything, free=everything)
    assert whole(by_project(book, 12)).balance.budget == roll_up(book.year, 12)[0].balance.budget == everything
    assert AuditEntry.objects.filter(action="budget.book_opened").count() == 1


@pytest.mark.django_db
def test_books_are_kept_from_the_command_line(document: BudgetDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qushu.kernel.commandline.district", nullcontext)

    def run(*words: str) -> Result:
        return CliRunner().invoke(ledger, ["books", *words])

    assert run("open").exit_code == 0
    book = Book.objects.get()
    line = str(book.lines.all()[0].pk)
    assert run("enter", line, "commitment", "12.34", "1", "合同").exit_code == 0
    assert "不是金额" in run("enter", line, "commitment", "=1+1", "1", "合同").output
    assert run("close", str(book.pk), "1").exit_code == 0
    refused = run("enter", line, "payment", "12.34", "1", "支付")
    assert (refused.exit_code, "已经结账" in refused.output) == (1, True)
    seen = json.loads(run("show", str(book.pk), "--through", "1", "--json").output)
    assert (seen["committed"], seen["paid_by_month"], seen["forecast"]) == ("12.34", ["0.00"], "12.34")


@pytest.mark.django_db
def test_a_year_has_its_books_once(document: BudgetDocument) -> None:
    open_book(SYSTEM, document, timezone.now())
    before = Posting.objects.count()
    with pytest.raises(Refused, match="已经建立"):
        open_book(SYSTEM, document, timezone.now())
    assert (Book.objects.count(), Posting.objects.count()) == (1, before)


@pytest.mark.django_db
def test_a_contract_and_its_payment_move_the_money_on(line: BudgetLine) -> None:
    granted = balance_of(line).budget
    enter(SYSTEM, line.pk, "commitment", Decimal("100.10"), 2, "合同", timezone.now())
    enter(SYSTEM, line.pk, "payment", Decimal("40.05"), 3, "首付", timezone.now())
    assert balance_of(line) == Balance(-granted, granted - Decimal("100.10"), Decimal("60.05"), Decimal("40.05"))
    assert execution(line.book, 3).paid_by_month == (Decimal(0), Decimal(0), Decimal("40.05"))
    assert execution(line.book, 2).balance.paid == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "amount", "month", "words"),
    [
        ("payment", "1", 1, "可用|已签约"),
        ("commitment", "999999999", 1, "可用余额"),
        ("commitment", "0.001", 1, "两位小数"),
        ("commitment", "-1", 1, "大于零"),
        ("commitment", "1", 13, "月份"),
        ("budget", "1", 1, "只能登记"),
    ],
)
def test_what_cannot_be_entered_leaves_nothing(
    line: BudgetLine, kind: str, amount: str, month: int, words: str
) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused, match=words):
        enter(SYSTEM, line.pk, kind, Decimal(amount), month, "试", timezone.now())
    assert Entry.objects.count() == before


@pytest.mark.django_db
def test_a_payment_cannot_stand_before_its_contract(line: BudgetLine) -> None:
    enter(SYSTEM, line.pk, "commitment", Decimal(10), 6, "合同", timezone.now())
    with pytest.raises(Refused, match="已签约"):
        enter(SYSTEM, line.pk, "payment", Decimal(10), 5, "早付", timezone.now())
    enter(SYSTEM, line.pk, "payment", Decimal(10), 6, "支付", timezone.now())


@pytest.mark.django_db
def test_what_a_later_month_has_spent_cannot_be_taken_earlier(line: BudgetLine) -> None:
    everything = balance_of(line).free
    enter(SYSTEM, line.pk, "commitment", everything, 9, "合同", timezone.now())
    with pytest.raises(Refused, match="可用余额只有 0"):
        enter(SYSTEM, line.pk, "adjustment", Decimal(-1), 2, "收回", timezone.now())


@pytest.mark.django_db
def test_entries_need_a_line_words_and_the_right(line: BudgetLine) -> None:
    with pytest.raises(Missing):
        enter(SYSTEM, 0, "adjustment", Decimal(1), 1, "试", timezone.now())
    with pytest.raises(Refused, match="摘要"):
        enter(SYSTEM, line.pk, "adjustment", Decimal(1), 1, " ", timezone.now())
    with pytest.raises(Forbidden):
        enter(Actor("坐席", (GrantValue("agent"),), None), line.pk, "adjustment", Decimal(1), 1, "试", timezone.now())


@pytest.mark.django_db
def test_months_close_in_order_and_take_nothing_more(line: BudgetLine) -> None:
    with pytest.raises(Refused, match="先结 1 月"):
        close_month(SYSTEM, line.book_id, 2, timezone.now())
    close_month(SYSTEM, line.book_id, 1, timezone.now())
    with pytest.raises(Refused, match="已经结账"):
        enter(SYSTEM, line.pk, "adjustment", Decimal(1), 1, "补", timezone.now())
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Entry.objects.create(line=line, kind="adjustment", month=1, words="绕过", made_at=timezone.now())
    first = line.entries.get()
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Posting.objects.create(entry=first, side="paid", amount=1)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=8), closed=st.integers(1, 12))
def test_acts_never_change_a_closed_month(line: BudgetLine, acts: list[tuple[str, Decimal, int]], closed: int) -> None:
    with transaction.atomic():
        for month in range(1, closed + 1):
            close_month(SYSTEM, line.book_id, month, timezone.now())
        before = execution(line.book, closed)
        for kind, amount, month in acts:
            try:
                enter(SYSTEM, line.pk, kind, amount, month, "试", timezone.now())
            except Refused:
                continue
        assert execution(line.book, closed) == before
        assert all(min(end.free, end.committed, end.paid, end.budget) >= 0 for end in month_ends(line))
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["UPDATE ledger_posting SET amount = 1", "DELETE FROM ledger_entry"])
def test_the_database_refuses_to_change_what_was_entered(line: BudgetLine, change: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.django_db
def test_the_database_refuses_an_entry_that_does_not_balance(line: BudgetLine) -> None:
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        entry = Entry.objects.create(line=line, kind="adjustment", month=5, words="单边", made_at=timezone.now())
        Posting.objects.create(entry=entry, side="free", amount=Decimal(5))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
