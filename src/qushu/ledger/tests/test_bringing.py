"""Contracts and payments from files: looked at first, brought in once, refused row by row with the reason, all in one transaction."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qushu.kernel.errors import Forbidden, Missing, Refused
from qushu.kernel.tables import Column, csv_lines
from qushu.ledger.actions import keep_document
from qushu.ledger.booking.actions import close_month, open_book
from qushu.ledger.booking.bringing import COLUMNS, bring_in, rehearse
from qushu.ledger.booking.queries import all_month_ends, balance_of, month_ends
from qushu.ledger.models import Book, BookFile, BudgetLine, Contract, Entry, PaymentOrder, RefusedRow
from qushu.people.access import SYSTEM
from qushu.people.actors import actor_for
from qushu.people.models import AuditEntry
from qushu.people.tests.staff import make_account

from .made_books import made_book
from .made_budget import HOTLINE, NETWORK
from .made_document import made_document

NOW = timezone.now()
CONTRACT = ("HT-1", "链路合同", "某电信公司", "2025-02-10", "100000.50", NETWORK, "30214")
PAYMENT = ("ZF-1", "HT-1", "某电信公司", "2025/3/5", "40,000.25", NETWORK, "30214")


@pytest.fixture
def book(db: None) -> Book:
    return made_book()


@pytest.fixture
def line(book: Book) -> BudgetLine:
    return book.lines.get(project_code=NETWORK)


def csv(kind: str, *rows: tuple[str, ...], columns: tuple[str, ...] = ()) -> bytes:
    named = columns or COLUMNS[kind]
    columns_of = [Column(name, lambda row, at=at: row[at]) for at, name in enumerate(named)]
    return "".join(csv_lines(rows, columns_of)).encode()


def bring(book: Book, kind: str, *rows: tuple[str, ...]):  # type: ignore[no-untyped-def]
    return bring_in(SYSTEM, book.pk, kind, f"{kind}.csv", csv(kind, *rows), NOW)


def changed(row: tuple[str, ...], **fields: str) -> tuple[str, ...]:
    places = {"number": 0, "contract": 1, "who": 2, "day": 3, "amount": 4, "project": 5, "economic": 6}
    cells = list(row)
    for name, value in fields.items():
        cells[places[name]] = value
    return tuple(cells)


def test_a_contract_and_its_payment_move_the_money(book: Book, line: BudgetLine) -> None:
    assert bring(book, "contracts", CONTRACT).counts == {"new": 1, "same": 0, "refused": 0}
    assert bring(book, "payments", PAYMENT).counts["new"] == 1
    balance = balance_of(line)
    assert (balance.committed, balance.paid) == (Decimal("60000.25"), Decimal("40000.25"))
    contract = Contract.objects.get()
    assert (contract.entry.month, contract.payments.get().entry.kind, contract.file.taken) == (2, "payment", 1)
    assert AuditEntry.objects.filter(action="budget.file_brought").count() == 2


def test_a_payment_without_a_contract_takes_what_is_free(book: Book, line: BudgetLine) -> None:
    free = balance_of(line).free
    bring(book, "payments", changed(PAYMENT, contract=""))
    assert (PaymentOrder.objects.get().entry.kind, balance_of(line).free) == ("direct", free - Decimal("40000.25"))


def test_basic_spending_is_paid_by_its_category(tmp_path: Path, db: None) -> None:
    path = tmp_path / "预算.txt"
    path.write_text(made_document(), encoding="utf-8")
    opened = open_book(SYSTEM, keep_document(SYSTEM, path, NOW), NOW)
    day, columns = f"{opened.year}-03-05", (*COLUMNS["payments"], "支出类别")
    row = ("ZF-9", "", "职工", day, "1000", "", "", "人员经费")
    outcome = bring_in(SYSTEM, opened.pk, "payments", "p.csv", csv("payments", row, columns=columns), NOW)
    assert outcome.counts == {"new": 1, "same": 0, "refused": 0}
    assert balance_of(opened.lines.get(category="personnel")).paid == 1000
    row = ("ZF-10", "", "职工", day, "1000", "", "", "")
    outcome = bring_in(SYSTEM, opened.pk, "payments", "q.csv", csv("payments", row, columns=columns), NOW)
    assert "支出类别" in outcome.of("refused")[0][2]


def test_a_look_changes_nothing_and_says_what_would_happen(book: Book) -> None:
    content = csv("contracts", CONTRACT, changed(CONTRACT, number="HT-2", amount="99999999"))
    seen = rehearse(SYSTEM, book.pk, "contracts", "合同.csv", content, NOW)
    assert not (Contract.objects.exists() or BookFile.objects.exists() or RefusedRow.objects.exists())
    assert seen.lines == bring_in(SYSTEM, book.pk, "contracts", "合同.csv", content, NOW).lines


def test_the_same_file_and_the_same_numbers_are_taken_once(book: Book) -> None:
    bring(book, "contracts", CONTRACT)
    before = Entry.objects.count()
    assert bring(book, "contracts", CONTRACT).known
    assert bring(book, "contracts", CONTRACT, changed(CONTRACT, number="HT-2", amount="1")).counts == {"new": 1, "same": 1, "refused": 0}  # fmt: skip
    assert Entry.objects.count() == before + 1
    assert BookFile.objects.count() == 2


def test_a_refused_row_is_taken_once_its_reason_is_gone(book: Book) -> None:
    """The very same file again: rows that were refused are tried again, those that were taken are not."""
    assert bring(book, "payments", PAYMENT, changed(PAYMENT, number="ZF-2", contract="")).counts == {"new": 1, "same": 0, "refused": 1}  # fmt: skip
    bring(book, "contracts", CONTRACT)
    assert bring(book, "payments", PAYMENT, changed(PAYMENT, number="ZF-2", contract="")).counts == {"new": 1, "same": 1, "refused": 0}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (changed(CONTRACT, number=""), "合同编号没有填"),
        (changed(CONTRACT, number="长" * 61), "超过 60 个字"),
        (changed(CONTRACT, day="明年"), "不是日期"),
        (changed(CONTRACT, day="2024-12-31"), "不在 2025 年"),
        (changed(CONTRACT, day="2025-01-31"), "1 月已经结账"),
        (changed(CONTRACT, amount="一百"), "不是金额"),
        (changed(CONTRACT, amount="0.001"), "不是到分的金额"),
        (changed(CONTRACT, amount="-5"), "大于零"),
        (changed(CONTRACT, amount="800000.01"), "可用余额只有 800000.00"),
        (changed(CONTRACT, project="没有的"), "没有项目"),
        (changed(CONTRACT, project=HOTLINE, economic="30214"), "没有项目"),
    ],
)
def test_a_contract_that_cannot_be_entered_is_kept_with_line_and_reason(
    book: Book, row: tuple[str, ...], why: str
) -> None:
    close_month(SYSTEM, book.pk, 1, NOW)
    outcome = bring(book, "contracts", changed(CONTRACT, number="HT-0", amount="0.01") if "只有" not in why else ("HT-0", *CONTRACT[1:4], "0.01", HOTLINE, "30226"), row)  # fmt: skip
    assert outcome.counts == {"new": 1, "same": 0, "refused": 1}
    kept = RefusedRow.objects.get()
    assert (kept.line, why in kept.why, kept.cells["合同名称"]) == (3, True, "链路合同")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (changed(PAYMENT, contract="HT-9"), "没有合同"),
        (changed(PAYMENT, amount="100000.51"), "还剩 100000.50 元未付"),
        (changed(PAYMENT, day="2025-02-09"), "早于合同"),
        (changed(PAYMENT, project=HOTLINE, economic="30226"), "项目或科目不同"),
    ],
)
def test_a_payment_fits_its_contract(book: Book, row: tuple[str, ...], why: str) -> None:
    bring(book, "contracts", CONTRACT)
    assert bring(book, "payments", row).counts["refused"] == 1
    assert why in RefusedRow.objects.get().why


def test_a_number_with_other_facts_is_refused(book: Book) -> None:
    bring(book, "contracts", CONTRACT)
    assert bring(book, "contracts", changed(CONTRACT, amount="7")).counts["refused"] == 1
    assert "金额不同" in RefusedRow.objects.get().why


def test_payments_of_one_file_share_what_the_contract_holds(book: Book) -> None:
    bring(book, "contracts", CONTRACT)
    outcome = bring(book, "payments", *(changed(PAYMENT, number=f"ZF-{n}") for n in range(4)))
    assert [what for _, what, _, _ in outcome.lines] == ["new", "new", "refused", "refused"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "合同.csv", "空的"),
        (csv("contracts", CONTRACT)[:40], "合同.csv", "缺少列|没有数据|无法识别"),
        (csv("payments", PAYMENT), "合同.csv", "缺少列：合同名称"),
        (csv("contracts", changed(CONTRACT, who="=cmd|'/c calc'!A1")).replace(b"'=cmd", b"=cmd"), "合同.csv", "像公式"),
        (b"PK\x03\x04" + b"x" * 50, "合同.xlsx", "已损坏"),
        (b"%PDF-1.7 " + b"1 0 obj\n" * 10_000, "合同.pdf", "缺少列|没有数据|列"),
    ],
)
def test_a_bad_file_leaves_nothing(book: Book, content: bytes, name: str, said: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused, match=said):
        bring_in(SYSTEM, book.pk, "contracts", name, content, NOW)
    assert (Entry.objects.count(), BookFile.objects.count(), RefusedRow.objects.count()) == (before, 0, 0)


def test_a_workbook_is_read_and_its_formulas_are_refused(book: Book) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(COLUMNS["contracts"])
    workbook.active.append([*CONTRACT[:4], 100000.5, NETWORK, 30214])
    file = io.BytesIO()
    workbook.save(file)
    assert bring_in(SYSTEM, book.pk, "contracts", "合同.xlsx", file.getvalue(), NOW).counts["new"] == 1
    workbook.active["E2"] = "=1+1"
    file = io.BytesIO()
    workbook.save(file)
    with pytest.raises(Refused, match="E2 是公式"):
        bring_in(SYSTEM, book.pk, "contracts", "合同.xlsx", file.getvalue(), NOW)


def test_ten_thousands_are_told_from_yuan(book: Book) -> None:
    columns = tuple(name.replace("（元）", "（万元）") for name in COLUMNS["contracts"])
    with pytest.raises(Refused, match="文件里是万元：请把金额乘以 10000.*什么也没有导入"):
        bring_in(SYSTEM, book.pk, "contracts", "合同.csv", csv("contracts", CONTRACT, columns=columns), NOW)
    meant = csv("contracts", changed(CONTRACT, amount="10.05"))
    assert "核对填的是不是万元" in rehearse(SYSTEM, book.pk, "contracts", "合同.csv", meant, NOW).doubt
    assert bring(book, "contracts", CONTRACT).doubt == ""


WORKSHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (b"<v>1</v>", b"<f>1+1</f><v>1</v>", "E2 是公式"),
        (b'<c r="E2" t="n"><v>1</v>', b"<c t='n' r='E2'><v>1</v><f t='shared'>1</f>", "E2 是公式"),
        (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>', "没有读完"),
        (b"</sheetData>", b"<row/>" * 11_000_000 + b"</sheetData>", "超过 60 MB"),
    ],
    ids=["formula", "formula behind its value", "a cell at the far end", "a packed desert"],
)
def test_a_workbook_made_to_do_harm_leaves_nothing(book: Book, before: bytes, after: bytes, said: str) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(COLUMNS["contracts"])
    workbook.active.append([*CONTRACT[:4], 1, NETWORK, 30214])
    plain, harmful = io.BytesIO(), io.BytesIO()
    workbook.save(plain)
    with zipfile.ZipFile(plain) as read, zipfile.ZipFile(harmful, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in read.namelist():
            content = read.read(part)
            if part == WORKSHEET:
                assert before in content
                content = content.replace(before, after)
            packed.writestr(part, content)
    with pytest.raises(Refused, match=f"{said}.*什么也没有导入"):
        bring_in(SYSTEM, book.pk, "contracts", "合同.xlsx", harmful.getvalue(), NOW)
    assert not BookFile.objects.exists()


def test_bringing_in_needs_the_book_and_the_right(book: Book) -> None:
    with pytest.raises(Missing):
        bring_in(SYSTEM, 0, "contracts", "合同.csv", csv("contracts", CONTRACT), NOW)
    with pytest.raises(Forbidden):
        bring_in(actor_for(make_account("leader")), book.pk, "contracts", "合同.csv", csv("contracts", CONTRACT), NOW)


def test_the_database_lets_no_payment_exceed_its_contract(book: Book, line: BudgetLine) -> None:
    bring(book, "contracts", CONTRACT)
    contract = Contract.objects.get()
    with pytest.raises(IntegrityError, match="does not fit"), transaction.atomic():
        PaymentOrder.objects.create(book=book, number="X", contract=contract, payee="某", paid_on=contract.signed_on, amount=contract.amount + 1, line=line, entry=contract.entry)  # fmt: skip


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["HT-1", "HT-2", "HT-3"]),
        st.sampled_from(["甲", "乙"]),
        st.sampled_from(["2025-01-05", "2025-06-30", "2025-12-31"]),
        st.decimals(min_value="0.01", max_value="500000", places=2).map(str),
    ),
    max_size=8,
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(contracts=ROWS.filter(bool), payments=ROWS.filter(bool))
def test_any_files_leave_the_books_sound(book: Book, contracts: list, payments: list) -> None:
    """Whatever stands in the files: no side below nought in any month, sums as entered, a second time nothing."""
    with transaction.atomic():
        first = csv(
            "contracts", *((no, "合同", who, day, amount, NETWORK, "30214") for no, who, day, amount in contracts)
        )
        second = csv("payments", *((f"ZF{no}{day}", no, who, day, amount, NETWORK, "30214") for no, who, day, amount in payments))  # fmt: skip
        for kind, content in (("contracts", first), ("payments", second)):
            bring_in(SYSTEM, book.pk, kind, f"{kind}.csv", content, NOW)
        before = Entry.objects.count()
        for kind, content in (("contracts", first), ("payments", second)):
            assert bring_in(SYSTEM, book.pk, kind, f"{kind}.csv", content, NOW).counts["new"] == 0
        assert Entry.objects.count() == before
        line = book.lines.get(project_code=NETWORK)
        assert all(min(end.free, end.committed, end.paid) >= 0 for end in month_ends(line))
        assert all_month_ends(book)[line.pk] == month_ends(line)
        assert balance_of(line).paid == sum(order.amount for order in PaymentOrder.objects.all())
        transaction.set_rollback(True)
