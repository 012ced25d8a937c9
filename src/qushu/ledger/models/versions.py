"""A department's budget in versions: rows are written with their version and never changed; a correction is another version.

A version is a draft until a step says otherwise. Nothing is submitted that doesn't balance or lacks a code, and nobody approves what they
submitted themselves: triggers refuse both (migration `versions_triggers`).
"""

from django.db import models
from django.db.models import Q

from qushu.people.models import Account

from ..versions.rules import CATEGORIES, SIDES, SOURCES
from .documents import BudgetDocument, money

KINDS = [("initial", "年初预算"), ("adjustment", "预算调整")]
STEPS = [("submitted", "提交"), ("returned", "退回"), ("approved", "批复")]


class BudgetVersion(models.Model):
    """One version of a department's year."""

    year = models.PositiveSmallIntegerField("年度")
    department = models.CharField("部门", max_length=60)
    number = models.PositiveSmallIntegerField("版本")
    kind = models.CharField("类型", max_length=10, choices=KINDS)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(BudgetDocument, models.PROTECT, null=True, related_name="versions")
    words = models.CharField("说明", max_length=200)
    made_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("保存时间")

    class Meta:
        ordering = ["-year", "department", "-number"]
        constraints = [models.UniqueConstraint(fields=["year", "department", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.department} {self.year} 年预算第 {self.number} 稿"


class VersionRow(models.Model):
    """An income or an amount to spend (`versions.rules.Row`)."""

    version = models.ForeignKey(BudgetVersion, models.PROTECT, related_name="rows")
    place = models.PositiveIntegerField("序号")
    side = models.CharField("收支", max_length=8, choices=list(SIDES.items()))
    unit_code = models.CharField("单位代码", max_length=20, blank=True)
    unit_name = models.CharField("预算单位", max_length=60, blank=True)
    source = models.CharField("资金来源", max_length=12, blank=True, choices=list(SOURCES.items()))
    carried = models.BooleanField("上年结转结余", default=False)
    category = models.CharField("支出类别", max_length=10, blank=True, choices=list(CATEGORIES.items()))
    function_code = models.CharField("功能科目编码", max_length=7, blank=True)
    function_name = models.CharField("功能科目名称", max_length=120, blank=True)
    economic_code = models.CharField("经济科目编码", max_length=5, blank=True)
    economic_name = models.CharField("经济科目名称", max_length=60, blank=True)
    project_code = models.CharField("项目编码", max_length=30, blank=True)
    project_name = models.CharField("项目名称", max_length=200, blank=True)
    amount = money("金额")

    class Meta:
        ordering = ["version", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "version", "side", "unit_code", "category", "project_code", "function_code", "economic_code", "source", "carried",
                ],
                name="version_row_once",
            ),
            models.UniqueConstraint(fields=["version", "place"], name="version_place_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="version_row_positive"),
            models.CheckConstraint(
                condition=Q(side="income", category="") | (Q(side="spending") & ~Q(category="")),
                name="version_row_category",
            ),
        ]  # fmt: skip


class VersionStep(models.Model):
    """What was done with a version: submitted, returned, approved."""

    version = models.ForeignKey(BudgetVersion, models.PROTECT, related_name="steps")
    step = models.CharField("步骤", max_length=10, choices=STEPS)
    remark = models.CharField("意见", max_length=300, blank=True)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["version", "step"], name="version_step_once")]
