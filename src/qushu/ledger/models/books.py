"""The books of a year: what was granted, what is still free, what is bound by contract, what was paid, in double entry.

Entries and postings are only ever added (triggers refuse change and deletion); the postings of an entry sum to nought, and nothing is
entered into a month that is closed: the database says no to both (migration `books`).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qushu.people.models import Account

from ..versions.rules import CATEGORIES, FUNDS
from .documents import money
from .versions import BudgetVersion

KINDS = [
    ("budget", "预算"),
    ("adjustment", "调整"),
    ("commitment", "签约"),
    ("release", "解约"),
    ("payment", "支付"),
    ("direct", "直接支付"),
]
"""A payment draws on a contract; a direct payment has none."""

SIDES = [("granted", "批复"), ("free", "可用"), ("committed", "已签约"), ("paid", "已支付")]


class Book(models.Model):
    """One department's year."""

    year = models.PositiveSmallIntegerField("年度")
    department = models.CharField("部门", max_length=60)
    opened_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="建账人")
    opened_at = models.DateTimeField("建账时间")
    version = models.ForeignKey(BudgetVersion, models.PROTECT, null=True, related_name="books", verbose_name="现行预算")
    """The approved version in force; null when the book was opened from a disclosure alone."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "department"], name="book_once")]

    def __str__(self) -> str:
        return f"{self.department} {self.year} 年账"


class BudgetLine(models.Model):
    """What money is granted for: a project (or basic spending) and its classifications."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="lines")
    project_code = models.CharField("项目编码", max_length=30)
    project_name = models.CharField("项目名称", max_length=200)
    economic_code = models.CharField("支出经济分类", max_length=8)
    economic_name = models.CharField("名称", max_length=60)
    unit_code = models.CharField("单位代码", max_length=20, default="", blank=True)
    category = models.CharField("支出类别", max_length=10, default="project", choices=list(CATEGORIES.items()))
    function_code = models.CharField("功能科目", max_length=7, default="", blank=True)
    source = models.CharField("资金来源", max_length=12, default="", blank=True, choices=list(FUNDS.items()))
    carried = models.BooleanField("上年结转结余", default=False)

    class Meta:
        ordering = ["book", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "book", "unit_code", "category", "project_code", "function_code", "economic_code", "source", "carried",
                ],
                name="line_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.project_name} {self.economic_name}"


class Entry(models.Model):
    """One act on one line: who, when, why, in which month of the book."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="entries")
    kind = models.CharField("类型", max_length=10, choices=KINDS)
    month = models.PositiveSmallIntegerField("月份")
    words = models.CharField("摘要", max_length=200)
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    made_at = models.DateTimeField("入账时间")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["line", "month"], name="entry_of_month")]
        constraints = [models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="entry_month_of_year")]


class Posting(models.Model):
    """A signed amount on one side of a line; those of an entry sum to nought."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="postings")
    side = models.CharField("科目", max_length=10, choices=SIDES)
    amount = money("金额")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "side"], name="posting_side_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="posting_moves_something"),
        ]


class ClosedMonth(models.Model):
    """A month that takes no more entries."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="closed")
    month = models.PositiveSmallIntegerField("月份")
    closed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="结账人")
    closed_at = models.DateTimeField("结账时间")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "month"], name="month_closed_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="closed_month_of_year"),
        ]


class SpendingPlan(models.Model):
    """What share of the budget ought to be paid at each month's end, in percent. Set anew, never changed: the newest counts."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="plans")
    shares = ArrayField(models.DecimalField(max_digits=5, decimal_places=2), size=12, verbose_name="各月底累计 %")
    set_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="设定人")
    set_at = models.DateTimeField("设定时间")
