"""Faults of the analysis system."""

from django.db import models
from django.db.models import F, Q

from qushu.people.models import Account


class Fault(models.Model):
    """故障: a part that could not be used, or worked on data that was more than an hour old. One of a part runs at a time.

    `recorded_by` is empty for what the system noted itself.
    """

    class Part(models.TextChoices):
        data = "data", "数据副本（概览、多维分析）"
        warnings = "warnings", "预警监测"
        matters = "matters", "群体投诉分析"
        understanding = "understanding", "理解与派单建议"
        reports = "reports", "自动报告"
        search = "search", "综合查询"
        all = "all", "整个系统"

    part = models.CharField("部分", max_length=15, choices=Part)
    started_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("恢复", null=True)
    words = models.CharField("情况", max_length=300)
    recorded_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [models.Index(fields=["-started_at", "-id"], name="fault_newest")]
        constraints = [
            models.UniqueConstraint(fields=["part"], condition=Q(ended_at__isnull=True), name="fault_runs_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")), name="fault_ends_later"
            ),
        ]
