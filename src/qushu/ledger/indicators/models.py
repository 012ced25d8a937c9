"""Indicators that a centre defines itself, what they are read from, who answers for each, and alarms about targets."""

from django.db import models
from django.db.models import Q

from qushu.people.models import Account

from ..models import Statement, Target

OWN = "own.i"
"""With this begins the code of an own indicator; its number follows."""


class OwnIndicator(models.Model):
    """自定义指标: a formula over others, a survey, or a file with one value. A changed definition is a new version."""

    class Kind(models.TextChoices):
        formula = "formula", "公式"
        survey = "survey", "调查"
        file = "file", "文件"

    class Better(models.TextChoices):
        more = "more", "越大越好"
        less = "less", "越小越好"

    kind = models.CharField("取值来源", max_length=8, choices=Kind)
    name = models.CharField("名称", max_length=60, unique=True)
    unit = models.CharField("单位", max_length=10)
    better = models.CharField("方向", max_length=4, choices=Better)
    words = models.CharField("口径", max_length=300)
    formula = models.CharField("公式", max_length=300, blank=True)
    adds_up = models.BooleanField("全年累计", default=False)
    version = models.PositiveSmallIntegerField("口径版本", default=1)
    made_by = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField("定义时间")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="formula") & ~Q(formula="") | ~Q(kind="formula") & Q(formula=""),
                name="indicator_formula_where_due",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """Under which it is bound and stands in formulas."""
        return f"{OWN}{self.pk}"


class EvidenceFile(models.Model):
    """A file behind a value. Its content lies in the uploads under `stored_as`; `digest` is SHA-256 of what was kept."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="files", null=True)
    name = models.CharField("文件名", max_length=120)
    stored_as = models.CharField(max_length=120, unique=True)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    digest = models.BinaryField()
    added_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()


class SurveyResult(models.Model):
    """调查结果: a questionnaire's answers, counted. `asked` is how many were asked; those who answered are in the answers."""

    indicator = models.ForeignKey(OwnIndicator, models.PROTECT, related_name="surveys")
    held_from = models.DateField("调查开始")
    held_to = models.DateField("调查结束")
    asked = models.PositiveIntegerField("发放份数")
    evidence = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="+")
    kept_by = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True)
    kept_at = models.DateTimeField("录入时间")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(held_to__gte=models.F("held_from")), name="survey_ends_later")
        ]


class SurveyAnswer(models.Model):
    """How many gave an answer, and whether it counts in the part."""

    result = models.ForeignKey(SurveyResult, models.CASCADE, related_name="answers")
    place = models.PositiveSmallIntegerField()
    answer = models.CharField("答案", max_length=60)
    people = models.PositiveIntegerField("人数")
    counts = models.BooleanField("计入分子")

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["result", "place"], name="survey_answer_place")]


class FileValue(models.Model):
    """A value that a file (CSV, XLSX) says, as of a day, with where in the file it stands."""

    indicator = models.ForeignKey(OwnIndicator, models.PROTECT, related_name="values")
    as_of = models.DateField("截至")
    value = models.DecimalField("数值", max_digits=20, decimal_places=4)
    where = models.CharField("位置", max_length=120)
    evidence = models.ForeignKey(EvidenceFile, models.PROTECT, related_name="+")
    kept_by = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True)
    kept_at = models.DateTimeField("录入时间")


class Responsibility(models.Model):
    """Who answers for an indicator (any, by its code), and after how many hours its value is out of date."""

    code = models.CharField("指标", max_length=60, unique=True)
    owner = models.ForeignKey(Account, models.PROTECT, related_name="+", null=True, verbose_name="负责人")
    fresh_hours = models.PositiveIntegerField("更新时限（小时）")


class Alarm(models.Model):
    """预警: a target is going to be missed. Told once; ended when its light is no longer red."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="alarms")
    year = models.PositiveSmallIntegerField("年度")
    words = models.CharField("说明", max_length=300)
    causes = models.JSONField("原因", default=list)
    """A list of [words, address]."""
    raised_at = models.DateTimeField("预警时间")
    ended_at = models.DateTimeField("解除时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["target", "year"], condition=Q(ended_at__isnull=True), name="alarm_runs_once"
            )
        ]
