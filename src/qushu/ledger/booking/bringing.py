"""Contracts and payments from a spreadsheet: looked at first, then brought in as one transaction. What is refused is kept with its reason."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.db import transaction

from qushu.kernel.errors import Missing, Refused
from qushu.people.access import Actor, require
from qushu.people.audit import record

from ..models import Book, BookFile, BudgetLine, Contract, Entry, PaymentOrder, Posting, RefusedRow
from ..sheets import Cells, amount_of, day_of, read_cells
from ..versions.rules import CATEGORIES, FUNDS
from .queries import all_month_ends
from .rules import ZERO, Balance, after, postings, refusal

LINE_COLUMNS = ("项目编码", "经济科目编码", "功能科目编码", "资金来源", "支出类别")
"""The last three are needed only where the first two leave a choice; basic spending (基本支出) has no project."""

COLUMNS = {
    "contracts": ("合同编号", "合同名称", "供应商", "签订日期", "合同金额（元）", *LINE_COLUMNS[:2]),
    "payments": ("支付凭证号", "合同编号", "收款人", "支付日期", "支付金额（元）", *LINE_COLUMNS[:2]),
}
WAN = Decimal(10_000)
LONGEST = {"合同编号": 60, "合同名称": 200, "供应商": 120, "支付凭证号": 60, "收款人": 120}


@dataclass
class Outcome:
    """What a file does: lines that are `new`, the `same` as what is there, or `refused` (with the reason)."""

    lines: list[tuple[int, str, str, Cells]] = field(default_factory=list)
    """Line, what, words, cells."""

    known: bool = False
    """The very file was brought in before, and nothing of it was refused."""

    doubt: str = ""
    """What a person should look at before bringing it in."""

    def of(self, what: str) -> list[tuple[int, str, str, Cells]]:
        """The lines of one kind."""
        return [one for one in self.lines if one[1] == what]

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return {what: len(self.of(what)) for what in ("new", "same", "refused")}


def rehearse(actor: Actor, book_id: int, kind: str, name: str, content: bytes, now: datetime) -> Outcome:
    """What bringing the file in would do: the same work in a transaction that is rolled back. Raises as `bring_in`."""
    with transaction.atomic():
        outcome = bring_in(actor, book_id, kind, name, content, now)
        transaction.set_rollback(True)
    return outcome


def bring_in(actor: Actor, book_id: int, kind: str, name: str, content: bytes, now: datetime) -> Outcome:
    """Enter the file's contracts or payments; rows that can't be entered are kept with line and reason.

    A number that is there with the same facts is passed over, so a file may be brought in again. Raises BadTable (not a
    table, columns missing, formulas), Missing, Forbidden; nothing is entered then.
    """
    require(actor, "budget.write")
    rows = read_cells(name, BytesIO(content), COLUMNS[kind])
    digest = hashlib.sha256(content).digest()
    with transaction.atomic():
        book = Book.objects.select_for_update().filter(pk=book_id).first()
        if book is None:
            raise Missing("没有这本账。")
        before = BookFile.objects.filter(book=book, kind=kind, digest=digest).order_by("-id").first()
        if before is not None and not before.refused.exists():
            return Outcome(known=True)
        bringing = _Bringing(actor, book, kind, now)
        outcome = bringing.go(rows)
        counts = outcome.counts
        file = BookFile.objects.create(
            book=book,
            kind=kind,
            file_name=name[:200],
            digest=digest,
            taken=counts["new"],
            same=counts["same"],
            brought_by_id=actor.account_id,
            brought_at=now,
        )
        RefusedRow.objects.bulk_create(
            RefusedRow(file=file, line=line, why=why[:300], cells=cells)
            for line, _, why, cells in outcome.of("refused")
        )
        bringing.write(file)
        facts = {"rows": counts["new"], "refused": counts["refused"], "file": name[:200]}
        record(actor, "budget.file_brought", f"budget_book:{book.pk}", data=facts, now=now)
    return outcome


class _Bringing:
    """Goes through the rows with the book's balances in memory, and writes what fits at the end."""

    def __init__(self, actor: Actor, book: Book, kind: str, now: datetime) -> None:
        self.actor, self.book, self.now = actor, book, now
        self.take: Callable[[Cells], str] = self._contract if kind == "contracts" else self._payment
        self.lines = list(BudgetLine.objects.filter(book=book))
        self.ends = all_month_ends(book)
        self.closed = set(book.closed.values_list("month", flat=True))
        self.contracts = {one.number: one for one in Contract.objects.filter(book=book)}
        self.orders = {one.number: one for one in PaymentOrder.objects.filter(book=book).select_related("contract")}
        self.drawn: dict[str, Decimal] = {}
        for order in self.orders.values():
            if order.contract:
                self._draw(order.contract.number, order.amount)
        self.made: list[tuple[Entry, Decimal, Contract | PaymentOrder]] = []

    def go(self, rows: Sequence[tuple[int, Cells]]) -> Outcome:
        """Every row in the file's order."""
        outcome = Outcome()
        for line, cells in rows:
            try:
                what, words = self.take(cells), ""
            except Refused as refused:
                what, words = "refused", refused.message
            outcome.lines.append((line, what, words, cells))
        outcome.doubt = self._doubt()
        return outcome

    def _doubt(self) -> str:
        """Amounts that would all be small, and fit the budgets ten thousand times over, may be meant in 万元."""
        amounts = [amount for _, amount, _ in self.made]
        budget = sum((self.ends[line_id][-1].budget for line_id in {entry.line_id for entry, _, _ in self.made}), ZERO)
        if amounts and max(amounts) < WAN and sum(amounts, ZERO) * WAN <= budget:
            return "金额都不到 1 万元，乘以 10000 仍在预算之内：请核对填的是不是万元。这里一律以元计。"
        return ""

    def write(self, file: BookFile) -> None:
        """The rows that fit, as entries with what they belong to."""
        Entry.objects.bulk_create([entry for entry, _, _ in self.made])
        Posting.objects.bulk_create(
            Posting(entry=entry, side=side, amount=moved)
            for entry, amount, _ in self.made
            for side, moved in postings(entry.kind, amount).items()
        )
        for _, _, one in self.made:
            one.file = file
        Contract.objects.bulk_create([one for *_, one in self.made if isinstance(one, Contract)])
        PaymentOrder.objects.bulk_create([one for *_, one in self.made if isinstance(one, PaymentOrder)])

    def _contract(self, cells: Cells) -> str:
        number = _said(cells, "合同编号")
        facts: dict[str, Any] = {
            "name": _said(cells, "合同名称"),
            "supplier": _said(cells, "供应商"),
            "signed_on": self._day(cells, "签订日期"),
            "amount": amount_of(cells["合同金额（元）"], "合同金额"),
            "line_id": self._line(cells).pk,
        }
        if number in self.contracts:
            return _same(self.contracts[number], facts, f"合同 {number}")
        entry = self._entry(
            facts["line_id"], "commitment", facts["amount"], facts["signed_on"], f"合同 {number} {facts['name']}"
        )
        contract = self.contracts[number] = Contract(book=self.book, number=number, entry=entry, **facts)
        self.made.append((entry, facts["amount"], contract))
        return "new"

    def _payment(self, cells: Cells) -> str:
        number, asked = _said(cells, "支付凭证号"), cells.get("合同编号", "")
        contract = self.contracts.get(asked)
        if asked and contract is None:
            raise Refused(f"没有合同“{asked[:60]}”，请先导入合同，或把合同编号留空作为无合同支付。")
        facts: dict[str, Any] = {
            "contract_id": contract.pk if contract else None,
            "payee": _said(cells, "收款人"),
            "paid_on": self._day(cells, "支付日期"),
            "amount": amount_of(cells["支付金额（元）"], "支付金额"),
            "line_id": contract.line_id if contract and not cells["项目编码"] else self._line(cells).pk,
        }
        if number in self.orders:
            return _same(self.orders[number], facts, f"支付 {number}")
        if contract is not None:
            self._refuse_beyond(contract, facts)
        kind = "payment" if contract else "direct"
        entry = self._entry(
            facts["line_id"], kind, facts["amount"], facts["paid_on"], f"支付 {number} {facts['payee']}"
        )
        order = self.orders[number] = PaymentOrder(book=self.book, number=number, entry=entry, **facts)
        self.made.append((entry, facts["amount"], order))
        if contract is not None:
            self._draw(contract.number, facts["amount"])
        return "new"

    def _refuse_beyond(self, contract: Contract, facts: dict[str, Any]) -> None:
        left = contract.amount - self.drawn.get(contract.number, Decimal(0))
        if facts["line_id"] != contract.line_id:
            raise Refused(f"合同 {contract.number} 列在“{contract.line}”，和这一行的项目或科目不同。")
        if facts["amount"] > left:
            raise Refused(f"合同 {contract.number} 还剩 {left} 元未付，不够 {facts['amount']} 元。")
        if facts["paid_on"] < contract.signed_on:
            raise Refused(f"支付日期早于合同 {contract.number} 的签订日期 {contract.signed_on}。")

    def _draw(self, number: str, amount: Decimal) -> None:
        self.drawn[number] = self.drawn.get(number, Decimal(0)) + amount

    def _day(self, cells: Cells, column: str) -> date:
        day = day_of(cells[column], column)
        if day.year != self.book.year:
            raise Refused(f"{column} {day} 不在 {self.book.year} 年。")
        if day.month in self.closed and not self._is_known(cells):
            raise Refused(f"{day.month} 月已经结账，不能再入账。")
        return day

    def _is_known(self, cells: Cells) -> bool:
        return cells.get("支付凭证号", "") in self.orders or (
            "支付凭证号" not in cells and cells.get("合同编号", "") in self.contracts
        )

    def _line(self, cells: Cells) -> BudgetLine:
        """The line by project and economic class, and by function, source and category where these leave a choice."""
        project, economic = cells["项目编码"], cells["经济科目编码"]
        wanted = {"project_code": project, "economic_code": economic}
        wanted |= {"function_code": cells["功能科目编码"]} if cells.get("功能科目编码") else {}
        found = [line for line in self.lines if all(getattr(line, name) == code for name, code in wanted.items())]
        for column, name, words in (("资金来源", "source", FUNDS), ("支出类别", "category", CATEGORIES)):
            if said := cells.get(column, ""):
                found = [line for line in found if said in (getattr(line, name), words.get(getattr(line, name)))]
        if not found:
            kinds = "" if project else f"（项目编码空着表示{CATEGORIES['personnel']}、{CATEGORIES['operating']}等）"
            raise Refused(f"账里没有项目“{project[:30]}”、经济科目“{economic[:8]}”的明细{kinds}。")
        if len(found) > 1:
            raise Refused(
                f"项目“{project}”、经济科目“{economic}”有 {len(found)} 条明细，请写明{'、'.join(LINE_COLUMNS[2:])}。"
            )
        return found[0]

    def _entry(self, line_id: int, kind: str, amount: Decimal, day: date, words: str) -> Entry:
        ends = self.ends.setdefault(line_id, [Balance()] * 12)
        said = next(filter(None, (refusal(end, kind, amount) for end in ends[day.month - 1 :])), "")
        if said:
            raise Refused(said)
        moved = postings(kind, amount)
        ends[day.month - 1 :] = [after(end, moved) for end in ends[day.month - 1 :]]
        return Entry(
            line_id=line_id,
            kind=kind,
            month=day.month,
            words=words[:200],
            made_by_id=self.actor.account_id,
            made_at=self.now,
        )


def _said(cells: Cells, column: str) -> str:
    text = cells[column]
    if not text:
        raise Refused(f"{column}没有填。")
    if len(text) > LONGEST[column]:
        raise Refused(f"{column}超过 {LONGEST[column]} 个字。")
    return text


def _same(known: Contract | PaymentOrder, facts: dict[str, Any], words: str) -> str:
    """Raises Refused when what is known under the number says something else."""
    labels = {"name": "名称", "supplier": "供应商", "signed_on": "日期", "paid_on": "日期", "amount": "金额", "line_id": "项目或科目", "payee": "收款人", "contract_id": "合同"}  # fmt: skip
    other = [labels[name] for name, value in facts.items() if getattr(known, name) != value]
    if other:
        raise Refused(f"{words}已在账里，{'、'.join(other)}不同；账里的没有改变，更正请做解约或另行登记。")
    return "same"
