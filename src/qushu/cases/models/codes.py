"""Code tables that an administrator edits."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Channel(models.Model):
    """渠道: where a case comes from (12345, 数字化城管, 网上信箱, 区长专线, …)."""

    code = models.CharField("代码", max_length=20, primary_key=True)
    name = models.CharField("名称", max_length=40)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """诉求类别: a tree of three levels; only leaves are given to cases by hand, imports may use any level."""

    code = models.CharField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    level = models.PositiveSmallIntegerField("级")
    full_name = models.CharField("全称", max_length=200)
    keywords = models.TextField("常用词", blank=True)
    active = models.BooleanField("启用", default=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入"
    )

    class Meta:
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=models.Q(level__range=(1, 3)), name="category_level")]

    def __str__(self) -> str:
        return self.full_name


class Reason(models.Model):
    """Grounds chosen from a list: to return, extend, decline, shelve, void, reopen, exclude."""

    move = models.CharField("用于", max_length=20)
    code = models.CharField("代码", max_length=30)
    name = models.CharField("理由", max_length=100)
    basis = models.CharField("依据", max_length=200, blank=True)
    way = models.CharField("告知市民的途径", max_length=200, blank=True)
    roles = ArrayField(models.CharField(max_length=15), default=list, blank=True)
    active = models.BooleanField("启用", default=True)

    class Meta:
        ordering = ["move", "code"]
        constraints = [models.UniqueConstraint(fields=["move", "code"], name="reason_once")]

    def __str__(self) -> str:
        return self.name
