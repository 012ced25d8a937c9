"""Pages of the budget's versions, tables and books: each role meets what the matrix allows, and a year goes through them."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qushu.ledger.booking.planning import EVEN, set_plan
from qushu.ledger.booking.rolling import by_project, whole
from qushu.ledger.disclosure.files import CONTENT_TYPES
from qushu.ledger.models import Book, BudgetVersion, Contract, PaymentOrder, RefusedRow, SpendingPlan
from qushu.ledger.versions.queries import rows_of
from qushu.people.access import SYSTEM, matrix
from qushu.people.models import AuditEntry, Role
from qushu.people.tests.staff import log_in, make_account, make_unit

from .made_books import made_book, made_version
from .made_budget import DEPARTMENT, HOTLINE, NETWORK, made_rows, xlsx_of
from .test_bringing import CONTRACT, PAYMENT, changed, csv

pytestmark = pytest.mark.django_db
OF_BOOKS = ("books", "book", "plan", "years", "entries", "contracts", "payments")


@pytest.fixture
def book() -> Book:
    return made_book()


@pytest.fixture
def writer() -> Client:
    return log_in(make_account("administrator"))


def pages(book: Book) -> dict[str, str]:
    """Every page with the action it asks for."""
    version, line = book.version_id, book.lines.first().pk  # type: ignore[union-attr]
    read = [
        reverse("books"),
        reverse("book", args=[book.pk]),
        reverse("book-years", args=[book.pk]),
        reverse("book-plan", args=[book.pk]),
        reverse("book-cut", args=[book.pk]) + "?percent=5",
        reverse("book-papers", args=[book.pk, "contracts"]),
        reverse("book-papers", args=[book.pk, "payments"]),
        *(f"{reverse('ledger-export', args=[kind, 'csv'])}?book={book.pk}&line={line}" for kind in OF_BOOKS),
        reverse("book-line", args=[line]),
        reverse("budget-version", args=[version]),
        reverse("budget-rows-export", args=[version, "csv"]),
        *(reverse("budget-table", args=[version, number]) for number in range(1, 13)),
    ]
    write = [
        reverse("budget-start"),
        reverse("budget-row-new", args=[version]),
        reverse("budget-row", args=[version, 1]),
        reverse("budget-rows-import", args=[version]),
        reverse("book-bring", args=[book.pk, "contracts"]),
    ]
    return dict.fromkeys(read, "budget.read") | dict.fromkeys(write, "budget.write")


def test_each_role_opens_what_the_matrix_allows(book: Book) -> None:
    wrong = []
    for role in Role.values:
        client = log_in(make_account(role, unit=make_unit() if role in ("unit", "unit_leader") else None))
        for address, action in pages(book).items():
            wanted = 200 if matrix()[action].get(role, "-") != "-" else 403
            if (got := client.get(address).status_code) != wanted:
                wrong.append((role, address, got))
    assert wrong == []


def test_only_who_may_acts(book: Book) -> None:
    analyst = log_in(make_account("analyst"))
    assert analyst.post(reverse("budget-act", args=[book.version_id, "approve"]), {"month": 1}).status_code == 403
    assert analyst.post(reverse("book-close", args=[book.pk]), {"month": 1}).status_code == 403
    assert analyst.post(reverse("book-line", args=[book.lines.first().pk]), {}).status_code == 403  # type: ignore[union-attr]
    assert analyst.post(reverse("budget-act", args=[book.version_id, "destroy"])).status_code == 404


@pytest.mark.parametrize("form", CONTENT_TYPES)
def test_the_tables_are_downloaded(book: Book, writer: Client, form: str) -> None:
    answer = writer.get(reverse("budget-tables-file", args=[book.version_id, form]))
    assert (answer.status_code, answer["Content-Type"]) == (200, CONTENT_TYPES[form])
    assert answer.content[:2] == (b"%P" if form == "pdf" else b"PK")
    assert writer.get(reverse("budget-tables-file", args=[book.version_id, "exe"])).status_code == 404


def bring(client: Client, address: str, name: str, content: bytes):  # type: ignore[no-untyped-def]
    """Looks at the file and confirms: both answers."""
    look = client.post(address, {"file": SimpleUploadedFile(name, content)})
    if look.status_code != 200:
        return look, None
    return look, client.post(address, {"kept": look.context["upload"].token})


def test_a_budget_goes_from_the_empty_page_to_the_books(writer: Client) -> None:
    started = writer.post(reverse("budget-start"), {"year": 2025, "department": DEPARTMENT})
    first = BudgetVersion.objects.get()
    assert started["Location"] == reverse("budget-version", args=[first.pk])
    look, done = bring(writer, reverse("budget-rows-import", args=[first.pk]), "预算.xlsx", xlsx_of(made_rows()))
    assert look.context["all"] == len(made_rows())
    second = BudgetVersion.objects.get(number=2)
    assert done["Location"] == reverse("budget-version", args=[second.pk])
    writer.post(reverse("budget-act", args=[second.pk, "submit"]))
    writer.post(reverse("budget-act", args=[second.pk, "approve"]), {"month": 1})
    assert not Book.objects.exists()
    leader = log_in(make_account("leader"))
    assert leader.post(reverse("budget-act", args=[second.pk, "approve"]), {"month": 13}).status_code == 422
    leader.post(reverse("budget-act", args=[second.pk, "approve"]), {"month": 1, "remark": "同意"})
    page = writer.get(reverse("books")).content.decode()
    assert DEPARTMENT in page and "242.723466" in page


def test_a_row_is_added_changed_and_left_out(writer: Client) -> None:
    writer.post(reverse("budget-start"), {"year": 2025, "department": DEPARTMENT})
    version = BudgetVersion.objects.get()
    row = {"side": "income", "source": "general", "amount": "100.50"}
    writer.post(reverse("budget-row-new", args=[version.pk]), row)
    version = BudgetVersion.objects.get(number=2)
    refused = writer.post(reverse("budget-row", args=[version.pk, 1]), row | {"amount": "-1"})
    assert (refused.status_code, BudgetVersion.objects.count()) == (422, 2)
    writer.post(reverse("budget-row", args=[version.pk, 1]), row | {"amount": "7"})
    stale = writer.post(reverse("budget-row", args=[version.pk, 1]), row)
    assert (stale.status_code, "更新的一稿" in stale.content.decode()) == (422, True)
    version = BudgetVersion.objects.get(number=3)
    writer.post(reverse("budget-row", args=[version.pk, 1]), {"do": "drop"})
    assert [len(rows_of(one)) for one in BudgetVersion.objects.order_by("number")] == [0, 1, 1, 0]
    assert writer.get(reverse("budget-row", args=[version.pk, 9])).status_code == 404


def test_picked_rows_are_given_a_classification_together(writer: Client) -> None:
    version = made_version()
    address = reverse("budget-rows-fill", args=[version.pk])
    before = rows_of(version)
    places = [place for place, row in enumerate(before, 1) if row.category == "operating"]
    for wrong in ({"pick": places}, {"function_code": "2010302"}, {"pick": [0, 999], "function_code": "2010302"}):
        assert writer.post(address, wrong).status_code == 422
    assert "要是 7 位数字" in writer.post(address, {"pick": places, "function_code": "20103"}).text
    writer.post(address, {"pick": places, "function_code": "2010302", "source": "general"}, follow=True)
    newest = BudgetVersion.objects.order_by("-number").first()
    assert newest is not None and newest.based_on_id == version.pk
    assert newest.words == f"{len(places)} 条写入2010302、一般公共预算"
    for place, (row, was) in enumerate(zip(rows_of(newest), before, strict=True), 1):
        if place in places:
            assert (row.function_code, row.function_name) == ("2010302", "一般行政管理事务")
        else:
            assert row == was


def test_contracts_and_payments_are_looked_at_and_brought_in(book: Book, writer: Client) -> None:
    address = reverse("book-bring", args=[book.pk, "contracts"])
    content = csv("contracts", CONTRACT, changed(CONTRACT, number="HT-2", amount="99999999"))
    look, done = bring(writer, address, "合同.csv", content)
    assert (look.context["counts"], Contract.objects.count()) == ({"new": 1, "same": 0, "refused": 1}, 1)
    assert "不能入账" in done.content.decode() and RefusedRow.objects.count() == 1
    _, paid = bring(writer, reverse("book-bring", args=[book.pk, "payments"]), "支付.csv", csv("payments", PAYMENT))
    assert (paid.status_code, PaymentOrder.objects.count()) == (302, 1)
    listed = writer.get(reverse("book-papers", args=[book.pk, "contracts"])).content.decode()
    assert "HT-1" in listed and "可用余额只有" in listed


def test_what_was_exported_changes_nothing_when_it_comes_back(book: Book, writer: Client) -> None:
    bring(writer, reverse("book-bring", args=[book.pk, "contracts"]), "合同.csv", csv("contracts", CONTRACT))
    bring(writer, reverse("book-bring", args=[book.pk, "payments"]), "支付.csv", csv("payments", PAYMENT, changed(PAYMENT, number="ZF-2", contract="")))  # fmt: skip
    for kind in ("contracts", "payments"):
        content = writer.get(f"{reverse('ledger-export', args=[kind, 'csv'])}?book={book.pk}").getvalue()
        look, _ = bring(writer, reverse("book-bring", args=[book.pk, kind]), f"{kind}.csv", content)
        assert look.context["counts"]["new"] == look.context["counts"]["refused"] == 0
    assert (Contract.objects.count(), PaymentOrder.objects.count()) == (1, 2)


def test_a_bad_file_and_a_foreign_token_are_said(book: Book, writer: Client) -> None:
    address = reverse("book-bring", args=[book.pk, "contracts"])
    look, _ = bring(writer, address, "合同.csv", b"a,b\n1,2\n")
    assert (look.status_code, "缺少列" in look.content.decode()) == (422, True)
    assert "预览已过期" in writer.post(address, {"kept": "x"}).content.decode()
    assert writer.get(reverse("book-bring", args=[book.pk, "letters"])).status_code == 404


def test_an_act_is_entered_and_a_month_closed(book: Book, writer: Client) -> None:
    line = book.lines.get(project_code=NETWORK)
    address = reverse("book-line", args=[line.pk])
    writer.post(address, {"kind": "direct", "amount": "5.25", "month": 1, "words": "零星支付"})
    refused = writer.post(address, {"kind": "direct", "amount": "999999999", "month": 1, "words": "多"})
    assert (line.entries.filter(kind="direct").count(), refused.status_code) == (1, 422)
    writer.post(reverse("book-close", args=[book.pk]), {"month": 1})
    writer.post(reverse("book-close", args=[book.pk]), {"month": 5})
    assert list(book.closed.values_list("month", flat=True)) == [1]
    assert "零星支付" in writer.get(address).content.decode()


def test_payments_stand_beside_the_plan_which_is_set_by_people(book: Book, writer: Client) -> None:
    line = book.lines.get(project_code=NETWORK)
    address, plan = reverse("book-line", args=[line.pk]), reverse("book-plan", args=[book.pk])
    writer.post(address, {"kind": "direct", "amount": "400000", "month": 2, "words": "半年费"})
    page = writer.get(plan, {"through": 3})
    assert "按时间进度" in page.text
    budget = whole(by_project(book, 3)).balance.budget
    ends = page.context["months"]
    assert [(one.planned_share, one.paid) for one in ends[:4]] == [
        (Decimal("8.33"), 0), (Decimal("16.67"), 400_000), (Decimal("25.00"), 400_000), (Decimal("33.33"), None)
    ]  # fmt: skip
    cent = Decimal("0.01")
    assert ends[2].ahead == Decimal(400_000) - (budget / 4).quantize(cent)
    said = {f"month_{month}": share for month, share in enumerate((0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 98), 1)}
    assert "原来的计划留有记录" in writer.post(plan, said, follow=True).text
    ends = writer.get(plan, {"through": 3}).context["months"]
    assert [one.planned_share for one in (ends[2], ends[11])] == [10, 98]
    assert ends[2].planned == (budget / 10).quantize(cent)
    (network,) = [one for one in by_project(book, 3) if one.code == NETWORK]
    assert (network.planned, network.ahead) == (10, network.share - 10)
    refused = writer.post(plan, said | {"month_3": 4})
    assert (refused.status_code, "计划是累计的" in refused.text) == (422, True)
    assert (SpendingPlan.objects.count(), AuditEntry.objects.filter(action="budget.plan_set").count()) == (1, 1)
    reader = log_in(make_account("analyst"))
    assert "保存计划" not in reader.get(plan).text
    assert reader.post(plan, said).status_code == 403


@pytest.mark.parametrize("change", ["UPDATE ledger_spendingplan SET set_at = now()", "DELETE FROM ledger_spendingplan"])
def test_the_database_keeps_every_plan(book: Book, change: str) -> None:
    set_plan(SYSTEM, book.pk, EVEN, timezone.now())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_cut_is_shown_and_changes_nothing(book: Book, writer: Client) -> None:
    before = book.lines.count(), BudgetVersion.objects.count()
    page = writer.get(reverse("book-cut", args=[book.pk]), {"amount": "1000.01", "projects": [HOTLINE]})
    assert (page.context["sums"]["cut"], len(page.context["projects"])) == (Decimal("1000.01"), 1)
    assert writer.get(reverse("book-cut", args=[book.pk]), {"amount": "99999999999"}).status_code == 422
    assert writer.get(reverse("book-cut", args=[book.pk]), {"amount": "1", "percent": "1"}).status_code == 422
    assert (book.lines.count(), BudgetVersion.objects.count()) == before
