"""What is known of a target: the measure it is bound to, readings of that measure, and what a person has stated."""

import hashlib

from django.db import models
from django.db.models import Q

from qushu.people.models import Account

from .documents import Target


class Binding(models.Model):
    """A target bound to a measure of a running system: proposed by one person, approved by another."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="bindings")
    measure = models.CharField("系统指标", max_length=60)
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True)
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField("审核时间", null=True)
    approved = models.BooleanField("通过", null=True)
    remark = models.CharField("意见", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target"], condition=Q(approved=True), name="binding_in_force_once"),
            models.UniqueConstraint(fields=["target"], condition=Q(approved__isnull=True), name="binding_asked_once"),
        ]


class Reading(models.Model):
    """A value of a measure from a year's first day to `through`, with the version of its query, the definitions that it was
    counted by (`definition`, a line each) and the hash of what it counted. Of the last four weeks: `recent_day`, the mean of a day, for what adds up, else `recent_rate`."""

    measure = models.CharField("系统指标", max_length=60)
    version = models.PositiveSmallIntegerField("口径版本")
    definition = models.TextField("口径", blank=True, default="")
    year = models.PositiveSmallIntegerField("年度")
    through = models.DateField("截至")
    taken_at = models.DateTimeField("测量时间")
    value = models.DecimalField("数值", max_digits=20, decimal_places=4, null=True)
    recent_day = models.DecimalField("近四周日均", max_digits=20, decimal_places=4, null=True)
    recent_rate = models.DecimalField("近四周的率", max_digits=20, decimal_places=4, null=True)
    rows = models.BigIntegerField("计入行数")
    digest = models.BinaryField("计入行的哈希")

    class Meta:
        indexes = [models.Index(fields=["measure", "year", "-through", "-taken_at"], name="reading_newest")]

    @property
    def edition(self) -> str:
        """The version of the query with a mark of the definitions: another one wherever one of them is another."""
        mark = hashlib.sha256(self.definition.encode()).hexdigest()[:4]
        return f"第 {self.version} 版·{mark}" if self.definition else f"第 {self.version} 版"


class Statement(models.Model):
    """A target's value up to a day (`as_of`) as a person states it, with the evidence; that of the latest day counts,
    of one day the newest."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="statements")
    year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("数值", max_digits=20, decimal_places=4, null=True)
    words = models.CharField("文字", max_length=200, blank=True)
    as_of = models.DateField("截至")
    evidence = models.TextField("依据")
    stated_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    stated_at = models.DateTimeField("填报时间")

    class Meta:
        indexes = [models.Index(fields=["target", "year", "-stated_at"], name="statement_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(value__isnull=False) | ~Q(words=""), name="statement_says_something")
        ]
