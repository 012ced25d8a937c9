"""A disclosed budget as it was read. Written once, never changed: a corrected disclosure is another document.

Amounts of money are in 元 (the document's own unit is kept beside it); values of targets are in the unit they name.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qushu.people.models import Account

from ..checking.rules import SHOULD

SCOPES = [("long", "长期"), ("annual", "年度")]
OPERATORS = [(">=", "≥"), ("<=", "≤"), ("=", "="), ("text", "文字"), ("date", "日期")]


def money(label: str, **more: Any) -> "models.DecimalField[Any, Any]":
    """A column of 元, exact to the 分."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, **more)


class BudgetDocument(models.Model):
    """部门预算公开文件, one department and year. The same file is kept once (`digest`: SHA-256 of its content)."""

    year = models.PositiveSmallIntegerField("年度", db_index=True)
    department = models.CharField("部门", max_length=60)
    unit = models.CharField("金额单位", max_length=4)
    file_name = models.CharField("文件", max_length=200)
    digest = models.BinaryField(unique=True)
    text = models.TextField("全文")
    facts = models.JSONField("部门资金情况", default=dict)
    kept_by = models.ForeignKey(Account, models.PROTECT, null=True, verbose_name="导入人")
    kept_at = models.DateTimeField("导入时间")

    class Meta:
        indexes = [models.Index(fields=["-year", "-id"], name="budget_newest")]

    is_new = False
    """Whether this very call kept it."""

    def __str__(self) -> str:
        return f"{self.department} {self.year} 年部门预算"


class Part(models.Model):
    """What every part has: its document, its place among its like, its line in the text."""

    document = models.ForeignKey(BudgetDocument, models.CASCADE, related_name="%(class)ss")
    place = models.PositiveIntegerField("序号")
    line = models.PositiveIntegerField("行")

    class Meta:
        abstract = True
        ordering = ["document", "place"]


class Project(Part):
    """项目."""

    code = models.CharField("项目编码", max_length=30)
    name = models.CharField("项目名称", max_length=200)
    facts = models.JSONField("其他栏目", default=dict)
    ground = models.TextField("立项依据", blank=True)
    plan = models.TextField("实施方案", blank=True)
    total = money("总预算")
    budget = money("当年预算")
    last = money("上年预算", null=True)
    before = money("前年预算", null=True)
    change_words = models.TextField("变动理由", blank=True)
    change = money("变动", null=True)

    class Meta(Part.Meta):
        constraints = [models.UniqueConstraint(fields=["document", "code"], name="project_code_once")]

    def __str__(self) -> str:
        return self.name


class LineItem(Part):
    """支出明细."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="items")
    activity = models.CharField("项目活动", max_length=200)
    economic_code = models.CharField("支出经济分类", max_length=8)
    economic_name = models.CharField("名称", max_length=60)
    amount = money("金额")
    basis = models.TextField("测算依据", blank=True)


class Purchase(Part):
    """项目采购."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="purchases")
    catalogue_code = models.CharField("品目", max_length=12)
    quantity = models.DecimalField("数量", max_digits=14, decimal_places=2)
    amount = money("金额")


class Source(Part):
    """资金来源."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="sources")
    name = models.CharField("来源", max_length=40)
    amount = money("金额", null=True)


class Goal(Part):
    """绩效总目标; without project: the department's."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="goals", null=True)
    scope = models.CharField("期限", max_length=6, choices=SCOPES)
    number = models.PositiveSmallIntegerField("编号")
    words = models.TextField("目标")


class Target(Part):
    """绩效指标; without project: the department's. `number` with `unit`, or `words` for a text or a date."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="targets", null=True)
    scope = models.CharField("期限", max_length=6, choices=SCOPES)
    goal = models.TextField("绩效目标", blank=True)
    level1 = models.CharField("一级指标", max_length=20)
    level2 = models.CharField("二级指标", max_length=20)
    name = models.CharField("三级指标", max_length=200)
    operator = models.CharField("关系", max_length=4, choices=OPERATORS)
    number = models.DecimalField("指标值", max_digits=20, decimal_places=4, null=True)
    words = models.CharField("指标值（文字）", max_length=200, blank=True)
    unit = models.CharField("单位", max_length=10, blank=True)
    former = models.JSONField("前年、上年的指标值", default=list)
    """Two of [operator, value, unit] or null: the year before last, last year."""

    class Meta(Part.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(operator__in=["text", "date"], number__isnull=True)
                | Q(operator__in=[">=", "<=", "="], words=""),
                name="target_number_or_words",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def promised(self) -> str:
        """What is promised, in words: ≥ 15 万件."""
        if self.number is None:
            return self.words
        return _promised(self.operator, f"{self.number.normalize():f}", self.unit)

    @property
    def former_words(self) -> list[str]:
        """What was promised the year before last and last year, in words."""
        return [_promised(*said) if said else "无" for said in self.former]


def _promised(operator: str, value: str, unit: str) -> str:
    sign = f"{dict(OPERATORS)[operator]} " if operator in (">=", "<=") else ""
    return f"{sign}{in_unit(value, unit)}"


def in_unit(value: str, unit: str) -> str:
    """A value with its unit as people write it: 15 万件, 90%."""
    return f"{value} {unit}".replace(" %", "%").strip()


class DocumentFigure(Part):
    """A number of the narrative with its sentence."""

    value = models.DecimalField("数值", max_digits=20, decimal_places=4)
    unit = models.CharField("单位", max_length=10)
    sentence = models.TextField("原句")
    heading = models.CharField("标题", max_length=60, blank=True)


class UnreadPart(Part):
    """What could not be read."""

    where = models.CharField("位置", max_length=80)
    words = models.TextField("原文")
    why = models.CharField("原因", max_length=200)


class Finding(Part):
    """What doesn't agree within the document (checking/rules.py); replaced when it is checked again by newer rules."""

    rule = models.CharField("规则", max_length=30)
    words = models.TextField("说明")
    lines = ArrayField(models.PositiveIntegerField(), verbose_name="两处的行")

    @property
    def places(self) -> list[int]:
        """Its lines, each once."""
        return list(dict.fromkeys(self.lines))

    @property
    def said(self) -> str:
        """What the two places say."""
        return self.words.partition(SHOULD)[0]

    @property
    def should(self) -> str:
        """What must agree."""
        return self.words.partition(SHOULD)[2]
