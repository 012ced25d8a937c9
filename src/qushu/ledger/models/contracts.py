"""Contracts and payments as they came in, each with its entry in the books; and the rows of files that were not taken."""

from django.db import models

from qushu.people.models import Account

from .books import Book, BudgetLine, Entry
from .documents import money

FILE_KINDS = [("contracts", "合同"), ("payments", "支付")]


class BookFile(models.Model):
    """A file of contracts or payments that was brought into a book (`digest`: SHA-256 of its content)."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="files")
    kind = models.CharField("内容", max_length=10, choices=FILE_KINDS)
    file_name = models.CharField("文件", max_length=200)
    digest = models.BinaryField("SHA-256")
    taken = models.PositiveIntegerField("入账行数")
    same = models.PositiveIntegerField("已有行数")
    brought_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    brought_at = models.DateTimeField("导入时间")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["book", "digest"], name="book_file_digest")]


class RefusedRow(models.Model):
    """A row of a file that was not entered, with its line, its cells and the reason."""

    file = models.ForeignKey(BookFile, models.PROTECT, related_name="refused")
    line = models.PositiveIntegerField("行")
    why = models.CharField("原因", max_length=300)
    cells = models.JSONField("内容")

    class Meta:
        ordering = ["file", "line"]


class Contract(models.Model):
    """合同: money of one line bound to a supplier."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="contracts")
    number = models.CharField("合同编号", max_length=60)
    name = models.CharField("合同名称", max_length=200)
    supplier = models.CharField("供应商", max_length=120)
    signed_on = models.DateField("签订日期")
    amount = money("合同金额")
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="contracts")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="contract")
    file = models.ForeignKey(BookFile, models.PROTECT, null=True, related_name="contracts")

    class Meta:
        ordering = ["book", "signed_on", "id"]
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="contract_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class PaymentOrder(models.Model):
    """支付: to a contract, or without one from what is free."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="payments")
    number = models.CharField("支付凭证号", max_length=60)
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="payments")
    payee = models.CharField("收款人", max_length=120)
    paid_on = models.DateField("支付日期")
    amount = money("支付金额")
    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="orders")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="order")
    file = models.ForeignKey(BookFile, models.PROTECT, null=True, related_name="payments")

    class Meta:
        ordering = ["book", "paid_on", "id"]
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="payment_once")]
